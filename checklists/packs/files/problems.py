"""How a refused pack explains itself: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class Said(str):
    """A sentence in English that remembers how it was made, so that a screen can say it in another language."""

    template: str
    values: Mapping[str, object]


def gettext_noop(template: str, **values: object) -> Said:
    """``template`` with its ``%(name)s`` filled in, marked for translation.

    Packs know no Django: the screens translate the template where they show the problem.
    """
    said = Said(template % values if values else template)
    said.template, said.values = template, values
    return said


WHOLE = "the pack"
"""The place of what is wrong with a pack as a whole, or with its file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a pack. ``place`` is ``WHOLE`` or a path such as ``questions/key_holder/options/none``.

    A warning does not keep a pack from being published.
    """

    place: str
    message: str
    remedy: str
    line: int | None = None
    is_warning: bool = False

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place}" if self.line else self.place
        return f"{where}: {self.message}. {self.remedy}"


class PackError(ValueError):
    """A pack was refused; ``problems`` lists every reason that could be found in one reading."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
