"""What a workbook that came back says, beside what stands: changed here since, changed there, or both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from checklists.services.answers.save_answer import Said


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a workbook: the question, what is said of it, and the mark of what stood when it was written.

    ``number`` is the row's in the sheet; ``document`` the title of what shows the answer, valid to ``valid_until``.
    """

    number: int
    key: str
    said: Said
    mark: str
    document: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of one question: the answer, its revision where it has one, and the titles of its documents."""

    said: Said
    revision: int = 0
    documents: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        return mark_of(self.said, self.revision)


class Change(StrEnum):
    """Where an answer changed since the workbook was written."""

    NOWHERE = "nowhere"
    HERE = "here"
    THERE = "there"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Difference:
    """One question of the workbook against what stands. A document named for the first time is a change there."""

    line: Line
    standing: Standing
    change: Change

    @property
    def is_open(self) -> bool:
        """Whether the workbook says something that does not stand."""
        return self.change in (Change.THERE, Change.BOTH)


def settled(said: Said) -> Said:
    """``said`` as it comes back from a spreadsheet: line ends of one kind, nothing around the texts."""
    texts = (_settled(text) for text in (said.value, said.justification, said.comment))
    return Said(str(said.status), *texts)


def _settled(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def mark_of(said: Said, revision: int) -> str:
    """A short text that changes with the answer: its revision, and the beginning of its fingerprint."""
    written = json.dumps(asdict(settled(said)), sort_keys=True, ensure_ascii=False).encode()
    return f"r{revision}-{hashlib.sha256(written).hexdigest()[:16]}"


def _digest(mark: str) -> str:
    return mark.partition("-")[2]


def compare(lines: Iterable[Line], standing: Mapping[str, Standing]) -> list[Difference]:
    """Each line against what stands of its question, in the order of the workbook."""
    return [Difference(line, stands, _change(line, stands)) for line in lines for stands in [standing[line.key]]]


def _change(line: Line, stands: Standing) -> Change:
    new_document = bool(line.document) and line.document not in stands.documents
    if settled(line.said) == settled(stands.said) and not new_document:
        return Change.NOWHERE
    is_there = _digest(mark_of(line.said, 0)) != _digest(line.mark)
    is_here = stands.mark != line.mark
    if is_there and is_here:
        return Change.BOTH
    if is_there or new_document:
        return Change.THERE
    return Change.HERE
