"""The review of an assessment: no way to an approval but by the acceptance of each matter, by other eyes."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from checklists.core import review as core
from checklists.core.people.permissions import Action
from checklists.core.review import TAKES, Act, Matter, Panel, Reason, Review, ReviewRefused, State, is_open, refusal
from tests.profiles import examples

CONTRIBUTOR, REVIEWER, OWNER, SECOND_OWNER = 1, 2, 3, 4
MATTERS = [Matter(), Matter("a"), Matter("a", "keys"), Matter("a", "law"), Matter("b"), Matter("b", "keys")]


def panel(*owners: int, takes_two: bool = True) -> Panel:
    able = {
        Action.ANSWER: frozenset({CONTRIBUTOR, *owners}),
        Action.REVIEW: frozenset({REVIEWER, *owners}),
        Action.APPROVE: frozenset(owners),
    }
    return Panel(able, takes_two)


class ReviewMachine(RuleBasedStateMachine):
    """People try every act at every moment; the content changes whenever it is open."""

    def __init__(self) -> None:
        super().__init__()
        self.review = Review()
        self.content = {matter: f"{matter} 0" for matter in MATTERS}
        self.changes = 0
        self.house = panel(OWNER, SECOND_OWNER)
        self.approved: dict[Matter, str] = {}
        self.judges: set[int] = set()

    def may(self, act: Act, who: int) -> bool:
        return refusal(self.review, act, who, self.house) is None

    @rule(matter=st.sampled_from(MATTERS))
    def change(self, matter: Matter) -> None:
        if is_open(self.review.state):
            self.changes += 1
            self.content[matter] = f"{matter} {self.changes}"

    @rule(who=st.sampled_from([CONTRIBUTOR, REVIEWER, OWNER]))
    def submit(self, who: int) -> None:
        if self.may(Act.SUBMIT, who):
            self.review = core.submit(self.review, self.content, frozenset({who}))

    @rule(who=st.sampled_from([CONTRIBUTOR, OWNER]))
    def withdraw(self, who: int) -> None:
        if self.may(Act.WITHDRAW, who):
            self.review = core.withdraw(self.review)

    @rule(who=st.sampled_from([CONTRIBUTOR, REVIEWER, OWNER]), matter=st.sampled_from(MATTERS), accept=st.booleans())
    def decide(self, who: int, matter: Matter, accept: bool) -> None:
        if self.may(Act.DECIDE, who):
            self.review = core.decide(self.review, matter, is_accepted=accept, remark="Mend it.", by=who)

    @rule(who=st.sampled_from([REVIEWER, OWNER]))
    def accept_the_rest(self, who: int) -> None:
        for matter in self.review.undecided:
            self.decide(who, matter, True)

    @rule(who=st.sampled_from([REVIEWER, OWNER]))
    def close(self, who: int) -> None:
        if self.may(Act.CLOSE, who):
            self.review = core.close(self.review)

    @rule(who=st.sampled_from([REVIEWER, OWNER]))
    def send_back(self, who: int) -> None:
        if self.may(Act.SEND_BACK, who):
            self.review = core.send_back(self.review, "A figure is wrong.")

    @rule(who=st.sampled_from([CONTRIBUTOR, REVIEWER, OWNER, SECOND_OWNER]))
    def approve(self, who: int) -> None:
        if self.may(Act.APPROVE, who):
            assert who not in self.review.authors
            self.review = core.approve(self.review, self.content)
            self.approved = dict(self.content)

    @precondition(lambda self: self.review.state is State.APPROVED)
    @rule()
    def reopen(self) -> None:
        self.review = core.reopen(self.review, "The contract was renewed.")
        self.approved = {}

    @invariant()
    def each_matter_was_accepted(self) -> None:
        if self.review.state in (State.ACCEPTED, State.APPROVED):
            assert set(self.review.decisions) == set(MATTERS)
            for matter, decision in self.review.decisions.items():
                assert decision.is_accepted
                assert decision.content == self.content[matter]
                assert decision.by not in self.review.authors or decision.is_carried

    @invariant()
    def locked_content_is_what_was_approved(self) -> None:
        if self.review.state is State.APPROVED:
            assert self.content == self.approved
        if not is_open(self.review.state):
            assert dict(self.review.matters) == self.content


TestReviewMachine = ReviewMachine.TestCase
TestReviewMachine.settings = settings(max_examples=examples(60), stateful_step_count=40, deadline=None)


def submitted(by: int = CONTRIBUTOR) -> Review:
    return core.submit(Review(), dict.fromkeys(MATTERS, "x"), frozenset({by}))


def accepted(by: int = CONTRIBUTOR, reviewer: int = REVIEWER) -> Review:
    review = submitted(by)
    for matter in MATTERS:
        review = core.decide(review, matter, is_accepted=True, remark="", by=reviewer)
    return core.close(review)


def test_every_act_is_refused_in_every_state_but_its_own() -> None:
    everybody = frozenset({OWNER})
    house = Panel(dict.fromkeys(Action, everybody), takes_two=False)
    for state, act in product(State, Act):
        if state not in TAKES[act][0]:
            assert refusal(Review(state), act, OWNER, house) is Reason.STATE


def test_who_may_not_is_told_so_in_every_state() -> None:
    for state, act in product(State, Act):
        assert refusal(Review(state), act, 99, panel(OWNER)) is Reason.NOT_ALLOWED


def test_an_author_neither_decides_nor_approves_while_another_may() -> None:
    assert refusal(submitted(OWNER), Act.DECIDE, OWNER, panel(OWNER)) is Reason.OWN_WORK
    assert refusal(accepted(OWNER), Act.APPROVE, OWNER, panel(OWNER, SECOND_OWNER)) is Reason.OWN_WORK
    assert refusal(accepted(OWNER), Act.APPROVE, SECOND_OWNER, panel(OWNER, SECOND_OWNER)) is None


def test_an_only_owner_is_not_stuck() -> None:
    alone = Panel({action: frozenset({OWNER}) for action in Action})
    assert refusal(submitted(OWNER), Act.DECIDE, OWNER, alone) is None
    assert refusal(accepted(OWNER, OWNER), Act.APPROVE, OWNER, alone) is None
    # Others who may not approve do not stand in the way either.
    assert refusal(accepted(OWNER), Act.APPROVE, OWNER, panel(OWNER)) is None


def test_where_two_are_not_asked_for_an_author_may() -> None:
    house = panel(OWNER, SECOND_OWNER, takes_two=False)
    assert refusal(submitted(OWNER), Act.DECIDE, OWNER, house) is None
    assert refusal(accepted(OWNER), Act.APPROVE, OWNER, house) is None


def test_a_submission_is_withdrawn_only_while_nobody_decided() -> None:
    assert core.withdraw(submitted()).state is State.DRAFT
    decided = core.decide(submitted(), MATTERS[0], is_accepted=True, remark="", by=REVIEWER)
    assert refusal(decided, Act.WITHDRAW, CONTRIBUTOR, panel(OWNER)) is Reason.DECIDED
    with pytest.raises(ReviewRefused):
        core.withdraw(decided)


def test_what_did_not_change_stays_accepted_and_what_did_does_not() -> None:
    review = submitted()
    review = core.decide(review, MATTERS[0], is_accepted=True, remark="", by=REVIEWER)
    review = core.decide(review, MATTERS[1], is_accepted=True, remark="", by=REVIEWER)
    review = core.decide(review, MATTERS[2], is_accepted=False, remark="Which clause?", by=REVIEWER)
    review = core.close(review)
    assert review.state is State.RETURNED
    again = core.submit(review, {**review.matters, MATTERS[1]: "changed"}, review.authors)
    assert set(again.decisions) == {MATTERS[0]}
    assert again.decisions[MATTERS[0]].is_carried
    assert again.undecided == tuple(MATTERS[1:])


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (lambda: core.decide(submitted(), MATTERS[0], is_accepted=False, remark=" ", by=REVIEWER), Reason.NO_WORDS),
        (lambda: core.decide(submitted(), Matter("z"), is_accepted=True, remark="", by=REVIEWER), Reason.UNKNOWN),
        (lambda: core.close(submitted()), Reason.UNDECIDED),
        (lambda: core.send_back(accepted(), ""), Reason.NO_WORDS),
        (lambda: core.approve(accepted(), {MATTERS[0]: "x"}), Reason.CHANGED),
        (lambda: core.approve(Review(State.ACCEPTED, {MATTERS[0]: "x"}), {MATTERS[0]: "x"}), Reason.UNDECIDED),
        (lambda: core.approve(submitted(), {}), Reason.STATE),
        (lambda: core.reopen(Review(State.APPROVED), "  "), Reason.NO_WORDS),
        (lambda: core.submit(Review(), {Matter(): "x"}, frozenset()), Reason.EMPTY),
    ],
)
def test_what_is_refused_says_why(attempt, reason: Reason) -> None:
    with pytest.raises(ReviewRefused) as refused:
        attempt()
    assert refused.value.reason is reason


def test_a_decision_on_other_content_than_stands_is_no_decision() -> None:
    review = core.decide(submitted(), MATTERS[0], is_accepted=True, remark="", by=REVIEWER)
    stale = Review(review.state, {**review.matters, MATTERS[0]: "changed"}, review.decisions, review.authors)
    assert review.outcome(MATTERS[0]) is True
    assert stale.outcome(MATTERS[0]) is None
    assert MATTERS[0] in stale.undecided
    assert not stale.is_accepted
