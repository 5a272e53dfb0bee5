"""An assessment as it leaves the house: the contents of a report, frozen, and the file attached to its PDF.

The schema is published (``manage.py recordschema``, ``docs/schemas/record-1.json``). The hash of a report is the
SHA-256 of the canonical JSON of its ``Record``; when and under which code it was issued are outside the hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationError,
    model_serializer,
    model_validator,
)

from checklists.core.capacity import Capacity, Measure
from checklists.core.editions.edition import Edition, canonical_bytes, fingerprint
from checklists.core.evidence import Backing, Strength
from checklists.core.frameworks.framework import Framework, with_supplements
from checklists.core.frameworks.lens import LensResult, look
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import Established, establish
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from checklists.packs.editions.schema import Code, Day, Key, VerdictKey
from checklists.packs.files.problems import gettext_noop

MAX_ANSWERS = 2_000
MOST_ALTERNATIVES = 7
"""Other offers a report compares its own with."""
MOST_KEPT = 200
"""Other offers that a file may hold: the draft of an assessment holds all of them."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
# PostgreSQL stores no NUL character.
_NO_NUL = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_NUL)]
Prose = Annotated[str, StringConstraints(max_length=5_000, pattern=_NO_NUL)]
CalendarDay = Annotated[Day, AfterValidator(lambda day: date.fromisoformat(day).isoformat())]
Days = Annotated[int, Field(ge=0, le=100_000)]
Quantity = Annotated[str, StringConstraints(pattern=r"^\d{1,12}(\.\d{1,4})?$")]
StrengthKey = Literal["claim", "document", "demonstrated"]
IssueCode = Annotated[str, StringConstraints(pattern=r"^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$")]


AnyPart = TypeVar("AnyPart", bound="Part")
TWICE_ANSWERED = gettext_noop("a question is answered twice")
TWICE_NUMBERED = gettext_noop("two steps have the same number")
TWICE_TAKEN = gettext_noop("an action is there twice")
ISSUED_DRAFT = gettext_noop("a draft is not issued")


class RecordError(ValueError):
    """The bytes are no record. The message says why in English; ``reason`` lets a screen say it in its own words.

    It is 'size', 'pdf' (no readable PDF), 'attachment' (a PDF, no report), 'hash' (changed), 'edition' or 'shape'.
    ``faults`` are what the schema refused, each with its place: details of a pydantic ``ValidationError``.
    """

    def __init__(self, message: str, reason: str = "shape", faults: Sequence[Mapping[str, Any]] = ()) -> None:
        self.reason, self.faults = reason, faults
        super().__init__(message)


class Part(BaseModel):
    """Unknown fields are refused: what is not understood must not pass for verified."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class GrownPart(Part):
    """A part that got fields since records were first written: while one is empty it is not written, so that records
    from before keep their hash.
    """

    added_later: ClassVar[tuple[str, ...]] = ()

    @model_serializer(mode="wrap")
    def _without_what_is_empty(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        document: dict[str, Any] = write(self)
        for later in self.added_later:
            if not document[later]:
                del document[later]
        return document


class Organisation(Part):
    name: Line
    address: Prose = ""
    logo: Base64Bytes | None = None


class Subject(Part):
    """What is judged: a workload, and the offer that would host it."""

    assessment: Name
    description: Prose = ""
    organisation: Organisation
    offer: Name
    provider: Line = ""
    is_current: bool = False


class EditionReference(Part):
    """The edition of the checklist; ``sha256`` is that of its canonical document."""

    checklist: Code
    number: Annotated[int, Field(ge=1)]
    published: Day
    sha256: Sha256


class FromProfile(GrownPart):
    """The fact that filled an answer in: the name of its profile, the day it was checked, its source.

    ``source_date`` is ``None`` for a page that carries none. ``by_provider``: no profile's fact, but what the
    provider answered by a link; ``name`` is then the service, ``source_title`` the number of the version sent.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=410, pattern=_NO_NUL)]
    checked_on: CalendarDay
    source_title: Line
    source_url: Annotated[str, StringConstraints(max_length=500, pattern=_NO_NUL)] = ""
    source_date: CalendarDay | None = None
    by_provider: bool = False

    # Records from before providers answered keep their hash.
    added_later: ClassVar[tuple[str, ...]] = ("by_provider",)


class GivenAnswer(GrownPart):
    """What was said of one question; 'unanswered' carries a comment only.

    ``from_profile`` marks an answer that a profile filled in and nobody confirmed: it is judged as a mere claim.
    ``claimed``: on the reference date nothing stronger than a claim showed it, although something had to; ``strength``
    is that of the evidence it rested on, ``ended`` the last day of the evidence that had carried it.
    """

    question: Key
    status: Literal["unanswered", "answered", "unknown", "not_applicable"]
    value: Annotated[str, StringConstraints(max_length=100_000, pattern=_NO_NUL)] = ""
    justification: Prose = ""
    comment: Prose = ""
    from_profile: FromProfile | None = None
    claimed: bool = False
    strength: StrengthKey | None = None
    ended: CalendarDay | None = None

    # Records from before there were profiles, or evidence, keep their hash.
    added_later: ClassVar[tuple[str, ...]] = ("from_profile", "claimed", "strength", "ended")

    @property
    def judged(self) -> Answer | None:
        """The judge's form; ``None`` for a mere comment."""
        presumed = self.from_profile is not None
        return Answer.said(self.status, self.value, self.justification, self.rests_on, presumed=presumed)

    @property
    def rests_on(self) -> Backing:
        strength = Strength.from_key(self.strength) if self.strength else None
        return Backing(strength, self.claimed, date.fromisoformat(self.ended) if self.ended else None)


class KeptEvidence(Part):
    """One piece of evidence of an answer. ``sha256`` is that of its file, ``file`` the name it came with; the file
    itself is not part of the record.
    """

    question: Key
    kind: Literal["contract", "certificate", "audit_report", "other"]
    strength: StrengthKey
    title: Name
    issuer: Line = ""
    issued_on: CalendarDay | None = None
    valid_from: CalendarDay | None = None
    valid_until: CalendarDay | None = None
    link: Annotated[str, StringConstraints(max_length=500, pattern=_NO_NUL)] = ""
    note: Prose = ""
    file: Line = ""
    size: Annotated[int, Field(ge=0)] = 0
    sha256: Sha256 | None = None


class Band(Part):
    worst: VerdictKey
    best: VerdictKey


class JudgementAccount(BaseModel):
    """The outcome. Everything else the judge accounts for (ceilings, findings, questions) is kept beside."""

    model_config = ConfigDict(extra="allow", frozen=True)

    edition: Sha256
    reference_date: Day
    verdict: Band
    required: Band


class PlannedStep(Part):
    """One step of the transition; durations in days, ``after`` the numbers of the steps it waits for."""

    number: Annotated[int, Field(ge=0, le=32_000)]
    title: Name
    owner: Line = ""
    low: Days
    likely: Days
    high: Days
    after: Line = ""
    state: Literal["planned", "under_way", "done"]
    started_on: CalendarDay | None = None
    finished_on: CalendarDay | None = None


class Plan(Part):
    """How and by when the offer is to be left, and what holds meanwhile."""

    target: Line = ""
    starts_on: CalendarDay
    asked_end: CalendarDay | None = None
    justification: Prose = ""
    legal_basis: Prose = ""
    guarantee_keys: Prose = ""
    guarantee_access: Prose = ""
    guarantee_logging: Prose = ""
    guarantee_new_data: Prose = ""
    steps: Annotated[list[PlannedStep], Field(max_length=200)] = []

    @model_validator(mode="after")
    def _numbers_each_step_once(self) -> Self:
        if len({step.number for step in self.steps}) != len(self.steps):
            raise ValueError(TWICE_NUMBERED)
        return self


class TakenAction(GrownPart):
    """One action that somebody took in hand, as it stood: who does it, by when, how far it is.

    ``key`` is that of ``checklists.core.actions``: what the action is follows from the answers. A report tells the
    owner and not the note, the draft of an assessment the note and not the owner.
    """

    key: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_NO_NUL)]
    owner: Line = ""
    due: CalendarDay | None = None
    state: Literal["to_do", "under_way", "done", "dropped"]
    note: Annotated[str, StringConstraints(max_length=2_000, pattern=_NO_NUL)] = ""

    # Reports tell no note, and keep their hash.
    added_later: ClassVar[tuple[str, ...]] = ("note",)


def _taken_once(actions: list[TakenAction]) -> list[TakenAction]:
    if len({action.key for action in actions}) != len(actions):
        raise ValueError(TWICE_TAKEN)
    return actions


TakenActions = Annotated[list[TakenAction], Field(max_length=MAX_ANSWERS), AfterValidator(_taken_once)]


class StatedCapacity(Part):
    """What is needed, or provided, in capacity and quality of service. What is absent or null was not stated.

    Quantities are decimal figures: terabytes, cores, graphics processors, per cent of the time.
    """

    quantities: dict[Measure, Quantity] = {}
    support: Literal["office_hours", "extended_hours", "always"] | None = None
    services: Annotated[list[Key], Field(max_length=100)] | None = None
    certifications: Annotated[list[Key], Field(max_length=100)] | None = None
    note: Prose = ""

    @property
    def capacity(self) -> Capacity:
        return Capacity(
            quantities={measure: Decimal(quantity) for measure, quantity in self.quantities.items()},
            support=self.support,
            services=None if self.services is None else frozenset(self.services),
            certifications=None if self.certifications is None else frozenset(self.certifications),
        )


class Alternative(GrownPart):
    """Another offer for the same workload: what was said of it alone, what it provides, and what it is worth.

    Its plan, evidence and actions are in the draft of an assessment only.
    """

    offer: Name
    provider: Line = ""
    is_current: bool = False
    answers: Annotated[list[GivenAnswer], Field(max_length=MAX_ANSWERS)]
    provision: StatedCapacity | None = None
    judgement: JudgementAccount
    transition_plan: Plan | None = None
    evidence: Annotated[list[KeptEvidence], Field(max_length=MAX_ANSWERS)] = []
    actions: TakenActions = []

    # Reports compare offers without these, and keep their hash.
    added_later: ClassVar[tuple[str, ...]] = ("transition_plan", "evidence", "actions")

    def says_of(self, judgement: Judgement) -> bool:
        """Whether the frozen judgement is ``judgement``, to the last figure."""
        return canonical_bytes(self.judgement.model_dump(mode="json")) == judgement.to_bytes()


class Way(Part):
    """The steps of a plan that leads to an offer: 0 for the report's own, n for the n-th alternative."""

    to: Annotated[int, Field(ge=0, le=MOST_KEPT)]
    starts_on: CalendarDay
    steps: Annotated[list[PlannedStep], Field(max_length=200)]


class OffersCompared(Part):
    """The other offers the report's own is compared with, and what the comparison rests on besides answers.

    ``provision`` is that of the report's own offer; ``left_out`` counts the offers beyond the eighth. The draft of an
    assessment holds all of them, or none when there is one offer only.
    """

    alternatives: Annotated[list[Alternative], Field(max_length=MOST_KEPT)]
    left_out: Annotated[int, Field(ge=0, le=100_000)] = 0
    need: StatedCapacity | None = None
    provision: StatedCapacity | None = None
    ways: Annotated[list[Way], Field(max_length=1_000)] = []


class Predecessor(Part):
    """The report of the same offer that this one replaces."""

    code: IssueCode
    sha256: Sha256


class ObjectiveReading(Part):
    """What an objective was found to be worth: points as exact fractions, from the worst to the best they may be."""

    points: tuple[str, str]
    most: int
    seal: tuple[int, int] | None = None
    reached: bool | None = None


class Reading(Part):
    """What one framework says of the answers: of the whole, and of each rule or objective by its key."""

    conclusion: str
    rules: dict[Key, str] = {}
    objectives: dict[Key, ObjectiveReading] = {}
    score: tuple[str, str] | None = None

    @classmethod
    def of(cls, result: LensResult) -> Self:
        return cls(
            conclusion=result.conclusion.value,
            rules={rule.rule.key: rule.outcome.value for rule in result.rules},
            objectives={
                found.objective.key: ObjectiveReading(
                    points=(str(found.points.low), str(found.points.high)),
                    most=found.most,
                    seal=(found.seal.low, found.seal.high) if found.seal else None,
                    reached=found.reached,
                )
                for found in result.objectives
            },
            score=(str(result.score.low), str(result.score.high)) if result.score else None,
        )


class FrameworkReference(Part):
    """A framework the answers were read through; ``sha256`` is that of its canonical document.

    ``minimums`` is the level the buyer requires of each objective, by the objective's key. ``reading`` is what the
    framework says; records from before it was kept have none.
    """

    key: Code
    number: Annotated[int, Field(ge=1)]
    sha256: Sha256
    minimums: dict[Key, Annotated[int, Field(ge=0, le=4)]] = {}
    reading: Reading | None = None


class ReviewStep(Part):
    """One act of the review. ``by`` and ``role`` are as of the issue; '' for a person who has no account any more.

    ``covers`` is the :attr:`Record.covered_sha256` of this offer when it was submitted, accepted or approved.
    ``eyes``, of an act that judges: 'two' by another than the authors of the content, 'alone' by an author when nobody
    else in the organisation may, 'one' by an author when the organisation does not ask for two.
    """

    act: Literal["submitted", "withdrawn", "returned", "accepted", "approved", "reopened"]
    round: Annotated[int, Field(ge=1, le=32_000)]
    at: AwareDatetime
    by: Line = ""
    role: Literal["owner", "contributor", "reviewer", ""] = ""
    text: Prose = ""
    unanswered: Annotated[int, Field(ge=0)] | None = None
    eyes: Literal["two", "alone", "one", ""] = ""
    covers: Sha256 | None = None


class ReviewedMatter(Part):
    """What was decided last on one matter: the workload (no concern), the offer itself, or a concern by its key."""

    of_offer: bool
    concern: Annotated[str, StringConstraints(max_length=64, pattern=_NO_NUL)] = ""
    is_accepted: bool
    remark: Prose = ""
    round: Annotated[int, Field(ge=1, le=32_000)]
    at: AwareDatetime
    by: Line = ""
    role: Literal["owner", "contributor", "reviewer", ""] = ""


class ReviewAccount(Part):
    """Where the review of the assessment stood, and its history, the oldest act first.

    ``remarks`` counts those of all rounds; ``matters`` are the last decisions on the workload and on this offer.
    """

    state: Literal["draft", "submitted", "returned", "accepted", "approved"]
    remarks: Annotated[int, Field(ge=0)] = 0
    history: Annotated[list[ReviewStep], Field(max_length=2_000)] = []
    matters: Annotated[list[ReviewedMatter], Field(max_length=200)] = []


NOT_COVERED = frozenset({"language", "form", "previous", "comparison", "review", "judgement", "actions"})
"""What an approval does not rest on: the telling, and the review itself. Of the judgement, only the verdicts count."""
PROGRESS = frozenset({"owner", "state", "started_on", "finished_on"})
"""Of a planned step: how it is carried out (decision 0062)."""


class Record(Part):
    """Everything a report says, and nothing about when or by whom it was issued."""

    schema_: Literal["porte-cles/record/1"] = Field(default="porte-cles/record/1", alias="schema")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2,4})?$")]
    form: Literal["full", "summary", "letter"] = "full"
    subject: Subject
    reference_date: CalendarDay
    edition: EditionReference
    answers: Annotated[list[GivenAnswer], Field(max_length=MAX_ANSWERS)]
    transition_plan: Plan | None = None
    judgement: JudgementAccount
    previous: Predecessor | None = None
    frameworks: Annotated[list[FrameworkReference], Field(max_length=50)] = []
    comparison: OffersCompared | None = None
    review: ReviewAccount | None = None
    held_to_evidence: bool = False
    evidence: Annotated[list[KeptEvidence], Field(max_length=MAX_ANSWERS)] = []
    actions: TakenActions = []

    @model_validator(mode="after")
    def _answers_each_question_once(self) -> Self:
        if len({given.question for given in self.answers}) != len(self.answers):
            raise ValueError(TWICE_ANSWERED)
        return self

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.model_dump(mode="json", by_alias=True)
        # Records from before there were frameworks, comparisons, reviews, evidence or actions keep their hash.
        for later in ("frameworks", "comparison", "review", "held_to_evidence", "evidence", "actions"):
            if not document[later]:
                del document[later]
        for reference in document.get("frameworks", ()):
            if reference["reading"] is None:
                del reference["reading"]
        return document

    def to_bytes(self) -> bytes:
        """The canonical bytes, whose SHA-256 is the report's hash."""
        return canonical_bytes(self.to_document())

    @property
    def sha256(self) -> str:
        return fingerprint(self.to_document())

    @property
    def facts_sha256(self) -> str:
        """The hash of what was found of the offer, whatever the language and the form it is told in.

        The other offers are no part of it: only one of the three forms holds them. Nor is who does what by when.
        """
        document = self.to_document()
        beside = ("language", "form", "previous", "comparison", "actions")
        return fingerprint({key: document[key] for key in document if key not in beside})

    @property
    def covered_sha256(self) -> str:
        """The hash of what an approval covers: subject, answers, plan, frameworks, edition, date and verdicts.

        Neither the letterhead nor how far the plan is carried out are part of it (decision 0062).
        """
        document = self.to_document()
        covered = {key: document[key] for key in document if key not in NOT_COVERED}
        covered["subject"] = {key: value for key, value in document["subject"].items() if key != "organisation"}
        covered["frameworks"] = [
            reference.model_dump(mode="json", exclude={"reading"}) for reference in self.frameworks
        ]
        covered["verdicts"] = {key: document["judgement"][key] for key in ("verdict", "required")}
        if plan := document["transition_plan"]:
            steps = [{key: step[key] for key in step if key not in PROGRESS} for step in plan["steps"]]
            covered["transition_plan"] = {**plan, "steps": steps}
        return fingerprint(covered)

    def core_answers(self) -> dict[str, Answer]:
        """The judge's form of the answers; a mere comment is no answer."""
        return _core_answers(self.answers)

    def answers_of(self, alternative: Alternative, edition: Edition) -> list[GivenAnswer]:
        """What was said of the workload, and of ``alternative`` in the place of the report's own offer."""
        of_the_workload = (
            given
            for given in self.answers
            if given.question in edition.questions and edition.questions[given.question].scope == "workload"
        )
        return [*of_the_workload, *alternative.answers]

    def judge_alternative(self, alternative: Alternative, edition: Edition) -> Judgement:
        """Judge the frozen answers of another offer again. Raises ``RecordError`` when the outcome is another one."""
        answers = _core_answers(self.answers_of(alternative, edition))
        judgement = judge(edition, answers, date.fromisoformat(self.reference_date))
        if not alternative.says_of(judgement):
            raise RecordError(f"the answers of “{alternative.offer}” do not give the judgement that is stated")
        return judgement

    def judge(self, edition: Edition) -> Judgement:
        """Judge the frozen answers again. Raises ``RecordError`` when ``edition`` is another one."""
        if edition.sha256 != self.edition.sha256:
            raise RecordError(f"the record rests on edition {self.edition.sha256}, not on {edition.sha256}", "edition")
        return judge(edition, self.core_answers(), date.fromisoformat(self.reference_date))

    def look(
        self, edition: Edition, frameworks: Sequence[Framework]
    ) -> tuple[Edition, Established, tuple[LensResult, ...]]:
        """Read the frozen answers through ``frameworks``, those it names in its order: what was asked, what is
        established, and what each of them says. Raises ``RecordError`` when they are others.
        """
        if [framework.sha256 for framework in frameworks] != [reference.sha256 for reference in self.frameworks]:
            raise RecordError("these are not the frameworks the record names", "edition")
        asked = with_supplements(edition, frameworks)
        established = establish(asked, self.core_answers(), date.fromisoformat(self.reference_date))
        pairs = zip(frameworks, self.frameworks, strict=True)
        return asked, established, tuple(look(item, established, reference.minimums) for item, reference in pairs)

    def says_of_lenses(self, results: Iterable[LensResult]) -> bool:
        """Whether the frozen readings are ``results``, where the record kept them."""
        pairs = zip(self.frameworks, results, strict=True)
        return all(kept.reading is None or kept.reading == Reading.of(result) for kept, result in pairs)

    def says_of(self, judgement: Judgement) -> bool:
        """Whether the frozen judgement is ``judgement``, to the last figure."""
        return canonical_bytes(self.to_document()["judgement"]) == judgement.to_bytes()


class Issue(Part):
    """When and under which code the report was issued, and where that can be checked."""

    code: IssueCode
    issued_at: AwareDatetime
    address: Annotated[str, StringConstraints(max_length=500)]
    is_signed: bool


class AttachedRecord(GrownPart):
    """The file ``assessment.json`` of a report: the record, its hash and, unless it is a draft, its issue.

    ``is_draft`` marks the file of an assessment as it stands, which no report carries.
    """

    schema_: Literal["porte-cles/report/1"] = Field(default="porte-cles/report/1", alias="schema")
    record: Record
    sha256: Sha256
    issue: Issue | None = None
    is_draft: bool = False

    @model_validator(mode="after")
    def _is_no_draft_once_issued(self) -> Self:
        if self.is_draft and self.issue:
            raise ValueError(ISSUED_DRAFT)
        return self

    # Files attached to reports stay as they were.
    added_later: ClassVar[tuple[str, ...]] = ("is_draft",)

    def to_bytes(self) -> bytes:
        return canonical_bytes(self.model_dump(mode="json", by_alias=True))


def _core_answers(answers: Iterable[GivenAnswer]) -> dict[str, Answer]:
    return {given.question: answer for given in answers if (answer := given.judged) is not None}


def attach(record: Record, issue: Issue | None = None) -> AttachedRecord:
    return AttachedRecord(record=record, sha256=record.sha256, issue=issue)


def read_record(raw: bytes) -> Record:
    """The record whose canonical bytes are ``raw``. Raises ``RecordError``."""
    return _read(Record, raw)


def read_attached(raw: bytes) -> AttachedRecord:
    """The attached file in ``raw``, its hash checked. Raises ``RecordError``."""
    attached = _read(AttachedRecord, raw)
    if attached.record.sha256 != attached.sha256:
        raise RecordError("the contents do not have the hash they claim: they were changed", "hash")
    return attached


def try_attached(raw: bytes) -> None:
    """Read the attached file in ``raw`` and keep nothing of it. Raises ``RecordError``."""
    read_attached(raw)


def json_schema() -> Mapping[str, Any]:
    """The published JSON Schema of the attached file."""
    return AttachedRecord.model_json_schema(by_alias=True)


def _read(kind: type[AnyPart], raw: bytes) -> AnyPart:
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        first = faults[0]
        place = "/".join(str(step) for step in first["loc"]) or "the file"
        raise RecordError(f"{place}: {first['msg']}", faults=faults) from None
