"""Findings and questions as a paper cites them: numbered sources, numbered questions, one full text per finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checklists.core.edition import Edition
from checklists.reports.presentation import FindingLine, HarmChapter, Presentation, SourceLine


@dataclass(frozen=True)
class Citation:
    """A source with its number in the register."""

    number: int
    source: SourceLine


@dataclass(frozen=True)
class Cited:
    """A finding in its place. ``is_repeat``: it was told in full before, under another harm."""

    line: FindingLine
    anchor: str
    number: str
    citations: tuple[Citation, ...]
    is_repeat: bool


@dataclass(frozen=True)
class HarmSection:
    """What speaks of one harm, each finding told in full once in the whole report."""

    harm: HarmChapter
    gates: tuple[Cited, ...]
    open_gates: tuple[Cited, ...]
    shortfalls: tuple[Cited, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.gates or self.open_gates or self.shortfalls)


@dataclass
class Register:
    """Numbers sources in the order in which they are first cited, and remembers what was told."""

    numbers: Mapping[str, str]
    citations: dict[SourceLine, Citation] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def cite(self, sources: Iterable[SourceLine]) -> tuple[Citation, ...]:
        return tuple(
            self.citations.setdefault(source, Citation(len(self.citations) + 1, source)) for source in sources
        )

    def tell(self, lines: Iterable[FindingLine]) -> tuple[Cited, ...]:
        return tuple(self._tell(line) for line in lines)

    def _tell(self, line: FindingLine) -> Cited:
        anchor = f"{line.kind}-{line.key}"
        is_repeat = anchor in self.told
        self.told.add(anchor)
        number = "" if line.ceiling else self.numbers.get(line.key, "")
        return Cited(line, anchor, number, self.cite(line.sources), is_repeat)


def question_numbers(edition: Edition) -> dict[str, str]:
    """'2.3' for the third question of the second concern: stable within an edition, whatever was asked."""
    return {
        key: f"{concern_number}.{number}"
        for concern_number, concern in enumerate(edition.concerns.values(), start=1)
        for number, key in enumerate(concern.questions, start=1)
    }


def harm_sections(presentation: Presentation, register: Register) -> tuple[HarmSection, ...]:
    """The harms in order, gates before points lost, so that the gravest is told first."""
    sections = []
    for harm in presentation.harms:
        sections.append(
            HarmSection(
                harm, register.tell(harm.gates), register.tell(harm.open_gates), register.tell(harm.shortfalls)
            )
        )
    return tuple(section for section in sections if not section.is_empty)
