"""The interview: it asks what bears on the verdict, says why, and ends only when nothing open can change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.interview import by_chapters, by_interview, respondents, starts_of, walk
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.interview.choose import Interview, Reason, minimum
from checklists.core.interview.likely import common_answers
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import VerdictBand
from tests.core.made_editions import (
    DAYS,
    Answers,
    answers_to,
    chosen,
    days,
    edition,
    editions,
    gate,
    ladder,
    requirement,
    switch,
)
from tests.flagship import pack
from tests.profiles import examples

DAY = DAYS[1]
TODAY = date(2026, 11, 30)
FLAGSHIP = Edition.from_document(pack().to_document())
LIKELY = common_answers(FLAGSHIP, [])
thorough = settings(deadline=None, max_examples=examples(150))


def interview(asked: Edition, answers: Answers, day: date = DAY, **more: object) -> Interview:
    return Interview(asked, answers, day, common_answers(asked, []), **more)  # type: ignore[arg-type]


@thorough
@given(st.data(), editions(), days)
def test_once_it_is_over_no_answer_left_changes_the_verdict(data: st.DataObject, asked: Edition, day: date) -> None:
    answers = data.draw(answers_to(asked))
    for _ in range(len(asked.questions) + 1):
        here = interview(asked, answers, day)
        choice = here.next()
        if choice is None:
            break
        value = data.draw(st.sampled_from([*asked.questions[choice.question].options, None]))
        answers[choice.question] = Answer.of(value) if value else Answer.unknown()
    assert here.is_over
    assert here.questions_left == here.minutes_left == 0
    left = {
        key: Answer.of(data.draw(st.sampled_from(list(asked.questions[key].options)))) for key in here.open_questions
    }
    after = judge(asked, {**answers, **left}, day)
    assert after.verdict == here.verdict
    least = minimum(after.verdict, after.required)
    assert here.minimum.is_met is None or here.minimum.is_met is least.is_met


@thorough
@given(st.data(), editions(), days)
def test_the_verdict_and_the_minimum_are_the_judges(data: st.DataObject, asked: Edition, day: date) -> None:
    answers = data.draw(answers_to(asked))
    here, judged = interview(asked, answers, day), judge(asked, answers, day)
    assert here.verdict == judged.verdict
    assert here.required == judged.required


@thorough
@given(st.data(), editions(), days)
def test_an_answer_never_widens_the_band_it_is_said_to_decide(data: st.DataObject, asked: Edition, day: date) -> None:
    answers = data.draw(answers_to(asked))
    choice = interview(asked, answers, day).next()
    if choice is None:
        return
    assert asked.questions[choice.question]
    for value in asked.questions[choice.question].options:
        after = judge(asked, {**answers, choice.question: Answer.of(value)}, day).verdict
        assert choice.between.worst <= after.worst <= after.best <= choice.between.best


def test_the_workload_comes_first_while_the_minimum_depends_on_it() -> None:
    asked = edition(
        ladder("score"),
        switch("secret", scope="workload"),
        gates=[gate("low", {"in": {"score": ["l0", "l1"]}})],
        requirements=[requirement("high", "sovereign", {"is": {"secret": "yes"}}), requirement("any", "conditional")],
    )
    choice = interview(asked, {}).next()
    assert choice
    assert (choice.question, choice.reason) == ("secret", Reason.SCOPE)
    then = interview(asked, chosen(secret="no")).next()
    assert then
    assert (then.question, then.reason) == ("score", Reason.DECIDES)
    assert then.between == VerdictBand(Verdict.UNACCEPTABLE, Verdict.SOVEREIGN)
    assert then.gates == ("low",)


def test_a_doubt_is_not_asked_again_and_what_is_put_off_comes_last() -> None:
    rules = [gate("a", {"is": {"one": "yes"}}), gate("b", {"is": {"two": "yes"}})]
    asked = edition(switch("one"), switch("two"), gates=rules, thresholds=[])
    first = interview(asked, {}).next()
    assert first
    other = {"one": "two", "two": "one"}[first.question]
    put_off = interview(asked, {}, skipped=[first.question]).next()
    assert put_off
    assert put_off.question == other
    both = {"one": Answer.unknown(), "two": Answer.unknown()}
    assert interview(asked, both).is_over
    again = interview(asked, {other: Answer.unknown()}, skipped=[first.question]).next()
    assert again
    assert again.question == first.question


def test_what_a_profile_presumes_is_asked_to_be_confirmed() -> None:
    asked = edition(switch("one"), gates=[gate("a", {"is": {"one": "yes"}})], thresholds=[])
    claimed = {"one": replace(Answer.of("no"), claimed=True)}
    choice = interview(asked, claimed, presumed=["one"]).next()
    assert choice
    assert choice.question == "one"
    assert interview(asked, claimed).is_over


def test_common_answers_count_more() -> None:
    asked = edition(switch("one"))
    shares = common_answers(asked, [{"one": "yes"}] * 7)["one"]
    assert shares["yes"] > 0.8
    assert 0 < shares["no"] < 0.2
    assert abs(sum(shares.values()) - 1) < 1e-9


def test_the_flagship_asks_far_less_than_its_chapters() -> None:
    starts = starts_of(FLAGSHIP)
    likely = common_answers(FLAGSHIP, [start.known for start in starts])
    for respondent in respondents(FLAGSHIP, starts, 6):
        ours = walk(FLAGSHIP, respondent, by_interview, likely)
        theirs = walk(FLAGSHIP, respondent, by_chapters, likely)
        assert ours.settled is not None
        assert ours.minimum is not None
        assert ours.settled < (theirs.settled or 75)


def test_the_flagship_begins_with_the_category_of_data_and_shows_how_far_it_goes() -> None:
    here = Interview(FLAGSHIP, {}, TODAY, LIKELY)
    choice = here.next()
    assert choice
    assert choice.question == "data_category"
    assert 3 <= here.questions_left <= 30
    assert here.minutes_left >= 1
