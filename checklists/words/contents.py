"""What a report is made of, as plain values: no row, no query, nothing that can change under the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from checklists.core.capacity import Gap
from checklists.core.editions.edition import Edition
from checklists.core.evidence import NO_BACKING, Backing, Proof, Strength
from checklists.core.frameworks.lens import LensResult
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import Established
from checklists.core.judging.judgement import Judgement
from checklists.core.transition import Plan, Step
from checklists.packs.reports.record import FromProfile, ReviewAccount


class Form(StrEnum):
    """The three forms of the document."""

    FULL = "full"
    SUMMARY = "summary"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The organisation that answers for the assessment. ``logo`` is a PNG, or ``None``."""

    name: str
    address: str = ""
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a workload, and the offer that would host it."""

    assessment: str
    description: str
    reference_date: date
    organisation: Letterhead
    offer: str
    provider: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of one question: ``status`` is that of the row ('unanswered' for a mere comment).

    ``from_profile`` is the fact that filled the answer in, as long as nobody has confirmed it. ``rests_on`` is what its
    evidence made of it on the reference date.
    """

    status: str
    value: str = ""
    justification: str = ""
    comment: str = ""
    from_profile: FromProfile | None = None
    rests_on: Backing = NO_BACKING

    @property
    def judged(self) -> Answer | None:
        """The judge's form; ``None`` for a mere comment."""
        presumed = self.from_profile is not None
        return Answer.said(self.status, self.value, self.justification, self.rests_on, presumed=presumed)


@dataclass(frozen=True, slots=True)
class EvidencePiece:
    """One piece of evidence of the answer to ``question``. ``sha256`` and ``file`` are '' when no file was kept."""

    question: str
    kind: str
    strength: Strength
    title: str
    issuer: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    link: str = ""
    note: str = ""
    file: str = ""
    sha256: str = ""

    @property
    def proof(self) -> Proof:
        return Proof(self.strength, self.valid_from, self.valid_until)


def core_answers(answers: Mapping[str, Given]) -> dict[str, Answer]:
    """The judge's form of what was said; a mere comment is no answer."""
    return {key: answer for key, given in answers.items() if (answer := given.judged) is not None}


@dataclass(frozen=True, slots=True)
class IssueMark:
    """What an issued report carries so that it can be checked.

    ``code`` is short enough to type, ``sha256`` that of the frozen content (hexadecimal), ``address`` where to
    check it, ``qr`` the SVG text of its QR image ('' for none).
    """

    code: str
    sha256: str
    is_signed: bool
    address: str
    qr: str = ""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as written: what the schedule counts with, and its words."""

    step: Step
    title: str
    owner: str


@dataclass(frozen=True, slots=True)
class PlanContents:
    """A transition plan as written. ``guarantees`` holds the four texts: keys, access, logging, no new data."""

    target: str
    starts: date
    asked_end: date | None
    justification: str
    legal_basis: str
    guarantees: tuple[str, str, str, str]
    steps: tuple[PlannedStep, ...]

    @property
    def plan(self) -> Plan:
        """What the schedule is computed from."""
        steps = tuple(planned.step for planned in self.steps)
        return Plan(self.starts, steps, self.asked_end, bool(self.justification))


@dataclass(frozen=True, slots=True)
class Lenses:
    """The chosen frameworks' readings, with the questions and the facts they rest on."""

    results: tuple[LensResult, ...]
    asked: Edition
    established: Established


@dataclass(frozen=True, slots=True)
class ComparedOffer:
    """One offer beside others. ``key`` tells it from them; ``transition_days`` is what a plan towards it needs."""

    key: str
    name: str
    provider: str
    is_current: bool
    judgement: Judgement
    answers: Mapping[str, Given]
    gaps: tuple[Gap, ...]
    transition_days: int | None


@dataclass(frozen=True, slots=True)
class OffersSideBySide:
    """The offers compared, the report's own first; ``left_out`` counts those there was no room for."""

    offers: tuple[ComparedOffer, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class ReviewContents:
    """The review as frozen, and the fingerprint of what an approval of this very content would cover."""

    account: ReviewAccount
    covered_sha256: str


@dataclass(frozen=True, slots=True)
class TakenOn:
    """What somebody undertook: who ('' for nobody), by when, how far it is; ``note`` is theirs alone.

    ``revision`` is that of the row, ``is_late`` whether its day has passed and it is neither done nor given up.
    """

    owner: str
    due: date | None
    state: str
    note: str = ""
    revision: int = 1
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class ReportInput:
    """Everything a report says, before a language is chosen. ``mark`` is ``None`` for a draft."""

    subject: Subject
    answers: Mapping[str, Given]
    edition: Edition
    judgement: Judgement
    produced_at: datetime
    form: Form = Form.FULL
    mark: IssueMark | None = None
    plan: PlanContents | None = None
    lenses: Lenses | None = None
    beside: OffersSideBySide | None = None
    review: ReviewContents | None = None
    held_to_evidence: bool = False
    evidence: tuple[EvidencePiece, ...] = ()
    actions: Mapping[str, TakenOn] = field(default_factory=dict)
