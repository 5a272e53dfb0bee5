"""How a verdict comes about under one edition, in words: its own figures, rules and names beside what is fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.core.editions.edition import Edition, Gate
from checklists.core.editions.vocabulary import Verdict
from checklists.words.editions.conditions import Catalogue, sentence
from checklists.words.editions.parts import wording_word
from checklists.words.judging.presentation import Step, step
from checklists.words.vocabulary import HARM_MEANINGS, HARMS, percent_sign, pick


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The rules in force on the day that leave ``step`` at best: their titles, and how many of them are presumed."""

    step: Step
    titles: tuple[str, ...]
    presumed: int


@dataclass(frozen=True, slots=True)
class Least:
    """A requirement: when it applies in words ('' for always), why, and the least verdict that will do."""

    step: Step
    when: str
    text: str
    is_prudence: bool
    """It cites no source: it is the checklist's own."""
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """Two rules of the edition: one that holds, one still open, and the band that follows."""

    holds: str
    best: Step
    is_open: str
    worst: Step


@dataclass(frozen=True, slots=True)
class Method:
    """The figures of one edition on one day."""

    workload: int
    offer: int
    derivations: int
    durations: int
    laws: int
    proposed: int
    has_chain: bool
    weights: tuple[tuple[str, int, str], ...]
    """Title, weight, share in words."""
    scale: tuple[Step, ...]
    gates: int
    ceilings: tuple[Ceiling, ...]
    thresholds: tuple[tuple[int, Step], ...]
    harms: tuple[tuple[str, str, int], ...]
    """Name, meaning, number of rules that warn of it."""
    least: tuple[Least, ...]
    example: Example | None


def method_of(edition: Edition, document: Mapping[str, Any], facts: Catalogue, day: date) -> Method:
    """What ``edition`` (whose canonical form is ``document``) adds to what is the same for every checklist."""
    scopes = [question.scope for question in edition.questions.values()]
    in_force = [gate for gate in edition.gates.values() if gate.is_in_force(day)]
    return Method(
        workload=scopes.count("workload"),
        offer=scopes.count("offer"),
        derivations=len(edition.derivations),
        durations=len(edition.durations),
        laws=sum(law.is_in_force(day) for law in edition.laws.values()),
        proposed=sum(law.status.value == "proposed" for law in edition.laws.values()),
        has_chain=any(question.kind == "control_chain" for question in edition.questions.values()),
        weights=_weights(edition),
        scale=tuple(step(verdict) for verdict in Verdict),
        gates=len(in_force),
        ceilings=tuple(_ceilings(in_force)),
        thresholds=tuple(_thresholds(edition)),
        harms=tuple(
            (str(word), str(HARM_MEANINGS[harm]), sum(harm in gate.harms for gate in in_force))
            for harm, word in HARMS.items()
        ),
        least=tuple(_least(edition, document, facts, day)),
        example=_example(in_force),
    )


def _weights(edition: Edition) -> tuple[tuple[str, int, str], ...]:
    total = sum(concern.weight for concern in edition.concerns.values())
    return tuple(
        (pick(concern.title), concern.weight, percent_sign(round(100 * concern.weight / total) if total else 0))
        for concern in edition.concerns.values()
    )


def _thresholds(edition: Edition) -> list[tuple[int, Step]]:
    ranked = sorted(edition.thresholds, key=lambda threshold: threshold.below)
    return [(each.below, step(each.ceiling)) for each in ranked]


def _ceilings(gates: list[Gate]) -> list[Ceiling]:
    found = []
    for verdict in Verdict:
        capping = [gate for gate in gates if gate.ceiling is verdict]
        if capping:
            titles = tuple(pick(gate.title) for gate in capping)
            found.append(Ceiling(step(verdict), titles, sum(gate.presumed for gate in capping)))
    return found


def _least(edition: Edition, document: Mapping[str, Any], facts: Catalogue, day: date) -> list[Least]:
    conditions = {item["key"]: item.get("when") for item in document.get("requirements", ())}
    return [
        Least(
            step(rule.least),
            sentence(conditions.get(rule.key), facts),
            pick(rule.text),
            not rule.sources,
            wording_word(rule.wording),
        )
        for rule in sorted(edition.requirements, key=lambda rule: -rule.least)
        if rule.period.covers(day)
    ]


def _example(gates: list[Gate]) -> Example | None:
    """The two rules furthest apart; ``None`` where all leave the same verdict."""
    ranked = sorted(gates, key=lambda gate: gate.ceiling)
    if not ranked or ranked[0].ceiling is ranked[-1].ceiling:
        return None
    low, high = ranked[0], ranked[-1]
    return Example(pick(high.title), step(high.ceiling), pick(low.title), step(low.ceiling))
