"""A framework read on the answers of an assessment: pure, total, every outcome with its answers and what is missing.

A doubt is never credited: unanswered, "I don’t know" and, unless the framework lets the factor go, "not applicable"
count as the worst at the low end and the best at the high end. Taking an answer away never raises a low end. Nor
does a mere claim: it counts at the high end, and against the offer, only (decision 0063).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from checklists.core.editions.conditions import Condition
from checklists.core.frameworks.framework import TOP_SEAL, Criterion, Family, Framework, Objective, Rule, Worth
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.facts import Established
from checklists.core.judging.grounds import NONE, Grounds, both, grounds
from checklists.core.judging.scores import Band
from checklists.core.kleene import Truth, conjunction, disjunction, reaches

ZERO, HUNDRED = Fraction(0), Fraction(100)


class LensOutcome(StrEnum):
    """What a rule, or the whole, comes to. The framework has its own words for each."""

    NOT_MET = "not_met"
    NOT_ESTABLISHED = "not_established"
    MET = "met"
    NOT_CONCERNED = "not_concerned"


@dataclass(frozen=True, slots=True)
class SealBand:
    """From the lowest level (0-4) still possible to the highest."""

    low: int
    high: int

    @property
    def is_settled(self) -> bool:
        return self.low == self.high

    def reaches(self, minimum: int) -> Truth:
        return reaches(self.low, self.high, minimum)


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """``points`` and ``seal`` are ``None`` when the criterion is left out. ``is_missing``: its answer is a doubt."""

    criterion: Criterion
    points: Band | None
    seal: SealBand | None
    is_missing: bool


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """``ratio`` is points over the most possible (0-1), ``seal`` the lowest of the criteria's.

    Both are ``None`` when every criterion is left out. ``reached`` compares the level with the buyer's ``minimum``.
    """

    objective: Objective
    criteria: tuple[CriterionResult, ...]
    points: Band
    most: int
    ratio: Band | None
    seal: SealBand | None
    minimum: int | None
    reached: Truth

    @property
    def because(self) -> frozenset[str]:
        return frozenset(result.criterion.question for result in self.criteria if not result.is_missing)

    @property
    def missing(self) -> frozenset[str]:
        return frozenset(result.criterion.question for result in self.criteria if result.is_missing)


@dataclass(frozen=True, slots=True)
class RuleResult:
    rule: Rule
    outcome: LensOutcome
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class LensResult:
    """One framework's reading. ``holds`` is the whole's truth: every requirement met (or an effective measure), or,
    for objectives, the buyer's every minimum reached (``None`` too when none was set). ``score`` is 0-100.
    """

    framework: Framework
    conclusion: LensOutcome
    holds: Truth
    rules: tuple[RuleResult, ...]
    objectives: tuple[ObjectiveResult, ...]
    score: Band | None
    seal: SealBand | None
    grounds: Grounds

    @property
    def missing(self) -> frozenset[str]:
        """Every fact that could still change some outcome."""
        return NONE.union(
            self.grounds.missing,
            *(result.missing for result in self.objectives),
            *(result.grounds.missing for result in self.rules),
        )


def look(framework: Framework, established: Established, minimums: Mapping[str, int] | None = None) -> LensResult:
    """Read ``framework`` on the facts; ``minimums`` is the level the buyer requires of each objective (key -> 0-4).

    ``established`` comes from the edition with the framework's supplementary questions
    (:func:`~checklists.core.frameworks.framework.with_supplements`). Never raises on a valid framework.
    """
    if framework.family is Family.OBJECTIVES:
        return _objectives(framework, established, minimums or {})
    return _rules(framework, established)


def weighted_score(ratios: Iterable[tuple[int, Fraction | None]]) -> Fraction | None:
    """Sum of ratio x weight (0-100) over the objectives that count; ``None`` ratios leave, weights are renormalised.

    ``None`` when nothing counts. Source: EU Cloud Sovereignty Framework v1.2.1, score.
    """
    counted = [(weight, ratio) for weight, ratio in ratios if ratio is not None]
    total = sum(weight for weight, _ in counted)
    if not total:
        return None
    return HUNDRED * sum((weight * ratio for weight, ratio in counted), ZERO) / total


def _objectives(framework: Framework, established: Established, minimums: Mapping[str, int]) -> LensResult:
    results = tuple(
        _objective(objective, established, minimums.get(objective.key)) for objective in framework.objectives
    )
    counted = [(result.objective.weight, result.ratio) for result in results]
    low = weighted_score((weight, ratio.low if ratio else None) for weight, ratio in counted)
    high = weighted_score((weight, ratio.high if ratio else None) for weight, ratio in counted)
    holds = _all_reached(results)
    conclusion = LensOutcome.NOT_ESTABLISHED if holds is None else LensOutcome.MET if holds else LensOutcome.NOT_MET
    if not any(result.minimum is not None for result in results):
        conclusion, holds = LensOutcome.NOT_CONCERNED, None
    return LensResult(
        framework=framework,
        conclusion=conclusion,
        holds=holds,
        rules=(),
        objectives=results,
        score=None if low is None or high is None else Band(low, high),
        seal=_lowest(result.seal for result in results),
        grounds=Grounds(holds),
    )


def _all_reached(results: Iterable[ObjectiveResult]) -> Truth:
    return conjunction(result.reached for result in results if result.minimum is not None)


def _objective(objective: Objective, established: Established, minimum: int | None) -> ObjectiveResult:
    criteria = tuple(_criterion(criterion, established) for criterion in objective.criteria)
    most = sum(result.criterion.most for result in criteria if result.points is not None)
    low = sum((result.points.low for result in criteria if result.points), ZERO)
    high = sum((result.points.high for result in criteria if result.points), ZERO)
    seal = _lowest(result.seal for result in criteria)
    if minimum is None or seal is None:
        reached: Truth = None if minimum else True
    else:
        reached = seal.reaches(minimum)
    return ObjectiveResult(
        objective=objective,
        criteria=criteria,
        points=Band(low, high),
        most=most,
        ratio=Band(low / most, high / most) if most else None,
        seal=seal,
        minimum=minimum,
        reached=reached,
    )


def _criterion(criterion: Criterion, established: Established) -> CriterionResult:
    low, high = _worth(criterion, established.shown), _worth(criterion, established)
    state = established.shown.states.get(criterion.question)
    if criterion.may_be_left_out and state and state.status is AnswerStatus.NOT_APPLICABLE:
        return CriterionResult(criterion, None, None, is_missing=False)
    # Nothing unshown is credited, whatever the worst answer would be worth.
    least = (low.points, low.seal) if low else (0, 0)
    most = (high.points, high.seal) if high else (criterion.most, max(step.seal for step in criterion.worth))
    points = Band(Fraction(min(least[0], most[0])), Fraction(most[0]))
    return CriterionResult(criterion, points, SealBand(min(least[1], most[1]), most[1]), is_missing=low is None)


def _worth(criterion: Criterion, established: Established) -> Worth | None:
    """What the answer is worth; ``None`` when it is not known, or whether it applies is not."""
    fact = established.facts.get(criterion.question)
    return criterion.worth_of(fact.value) if fact and fact.value is not None and fact.applies is True else None


def _lowest(seals: Iterable[SealBand | None]) -> SealBand | None:
    """The lowest level at both ends: an objective is worth its weakest criterion, an offer its weakest objective."""
    counted = [seal for seal in seals if seal is not None]
    if not counted:
        return None
    return SealBand(min(seal.low for seal in counted), min(seal.high for seal in counted))


def _rules(framework: Framework, established: Established) -> LensResult:
    concerned = _against(framework.concerned, established) if framework.concerned else Grounds(True)
    results = tuple(_rule(rule, established, concerned) for rule in framework.rules)
    if framework.family is Family.REQUIREMENTS:
        holds = conjunction(_requirement_holds(result) for result in results)
    else:
        holds = _effective(results)
    everything_out = all(result.outcome is LensOutcome.NOT_CONCERNED for result in results)
    if concerned.truth is False or (framework.family is Family.REQUIREMENTS and everything_out):
        conclusion, holds = LensOutcome.NOT_CONCERNED, True
    elif concerned.truth is None:
        # Not known to bear on the offer: the outcome is open unless it would be met in any case.
        holds = True if holds is True else None
        conclusion = LensOutcome.MET if holds else LensOutcome.NOT_ESTABLISHED
    else:
        conclusion = LensOutcome.NOT_ESTABLISHED if holds is None else LensOutcome.MET if holds else LensOutcome.NOT_MET
    return LensResult(framework, conclusion, holds, results, (), None, None, concerned)


def _against(condition: Condition, established: Established, *, when: bool = True) -> Grounds:
    """The grounds of a condition that counts against the offer when it is ``when``: claims are believed then only."""
    said = grounds(condition, established.facts)
    if established.doubted is None or said.truth is when:
        return said
    return grounds(condition, established.doubted.facts)


def _rule(rule: Rule, established: Established, whole: Grounds) -> RuleResult:
    if rule.outside is not None:
        return RuleResult(rule, LensOutcome.NOT_CONCERNED, Grounds(False))
    concerned = _against(rule.concerned, established) if rule.concerned else Grounds(True)
    if whole.truth is not True:
        # What makes the whole framework bear on the offer is said once, not under each rule.
        concerned = both(whole, concerned)
    if concerned.truth is False:
        return RuleResult(rule, LensOutcome.NOT_CONCERNED, concerned)
    met = _against(rule.met, established, when=False) if rule.met else Grounds(False)
    if concerned.truth is None:
        missing = concerned.missing | met.missing
        return RuleResult(rule, LensOutcome.NOT_ESTABLISHED, Grounds(None, concerned.because | met.because, missing))
    because = concerned.because | met.because
    if met.truth is None:
        return RuleResult(rule, LensOutcome.NOT_ESTABLISHED, Grounds(None, because, met.missing))
    outcome = LensOutcome.MET if met.truth else LensOutcome.NOT_MET
    return RuleResult(rule, outcome, Grounds(met.truth, because))


def _requirement_holds(result: RuleResult) -> Truth:
    """A requirement that does not bear on the offer is no obstacle."""
    if result.outcome is LensOutcome.NOT_ESTABLISHED:
        return None
    return result.outcome is not LensOutcome.NOT_MET


def _effective(results: Iterable[RuleResult]) -> Truth:
    """Whether measures are effective: one sufficient case is, and no situation without remedy applies.

    Source: EDPB Recommendations 01/2020, annex 2 (use cases 6 and 7 find no effective measure).
    """
    without_remedy = [result for result in results if result.rule.met is None and result.rule.outside is None]
    clear = conjunction(_requirement_holds(result) for result in without_remedy)
    sufficient = [result.outcome for result in results if result.rule.met is not None and result.rule.suffices]
    met = {LensOutcome.MET: True, LensOutcome.NOT_ESTABLISHED: None}
    return conjunction([clear, disjunction(met.get(outcome, False) for outcome in sufficient)])


__all__ = [
    "TOP_SEAL",
    "CriterionResult",
    "LensOutcome",
    "LensResult",
    "ObjectiveResult",
    "RuleResult",
    "SealBand",
    "look",
    "weighted_score",
]
