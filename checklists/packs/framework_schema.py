"""The shape of a framework pack, and of the canonical document made from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from checklists.packs.schema import Code, Condition, Day, HarmKey, Key, Part, Source, Text

FRAMEWORK_SCHEMA = "porte-cles/framework/1"

Ref = Annotated[str, StringConstraints(min_length=1, max_length=16)]
OptionOrCountry = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
OutcomeKey = Literal["met", "not_met", "not_established", "not_concerned"]


class Chapter(Part):
    """A page of supplementary questions."""

    key: Key
    title: Text
    summary: Text


class SupplementaryOption(Part):
    key: Code
    label: Text
    definition: Text | None = None


class SupplementaryQuestion(Part):
    """A question the checklist does not ask; it never enters the checklist's score or gates."""

    key: Key
    concern: Key = Field(alias="chapter")
    scope: Literal["offer"] = "offer"
    kind: Literal["choice"] = "choice"
    weight: Literal[0] = 0
    harms: Annotated[list[HarmKey], Field(min_length=1)]
    text: Text
    why: Text
    where: Text
    sources: Annotated[list[Key], Field(min_length=1)]
    options: Annotated[list[SupplementaryOption], Field(min_length=2)]


class Derived(Part):
    """A derived fact that conditions read, named for readers; ``question`` is the one it is computed from."""

    key: Key
    text: Text
    question: Key | None = None


class Worth(Part):
    """What ``options`` are worth; without ``options``, every other value."""

    options: Annotated[list[OptionOrCountry], Field(min_length=1)] | None = None
    points: Annotated[int, Field(ge=0, le=1000)]
    seal: Annotated[int, Field(ge=0, le=4)]


class Criterion(Part):
    key: Key
    text: Text
    question: Key
    may_be_left_out: bool = False
    worth: Annotated[list[Worth], Field(min_length=2)]


class Objective(Part):
    key: Key
    ref: Ref
    title: Text
    summary: Text
    weight: Annotated[int, Field(ge=1, le=100)]
    weight_sources: Annotated[list[Key], Field(min_length=1)]
    criteria: Annotated[list[Criterion], Field(min_length=1)]


class Seal(Part):
    label: Text
    meaning: Text


class Rule(Part):
    key: Key
    ref: Ref
    title: Text
    text: Text
    advice: Text
    concerned: Condition | None = None
    met: Condition | None = None
    outside: Text | None = None
    suffices: bool = True
    sources: Annotated[list[Key], Field(min_length=1)]


class FrameworkPack(Part):
    """A framework, whole: what ``loadpack`` reads and what a published framework freezes."""

    schema_: Literal["porte-cles/framework/1"] = Field(alias="schema")
    key: Key
    number: Annotated[int, Field(ge=1)]
    published: Day
    since: Day
    checklist: Key
    family: Literal["objectives", "requirements", "use_cases"]
    languages: Annotated[list[str], Field(min_length=1)]
    title: Text
    summary: Text
    caveat: Text
    changelog: Text
    sources: Annotated[list[Source], Field(min_length=1)]
    chapters: list[Chapter] = []
    questions: list[SupplementaryQuestion] = []
    derived: list[Derived] = []
    objectives: list[Objective] = []
    seals: list[Seal] = []
    scale: Annotated[int, Field(ge=1, le=10000)] | None = None
    score_note: Text | None = None
    concerned: Condition | None = None
    rules: list[Rule] = []
    outcomes: dict[OutcomeKey, Text]
    conclusions: dict[OutcomeKey, Text]

    def to_document(self) -> dict[str, Any]:
        """The canonical document: JSON types only, defaults written out, absent fields left out."""
        document: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        for question in document["questions"]:
            # The core reads a question as an edition writes it.
            question["concern"] = question.pop("chapter")
        return document
