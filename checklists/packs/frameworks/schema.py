"""The shape of a framework pack, and of the canonical document made from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from checklists.packs.editions.schema import Code, Condition, Day, HarmKey, Key, Part, Source, Text

FRAMEWORK_SCHEMA = "porte-cles/framework/1"

Ref = Annotated[str, StringConstraints(min_length=1, max_length=16)]
OptionOrCountry = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
OutcomeKey = Literal["met", "not_met", "not_established", "not_concerned"]


class Chapter(Part):
    """A page of supplementary questions."""

    key: Key
    """Its name in this pack. It is for ever."""
    title: Text
    """Its title, a few words."""
    summary: Text
    """What it is about, in a sentence or two."""


class SupplementaryOption(Part):
    """One possible answer to a supplementary question."""

    key: Code
    """Answers are kept under it: it is for ever."""
    label: Text
    """The answer as it is offered."""
    definition: Text | None = None
    """What exactly the answer means, where the label leaves a doubt."""


class SupplementaryQuestion(Part):
    """A question the checklist does not ask; it never enters the checklist's score or gates."""

    key: Key
    """Answers are kept under it: it is for ever, and the checklist does not use it."""
    concern: Key = Field(alias="chapter")
    """The key of the chapter it stands in."""
    scope: Literal["offer"] = "offer"
    """Always 'offer'."""
    kind: Literal["choice"] = "choice"
    """Always 'choice'."""
    weight: Literal[0] = 0
    """Always 0: it weighs nothing in the checklist."""
    harms: Annotated[list[HarmKey], Field(min_length=1)]
    """What a bad answer exposes to: being read, being cut off, failing a duty."""
    text: Text
    """The question as it is asked."""
    why: Text
    """Why it matters, shown beside the question."""
    where: Text
    """Where the answer is found: contract, annex, audit report."""
    sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources it comes from."""
    options: Annotated[list[SupplementaryOption], Field(min_length=2)]
    """The possible answers, in the order they are offered."""


class Derived(Part):
    """A derived fact that conditions read, named for readers; ``question`` is the one it is computed from."""

    key: Key
    """The name conditions read it by."""
    text: Text
    """What it says, in words."""
    question: Key | None = None
    """The key of the question it is computed from."""


class Worth(Part):
    """What ``options`` are worth; without ``options``, every other value."""

    options: Annotated[list[OptionOrCountry], Field(min_length=1)] | None = None
    """Options, or countries in two capitals; left out for every value not named before."""
    points: Annotated[int, Field(ge=0, le=1000)]
    """The points they earn."""
    seal: Annotated[int, Field(ge=0, le=4)]
    """The assurance level they reach, 0 to 4."""


class Criterion(Part):
    """One factor of an objective, read from one question."""

    key: Key
    """Its name in this pack. It is for ever."""
    text: Text
    """The factor, in words."""
    question: Key
    """The question of the checklist, or of this pack, that it reads."""
    may_be_left_out: bool = False
    """True when a justified 'not applicable' takes the criterion out; otherwise it counts as a doubt."""
    worth: Annotated[list[Worth], Field(min_length=2)]
    """What each answer is worth; the first line that fits counts."""


class Objective(Part):
    """A weighted objective, made of criteria."""

    key: Key
    """Its name in this pack. It is for ever."""
    ref: Ref
    """How the framework numbers it: SOV-1."""
    title: Text
    """What the framework calls it."""
    summary: Text
    """What it is about, in a sentence or two."""
    weight: Annotated[int, Field(ge=1, le=100)]
    """What it weighs, in percent."""
    weight_sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources that give this weight."""
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    """What it is read from."""


class Seal(Part):
    """One assurance level, in words; the first of the list is level 0."""

    label: Text
    """What it is called."""
    meaning: Text
    """What it takes to be there."""


class Rule(Part):
    """A requirement, or a use case."""

    key: Key
    """Its name in this pack. It is for ever."""
    ref: Ref
    """How the framework numbers it: 19.6.b."""
    title: Text
    """What it is called."""
    text: Text
    """What it requires, or the situation it describes."""
    advice: Text
    """What to do where it is not met."""
    concerned: Condition | None = None
    """When it bears on the offer; always, when left out."""
    met: Condition | None = None
    """When it is satisfied; for a use case, when the measures are effective. Never, when left out."""
    outside: Text | None = None
    """Why no offer of this kind is ever concerned; takes the place of the two conditions."""
    suffices: bool = True
    """False for a use case that is effective and covers a part of the processing only."""
    sources: Annotated[list[Key], Field(min_length=1)]
    """The keys of the sources it comes from."""


class FrameworkPack(Part):
    """A framework, whole: what ``loadpack`` reads and what a published framework freezes."""

    schema_: Literal["porte-cles/framework/1"] = Field(alias="schema")
    """The form of this file; always the first line."""
    key: Key
    """The name of the framework. It is for ever."""
    number: Annotated[int, Field(ge=1)]
    """The number of this publication. A published one never changes: raise it by one."""
    published: Day
    """The day of this publication here."""
    since: Day
    """The day from which the framework's own text applies."""
    checklist: Key
    """The key of the checklist whose answers it reads."""
    edition: Annotated[int, Field(ge=1)] | None = None
    """The number of the edition of that checklist it was written on. An older edition may lack questions or answers
    that it reads: there they are never known. Left out, it reads what every edition has."""
    family: Literal["objectives", "requirements", "use_cases"]
    """How it judges: points under weighted objectives, rules that pass or fail, or situations with effective
    measures."""
    languages: Annotated[list[str], Field(min_length=1)]
    """The languages every text is written in, by their codes: fr, en."""
    title: Text
    """What the framework is called."""
    summary: Text
    """What it is and who wrote it, in a few sentences."""
    caveat: Text
    """What the reader must know before relying on it: what was left out, what could not be checked."""
    changelog: Text
    """What changed since the publication before, and why."""
    sources: Annotated[list[Source], Field(min_length=1)]
    """The texts that the other parts cite."""
    chapters: list[Chapter] = []
    """The pages of its own questions."""
    questions: list[SupplementaryQuestion] = []
    """The questions it adds to those of the checklist."""
    derived: list[Derived] = []
    """The derived facts its conditions read, in words."""
    objectives: list[Objective] = []
    """For the family 'objectives': what is weighed."""
    seals: list[Seal] = []
    """For the family 'objectives': its five levels in words, level 0 first."""
    scale: Annotated[int, Field(ge=1, le=10000)] | None = None
    """The figure each objective's points are brought to; left out for the raw points."""
    score_note: Text | None = None
    """What the score is good for, and what not."""
    concerned: Condition | None = None
    """When the framework bears on an offer at all; always, when left out."""
    rules: list[Rule] = []
    """For the other families: the requirements, or the use cases."""
    outcomes: dict[OutcomeKey, Text]
    """The framework's own words for each outcome of a rule."""
    conclusions: dict[OutcomeKey, Text]
    """The framework's own words for each outcome of the whole."""

    def to_document(self) -> dict[str, Any]:
        """The canonical document: JSON types only, defaults written out, absent fields left out."""
        document: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        for question in document["questions"]:
            # The core reads a question as an edition writes it.
            question["concern"] = question.pop("chapter")
        return document
