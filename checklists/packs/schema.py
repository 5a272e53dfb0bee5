"""The shape of a pack, and of the canonical document made from it.

These models say what a field is; whether the whole makes sense is said by ``packs.checks``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, TypeAdapter, field_validator

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
Condition = dict[str, Any]

_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


class Part(BaseModel):
    """Every part of a pack: unknown fields are refused, so that a slip of the pen is not silently lost."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Source(Part):
    key: Key
    title: Text
    date: Day
    url: Annotated[str, StringConstraints(max_length=500)]
    status: Status = "in_force"
    verify: bool = False
    note: Text | None = None

    @field_validator("url")
    @classmethod
    def _is_a_public_link(cls, url: str) -> str:
        if _URL.validate_python(url).scheme != "https":
            raise ValueError("must start with https://")
        return url


class Law(Part):
    """A law with its validity: usable on a date in [from, until). ``free_area``: no decision is needed there."""

    key: Key
    kind: Literal["transfer_tool", "adequacy", "free_area", "access_law", "duty"]
    country: CountryCode | None = None
    countries: list[CountryCode] = []
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    title: Text
    note: Text | None = None
    status: Status = "in_force"
    replaces: Key | None = None
    sources: Annotated[list[Key], Field(min_length=1)]
    verify: bool = False


class Concern(Part):
    key: Key
    title: Text
    summary: Text
    weight: Annotated[int, Field(ge=0, le=100)]


class Option(Part):
    key: Code
    level: Annotated[int, Field(ge=0, le=4)] | None = None
    label: Text
    definition: Text | None = None
    finding: Text | None = None
    advice: Text | None = None
    effort: Annotated[int, Field(ge=1, le=10)] | None = None
    regime: Key | None = None
    lapsed_to: Code | None = None
    adequacy_of: Key | None = None


class Question(Part):
    key: Key
    concern: Key
    scope: Literal["workload", "offer"]
    kind: Literal["choice", "date", "country", "control_chain"] = "choice"
    weight: Annotated[int, Field(ge=0, le=100)] = 0
    harms: Annotated[list[HarmKey], Field(min_length=1)]
    applies: Condition | None = None
    text: Text
    why: Text
    where: Text
    sources: Annotated[list[Key], Field(min_length=1)]
    options: list[Option] = []


class Gate(Part):
    key: Key
    when: Condition
    ceiling: VerdictKey
    harms: Annotated[list[HarmKey], Field(min_length=1)]
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    status: Status = "in_force"
    presumed: bool = False
    presumed_if: Condition | None = None
    title: Text
    finding: Text
    advice: Text
    sources: Annotated[list[Key], Field(min_length=1)]


class Threshold(Part):
    below: Annotated[int, Field(ge=1, le=100)]
    ceiling: VerdictKey


class Requirement(Part):
    key: Key
    when: Condition | None = None
    least: VerdictKey
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    text: Text
    sources: list[Key]


class Duration(Part):
    """A derived number of months from the reference date to the date that question ``to`` gives."""

    key: Key
    to: Key


class Supposition(Part):
    """An answer a hypothesis changes; without ``value`` it is not known any more."""

    question: Key
    value: Code | CountryCode | None = None
    given: list[Code] = []


class Hypothesis(Part):
    """A stress test: what is supposed, and which answers and laws it changes."""

    key: Key
    title: Text
    text: Text
    sources: Annotated[list[Key], Field(min_length=1)]
    sets: list[Supposition] = []
    ends: list[Key] = []


class GlossaryEntry(Part):
    key: Key
    term: Text
    definition: Text


class Pack(Part):
    """A checklist, whole: what ``loadpack`` reads and what an edition freezes."""

    schema_: Literal["porte-cles/checklist/1"] = Field(alias="schema")
    key: Key
    number: Annotated[int, Field(ge=1)]
    published: Day
    languages: Annotated[list[str], Field(min_length=1)]
    title: Text
    summary: Text
    changelog: Text
    sources: list[Source]
    laws: list[Law] = []
    concerns: Annotated[list[Concern], Field(min_length=1)]
    questions: Annotated[list[Question], Field(min_length=1)]
    gates: list[Gate] = []
    thresholds: list[Threshold] = []
    requirements: list[Requirement] = []
    durations: list[Duration] = []
    hypotheses: list[Hypothesis] = []
    glossary: list[GlossaryEntry] = []

    def to_document(self) -> dict[str, Any]:
        """The canonical document: JSON types only, defaults written out, absent fields left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
