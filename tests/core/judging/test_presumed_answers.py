"""Answers filled in from a profile are judged as claims: confirming them one by one only ever narrows the result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from tests.core.judging.test_flagship import DAYS, FLAGSHIP, answered
from tests.core.made_editions import Answers
from tests.profiles import examples


@given(answered(), st.sampled_from(DAYS), st.data())
@settings(max_examples=examples(80), deadline=None)
def test_confirming_one_presumed_answer_lowers_neither_end(answers: Answers, day: date, data: st.DataObject) -> None:
    presumed = {key: data.draw(st.booleans()) for key in answers}
    before: Answers = {key: replace(answer, claimed=presumed[key]) for key, answer in answers.items()}
    confirmed = data.draw(st.sampled_from(sorted(answers))) if answers else ""
    after = {key: replace(answer, claimed=answer.claimed and key != confirmed) for key, answer in before.items()}
    was, now = judge(FLAGSHIP, before, day), judge(FLAGSHIP, after, day)
    assert now.score.high == was.score.high
    assert now.score.low >= was.score.low
    assert now.verdict.worst >= was.verdict.worst
    assert now.verdict.best >= was.verdict.best
    assert now.established >= was.established
    if confirmed not in FLAGSHIP.conditioning:  # otherwise it may be what makes other questions apply
        assert now.confidence >= was.confidence


@given(answered(), st.sampled_from(DAYS), st.data())
@settings(max_examples=examples(80), deadline=None)
def test_filling_in_what_is_unanswered_raises_no_low_end(answers: Answers, day: date, data: st.DataObject) -> None:
    filled = {key for key in answers if data.draw(st.booleans())}
    silent = {key: answer for key, answer in answers.items() if key not in filled}
    presumed: dict[str, Answer] = {key: replace(answer, claimed=key in filled) for key, answer in answers.items()}
    before, after = judge(FLAGSHIP, silent, day), judge(FLAGSHIP, presumed, day)
    assert after.score.low <= before.score.low
    assert after.verdict.worst <= before.verdict.worst
    assert after.established <= before.established
