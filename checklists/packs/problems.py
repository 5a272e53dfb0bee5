"""How a refused pack explains itself: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def gettext_noop(message: str) -> str:
    """Marks a sentence for translation. Packs know no Django: the screens translate it where they show it."""
    return message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a pack. ``place`` is a path such as ``questions/key_holder/options/none``.

    ``values`` fill the ``%(name)s`` of ``message`` and ``remedy`` after translation; without them both are
    taken as they are. A warning does not keep a pack from being published.
    """

    place: str
    message: str
    remedy: str
    line: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    is_warning: bool = False

    def words(self, sentence: str) -> str:
        """``sentence``, the message or the remedy or a translation of either, with its values."""
        return sentence % self.values if self.values else sentence

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place}" if self.line else self.place
        return f"{where}: {self.words(self.message)}. {self.words(self.remedy)}"


class PackError(ValueError):
    """A pack was refused; ``problems`` lists every reason that could be found in one reading."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
