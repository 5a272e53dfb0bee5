"""Figures that tests count and the run prints at its end: 'access matrix: 900 tried, 0 wrong'."""

from __future__ import annotations

from typing import Any

COUNTED: dict[str, dict[str, int]] = {}
"""By title: how many were tried, and how many were 'wrong' or 'accepted', in this process."""


def count(title: str, fault: str, *, tried: int, faults: int) -> None:
    """Add to the figure ``title``. ``fault`` is the word for what must not happen."""
    figure = COUNTED.setdefault(title, {"tried": 0, fault: 0})
    figure["tried"] += tried
    figure[fault] += faults


def merge(other: dict[str, dict[str, int]]) -> None:
    for title, figure in other.items():
        mine = COUNTED.setdefault(title, dict.fromkeys(figure, 0))
        for word, number in figure.items():
            mine[word] = mine.get(word, 0) + number


def pytest_sessionfinish(session: Any) -> None:
    """A worker hands its figures to whoever started it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = COUNTED


class Gathering:
    """The side of pytest-xdist that gathers, where there is one."""

    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        merge(getattr(node, "workeroutput", {}).get("figures", {}))


def pytest_configure(config: Any) -> None:
    if config.pluginmanager.hasplugin("dsession") or config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(Gathering(), "figures-gathering")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for title, figure in sorted(COUNTED.items()):
        words = ", ".join(f"{number} {word}" for word, number in figure.items())
        terminalreporter.write_line(f"{title}: {words}")
