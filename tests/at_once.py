"""Several things done at the same instant, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of ``acts`` gave or raised, in their order: all begin when the last one is ready."""
    together = threading.Barrier(len(acts))
    came: list[Any] = [None] * len(acts)

    def do(place: int, act: Callable[[], Any]) -> None:
        together.wait()
        try:
            came[place] = act()
        except Exception as error:
            came[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came
