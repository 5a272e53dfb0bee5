"""What setting one report in pages may take, so that nothing people write can keep a machine busy for ever.

WeasyPrint tells of each page it begins, on a logger of its own (``weasyprint.progress``, a documented one): there the
pages and the computing time of the thread are counted. Memory grows with the pages, half a megabyte each.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MAX_PAGES = 500


class TooLong(RuntimeError):
    """The pages are too many, or take too long; the message says which."""


class _Bound(threading.local):
    """What the current thread may still use; ``None`` outside of ``bounded``."""

    ends: float | None = None
    pages: int = 0


class _Counter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if _bound.ends is not None:
            if "Creating layout - Page" in record.msg:
                # A page may be made twice, when what it refers to moves: the number is the page's own.
                made = record.args[0] if isinstance(record.args, tuple) and record.args else _bound.pages
                _bound.pages = max(_bound.pages, int(str(made)))
            if _bound.pages > MAX_PAGES:
                raise TooLong(f"more than {MAX_PAGES} pages")
            if time.thread_time() > _bound.ends:
                raise TooLong(f"still not done after {_bound.pages} pages")
        return False


_bound = _Bound()
_progress = logging.getLogger("weasyprint.progress")
_progress.addFilter(_Counter())


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Inside, WeasyPrint gives up with ``TooLong`` after ``seconds`` of computing or ``MAX_PAGES`` pages."""
    # Said each time: setting up logging after this module was read puts the level back, and the bound with it.
    _progress.setLevel(logging.INFO)
    _bound.ends, _bound.pages = time.thread_time() + seconds, 0
    try:
        yield
    finally:
        _bound.ends = None
