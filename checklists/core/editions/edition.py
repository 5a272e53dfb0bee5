"""An edition: one immutable publication of a checklist, as the judge and the screens read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from checklists.core.editions.canonical import canonical_bytes as canonical_bytes
from checklists.core.editions.canonical import fingerprint as fingerprint
from checklists.core.editions.compatibility import TAKEN
from checklists.core.editions.conditions import Condition, EvidenceAtLeast, keys, leaves, parse
from checklists.core.editions.vocabulary import Harm, LegalStatus, Text, Verdict

Day = date
"""``date`` where a field of that name stands before."""
TOP_LEVEL = 4
"""The best level an option can carry (0 is the worst)."""


class EditionError(ValueError):
    """The document is not a usable edition; the message names the place."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of validity: from its first day, until the day before ``until``. ``None`` means without bound."""

    start: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sentence comes from. ``verify`` marks what could not be checked against the official text.

    ``tried`` is the day it was last read, or with ``verify`` last looked for; ``reading`` what was read: 'text',
    'extract' or 'secondary'.
    """

    key: str
    title: Text
    date: date
    url: str
    status: LegalStatus
    verify: bool
    note: Text | None
    tried: Day | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """A transfer regime, an adequacy decision, a law of compelled access or a duty, with its validity.

    ``countries`` are those it is about (ISO 3166-1 alpha-2), if any. ``replaces`` names the law that stood in its
    place before it began. A proposal is never in force, whatever its dates.
    """

    key: str
    kind: str
    countries: tuple[str, ...]
    period: Period
    title: Text
    sources: tuple[str, ...]
    verify: bool
    note: Text | None = None
    status: LegalStatus = LegalStatus.IN_FORCE
    replaces: str | None = None
    tried: date | None = None

    def is_in_force(self, day: date) -> bool:
        return self.status is not LegalStatus.PROPOSED and self.period.covers(day)


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer. ``level`` is 0 (worst) to 4 (best), or ``None`` when it is not scored.

    ``regime`` names a law: on a date when neither it nor one it replaces is in force, the option counts as
    ``lapsed_to``. ``adequacy_of`` names a country question: the option counts as ``lapsed_to`` when no adequacy
    decision is in force for that country (GDPR, Art. 45).
    ``effort`` is what it takes to bring an offer here, 1 (a signature) to 10 (changing host); ``None`` when
    the fact cannot be chosen.
    """

    key: str
    level: int | None
    label: Text
    definition: Text | None
    finding: Text | None
    advice: Text | None
    effort: int | None
    regime: str | None
    lapsed_to: str | None
    adequacy_of: str | None = None
    lever: str | None = None
    """Who can bring it about: the ``customer``, the ``provider``, or the ``contract``, which takes both."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``weight`` counts inside its concern; 0 when no option carries a level.

    ``effort`` is what it takes to set another date (1-10), for a question that asks for one; ``None`` when the
    date cannot be chosen. Choices carry theirs on the options.
    """

    key: str
    concern: str
    scope: str
    kind: str
    weight: int
    harms: tuple[Harm, ...]
    applies: Condition | None
    text: Text
    why: Text
    where: Text
    sources: tuple[str, ...]
    options: Mapping[str, Option]
    effort: int | None = None
    fact_of_the_world: bool = False
    """Nobody can change it for this offer (owner, law of the parent, an obligation to leave): never a step."""
    wording: str = ""
    """How its texts were come by: 'verbatim', 'restated', 'derived', 'editorial'; '' when that is not said."""

    @property
    def is_scored(self) -> bool:
        return self.weight > 0


@dataclass(frozen=True, slots=True)
class Concern:
    key: str
    title: Text
    summary: Text
    weight: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that puts a ceiling on the verdict, while its law is in force.

    ``presumed``: the burden of proof is on the offer, so what is established supports no better verdict until the
    condition is shown to be false (GDPR, Art. 5(2) and 24). With ``presumed_if``, only once that is established.
    """

    key: str
    when: Condition
    ceiling: Verdict
    harms: tuple[Harm, ...]
    title: Text
    finding: Text
    advice: Text
    sources: tuple[str, ...]
    period: Period
    status: LegalStatus
    presumed: bool = False
    presumed_if: Condition | None = None
    wording: str = ""

    def is_in_force(self, day: date) -> bool:
        return self.status is LegalStatus.IN_FORCE and self.period.covers(day)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A total score below ``below`` (0-100) caps the verdict at ``ceiling``."""

    below: int
    ceiling: Verdict


@dataclass(frozen=True, slots=True)
class Requirement:
    """The least verdict that will do for a workload of which ``when`` is true (always, if ``None``)."""

    key: str
    when: Condition | None
    least: Verdict
    text: Text
    sources: tuple[str, ...]
    period: Period
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Duration:
    """A derived number: whole months, rounded up, from the reference date to the date a question gives."""

    key: str
    to: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """A rule that answers ``question`` from what is known already: ``value`` once ``when`` is true, or else the fact
    of the control chain that ``takes`` names. Of several rules that hold, the first one counts.

    ``also`` are answers that do not contradict ``value``: a respondent may give them without saying why. Without
    ``value`` the rule settles nothing: it leaves the answers of ``also``, and any other one takes a reason.
    """

    key: str
    question: str
    when: Condition | None
    value: str | None
    also: frozenset[str]
    takes: str | None
    text: Text
    sources: tuple[str, ...]
    period: Period
    wording: str = ""

    def reads(self) -> frozenset[str]:
        """The questions and facts it is read from; what a chain gives is not among them."""
        return keys(self.when) if self.when else frozenset()


@dataclass(frozen=True, slots=True)
class Former:
    """A question of an earlier edition only: ``into`` is the one that covers it now, if any; ``text`` says why."""

    key: str
    into: str | None
    text: Text


@dataclass(frozen=True, slots=True)
class Supposition:
    """One answer a hypothesis changes: ``value`` (``None``: not known any more), if it was one of ``given``.

    An empty ``given`` means whatever was answered, silence included.
    """

    question: str
    value: str | None
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A named stress test: answers that would change, laws that would end."""

    key: str
    title: Text
    text: Text
    sources: tuple[str, ...]
    sets: tuple[Supposition, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """A published checklist. Build it with :meth:`from_document`; compare and cache it by :attr:`sha256`."""

    key: str
    number: int
    published: date
    languages: tuple[str, ...]
    title: Text
    summary: Text
    sources: Mapping[str, Source]
    laws: Mapping[str, Law]
    concerns: Mapping[str, Concern]
    questions: Mapping[str, Question]
    gates: Mapping[str, Gate]
    thresholds: tuple[Threshold, ...]
    requirements: tuple[Requirement, ...]
    durations: tuple[Duration, ...]
    glossary: Mapping[str, tuple[Text, Text]]
    hypotheses: tuple[Hypothesis, ...]
    sha256: str
    derivations: tuple[Derivation, ...] = ()
    former: Mapping[str, Former] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Edition:
        """Read the canonical document (see ``packs.schema``). Raises ``EditionError`` on a broken one."""
        try:
            return _read(document)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, EditionError):
                raise
            raise EditionError(f"{document.get('key', '?')}: {type(error).__name__}: {error}") from error

    @cached_property
    def asking_order(self) -> tuple[str, ...]:
        """Every question, each after those its applicability depends on; raises ``EditionError`` on a cycle."""
        return asking_order(
            {key: question.applies for key, question in self.questions.items()},
            {key: self._derived_from(key) for key in self.questions},
        )

    @cached_property
    def derivations_of(self) -> Mapping[str, tuple[Derivation, ...]]:
        """The rules that may answer each question, in the checklist's order; questions without any are left out."""
        found: dict[str, tuple[Derivation, ...]] = {}
        for rule in self.derivations:
            found[rule.question] = (*found.get(rule.question, ()), rule)
        return found

    def _derived_from(self, key: str) -> frozenset[str]:
        """The questions read by the rules that may answer ``key``."""
        read = frozenset().union(*(rule.reads() for rule in self.derivations_of.get(key, ())))
        return frozenset(asked_behind(name) for name in read) & self.questions.keys()

    @cached_property
    def deriving(self) -> frozenset[str]:
        """The questions whose answer may give the answer to another one."""
        return frozenset().union(*(self._derived_from(key) for key in self.derivations_of))

    @cached_property
    def derives_from_evidence(self) -> bool:
        """Whether some rule that answers a question reads the evidence of another one."""
        rules = [rule.when for rule in self.derivations if rule.when]
        return any(isinstance(leaf, EvidenceAtLeast) for when in rules for leaf in leaves(when))

    @cached_property
    def conditions_of(self) -> Mapping[str, frozenset[str]]:
        """For each question, the questions its applicability is read from."""
        return {
            key: frozenset(map(asked_behind, keys(question.applies))) & self.questions.keys()
            if question.applies
            else frozenset()
            for key, question in self.questions.items()
        }

    @cached_property
    def conditioning(self) -> frozenset[str]:
        """The questions whose answer decides whether another one is asked."""
        return frozenset().union(*self.conditions_of.values())

    @cached_property
    def staging(self) -> frozenset[str]:
        """Those of :attr:`conditioning` that decide whether a question that counts, or can be changed, is asked."""
        staged = [q.key for q in self.questions.values() if q.is_scored or q.kind != "country"]
        return frozenset().union(*(self.conditions_of[key] for key in staged))

    def of_kind(self, kind: str) -> str | None:
        """The first question of that kind, if the checklist has one."""
        return next((key for key, question in self.questions.items() if question.kind == kind), None)

    def told_by(self, fact: str) -> str:
        """The question that takes the derived ``fact``, where a respondent may say otherwise; ``fact`` if none does."""
        takers = [rule.question for rule in self.derivations if rule.takes == fact]
        takers += [key for key, taken in TAKEN.items() if taken == fact]
        return next((key for key in takers if key in self.questions), fact)

    def access_laws(self, day: date) -> tuple[tuple[str, str], ...]:
        """The laws of compelled access in force on ``day``: (country, key of the law)."""
        return tuple(
            (country, law.key)
            for law in self.laws.values()
            if law.kind == "access_law" and law.is_in_force(day)
            for country in law.countries
        )

    @cached_property
    def country_questions(self) -> frozenset[str]:
        """The questions answered by a country, and those on which a claim of adequacy depends."""
        asked = {key for key, question in self.questions.items() if question.kind == "country"}
        return self.adequacy_questions | asked

    @cached_property
    def adequacy_questions(self) -> frozenset[str]:
        """The country questions on which an option that claims adequacy depends."""
        named = (option.adequacy_of for question in self.questions.values() for option in question.options.values())
        return frozenset(key for key in named if key)

    @cached_property
    def evidenced(self) -> frozenset[str]:
        """The questions of which some gate or requirement reads the evidence."""
        rules = [gate.when for gate in self.gates.values()]
        rules += [item.when for item in self.requirements if item.when is not None]
        return frozenset(leaf.key for when in rules for leaf in leaves(when) if isinstance(leaf, EvidenceAtLeast))

    def sources_of(self, source_keys: Iterable[str]) -> list[Source]:
        return [self.sources[key] for key in source_keys]


AREA_PREFIX = "area:"
"""``area:<question>`` says in which area the country that question gives is, on the date."""
ADEQUACY_PREFIX = "adequacy:"
"""``adequacy:<question>`` says whether an adequacy decision is in force for the country that question gives."""


def asked_behind(fact: str) -> str:
    """The question that a fact about a country is read from; any other name as it is."""
    return fact.removeprefix(AREA_PREFIX).removeprefix(ADEQUACY_PREFIX)


def asking_order(
    applicability: Mapping[str, Condition | None], derived_from: Mapping[str, frozenset[str]] | None = None
) -> tuple[str, ...]:
    """Sort questions so that each comes after those it depends on: whether it applies, and what it is derived from.

    Raises ``EditionError`` naming the cycle.
    """
    graph = {
        key: sorted(
            ({asked_behind(name) for name in keys(condition)} if condition else set()) & applicability.keys()
            | (derived_from or {}).get(key, frozenset())
        )
        for key, condition in applicability.items()
    }
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise EditionError("questions depend on each other: " + " -> ".join(error.args[1])) from error


def _read(document: Mapping[str, Any]) -> Edition:
    questions = {item["key"]: read_question(item) for item in document["questions"]}
    edition = Edition(
        key=document["key"],
        number=document["number"],
        published=date.fromisoformat(document["published"]),
        languages=tuple(document["languages"]),
        title=document["title"],
        summary=document["summary"],
        sources={item["key"]: read_source(item) for item in document["sources"]},
        laws={item["key"]: _law(item) for item in document["laws"]},
        concerns={
            item["key"]: Concern(
                item["key"],
                item["title"],
                item["summary"],
                item["weight"],
                tuple(key for key, question in questions.items() if question.concern == item["key"]),
            )
            for item in document["concerns"]
        },
        questions=questions,
        gates={item["key"]: _gate(item) for item in document["gates"]},
        thresholds=tuple(
            Threshold(item["below"], Verdict.from_key(item["ceiling"])) for item in document["thresholds"]
        ),
        requirements=tuple(_requirement(item) for item in document["requirements"]),
        durations=tuple(Duration(item["key"], item["to"]) for item in document["durations"]),
        glossary={item["key"]: (item["term"], item["definition"]) for item in document["glossary"]},
        hypotheses=tuple(_hypothesis(item) for item in document.get("hypotheses", ())),
        sha256=fingerprint(document),
        former={
            item["key"]: Former(item["key"], item.get("into"), item["text"]) for item in document.get("former", ())
        },
        derivations=tuple(map(_derivation, document.get("derivations", ()))) or _chain_answers(questions),
    )
    edition.asking_order  # noqa: B018 -- a cycle must be refused here, not at the first judgement
    return edition


def _period(item: Mapping[str, Any]) -> Period:
    return Period(_day(item.get("from")), _day(item.get("until")))


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def read_source(item: Mapping[str, Any]) -> Source:
    """A source from its part of a canonical document."""
    return Source(
        item["key"],
        item["title"],
        date.fromisoformat(item["date"]),
        item["url"],
        LegalStatus(item["status"]),
        item["verify"],
        item.get("note"),
        _day(item.get("tried")),
        item.get("reading"),
    )


def _law(item: Mapping[str, Any]) -> Law:
    return Law(
        item["key"],
        item["kind"],
        tuple(item.get("countries", ())) or ((item["country"],) if item.get("country") else ()),
        _period(item),
        item["title"],
        tuple(item["sources"]),
        item["verify"],
        item.get("note"),
        LegalStatus(item.get("status", LegalStatus.IN_FORCE)),
        item.get("replaces"),
        _day(item.get("tried")),
    )


def _option(item: Mapping[str, Any]) -> Option:
    return Option(
        key=item["key"],
        level=item.get("level"),
        label=item["label"],
        definition=item.get("definition"),
        finding=item.get("finding"),
        advice=item.get("advice"),
        effort=item.get("effort"),
        regime=item.get("regime"),
        lapsed_to=item.get("lapsed_to"),
        adequacy_of=item.get("adequacy_of"),
        lever=item.get("lever"),
    )


def read_question(item: Mapping[str, Any]) -> Question:
    """A question from its part of a canonical document."""
    return Question(
        key=item["key"],
        concern=item["concern"],
        scope=item["scope"],
        kind=item["kind"],
        weight=item["weight"],
        harms=tuple(Harm(harm) for harm in item["harms"]),
        applies=parse(item["applies"]) if item.get("applies") else None,
        text=item["text"],
        why=item["why"],
        where=item["where"],
        sources=tuple(item["sources"]),
        options={option["key"]: _option(option) for option in item["options"]},
        effort=item.get("effort"),
        fact_of_the_world=item.get("fact_of_the_world", False),
        wording=item.get("wording", ""),
    )


def _gate(item: Mapping[str, Any]) -> Gate:
    return Gate(
        key=item["key"],
        when=parse(item["when"]),
        ceiling=Verdict.from_key(item["ceiling"]),
        harms=tuple(Harm(harm) for harm in item["harms"]),
        title=item["title"],
        finding=item["finding"],
        advice=item["advice"],
        sources=tuple(item["sources"]),
        period=_period(item),
        status=LegalStatus(item["status"]),
        presumed=item.get("presumed", False),
        presumed_if=parse(item["presumed_if"]) if item.get("presumed_if") else None,
        wording=item.get("wording", ""),
    )


def _derivation(item: Mapping[str, Any]) -> Derivation:
    return Derivation(
        key=item["key"],
        question=item["question"],
        when=parse(item["when"]) if item.get("when") else None,
        value=item.get("value"),
        also=frozenset(item.get("also", ())),
        takes=item.get("takes"),
        text=item["text"],
        sources=tuple(item["sources"]),
        period=_period(item),
        wording=item.get("wording", ""),
    )


def _chain_answers(questions: Mapping[str, Question]) -> tuple[Derivation, ...]:
    """The rules of an edition from before there were any: its control chain answered four questions."""
    if not any(question.kind == "control_chain" for question in questions.values()):
        return ()
    return tuple(
        Derivation(fact, key, None, None, frozenset(), fact, questions[key].text, questions[key].sources, Period())
        for key, fact in TAKEN.items()
        if key in questions
    )


def _hypothesis(item: Mapping[str, Any]) -> Hypothesis:
    return Hypothesis(
        item["key"],
        item["title"],
        item["text"],
        tuple(item["sources"]),
        tuple(
            Supposition(change["question"], change.get("value"), tuple(change.get("given", ())))
            for change in item["sets"]
        ),
        tuple(item["ends"]),
    )


def _requirement(item: Mapping[str, Any]) -> Requirement:
    return Requirement(
        item["key"],
        parse(item["when"]) if item.get("when") else None,
        Verdict.from_key(item["least"]),
        item["text"],
        tuple(item["sources"]),
        _period(item),
        item.get("wording", ""),
    )
