"""The judge: pure, total, explainable.

Same edition, answers and reference date in: same bytes out. No database, no clock, no language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from checklists.core.editions.conditions import Truth, keys
from checklists.core.editions.edition import TOP_LEVEL, Edition, Gate
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging import claims
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.facts import Established, QuestionState, establish, questions_behind
from checklists.core.judging.judgement import Ceiling, Finding, FindingKind, Judgement, VerdictBand
from checklists.core.judging.presumption import is_presumed, where_it_may_apply
from checklists.core.judging.scores import ZERO, Band, ConcernScore
from checklists.core.kinds import fact_sources
from checklists.core.kleene import negation, reaches


def judge(
    edition: Edition, answers: Mapping[str, Answer], reference_date: date, *, law_date: date | None = None
) -> Judgement:
    """Judge one offer for one workload.

    ``answers`` maps question keys to answers, the workload's and the offer's together; keys the edition does
    not know are ignored, values it does not know count as not known. ``reference_date`` decides which laws and
    gates are in force; ``law_date``, if given, decides it in its place, and durations still run from
    ``reference_date``. Never raises on a valid edition.
    """
    law_date = law_date or reference_date
    established = establish(edition, answers, reference_date, law_date)
    scores = [claims.scores(edition, concern, established) for concern in edition.concerns.values()]
    concerns = tuple(map(claims.concern_score, scores))
    score, confidence = claims.total(edition, scores)
    ceilings = _gate_ceilings(edition, established, law_date) + _score_ceilings(edition, score)
    requirements = tuple(
        (item.key, True if item.when is None else claims.holds(item.when, established))
        for item in edition.requirements
        if item.period.covers(law_date)
    )
    return Judgement(
        edition=edition.sha256,
        reference_date=reference_date,
        verdict=_lowest(ceilings),
        required=_required(edition, requirements),
        requirements=requirements,
        score=score,
        confidence=confidence,
        concerns=concerns,
        ceilings=tuple(sorted(ceilings, key=_gravity)),
        findings=_findings(edition, established, concerns, ceilings),
        states=established.states,
        compelled=_results(edition, established),
    )


def _gate_ceilings(edition: Edition, established: Established, day: date) -> list[Ceiling]:
    ceilings = []
    supposed = where_it_may_apply(established)
    for gate in edition.gates.values():
        if not gate.is_in_force(day):
            continue
        holds = claims.holds(gate.when, established)
        open_questions = _open_questions(edition, gate, established) if holds is None else ()
        ceilings.append(
            Ceiling(gate.ceiling, holds, gate.key, None, open_questions, presumed=is_presumed(gate, supposed))
        )
    return ceilings


def _open_questions(edition: Edition, gate: Gate, established: Established) -> tuple[str, ...]:
    """The questions to answer before ``gate`` can be settled, in the checklist's order.

    Those it reads that have no usable answer, or a mere claim; and, where it is not settled whether one of them
    applies, those that decide it.
    """
    shown = established.shown
    behind = questions_behind(edition)
    reached: set[str] = set()
    waiting = [behind.get(key, key) for key in keys(gate.when)]
    while waiting:
        key = waiting.pop()
        if key in reached or key not in shown.states or shown.states[key].applies is False:
            continue
        reached.add(key)
        if shown.states[key].applies is None:
            waiting.extend(edition.conditions_of[key])
    return tuple(
        key
        for key in edition.questions
        if key in reached
        and established.states[key].asked
        and (shown.facts[key].value is None or key in fact_sources(edition))
    )


def _score_ceilings(edition: Edition, score: Band) -> list[Ceiling]:
    """Thresholds on the score are ceilings too: certain if even the high end is under, open if only the low is."""
    ceilings = []
    for threshold in edition.thresholds:
        holds = negation(reaches(score.low, score.high, threshold.below))
        ceilings.append(Ceiling(threshold.ceiling, holds, None, threshold.below, ()))
    return ceilings


def _lowest(ceilings: list[Ceiling]) -> VerdictBand:
    worst = min((c.verdict for c in ceilings if c.holds is not False), default=Verdict.SOVEREIGN)
    best = min((c.verdict for c in ceilings if c.holds is True), default=Verdict.SOVEREIGN)
    return VerdictBand(worst, best)


def _gravity(ceiling: Ceiling) -> tuple[int, Verdict]:
    """Certain ceilings first, then open ones, then those that do not hold; the lowest verdict first."""
    certainty: dict[Truth, int] = {True: 0, None: 1, False: 2}
    return certainty[ceiling.holds], ceiling.verdict


def _required(edition: Edition, requirements: tuple[tuple[str, Truth], ...]) -> VerdictBand:
    """The least verdict the workload requires: the highest of the rules that hold, to the highest that may."""
    least = {item.key: item.least for item in edition.requirements}
    certain = max((least[key] for key, holds in requirements if holds is True), default=Verdict.UNACCEPTABLE)
    possible = max((least[key] for key, holds in requirements if holds is not False), default=Verdict.UNACCEPTABLE)
    return VerdictBand(certain, possible)


def _findings(
    edition: Edition,
    established: Established,
    concerns: tuple[ConcernScore, ...],
    ceilings: list[Ceiling],
) -> tuple[Finding, ...]:
    findings = [_gate_finding(edition.gates[c.gate], c) for c in ceilings if c.gate and c.holds is not False]
    said, shown = established.states, established.shown.states
    worth = _points_per_level(edition, shown, concerns)
    for key in edition.questions:
        findings.extend(_question_findings(edition, said[key], shown[key], worth.get(key, ZERO)))
    order = {kind: rank for rank, kind in enumerate(FindingKind)}
    findings.sort(key=lambda f: (order[f.kind], f.ceiling if f.ceiling is not None else 0, -f.points))
    return tuple(findings)


def _results(edition: Edition, established: Established) -> dict[str, Truth]:
    """What the kinds of the questions asked state beside the verdict; a mere claim counts for the worse only."""
    found: dict[str, Truth] = {}
    for kind in fact_sources(edition).values():
        said, shown = (kind.results(edition, facts) for facts in claims.both_facts(established))
        found |= {key: claims.adverse(truth, shown[key]) for key, truth in said.items()}
    return found


def _gate_finding(gate: Gate, ceiling: Ceiling) -> Finding:
    kind = FindingKind.GATE if ceiling.holds else FindingKind.POSSIBLE_GATE
    return Finding(kind, gate.key, None, None, gate.harms, gate.finding, gate.advice, gate.sources, ZERO, gate.ceiling)


def _points_per_level(
    edition: Edition, states: Mapping[str, QuestionState], concerns: tuple[ConcernScore, ...]
) -> dict[str, Fraction]:
    """Points of the total score that one level of each scored question is worth, as the answers stand."""
    weighing = [score for score in concerns if score.weighs is not False]
    total_weight = sum(edition.concerns[score.key].weight for score in weighing)
    worth = {}
    for score in weighing:
        concern = edition.concerns[score.key]
        counted = [
            key
            for key in concern.questions
            if states[key].applies is not False and states[key].status is not AnswerStatus.NOT_APPLICABLE
        ]
        weight = sum(edition.questions[key].weight for key in counted)
        if not weight or not total_weight:
            continue
        scale = Fraction(100 * concern.weight, TOP_LEVEL * weight * total_weight)
        worth.update({key: scale * edition.questions[key].weight for key in counted})
    return worth


def _question_findings(edition: Edition, state: QuestionState, shown: QuestionState, worth: Fraction) -> list[Finding]:
    """``state`` as said, ``shown`` without the claims; they are the same when nothing is merely claimed."""
    question = edition.questions[state.key]

    def finding(kind: FindingKind, levels_lost: int) -> Finding:
        lapsed = kind is FindingKind.LAPSED
        mended = kind is FindingKind.CLAIMED or lapsed
        option = question.options[state.lapsed_from or ""] if lapsed else state.option
        return Finding(
            kind,
            state.key,
            option.key if option else None,
            question.concern,
            question.harms,
            option.finding if option and not mended else None,
            option.advice if option and not mended else None,
            question.sources,
            worth * levels_lost,
            None,
        )

    if state.applies is False:
        return []
    if not question.is_scored:
        return [finding(FindingKind.CLAIMED, 0)] if state.claimed and state.asked else []
    if state.status is AnswerStatus.NOT_APPLICABLE:
        return [finding(FindingKind.CLAIMED, TOP_LEVEL)] if state.claimed else []
    if state.level is None:
        return [finding(FindingKind.DOUBT, TOP_LEVEL)] if state.asked else []
    # What is said and not shown is at stake; what is not even said is lost.
    at_stake = [finding(FindingKind.CLAIMED, state.level)] if shown.level is None and state.level else []
    if state.level == TOP_LEVEL:
        return at_stake or [finding(FindingKind.STRENGTH, 0)]
    lapsed = [finding(FindingKind.LAPSED, 0)] if state.lapsed_from else []
    return [*lapsed, *at_stake, finding(FindingKind.SHORTFALL, TOP_LEVEL - state.level)]
