"""The shape of a pack, and of the canonical document made from it.

These models say what a field is; whether the whole makes sense is said by ``packs.checks``. The sentences under the
fields are read by people who write packs: ``packs.json_schema`` publishes them, and their editors show them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from checklists.core.kinds import kinds

SCHEMA = "porte-cles/checklist/1"

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Text = dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2,4})?$")], Sentence]
VerdictKey = Literal["unacceptable", "transition_only", "conditional", "acceptable", "sovereign"]
HarmKey = Literal["read", "cut_off", "duty"]
Status = Literal["in_force", "adopted", "proposed", "repealed"]
Reading = Literal["text", "extract", "secondary"]
Wording = Literal["verbatim", "restated", "derived", "editorial"]
Condition = dict[str, Any]

_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


def _known_kind(key: Any) -> Any:
    known = [kind.key for kind in kinds()]
    if key not in known:
        raise PydanticCustomError("enum", "unknown kind", {"expected": ", ".join(map(repr, known))})
    return key


KindKey = Annotated[
    str, BeforeValidator(_known_kind), WithJsonSchema({"enum": [kind.key for kind in kinds()], "type": "string"})
]


class Part(BaseModel):
    """Every part of a pack: unknown fields are refused, so that a slip of the pen is not silently lost."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


class Source(Part):
    """A text that questions, laws and gates cite."""

    key: Key
    """The name it is cited by. It is for ever."""
    title: Text
    """How it is quoted, as a lawyer would: text, article, paragraph."""
    date: Day
    """The day of the text, or of the version cited."""
    url: Annotated[str, StringConstraints(max_length=500)]
    """Its address on the official site, beginning with https://."""
    status: Status = "in_force"
    """Where it stands in law; a proposal is never counted as law."""
    verify: bool = False
    """True when it could not be checked against the official text; the reader is told so."""
    tried: Day | None = None
    """The day it was last read; with 'verify', the day the official text was last looked for."""
    reading: Reading | None = None
    """What was read: 'text', the text in full in a reproduction; 'extract', an extract made by a third party;
    'secondary', pages that quote or summarise it."""
    note: Text | None = None
    """What the reader should know of it; with 'verify', what is not sure."""

    @field_validator("url")
    @classmethod
    def _is_a_public_link(cls, url: str) -> str:
        if _URL.validate_python(url).scheme != "https":
            raise ValueError("must start with https://")
        return url


class Law(Part):
    """A law with its validity: usable on a date in [from, until). ``free_area``: no decision is needed there."""

    key: Key
    """The name conditions read it by, as 'law:' and this key. It is for ever."""
    kind: Literal["transfer_tool", "adequacy", "free_area", "access_law", "duty"]
    """What it is for: a tool for transfers, an adequacy decision, an area where none is needed, a law that compels
    access, a duty."""
    country: CountryCode | None = None
    """The one country it is about, in two capitals (ISO 3166-1): US."""
    countries: list[CountryCode] = []
    """The countries it is about, where there are several."""
    from_: Day | None = Field(default=None, alias="from")
    """Its first day; left out when it was always there."""
    until: Day | None = None
    """The day it ends, that day not included; left out while it stands."""
    title: Text
    """What it is called."""
    note: Text | None = None
    """What the reader should know of it."""
    status: Status = "in_force"
    """Where it stands in law; a proposal is never in force, whatever its dates."""
    replaces: Key | None = None
    """The key of the law that stood in its place before it began."""
    sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources that say so."""
    verify: bool = False
    """True when its dates could not be checked against the official text."""
    tried: Day | None = None
    """With 'verify', the day they were last looked for."""


class Concern(Part):
    """A weighted group of questions: one page of the questionnaire."""

    key: Key
    """Its name in this pack. It is for ever."""
    title: Text
    """Its title, a few words."""
    summary: Text
    """What it is about, in a sentence or two."""
    weight: Annotated[int, Field(ge=0, le=100)]
    """What it weighs in the total beside the other concerns; 0 when it carries no score."""


class Option(Part):
    """One possible answer to a choice."""

    key: Code
    """Answers are kept under it: it is for ever."""
    level: Annotated[int, Field(ge=0, le=4)] | None = None
    """0, the worst, to 4, the best; all options of a question carry one, or none does."""
    label: Text
    """The answer as it is offered."""
    definition: Text | None = None
    """What exactly the answer means, where the label leaves a doubt."""
    finding: Text | None = None
    """What the report says when this is the answer; required with a level."""
    advice: Text | None = None
    """What to do about it; required with a level below 4."""
    effort: Annotated[int, Field(ge=1, le=10)] | None = None
    """What bringing it about takes: 1, a signature, to 10, changing host; left out when it cannot be chosen."""
    regime: Key | None = None
    """The key of the law this answer rests on."""
    lapsed_to: Code | None = None
    """The option it counts as on a day when that law, or that decision, is not in force."""
    adequacy_of: Key | None = None
    """The country question whose answer must have an adequacy decision for this one to hold."""
    lever: Literal["customer", "provider", "contract"] | None = None
    """Who can bring it about: the customer alone, the provider, or a contract between the two; goes with 'effort'."""


class Question(Part):
    """One question, about the workload or about the offer."""

    key: Key
    """Answers are kept under it: it is for ever."""
    concern: Key
    """The key of the concern it belongs to."""
    scope: Literal["workload", "offer"]
    """'workload' is asked once an assessment, 'offer' once for each offer."""
    kind: KindKey = "choice"
    """How it is answered: one of its options, a date, a country, or one of the two tables."""
    weight: Annotated[int, Field(ge=0, le=100)] = 0
    """What it weighs in its concern; 0 for a question without levels."""
    harms: Annotated[list[HarmKey], Field(min_length=1)]
    """What a bad answer exposes to: being read, being cut off, failing a duty."""
    applies: Condition | None = None
    """When it is asked; always, when left out. It may read only questions that carry no level."""
    text: Text
    """The question as it is asked."""
    why: Text
    """Why it matters, shown beside the question."""
    where: Text
    """Where the answer is found: contract, annex, audit report."""
    sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources it comes from."""
    options: list[Option] = []
    """The possible answers of a choice, two or more, in the order they are offered."""
    effort: Annotated[int, Field(ge=1, le=10)] | None = None
    """For a date only: what moving it takes, from 1 to 10."""
    fact_of_the_world: bool = False
    """True when nobody can change the answer for this offer: an owner, the law of a parent, an obligation to leave. It
    is then never a step of a plan."""
    wording: Wording | None = None
    """How its texts were come by: 'verbatim', the words of the source; 'restated', the source in other words;
    'derived', concluded from the sources; 'editorial', the authors' own."""


class Gate(Part):
    """A condition on the answers that caps the verdict."""

    key: Key
    """Its name in this pack. It is for ever."""
    when: Condition
    """When it holds."""
    ceiling: VerdictKey
    """The best verdict that is left while it holds."""
    harms: Annotated[list[HarmKey], Field(min_length=1)]
    """What it guards against: being read, being cut off, failing a duty."""
    from_: Day | None = Field(default=None, alias="from")
    """The first reference date on which it is looked at; left out for any."""
    until: Day | None = None
    """The reference date from which it is no longer looked at; left out while it stands."""
    status: Status = "in_force"
    """Where the rule stands in law; a proposal caps nothing."""
    presumed: bool = False
    """True when the offer has the burden of proof: not knowing counts as if it held."""
    presumed_if: Condition | None = None
    """When it is presumed; always, when left out. Goes with 'presumed: true'."""
    title: Text
    """What it is called where it is listed."""
    finding: Text
    """What the report says when it holds."""
    advice: Text
    """What to do so that it no longer holds."""
    sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources it rests on."""
    wording: Wording | None = None
    """How its texts were come by: 'verbatim', the words of the source; 'restated', the source in other words;
    'derived', concluded from the sources; 'editorial', the authors' own."""


class Threshold(Part):
    """A score below which the verdict is capped."""

    below: Annotated[int, Field(ge=1, le=100)]
    """A score below this number, out of 100, caps the verdict."""
    ceiling: VerdictKey
    """The best verdict that is left."""


class Requirement(Part):
    """The least verdict that will do for a workload."""

    key: Key
    """Its name in this pack. It is for ever."""
    when: Condition | None = None
    """When it applies; always, when left out."""
    least: VerdictKey
    """The least verdict that will do."""
    from_: Day | None = Field(default=None, alias="from")
    """The first reference date on which it applies; left out for any."""
    until: Day | None = None
    """The reference date from which it no longer applies."""
    text: Text
    """Why this much is required."""
    sources: list[Key]
    """The keys of the sources it rests on; an empty list for a rule of prudence."""
    wording: Wording | None = None
    """How its texts were come by: 'verbatim', the words of the source; 'restated', the source in other words;
    'derived', concluded from the sources; 'editorial', the authors' own."""


class Duration(Part):
    """A derived number of months from the reference date to the date that question ``to`` gives."""

    key: Key
    """The name conditions read the number by."""
    to: Key
    """The key of a date question."""


class Derivation(Part):
    """An answer that follows from what is known already: it is shown as derived, and not asked again."""

    key: Key
    """Its name in this pack. It is for ever."""
    question: Key
    """The question it answers."""
    when: Condition | None = None
    """When it answers; goes with 'value' or 'also'. It may read questions, laws, and the area of a country question."""
    value: Code | CountryCode | None = None
    """The answer it gives; left out, the rule only leaves the answers of 'also' as possible."""
    also: list[Code] = []
    """Other answers that do not contradict it: they may be given without a reason."""
    takes: Key | None = None
    """In the place of 'when' and 'value': the fact of the control chain that answers the question."""
    from_: Day | None = Field(default=None, alias="from")
    """The first reference date on which it answers; left out for any."""
    until: Day | None = None
    """The reference date from which it no longer answers."""
    text: Text
    """Why the answer follows, shown beside it."""
    sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources it rests on."""
    wording: Wording | None = None
    """How its texts were come by: 'verbatim', the words of the source; 'restated', the source in other words;
    'derived', concluded from the sources; 'editorial', the authors' own."""


class Former(Part):
    """A question that an earlier edition asked and this one does not: what became of it."""

    key: Key
    """The name it had."""
    into: Key | None = None
    """The question of this edition that covers it now; left out when nothing does."""
    text: Text
    """Why, in a sentence: shown to those who had answered it."""


class Supposition(Part):
    """An answer a hypothesis changes; without ``value`` it is not known any more."""

    question: Key
    """The question whose answer is supposed to change."""
    value: Code | CountryCode | None = None
    """What it is supposed to be; left out for 'not known any more'."""
    given: list[Code] = []
    """Only where the answer is one of these; whatever it is, when left out."""


class Hypothesis(Part):
    """A stress test: what is supposed, and which answers and laws it changes."""

    key: Key
    """Its name in this pack. It is for ever."""
    title: Text
    """What is supposed, in a few words."""
    text: Text
    """What would happen, and how likely the sources make it."""
    sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources it comes from."""
    sets: list[Supposition] = []
    """The answers it changes."""
    ends: list[Key] = []
    """The keys of the laws it supposes to end."""


class GlossaryEntry(Part):
    """A word the reader may not know."""

    key: Key
    """Its name in this pack. It is for ever."""
    term: Text
    """The word, as the texts use it."""
    definition: Text
    """What it means, in a sentence or two."""


class Pack(Part):
    """A checklist, whole: what ``loadpack`` reads and what an edition freezes."""

    schema_: Literal["porte-cles/checklist/1"] = Field(alias="schema")
    """The form of this file; always the first line."""
    key: Key
    """The name of the checklist. Assessments and editions are kept under it: it is for ever."""
    number: Annotated[int, Field(ge=1)]
    """The number of this edition. A published one never changes: raise it by one."""
    published: Day
    """The day of the edition."""
    languages: Annotated[list[str], Field(min_length=1)]
    """The languages every text is written in, by their codes: fr, en."""
    title: Text
    """What the checklist is called."""
    summary: Text
    """What it judges and on what grounds, in a few sentences."""
    changelog: Text
    """What changed since the edition before, and why."""
    sources: list[Source]
    """The texts that the other parts cite."""
    laws: list[Law] = []
    """Transfer tools, adequacy decisions, laws of compelled access and duties, with the days they are in force."""
    concerns: Annotated[list[Concern], Field(min_length=1)]
    """The groups of questions, in the order of the questionnaire."""
    questions: Annotated[list[Question], Field(min_length=1)]
    """The questions, in the order they are asked inside their concern."""
    gates: list[Gate] = []
    """The conditions that cap the verdict."""
    thresholds: list[Threshold] = []
    """The scores below which the verdict is capped, at 'conditional' at worst: a number condemns nothing."""
    requirements: list[Requirement] = []
    """The least verdicts that will do, by workload."""
    durations: list[Duration] = []
    """Numbers of months derived from date questions, for conditions to read."""
    former: list[Former] = []
    """The questions of earlier editions that are not asked any more, and what became of each."""
    derivations: list[Derivation] = []
    """The answers that follow from others, or from the control chain; of several for a question, the first counts."""
    hypotheses: list[Hypothesis] = []
    """Stress tests shown beside the result."""
    glossary: list[GlossaryEntry] = []
    """Words the reader may not know."""

    def to_document(self) -> dict[str, Any]:
        """The canonical document: JSON types only, defaults written out, absent fields left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
