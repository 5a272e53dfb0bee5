"""What can be done about an offer, in four kinds; each action rests on a fact of the offer or on a doubt about it.

To find out: a question that has no answer, or an answer that is only claimed. To change, or to obtain from the
provider: an answer below the best that somebody can bring about, by the lever of the answer aimed at. Not possible: a
rule that holds and that no change of this offer lifts; it leads to other offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checklists.core.changing.choices import moves
from checklists.core.changing.smallest import ChangePlan, Prospect
from checklists.core.changing.what_if import WhatIf, supposed
from checklists.core.editions.conditions import keys
from checklists.core.editions.edition import Edition, Question
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.facts import Origin, QuestionState, questions_behind
from checklists.core.judging.grounds import grounds
from checklists.core.judging.judgement import Ceiling, Judgement, VerdictBand

FIND, DO, RULE = "find-", "do-", "rule-"
"""What the key of an action begins with; a question's key or a rule's follows."""
HERE = "customer"
"""The lever of what the customer brings about alone; the other levers take the provider."""


class ActionKind(StrEnum):
    """In the order a reader needs them."""

    FIND_OUT = "find_out"
    CHANGE = "change"
    OBTAIN = "obtain"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class ToDo:
    """One action. ``value`` is the answer to bring about, '' when there is none to choose.

    ``facts`` are the questions whose answers, or whose silence, it rests on; ``gates`` the rules it may lift or settle,
    the gravest first, ``bears`` those that rest on it and on other facts too. ``before`` is the verdict today,
    ``after`` the verdict if this alone were done, ``None`` where that is not known. ``points`` is what the score may
    gain (0-100). ``reaches`` names the verdicts whose smallest set of changes takes this one. ``is_claim``: an answer
    was given, only its proof is missing.
    """

    key: str
    kind: ActionKind
    facts: tuple[str, ...]
    value: str
    effort: int | None
    gates: tuple[str, ...]
    before: VerdictBand
    after: VerdictBand | None
    bears: tuple[str, ...] = ()
    points: int = 0
    reaches: tuple[Verdict, ...] = ()
    is_claim: bool = False

    @property
    def question(self) -> str:
        """The question it is about; '' for a rule."""
        return "" if self.kind is ActionKind.IMPOSSIBLE else self.facts[0]

    @property
    def lifts(self) -> bool:
        """Whether this alone moves an end of the verdict up."""
        after = self.after
        return after is not None and (after.worst > self.before.worst or after.best > self.before.best)


@dataclass(frozen=True, slots=True)
class Fewest:
    """The smallest set of actions that reaches ``target`` for certain; ``efforts`` are those of its changes."""

    target: Verdict
    keys: tuple[str, ...]
    find_out: int
    change: int
    obtain: int
    efforts: tuple[int, ...]


def to_do(edition: Edition, judgement: Judgement, what_if: WhatIf, prospects: Iterable[Prospect]) -> tuple[ToDo, ...]:
    """Every action, by kind; within a kind what bears on the gravest rule first, then what the score may gain."""
    found = list(prospects)
    steps = _steps(found)
    each = [
        *_to_find_out(edition, judgement, steps),
        *_to_bring_about(edition, judgement, what_if, steps),
        *_impossible(edition, judgement, found),
    ]
    kinds = list(ActionKind)
    return tuple(sorted(each, key=lambda item: (kinds.index(item.kind), _rank(edition, item))))


def fewest(actions: Iterable[ToDo], prospects: Iterable[Prospect]) -> tuple[Fewest, ...]:
    """For each verdict above today's that can be reached, the actions of its smallest set, the nearest first."""
    of_question = {item.question: item for item in actions if item.question}
    sets = []
    for prospect in prospects:
        if not prospect.plans or not prospect.plans[0].steps:
            continue
        taken = [of_question[step.question] for step in prospect.plans[0].steps if step.question in of_question]
        counts = {kind: sum(item.kind is kind for item in taken) for kind in ActionKind}
        efforts = tuple(item.effort or 0 for item in taken if item.kind is not ActionKind.FIND_OUT)
        taken_keys = tuple(item.key for item in taken)
        found, changed, obtained = (counts[k] for k in (ActionKind.FIND_OUT, ActionKind.CHANGE, ActionKind.OBTAIN))
        sets.append(Fewest(prospect.target, taken_keys, found, changed, obtained, efforts))
    return tuple(sets)


def first_actions(edition: Edition, actions: Iterable[ToDo], required: Verdict) -> tuple[ToDo, ...]:
    """Where to begin: another offer, when no change of this one reaches the minimum ``required``; what changes the
    verdict or takes part in it; the smallest set that reaches the minimum; what settles a rule; then the rest.
    """
    found, ceilings = list(actions), {gate.key: gate.ceiling for gate in edition.gates.values()}
    blocking = [item for item in found if item.kind is ActionKind.IMPOSSIBLE and _ceiling(item) < required]

    def precedence(item: ToDo) -> tuple[int, Verdict]:
        return nearness(item), min((ceilings[gate] for gate in item.bears), default=Verdict.SOVEREIGN)

    def nearness(item: ToDo) -> int:
        is_find = item.kind is ActionKind.FIND_OUT
        if required in item.reaches and not is_find:
            return 0
        if item.lifts or item.bears:
            return 1
        return 2 if item.reaches or (is_find and item.gates) else 3

    others = [item for item in found if item.kind is not ActionKind.IMPOSSIBLE]
    return (*blocking[:1], *sorted(others, key=precedence))


def _ceiling(item: ToDo) -> Verdict:
    """The best verdict while the rule of ``item`` holds."""
    return item.after.best if item.after else Verdict.SOVEREIGN


Steps = Mapping[str, tuple[str, tuple[Verdict, ...]]]
"""For each question that a smallest set changes: the answer aimed at by the nearest, and the verdicts reached."""


def _steps(prospects: Iterable[Prospect]) -> Steps:
    found: dict[str, tuple[str, tuple[Verdict, ...]]] = {}
    for prospect in prospects:
        for plan in prospect.plans[:1]:
            for question, value in _changes(plan):
                first, targets = found.get(question, (value, ()))
                found[question] = first, (*targets, prospect.target)
    return found


def _changes(plan: ChangePlan) -> Iterator[tuple[str, str]]:
    return ((step.question, step.value) for step in plan.steps)


def _to_find_out(edition: Edition, judgement: Judgement, steps: Steps) -> Iterator[ToDo]:
    at_stake = {finding.key: int(finding.points) for finding in judgement.findings if finding.ceiling is None}
    open_ceilings = [c for c in judgement.ceilings if c.gate and c.holds is None]
    describing = _describing(edition, judgement)
    for key, question in edition.questions.items():
        state = judgement.states[key]
        is_claim = state.claimed and state.status is AnswerStatus.ANSWERED
        if not state.asked or not (is_claim or state.status in (None, AnswerStatus.UNKNOWN)):
            continue
        rules = _by_gravity(c for c in open_ceilings if key in c.open_questions)
        if not (rules or question.is_scored or key in steps or key in describing):
            continue
        value, reaches = steps.get(key, ("", ()))
        option = question.options.get(value)
        yield ToDo(
            key=FIND + key,
            kind=ActionKind.FIND_OUT,
            facts=(key,),
            value=value,
            effort=option.effort if option else None,
            gates=rules,
            before=judgement.verdict,
            after=None,
            points=at_stake.get(key, 0),
            reaches=reaches,
            is_claim=is_claim,
        )


def _describing(edition: Edition, judgement: Judgement) -> frozenset[str]:
    """The questions that the requirements not settled yet are read from."""
    rules = {rule.key: rule.when for rule in edition.requirements}
    open_rules = [rules[key] for key, holds in judgement.requirements if holds is None]
    return frozenset().union(*(keys(when) for when in open_rules if when is not None))


def _to_bring_about(edition: Edition, judgement: Judgement, what_if: WhatIf, steps: Steps) -> Iterator[ToDo]:
    behind = questions_behind(edition)
    resting = {
        c.gate: {behind.get(name, name) for name in grounds(edition.gates[c.gate].when, facts).because}
        for facts in [what_if.established.facts]
        for c in judgement.ceilings
        if c.gate and c.holds is True
    }
    states_levers = any(o.lever for q in edition.questions.values() for o in q.options.values())
    for key, question in edition.questions.items():
        state = judgement.states[key]
        if not _is_a_fact(question, state):
            continue
        value, reaches = steps.get(key, ("", ()))
        value = value or _best_move(edition, what_if, question, state, states_levers=states_levers)
        if not value:
            continue
        option = question.options.get(value)
        lever = option.lever if option else HERE
        after = what_if.outcome({key: supposed(value)})
        lifted = _by_gravity(c for c in judgement.ceilings if c.gate and c.holds is True and not after.gates[c.gate])
        yield ToDo(
            key=DO + key,
            kind=ActionKind.OBTAIN if lever not in (None, HERE) else ActionKind.CHANGE,
            facts=(key,),
            value=value,
            effort=option.effort if option else question.effort,
            gates=lifted,
            bears=() if lifted else tuple(gate for gate, read in resting.items() if key in read),
            before=what_if.today.verdict,
            after=after.verdict,
            points=max(0, int(after.score.low - what_if.today.score.low)),
            reaches=reaches,
        )


def _is_a_fact(question: Question, state: QuestionState) -> bool:
    """Whether the answer stands by itself and somebody could change it: not what follows from other answers."""
    return (
        state.asked
        and state.status is AnswerStatus.ANSWERED
        and not state.claimed
        and not question.fact_of_the_world
        and state.origin in (Origin.RESPONDENT, Origin.OVERRIDE)
    )


def _best_move(
    edition: Edition, what_if: WhatIf, question: Question, state: QuestionState, *, states_levers: bool
) -> str:
    """The answer of the highest level that can be brought about, the least effort among equals; '' for none better."""
    level = state.level
    if level is None:
        return ""
    better = [
        (-(option.level or 0), effort, answer.value or "")
        for answer, effort in moves(edition, what_if.answers, state, what_if.reference_date)
        if (option := question.options.get(answer.value or "")) is not None
        and (option.level or 0) > level
        and (option.lever or not states_levers)
    ]
    return min(better)[2] if better else ""


def _impossible(edition: Edition, judgement: Judgement, prospects: Iterable[Prospect]) -> Iterator[ToDo]:
    holding = {c.gate for c in judgement.ceilings if c.holds is True}
    seen: set[str] = set()
    for prospect in prospects:
        for obstacle in prospect.obstacles:
            gate = obstacle.gate
            facts = tuple(key for key in obstacle.questions if judgement.states[key].status is AnswerStatus.ANSWERED)
            if gate is None or gate in seen or gate not in holding or not facts:
                continue
            seen.add(gate)
            ceiling = edition.gates[gate].ceiling
            after = VerdictBand(min(judgement.verdict.worst, ceiling), ceiling)
            yield ToDo(RULE + gate, ActionKind.IMPOSSIBLE, facts, "", None, (gate,), judgement.verdict, after)


def _by_gravity(ceilings: Iterable[Ceiling]) -> tuple[str, ...]:
    return tuple(c.gate for c in sorted(ceilings, key=lambda ceiling: ceiling.verdict) if c.gate)


def _rank(edition: Edition, item: ToDo) -> tuple[int, int, int]:
    gravest = min((edition.gates[gate].ceiling for gate in (*item.gates, *item.bears)), default=len(Verdict))
    return gravest, -len(item.reaches), -item.points
