"""What a fact of a provider profile may do, by the kind of its source, its dates, and what is said against it.

A fact fills in an answer as presumed, or is only shown. It never does more: what it fills in is a claim until a
person confirms it (decision 0008).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from checklists.core.editions.edition import Question
from checklists.core.evidence import Strength

F = TypeVar("F")

DEFAULT = "default"
"""The variant that a profile describes when nothing is chosen."""
ADVERSE_BELOW = 2
"""An answer of a lower level than this one speaks against the service."""


class SourceKind(StrEnum):
    """What a fact was read in."""

    CONTRACT = "contract"
    """A contract text that the vendor publishes; the one a customer signed may differ."""
    REGISTER = "register"
    """A public register, or an assessor's certificate."""
    JUDGMENT = "judgment"
    """A judgment, or a regulator's decision."""
    ANNUAL_REPORT = "annual_report"
    """A report or a legal notice that the company must publish."""
    VENDOR_PAGE = "vendor_page"
    """The vendor's own page or documentation."""
    PRESS = "press"
    """The press, a law firm's note, a blog."""
    COMPILATION = "compilation"
    """A third party's compilation, rating or statement."""

    @property
    def strength(self) -> Strength:
        """What it is worth as evidence: a vendor's own page or published contract is a claim."""
        if self in (SourceKind.REGISTER, SourceKind.JUDGMENT, SourceKind.ANNUAL_REPORT):
            return Strength.DOCUMENT
        return Strength.CLAIM


HEARSAY = frozenset({SourceKind.PRESS, SourceKind.COMPILATION})
"""Second-hand: shown with that mark, and fills in nothing."""
ADVERSE_KINDS = frozenset(
    {SourceKind.CONTRACT, SourceKind.REGISTER, SourceKind.JUDGMENT, SourceKind.VENDOR_PAGE, SourceKind.ANNUAL_REPORT}
)
"""What an adverse fact counts from: a contract, a register, a judgment, a regulator, or the vendor's own words, its
legal notices included."""


class Bar(StrEnum):
    """Why a fact is only shown."""

    NO_ANSWER = "no_answer"
    """It answers no question."""
    HEARSAY = "hearsay"
    """Only the press or a compilation says it."""
    CONTESTED = "contested"
    """Somebody says otherwise."""
    NOT_YET = "not_yet"
    """It becomes true later."""
    ENDED = "ended"
    """It is past the last day of its validity."""
    ADVERSE = "adverse"
    """It speaks against the service, and no source of it may."""


class Mark(StrEnum):
    """What a reader is told beside a fact, whether it fills in or not."""

    UNDATED = "undated"
    """The page carries no date."""
    CLAIM = "claim"
    """The vendor says it of itself."""
    INFERRED = "inferred"
    """It follows from the source, which does not say it in as many words."""
    TO_REVIEW = "to_review"
    """It should have been read again."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a fact was read in, and the date that it carries, if any."""

    kind: SourceKind
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a service on one question. ``sources`` are those that say it, one at least.

    ``question`` and ``value`` are empty for a fact without an answer; ``variant`` for what holds unless a variant
    says otherwise. The days of validity are both included.
    """

    sources: Sequence[Source]
    question: str = ""
    value: str = ""
    variant: str = DEFAULT
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None
    contested: bool = False
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What a fact may do: it fills in, as presumed, when nothing bars it."""

    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    strength: Strength = Strength.CLAIM

    @property
    def fills(self) -> bool:
        return not self.bars


def use_of(fact: Fact, day: date, question: Question | None = None) -> Use:
    """What ``fact`` may do on ``day``; ``question`` is the one it answers, where the edition asks it."""
    strengths = [source.kind.strength for source in fact.sources if source.kind not in HEARSAY]
    return Use(
        bars=tuple(_bars(fact, day, question)),
        marks=tuple(_marks(fact, day)),
        strength=max(strengths, default=Strength.CLAIM),
    )


def _bars(fact: Fact, day: date, question: Question | None) -> Iterable[Bar]:
    kinds = {source.kind for source in fact.sources}
    if not fact.question or not fact.value:
        yield Bar.NO_ANSWER
    if kinds <= HEARSAY:
        yield Bar.HEARSAY
    if fact.contested:
        yield Bar.CONTESTED
    if fact.valid_from and day < fact.valid_from:
        yield Bar.NOT_YET
    if fact.valid_until and fact.valid_until < day:
        yield Bar.ENDED
    if is_adverse(question, fact.value) and not kinds & ADVERSE_KINDS:
        yield Bar.ADVERSE


def _marks(fact: Fact, day: date) -> Iterable[Mark]:
    kinds = {source.kind for source in fact.sources}
    if not any(source.dated for source in fact.sources):
        yield Mark.UNDATED
    if kinds and kinds <= {SourceKind.VENDOR_PAGE, SourceKind.CONTRACT}:
        yield Mark.CLAIM
    if fact.inferred:
        yield Mark.INFERRED
    if fact.review_by and fact.review_by < day:
        yield Mark.TO_REVIEW


def is_adverse(question: Question | None, value: str) -> bool:
    """Whether ``value`` speaks against the service: an option in the lower half of its question's levels."""
    option = question.options.get(value) if question else None
    return option is not None and option.level is not None and option.level < ADVERSE_BELOW


@dataclass(frozen=True, slots=True)
class Company:
    """A company that contracts with customers of some countries; with everybody else when ``customers`` is empty."""

    name: str
    country: str
    customers: frozenset[str] = field(default_factory=frozenset)


def contracting_for(companies: Iterable[Company], customer: str) -> Company | None:
    """The company that contracts with a customer of that country; ``None`` when the profile names none for it."""
    found = list(companies)
    named = [company for company in found if customer in company.customers]
    return next(iter(named or [company for company in found if not company.customers]), None)


def of_variant(
    facts: Iterable[tuple[Fact, F]], variant: str, leaves_out: Mapping[str, frozenset[str]]
) -> list[tuple[Fact, F]]:
    """The facts true of ``variant``: its own, and those of the default it neither replaces nor leaves out.

    Each fact comes with whatever goes with it. Order is kept. A fact without an answer is replaced by nothing.
    """
    every = list(facts)
    own = (
        {fact.question for fact, _ in every if fact.variant == variant and fact.value} if variant != DEFAULT else set()
    )
    gone = own | leaves_out.get(variant, frozenset())
    return [
        (fact, with_it)
        for fact, with_it in every
        if fact.variant == variant or (fact.variant == DEFAULT and not (fact.value and fact.question in gone))
    ]
