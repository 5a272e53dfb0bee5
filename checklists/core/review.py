"""The review of an assessment: who may do what in which state, and what follows. Decision 0061 says why so.

What is reviewed comes in matters: the workload, each offer itself, and each concern of each offer. A decision on a
matter rests on the fingerprint of what it shows; it is worth nothing once that changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from checklists.core.people.permissions import Action


class State(StrEnum):
    """Where an assessment stands. Its content can be changed in the open ones only."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    APPROVED = "approved"


OPEN = frozenset({State.DRAFT, State.RETURNED})


def is_open(state: State | str) -> bool:
    """Whether the content of an assessment in ``state`` may be changed. Raises ``ValueError`` for an unknown word."""
    return State(state) in OPEN


class Act(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    CLOSE = "close"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REOPEN = "reopen"


TAKES: Mapping[Act, tuple[frozenset[State], Action]] = MappingProxyType(
    {
        Act.SUBMIT: (OPEN, Action.ANSWER),
        Act.WITHDRAW: (frozenset({State.SUBMITTED}), Action.ANSWER),
        Act.DECIDE: (frozenset({State.SUBMITTED}), Action.REVIEW),
        Act.CLOSE: (frozenset({State.SUBMITTED}), Action.REVIEW),
        Act.SEND_BACK: (frozenset({State.ACCEPTED}), Action.REVIEW),
        Act.APPROVE: (frozenset({State.ACCEPTED}), Action.APPROVE),
        Act.REOPEN: (frozenset({State.APPROVED}), Action.APPROVE),
    }
)
"""The states an act is for, and the permission it asks."""


class Reason(StrEnum):
    """Why an act is refused."""

    STATE = "state"
    NOT_ALLOWED = "not_allowed"
    OWN_WORK = "own_work"
    EMPTY = "empty"
    DECIDED = "decided"
    UNDECIDED = "undecided"
    CHANGED = "changed"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"


class Eyes(StrEnum):
    """How a judging act stands with four eyes, told in the record."""

    TWO = "two"
    """By another than the authors."""
    ALONE = "alone"
    """By an author: nobody else in the organisation may do it."""
    ONE = "one"
    """By an author: the organisation does not ask for two."""


class ReviewRefused(Exception):
    """The act cannot be done now; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True, order=True)
class Matter:
    """One thing to decide on. Without offer: the workload; without concern: the offer itself."""

    offer: str = ""
    concern: str = ""

    def __str__(self) -> str:
        return f"{self.offer}/{self.concern}"

    @classmethod
    def of(cls, text: str) -> Matter:
        """What ``str`` gave."""
        offer, _slash, concern = text.partition("/")
        return cls(offer, concern)


@dataclass(frozen=True, slots=True)
class Decision:
    """``content`` is the fingerprint of what was decided on; ``by`` the number of who decided, if still known.

    ``is_carried``: taken over from an earlier round, because nothing changed since.
    """

    is_accepted: bool
    content: str
    by: int | None = None
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The people of an organisation: ``able`` are the numbers of those who may do an action.

    ``takes_two``: whoever submitted or wrote most neither decides nor approves while another person may.
    """

    able: Mapping[Action, frozenset[int]]
    takes_two: bool = True

    def others(self, action: Action, authors: frozenset[int]) -> frozenset[int]:
        """Those who may do ``action`` and are no authors."""
        return self.able.get(action, frozenset()) - authors


@dataclass(frozen=True, slots=True)
class Review:
    """``matters``: what was submitted, each with its fingerprint. ``authors``: who submitted it and who wrote most."""

    state: State = State.DRAFT
    matters: Mapping[Matter, str] = field(default_factory=dict)
    decisions: Mapping[Matter, Decision] = field(default_factory=dict)
    authors: frozenset[int] = frozenset()

    @property
    def undecided(self) -> tuple[Matter, ...]:
        return tuple(matter for matter in self.matters if self.outcome(matter) is None)

    @property
    def returned(self) -> tuple[Matter, ...]:
        return tuple(matter for matter in self.matters if self.outcome(matter) is False)

    @property
    def is_accepted(self) -> bool:
        """Every matter is accepted, as it was submitted."""
        return bool(self.matters) and all(self.outcome(matter) for matter in self.matters)

    def outcome(self, matter: Matter) -> bool | None:
        """Whether ``matter`` is accepted; ``None`` while nobody decided on it as it stands."""
        decision = self.decisions.get(matter)
        return decision.is_accepted if decision and decision.content == self.matters.get(matter) else None


def refusal(review: Review, act: Act, who: int, panel: Panel) -> Reason | None:
    """Why ``who`` may not do ``act`` now; ``None`` when nothing stands against it.

    Where nobody but an author may decide or approve, the author can: an organisation of one is not stuck.
    """
    states, action = TAKES[act]
    if who not in panel.able.get(action, frozenset()):
        return Reason.NOT_ALLOWED
    if review.state not in states:
        return Reason.STATE
    is_judging = act in (Act.DECIDE, Act.CLOSE, Act.APPROVE)
    if is_judging and panel.takes_two and who in review.authors and panel.others(action, review.authors):
        return Reason.OWN_WORK
    if act is Act.WITHDRAW and any(not decision.is_carried for decision in review.decisions.values()):
        return Reason.DECIDED
    if act is Act.CLOSE and not review.returned and not review.is_accepted:
        return Reason.UNDECIDED
    if act is Act.APPROVE and not review.is_accepted:
        return Reason.UNDECIDED
    return None


def eyes(action: Action, who: int, authors: frozenset[int], panel: Panel) -> Eyes:
    """How an act that asks for ``action`` stands when ``who`` does it."""
    if who not in authors:
        return Eyes.TWO
    return Eyes.ONE if panel.others(action, authors) else Eyes.ALONE


def submit(review: Review, matters: Mapping[Matter, str], authors: frozenset[int]) -> Review:
    """A new round on ``matters``, open to no change. What was accepted and did not change since stays accepted.

    Raises ``ReviewRefused`` when there is no offer to decide on.
    """
    _in_state(review, Act.SUBMIT)
    if not any(matter.offer for matter in matters):
        raise ReviewRefused(Reason.EMPTY)
    carried = {
        matter: replace(decision, is_carried=True)
        for matter, decision in review.decisions.items()
        if decision.is_accepted and matters.get(matter) == decision.content
    }
    return Review(State.SUBMITTED, dict(matters), carried, authors)


def withdraw(review: Review, back_to: State = State.DRAFT) -> Review:
    """Back to the contributors, as long as nobody decided: ``back_to`` is the open state it was submitted from."""
    _in_state(review, Act.WITHDRAW)
    if not is_open(back_to):
        raise ValueError(back_to)
    if any(not decision.is_carried for decision in review.decisions.values()):
        raise ReviewRefused(Reason.DECIDED)
    return replace(review, state=back_to)


def decide(review: Review, matter: Matter, *, is_accepted: bool, remark: str, by: int) -> Review:
    """Accept or return one matter; deciding again replaces it until the round is closed. A return needs words."""
    _in_state(review, Act.DECIDE)
    if matter not in review.matters:
        raise ReviewRefused(Reason.UNKNOWN)
    if not is_accepted and not remark.strip():
        raise ReviewRefused(Reason.NO_WORDS)
    decision = Decision(is_accepted, review.matters[matter], by)
    return replace(review, decisions={**review.decisions, matter: decision})


def close(review: Review) -> Review:
    """End the round: returned when a matter is, accepted when all are. Raises ``ReviewRefused`` in between."""
    _in_state(review, Act.CLOSE)
    if review.returned:
        return replace(review, state=State.RETURNED)
    if not review.is_accepted:
        raise ReviewRefused(Reason.UNDECIDED)
    return replace(review, state=State.ACCEPTED)


def send_back(review: Review, reason: str) -> Review:
    """Return what was accepted, before its approval. What is not touched stays accepted."""
    _in_state(review, Act.SEND_BACK)
    _with_words(reason)
    return replace(review, state=State.RETURNED)


def approve(review: Review, matters: Mapping[Matter, str]) -> Review:
    """Approve ``matters``, what stands now: it must be what was accepted, all of it. There is no way round that."""
    _in_state(review, Act.APPROVE)
    if not review.is_accepted:
        raise ReviewRefused(Reason.UNDECIDED)
    if dict(matters) != dict(review.matters):
        raise ReviewRefused(Reason.CHANGED)
    return replace(review, state=State.APPROVED)


def reopen(review: Review, reason: str) -> Review:
    """Open approved content to changes, with a reason. All of it will be decided on anew."""
    _in_state(review, Act.REOPEN)
    _with_words(reason)
    return Review()


def _in_state(review: Review, act: Act) -> None:
    if review.state not in TAKES[act][0]:
        raise ReviewRefused(Reason.STATE)


def _with_words(reason: str) -> None:
    if not reason.strip():
        raise ReviewRefused(Reason.NO_WORDS)
