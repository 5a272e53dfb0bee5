"""A framework: one immutable, dated publication of somebody's requirements, read on a checklist's answers.

Three families. ``objectives``: criteria worth points and a level (SEAL), under weighted objectives.
``requirements``: rules that pass or fail. ``use_cases``: situations for which measures are effective or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from checklists.core.editions.conditions import Condition, parse
from checklists.core.editions.edition import (
    Concern,
    Edition,
    EditionError,
    Question,
    Source,
    fingerprint,
    read_question,
    read_source,
)
from checklists.core.editions.vocabulary import Text

TOP_SEAL = 4
"""The best level of the Cloud Sovereignty Framework (0 is the worst)."""


class Family(StrEnum):
    OBJECTIVES = "objectives"
    REQUIREMENTS = "requirements"
    USE_CASES = "use_cases"


@dataclass(frozen=True, slots=True)
class Worth:
    """What some values of a question are worth; ``options`` is ``None`` for every value not named before."""

    options: frozenset[str] | None
    points: int
    seal: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One factor of an objective, read from one question.

    ``may_be_left_out``: a justified "not applicable" takes the criterion out; otherwise it counts as a doubt.
    """

    key: str
    text: Text
    question: str
    worth: tuple[Worth, ...]
    may_be_left_out: bool

    @property
    def most(self) -> int:
        """The points of the best answer; above 0 in a checked pack."""
        return max(worth.points for worth in self.worth)

    def worth_of(self, value: str) -> Worth | None:
        return next((worth for worth in self.worth if worth.options is None or value in worth.options), None)


@dataclass(frozen=True, slots=True)
class Objective:
    key: str
    ref: str
    title: Text
    summary: Text
    weight: int
    weight_sources: tuple[str, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement, or a use case.

    ``concerned`` says when the rule bears on the offer (always, if ``None``); ``met`` when it is satisfied (for a
    use case: when the measures are effective), never if ``None``. ``outside`` explains why no offer of this kind is
    ever concerned. A use case that is effective but covers a part of the processing only has ``suffices`` false.
    """

    key: str
    ref: str
    title: Text
    text: Text
    advice: Text
    concerned: Condition | None
    met: Condition | None
    outside: Text | None
    suffices: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived fact that conditions read, in words; ``question`` is the one it is computed from, if any."""

    key: str
    text: Text
    question: str | None


@dataclass(frozen=True)
class Framework:
    """A published framework; build it with :meth:`from_document`.

    ``outcomes`` and ``conclusions`` are the framework's own words for each
    :class:`~checklists.core.frameworks.lens.LensOutcome` of a rule and of the whole; ``seals`` its words
    for each level. ``since`` is the day its text applies from.
    ``scale`` is the figure each objective's points are brought to, or ``None`` for the raw points.
    """

    key: str
    number: int
    published: date
    since: date
    checklist: str
    family: Family
    languages: tuple[str, ...]
    title: Text
    summary: Text
    caveat: Text
    sources: Mapping[str, Source]
    chapters: Mapping[str, Concern]
    questions: Mapping[str, Question]
    derived: Mapping[str, Derived]
    objectives: tuple[Objective, ...]
    seals: tuple[tuple[Text, Text], ...]
    scale: int | None
    score_note: Text | None
    concerned: Condition | None
    rules: tuple[Rule, ...]
    outcomes: Mapping[str, Text]
    conclusions: Mapping[str, Text]
    sha256: str

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Framework:
        """Read the canonical document (see ``packs.framework_schema``). Raises ``EditionError`` on a broken one."""
        try:
            return _read(document)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise EditionError(f"{document.get('key', '?')}: {type(error).__name__}: {error}") from error

    @property
    def asks(self) -> bool:
        """Whether it adds questions of its own to those of the checklist."""
        return bool(self.questions)

    def sources_of(self, source_keys: Iterable[str]) -> list[Source]:
        return [self.sources[key] for key in source_keys]


def with_supplements(edition: Edition, frameworks: Iterable[Framework]) -> Edition:
    """``edition`` and the supplementary questions of ``frameworks``: what is asked, never what is judged.

    A question that two frameworks share is asked once. Its chapters and questions weigh nothing.
    """
    concerns, questions, sources = dict(edition.concerns), dict(edition.questions), dict(edition.sources)
    for framework in frameworks:
        for key, question in framework.questions.items():
            questions.setdefault(key, question)
        for key, chapter in framework.chapters.items():
            concerns.setdefault(key, chapter)
        for key, source in framework.sources.items():
            sources.setdefault(key, source)
    for key in concerns.keys() - edition.concerns.keys():
        of_chapter = tuple(name for name, question in questions.items() if question.concern == key)
        concerns[key] = replace(concerns[key], questions=of_chapter)
    return replace(edition, concerns=concerns, questions=questions, sources=sources)


def _read(document: Mapping[str, Any]) -> Framework:
    return Framework(
        key=document["key"],
        number=document["number"],
        published=date.fromisoformat(document["published"]),
        since=date.fromisoformat(document["since"]),
        checklist=document["checklist"],
        family=Family(document["family"]),
        languages=tuple(document["languages"]),
        title=document["title"],
        summary=document["summary"],
        caveat=document["caveat"],
        sources={item["key"]: read_source(item) for item in document["sources"]},
        chapters={
            item["key"]: Concern(item["key"], item["title"], item["summary"], 0, ()) for item in document["chapters"]
        },
        questions={item["key"]: read_question(item) for item in document["questions"]},
        derived={item["key"]: Derived(item["key"], item["text"], item.get("question")) for item in document["derived"]},
        objectives=tuple(_objective(item) for item in document["objectives"]),
        seals=tuple((item["label"], item["meaning"]) for item in document["seals"]),
        scale=document.get("scale"),
        score_note=document.get("score_note"),
        concerned=_condition(document, "concerned"),
        rules=tuple(_rule(item) for item in document["rules"]),
        outcomes=document["outcomes"],
        conclusions=document["conclusions"],
        sha256=fingerprint(document),
    )


def _condition(item: Mapping[str, Any], field: str) -> Condition | None:
    return parse(item[field]) if item.get(field) else None


def _objective(item: Mapping[str, Any]) -> Objective:
    return Objective(
        key=item["key"],
        ref=item["ref"],
        title=item["title"],
        summary=item["summary"],
        weight=item["weight"],
        weight_sources=tuple(item["weight_sources"]),
        criteria=tuple(_criterion(criterion) for criterion in item["criteria"]),
    )


def _criterion(item: Mapping[str, Any]) -> Criterion:
    worth = tuple(
        Worth(frozenset(step["options"]) if step.get("options") else None, step["points"], step["seal"])
        for step in item["worth"]
    )
    return Criterion(item["key"], item["text"], item["question"], worth, item["may_be_left_out"])


def _rule(item: Mapping[str, Any]) -> Rule:
    return Rule(
        key=item["key"],
        ref=item["ref"],
        title=item["title"],
        text=item["text"],
        advice=item["advice"],
        concerned=_condition(item, "concerned"),
        met=_condition(item, "met"),
        outside=item.get("outside"),
        suffices=item["suffices"],
        sources=tuple(item["sources"]),
    )
