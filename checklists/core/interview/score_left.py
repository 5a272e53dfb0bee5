"""About how many more answers the score needs before it decides nothing any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from checklists.core.editions.edition import TOP_LEVEL, Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.interview.likely import Likely
from checklists.core.judging import claims
from checklists.core.judging.facts import Established

FAR = 100.0
"""The number of answers given for a threshold that no answer left can settle."""


@dataclass(frozen=True, slots=True)
class ScoreLeft:
    """The score's two ends (0-100), and what each open question is worth: ``worth`` points in all, of which ``gain``
    are expected to be won. The greatest come first.
    """

    edition: Edition
    low: float
    high: float
    worth: tuple[tuple[str, float], ...]
    gain: tuple[tuple[str, float], ...]

    def effort(self, best: Verdict, without: str = "") -> float:
        """How many more answers settle every threshold that could lower a verdict that is ``best`` otherwise."""
        return max((self._answers_for(each, without) for each in self._open(best)), default=0.0)

    def answered(self, key: str, level: int | None) -> ScoreLeft:
        """The same with ``key`` answered at ``level``."""
        worth = dict(self.worth).get(key)
        if worth is None or level is None:
            return self
        won = worth * level / TOP_LEVEL
        return replace(self, low=self.low + won, high=self.high - (worth - won))

    def _open(self, best: Verdict) -> Iterable[int]:
        return (each.below for each in self.edition.thresholds if each.ceiling < best and self._is_open(each.below))

    def _is_open(self, below: int) -> bool:
        return self.low < below <= self.high

    def _answers_for(self, below: int, without: str) -> float:
        gained = dict(self.gain)
        expected = self.low + sum(points for key, points in self.gain if key != without)
        if expected >= below:
            return _count(below - self.low, [points for key, points in self.gain if key != without])
        lost = sorted((worth - gained[key] for key, worth in self.worth if key != without), reverse=True)
        return _count(self.high - below, lost)


def _count(points: float, parts: Collection[float]) -> float:
    """How many of ``parts``, the greatest first, make ``points``, with a fraction of the last one."""
    for number, part in enumerate(parts):
        if part >= points:
            return number + points / part if part else float(number)
        points -= part
    return FAR


def score_left(edition: Edition, established: Established, askable: Collection[str], likely: Likely) -> ScoreLeft:
    """What the score still hangs on, of the ``askable`` questions; the levels expected are those of ``likely``."""
    scores = [claims.scores(edition, concern, established) for concern in edition.concerns.values()]
    band, _ = claims.total(edition, scores)
    weighs = {said.key: edition.concerns[said.key].weight for said, _ in scores if said.weighs is not False}
    whole = sum(weighs.values()) or 1
    worth: dict[str, float] = {}
    for key, weight in weighs.items():
        counted = [k for k in edition.concerns[key].questions if _counts(edition, established, k)]
        inside = sum(edition.questions[k].weight for k in counted) or 1
        for k in counted:
            if k in askable:
                worth[k] = 100 * weight / whole * edition.questions[k].weight / inside
    gain = {key: points * expected_level(edition, key, likely) / TOP_LEVEL for key, points in worth.items()}
    return ScoreLeft(edition, float(band.low), float(band.high), _greatest_first(worth), _greatest_first(gain))


def _counts(edition: Edition, established: Established, key: str) -> bool:
    state = established.states[key]
    return edition.questions[key].is_scored and state.applies is not False and state.status != "not_applicable"


def _greatest_first(points: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(points.items(), key=lambda pair: -pair[1]))


def expected_level(edition: Edition, key: str, likely: Likely) -> float:
    """The level (0-4) that an answer to ``key`` has on average."""
    options = edition.questions[key].options
    shares = likely.get(key) or dict.fromkeys(options, 1 / max(len(options), 1))
    return sum(share * (options[value].level or 0) for value, share in shares.items() if value in options)
