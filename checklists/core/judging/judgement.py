"""What the judge returns: a verdict as a band, and everything needed to retrace it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from checklists.core.editions.edition import canonical_bytes
from checklists.core.editions.vocabulary import Harm, Text, Verdict
from checklists.core.judging.facts import QuestionState
from checklists.core.judging.scores import Band, ConcernScore
from checklists.core.kleene import Truth


class FindingKind(StrEnum):
    """In the order a reader needs them."""

    GATE = "gate"
    """A gate that holds: it caps the verdict."""
    POSSIBLE_GATE = "possible_gate"
    """A gate that an open question may close: it caps the worst end only."""
    LAPSED = "lapsed"
    """A transfer tool that is not in force on the reference date."""
    SHORTFALL = "shortfall"
    """An answer below the best level."""
    CLAIMED = "claimed"
    """An answer that is said and not shown: the low end does not credit it."""
    DOUBT = "doubt"
    """An unanswered question, or "I don’t know": nothing is credited."""
    STRENGTH = "strength"
    """An answer at the best level."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong or good, why, by which source, and what to do. Texts come from the edition.

    ``key`` names the gate or the question; ``option`` the option that earned it, if any. ``points`` is what it
    takes from the total score (0-100): certain for a shortfall, at stake for a claim or a doubt. ``ceiling`` is a
    gate's.
    """

    kind: FindingKind
    key: str
    option: str | None
    concern: str | None
    harms: tuple[Harm, ...]
    finding: Text | None
    advice: Text | None
    sources: tuple[str, ...]
    points: Fraction
    ceiling: Verdict | None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A bound on the verdict: a gate's, or a threshold's (``gate`` is ``None``, ``below`` the score).

    ``holds`` is its three-valued truth; ``open_questions`` the asked questions that could settle it; ``presumed``
    says that the offer bears the burden of proving it false.
    """

    verdict: Verdict
    holds: Truth
    gate: str | None
    below: int | None
    open_questions: tuple[str, ...]
    presumed: bool = False

    @property
    def binds(self) -> bool:
        """Whether it caps what is established: it holds, or the offer has not shown that it does not."""
        return self.holds is True or (self.holds is None and self.presumed)


@dataclass(frozen=True, slots=True)
class VerdictBand:
    """From the worst verdict still possible to the best; one verdict when the answers settle it."""

    worst: Verdict
    best: Verdict

    @property
    def is_settled(self) -> bool:
        return self.worst is self.best


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of :func:`checklists.core.judging.judge.judge`."""

    edition: str
    reference_date: date
    verdict: VerdictBand
    required: VerdictBand
    requirements: tuple[tuple[str, Truth], ...]
    score: Band
    confidence: Fraction
    concerns: tuple[ConcernScore, ...]
    ceilings: tuple[Ceiling, ...]
    findings: tuple[Finding, ...]
    states: Mapping[str, QuestionState]
    compelled: Mapping[str, Truth] = field(default_factory=dict)
    """Whether an order from a third country can have the content disclosed, and the service interrupted: two results
    by key, never blended. Empty when the edition asks no table of clear text."""

    @property
    def is_established(self) -> bool:
        """Whether facts, and not mere silence, set the best end: only then does the best end mean something."""
        return self.verdict.is_settled or any(ceiling.holds is True for ceiling in self.ceilings)

    @property
    def established(self) -> Verdict:
        """What an authority could say on what it found: the best end, less what the offer has not shown.

        Always within the band: a ceiling that binds is one that may hold.
        """
        return min((ceiling.verdict for ceiling in self.ceilings if ceiling.binds), default=Verdict.SOVEREIGN)

    @property
    def minimum_is_met(self) -> Truth:
        """Met when even the worst end reaches the greatest requirement, missed when the best is under the least."""
        if self.verdict.worst >= self.required.best:
            return True
        return False if self.verdict.best < self.required.worst else None

    @property
    def deciding(self) -> Ceiling | None:
        """The ceiling that sets :attr:`established`, one that certainly holds if there is one; ``None`` if none."""
        return next((c for c in self.ceilings if c.binds and c.verdict is self.established), None)

    @property
    def distance(self) -> int:
        """Steps between what the workload requires at least and what is established; 0 or less: reached."""
        return self.required.worst - self.established

    def to_document(self) -> dict[str, Any]:
        """A JSON-ready account: keys, states and figures (rounded to two decimals), no prose."""
        compelled = {"compelled": dict(self.compelled)} if self.compelled else {}
        return compelled | {
            "edition": self.edition,
            "reference_date": self.reference_date.isoformat(),
            "verdict": {"worst": self.verdict.worst.key, "best": self.verdict.best.key},
            "established": self.established.key,
            "required": {"worst": self.required.worst.key, "best": self.required.best.key},
            "requirements": [{"key": key, "holds": holds} for key, holds in self.requirements],
            "score": _band(self.score),
            "confidence": _decimal(self.confidence * 100),
            "concerns": [
                {
                    "key": concern.key,
                    "score": _band(concern.band),
                    "confidence": _decimal(concern.confidence * 100),
                    "asked": concern.asked,
                    "answered": concern.answered,
                    "weighs": concern.weighs,
                }
                for concern in self.concerns
            ],
            "ceilings": [
                {
                    "verdict": ceiling.verdict.key,
                    "holds": ceiling.holds,
                    "gate": ceiling.gate,
                    "below": ceiling.below,
                    "open_questions": list(ceiling.open_questions),
                }
                for ceiling in self.ceilings
            ],
            "findings": [
                {
                    "kind": finding.kind.value,
                    "key": finding.key,
                    "option": finding.option,
                    "harms": [harm.value for harm in finding.harms],
                    "points": _decimal(finding.points),
                    "ceiling": None if finding.ceiling is None else finding.ceiling.key,
                }
                for finding in self.findings
            ],
            "questions": {
                key: {
                    "applies": state.applies,
                    "status": None if state.status is None else state.status.value,
                    "option": state.option.key if state.option else None,
                    "lapsed_from": state.lapsed_from,
                    "relied_on": state.relied_on,
                    "invalid": state.invalid,
                    "origin": state.origin.value,
                    "derived": state.derived,
                }
                | ({"claimed": True} if state.claimed else {})
                | ({"strength": state.strength.key} if state.strength else {})
                | ({"ended": state.ended.isoformat()} if state.ended else {})
                for key, state in self.states.items()
            },
        }

    def to_bytes(self) -> bytes:
        """The canonical bytes of :meth:`to_document`: the same input always gives the same bytes."""
        return canonical_bytes(self.to_document())


def _decimal(value: Fraction) -> float:
    return float(round(value, 2))


def _band(band: Band) -> dict[str, float]:
    return {"low": _decimal(band.low), "high": _decimal(band.high)}
