"""How a refused pack explains itself: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a pack. ``place`` is a path such as ``questions/key_holder/options/none``."""

    place: str
    message: str
    remedy: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place}" if self.line else self.place
        return f"{where}: {self.message}. {self.remedy}"


class PackError(ValueError):
    """A pack was refused; ``problems`` lists every reason that could be found in one reading."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
