"""What a mere claim is worth: the upper end of a band, never the lower (decision 0063).

Everything is judged twice, once as said and once with each claim set aside as not known. The worse of the two sets
the low end; what is said sets the high end. A claim is therefore believed against whoever makes it, and only then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from checklists.core.editions.conditions import Condition, Fact, evaluate
from checklists.core.editions.edition import Concern, Edition
from checklists.core.judging.facts import Established
from checklists.core.judging.scores import Band, ConcernScore, score_concern, total_score
from checklists.core.kleene import Truth

Scores = tuple[ConcernScore, ConcernScore]
"""A concern as said, and without the claims."""


def adverse(said: Truth, shown: Truth) -> Truth:
    """The truth of a condition that lowers a verdict, or raises what is required: true as soon as it is said to be,
    false only when it is false even of what is shown.
    """
    if said is True:
        return True
    return False if said is False and shown is False else None


def holds(condition: Condition, established: Established) -> Truth:
    """Whether an adverse ``condition`` holds, with what claims there are."""
    said = evaluate(condition, established.facts)
    if established.doubted is None:
        return said
    return adverse(said, evaluate(condition, established.doubted.facts))


def both_facts(established: Established) -> tuple[Mapping[str, Fact], Mapping[str, Fact]]:
    """The facts as said, and those that are left without claims."""
    return established.facts, established.shown.facts


def scores(edition: Edition, concern: Concern, established: Established) -> Scores:
    """A concern scored as said, and without the claims: twice the same when there are none."""
    said = score_concern(edition, concern, established.states)
    return said, said if established.doubted is None else score_concern(edition, concern, established.doubted.states)


def concern_score(both: Scores) -> ConcernScore:
    """One band for both: down to what is left without the claims; confidence counts what is shown alone."""
    said, shown = both
    if said is shown:
        return said
    return ConcernScore(
        said.key,
        Band(min(said.band.low, shown.band.low), said.band.high),
        min(said.confidence, shown.confidence),
        said.asked,
        said.answered,
        said.weighs if said.weighs is shown.weighs else None,
    )


def total(edition: Edition, concerns: Collection[Scores]) -> tuple[Band, Fraction]:
    """The total score and its confidence, as ``scores.total_score`` gives them of one reading."""
    band, confidence = total_score(edition, (said for said, _ in concerns))
    if all(said is shown for said, shown in concerns):
        return band, confidence
    shown_band, shown_confidence = total_score(edition, (shown for _, shown in concerns))
    return Band(min(band.low, shown_band.low), band.high), min(confidence, shown_confidence)
