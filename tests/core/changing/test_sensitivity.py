"""What if: the same as judging again. Influence, next question and room of the weights: against trying them all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklists.core.changing.sensitivity import deciding_gates, influences, next_question, weight_room
from checklists.core.changing.what_if import WhatIf, possible_values, supposed
from checklists.core.control_chain import Chain, Entity, Link
from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from tests.core.made_editions import (
    DAYS,
    Answers,
    answers_to,
    chosen,
    concern,
    days,
    documents,
    edition,
    editions,
    gate,
    ladder,
    question,
    switch,
)
from tests.flagship import pack
from tests.profiles import examples

DAY = DAYS[1]
FLAGSHIP = Edition.from_document(pack().to_document())
thorough = settings(deadline=None, max_examples=examples(150))


def without_none(answers: dict[str, Answer | None]) -> Answers:
    return {key: answer for key, answer in answers.items() if answer is not None}


@given(st.data(), days)
@thorough
def test_what_if_is_what_judging_again_gives(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    answers, otherwise = data.draw(answers_to(small)), data.draw(answers_to(small))
    changed = data.draw(st.lists(st.sampled_from(sorted(small.questions)), max_size=3))
    changes = {key: otherwise.get(key) for key in changed}
    outcome = WhatIf(small, answers, day).outcome(changes)
    judgement = judge(small, without_none({**answers, **changes}), day)
    assert (outcome.verdict, outcome.score) == (judgement.verdict, judgement.score)
    assert outcome.gates == {c.gate: c.holds for c in judgement.ceilings if c.gate}


def moved(before: Judgement, after: Judgement) -> tuple[int, Fraction]:
    steps = [abs(getattr(before.verdict, end) - getattr(after.verdict, end)) for end in ("worst", "best")]
    points = [abs(getattr(before.score, end) - getattr(after.score, end)) for end in ("low", "high")]
    return max(steps), max(points)


@given(st.data(), days)
@thorough
def test_an_answers_influence_is_the_furthest_another_answer_would_move_the_bands(
    data: st.DataObject, day: date
) -> None:
    small = data.draw(editions())
    answers = data.draw(answers_to(small))
    before, found = judge(small, answers, day), influences(WhatIf(small, answers, day))
    given_ = {k for k, s in before.states.items() if s.asked and s.status not in (None, AnswerStatus.UNKNOWN)}
    assert {influence.question for influence in found} == given_
    for influence in found:
        key = influence.question
        values = [value for value in small.questions[key].options if value != answers[key].value]
        moves = [moved(before, judge(small, {**answers, key: Answer.of(value)}, day)) for value in values]
        assert [value for value, _ in influence.outcomes] == values
        assert influence.steps == max(steps for steps, _ in moves)
        assert influence.points == max(points for _, points in moves)
    assert [(-i.steps, -i.points) for i in found] == sorted((-i.steps, -i.points) for i in found)


@given(st.data(), days)
@thorough
def test_the_question_proposed_next_leaves_the_narrowest_band_on_average(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    answers = data.draw(answers_to(small))
    states = judge(small, answers, day).states
    silent = [key for key in small.questions if states[key].asked and states[key].status is None]
    doubted = [key for key in small.questions if states[key].asked and states[key].status is AnswerStatus.UNKNOWN]

    def left(key: str) -> tuple[Fraction, Fraction]:
        after = [judge(small, {**answers, key: Answer.of(value)}, day) for value in small.questions[key].options]
        steps = sum(judgement.verdict.best - judgement.verdict.worst for judgement in after)
        points = sum((judgement.score.high - judgement.score.low for judgement in after), Fraction(0))
        return Fraction(steps, len(after)), points / len(after)

    proposed = next_question(WhatIf(small, answers, day))
    narrowest = min(silent or doubted, key=left, default=None)
    assert (proposed.question if proposed else None) == narrowest
    if proposed:
        assert (proposed.steps, proposed.points) == left(proposed.question)


@given(st.data(), days)
@thorough
def test_within_its_room_a_weight_changes_nothing_and_just_outside_it_does(data: st.DataObject, day: date) -> None:
    document = data.draw(documents())
    small = Edition.from_document(document)
    answers = data.draw(answers_to(small))
    before = judge(small, answers, day)
    rooms = weight_room(small, before)
    assume(rooms)
    room = data.draw(st.sampled_from(rooms))
    assert room.least <= room.share <= room.most

    def judged_with(share: Fraction) -> Judgement:
        """The same answers with the concern's share changed, the others in proportion, on whole weights."""
        counted = {r.concern for r in rooms}
        rest = sum(item["weight"] for item in document["concerns"] if item["key"] in counted - {room.concern})
        weighed = [
            item
            | {
                "weight": share.numerator * rest
                if item["key"] == room.concern
                else item["weight"] * (share.denominator - share.numerator)
            }
            for item in document["concerns"]
        ]
        return judge(Edition.from_document({**document, "concerns": weighed}), answers, day)

    assert judged_with(room.share).verdict == before.verdict
    at = data.draw(st.fractions(0, 1, max_denominator=50))
    assert judged_with(room.least + (room.most - room.least) * (1 + 98 * at) / 100).verdict == before.verdict
    hair = Fraction(1, 10**9)
    if room.least > 0:
        assert judged_with(room.least - hair).verdict != before.verdict
    if room.most < 1:
        assert judged_with(room.most + hair).verdict != before.verdict


def test_a_gate_that_decides_leaves_the_weights_all_their_room() -> None:
    small = edition(
        ladder("keys", concern="keys"),
        ladder("law", concern="law"),
        concerns=[concern("keys", 3), concern("law", 1)],
        gates=[gate("held", {"is": {"keys": "l4"}})],
    )
    judgement = judge(small, chosen(keys="l4", law="l0"), DAY)
    assert all(room.is_free for room in weight_room(small, judgement))
    assert deciding_gates(judgement) == ("held",)


def test_the_room_of_a_weight_by_hand() -> None:
    # keys 100, law 0; under 60 the verdict is conditional: keys must weigh 60 % at least
    small = edition(
        ladder("keys", concern="keys"),
        ladder("law", concern="law"),
        concerns=[concern("keys", 3), concern("law", 1)],
        thresholds=[{"below": 60, "ceiling": "conditional"}],
    )
    keys, law = weight_room(small, judge(small, chosen(keys="l4", law="l0"), DAY))
    assert (keys.share, keys.least, keys.most) == (Fraction(3, 4), Fraction(3, 5), 1)
    assert (law.share, law.least, law.most) == (Fraction(1, 4), 0, Fraction(2, 5))


def test_the_days_worth_telling_apart_are_those_on_either_side_of_a_gate() -> None:
    small = edition(
        switch("leaving"),
        ladder("keys"),
        question("end", kind="date", options=[]),
        durations=[{"key": "months", "to": "end"}],
        gates=[gate("too_long", {"at_least": {"months": 25}})],
    )
    assert possible_values(small, small.questions["end"], date(2020, 2, 29)) == ("2022-02-28", "2022-03-29")
    proposed = next_question(WhatIf(small, chosen(keys="l4"), DAY))
    assert proposed
    assert proposed.question == "end"


def test_the_days_of_a_calendar_that_ends_are_not_overrun() -> None:
    small = edition(
        ladder("keys"),
        question("end", kind="date", options=[]),
        durations=[{"key": "months", "to": "end"}],
        gates=[gate("too_long", {"at_least": {"months": 25}})],
    )
    assert possible_values(small, small.questions["end"], date(9999, 12, 31)) == ()


@given(st.data())
@settings(deadline=None, max_examples=examples(25))
def test_what_if_is_what_judging_again_gives_with_a_control_chain(data: st.DataObject) -> None:
    chain = Chain((Entity("A", "A", "IE", "contracting", closed=True), Entity("B", "B", "US", "parent", closed=True)),
                  (Link("B", "A", "", "", appoints=True),)).to_text()  # fmt: skip
    answers = chosen(control_chain=chain, data_category="health", us_law_reach="none", key_holder="provider")
    keys = ["us_law_reach", "ultimate_parent_country", "control_chain", "key_holder", "host_change_required"]
    changes: dict[str, Answer | None] = {}
    for key in data.draw(st.lists(st.sampled_from(keys), max_size=3)):
        options = list(FLAGSHIP.questions[key].options) or ["FR", "", chain]
        value = data.draw(st.none() | st.sampled_from(options))
        changes[key] = None if value is None else data.draw(st.sampled_from([Answer.of(value), supposed(value)]))
    outcome = WhatIf(FLAGSHIP, answers, DAY).outcome(changes)
    judgement = judge(FLAGSHIP, without_none({**answers, **changes}), DAY)
    assert (outcome.verdict, outcome.score) == (judgement.verdict, judgement.score)
    assert outcome.gates == {c.gate: c.holds for c in judgement.ceilings if c.gate}


def test_the_influence_of_what_a_control_chain_gives_is_that_of_another_chain() -> None:
    chain = Chain((Entity("A", "A", "US", "contracting", closed=True),), ()).to_text()
    found = influences(WhatIf(FLAGSHIP, chosen(control_chain=chain, data_category="health"), DAY))
    reach = next(influence for influence in found if influence.question == "us_law_reach")
    assert {value for value, _ in reach.outcomes} == {"through_parent", "through_subcontractor", "none"}
    assert reach.points > 0


def test_a_gate_that_may_hold_or_caps_elsewhere_does_not_decide() -> None:
    small = edition(
        ladder("keys", concern="keys"),
        ladder("law", concern="law"),
        concerns=[concern("keys"), concern("law")],
        gates=[
            gate("lowest", {"is": {"keys": "l0"}}, "transition_only"),
            gate("higher", {"is": {"keys": "l0"}}, "acceptable"),
            gate("open", {"is": {"law": "l0"}}, "transition_only"),
            gate("shut", {"is": {"keys": "l4"}}, "transition_only"),
        ],
    )
    assert deciding_gates(judge(small, chosen(keys="l0"), DAY)) == ("lowest",)


def test_a_weight_counts_for_a_concern_on_the_good_side_and_against_it_on_the_bad() -> None:
    """The sign of what a concern adds decides on which side of its share the verdict changes."""
    small = edition(
        ladder("keys", concern="keys"),
        ladder("law", concern="law"),
        concerns=[concern("keys", 1), concern("law", 1)],
        thresholds=[{"below": 40, "ceiling": "conditional"}],
    )
    keys, law = weight_room(small, judge(small, chosen(keys="l4", law="l0"), DAY))
    assert (keys.least, keys.most) == (Fraction(2, 5), 1)
    assert (law.least, law.most) == (0, Fraction(3, 5))
