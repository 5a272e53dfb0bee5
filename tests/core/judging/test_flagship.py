"""What the flagship pack promises its readers, and the laws of judging on it."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import FindingKind, Judgement
from checklists.packs.editions.reader import read_pack
from checklists.packs.editions.writer import write_pack
from tests.flagship import pack
from tests.profiles import examples

PACK = pack()
FLAGSHIP = Edition.from_document(PACK.to_document())
DAY = date(2020, 10, 8)

DAYS = [date(2017, 1, 2), DAY, date(2023, 12, 21), date(2026, 11, 24)]

_COUNTRIES = ["FR", "GB", "JP", "US", "CN"]
_DESTINATIONS = FLAGSHIP.country_questions
_CHOICES = {q.key: list(q.options) for q in FLAGSHIP.questions.values() if q.kind == "choice"}


@st.composite
def answered(draw: st.DrawFn, *, complete: bool = False) -> dict[str, Answer]:
    answers = {}
    for key, options in _CHOICES.items():
        chosen = draw(st.sampled_from(options if complete else [*options, None]))
        if chosen is not None:
            answers[key] = Answer.of(chosen)
    for key in sorted(q.key for q in FLAGSHIP.questions.values() if q.kind == "country"):
        country = draw(st.sampled_from(_COUNTRIES if complete else [*_COUNTRIES, None]))
        if country is not None:
            answers[key] = Answer.of(country)
    return answers


def test_it_has_the_size_and_the_sources_it_promises() -> None:
    assert len(FLAGSHIP.questions) >= 45
    assert len(FLAGSHIP.concerns) == 5
    assert len(FLAGSHIP.gates) >= 10
    assert all(question.sources for question in FLAGSHIP.questions.values())
    assert all(gate.sources and gate.harms for gate in FLAGSHIP.gates.values())


def test_reading_what_was_written_gives_the_same_pack() -> None:
    assert read_pack(write_pack(PACK)).to_document() == PACK.to_document()


def test_french_follows_french_typography() -> None:
    def texts(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["fr"]] if isinstance(node.get("fr"), str) else []
            return own + [text for value in node.values() for text in texts(value)]
        return [text for value in node for text in texts(value)] if isinstance(node, list) else []

    wrong = [text for text in texts(PACK.to_document()) if re.search(r" [;:?!»]|« |'", text)]
    assert wrong == []


def test_an_empty_assessment_may_be_unacceptable_and_establishes_nothing() -> None:
    judgement = judge(FLAGSHIP, {}, DAY)
    assert judgement.verdict.worst is Verdict.UNACCEPTABLE
    assert not judgement.is_established
    assert judgement.score.low == 0
    assert judgement.confidence == 0


@given(answered(complete=True), st.sampled_from(DAYS), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_the_verdict_of_the_truth_lies_within_the_band_of_any_part_of_it(
    truth: dict[str, Answer], day: date, data: st.DataObject
) -> None:
    # A country left out may be one without a decision, which turns what was said of it: that answer changes sides.
    part = {key: answer for key, answer in truth.items() if key in _DESTINATIONS or data.draw(st.booleans())}
    whole, partial = judge(FLAGSHIP, truth, day), judge(FLAGSHIP, part, day)
    assert partial.verdict.worst <= partial.established <= partial.verdict.best
    assert partial.verdict.worst <= whole.verdict.worst <= whole.verdict.best <= partial.verdict.best
    assert partial.score.low <= whole.score.low <= whole.score.high <= partial.score.high


_MONOTONE = settings(max_examples=examples(150), deadline=None)


@given(answered(), st.sampled_from(DAYS), st.data())
@_MONOTONE
def test_a_better_answer_never_lowers_the_score_nor_the_verdict(
    answers: dict[str, Answer], day: date, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([q.key for q in FLAGSHIP.questions.values() if q.is_scored]))
    before = judge(FLAGSHIP, {k: v for k, v in answers.items() if k != key}, day)
    by_level: dict[int, list[Judgement]] = {}
    for value in FLAGSHIP.questions[key].options:
        judgement = judge(FLAGSHIP, {**answers, key: Answer.of(value)}, day)
        level = judgement.states[key].level
        if level is not None:
            by_level.setdefault(level, []).append(judgement)
    levels = sorted(by_level)
    # The answer to another question may follow from this one, or cease to: then the score counts that one otherwise.
    alone = key not in FLAGSHIP.deriving
    if key not in FLAGSHIP.derivations_of:
        assert all(before.score.low <= worst.score.low for worst in by_level[levels[0]] if alone)
        assert all(before.verdict.worst <= worst.verdict.worst for worst in by_level[levels[0]])
    for lower, higher in pairwise(levels):
        for worse in by_level[lower]:
            for better in by_level[higher]:
                assert not alone or worse.score.low <= better.score.low
                assert worse.verdict.worst <= better.verdict.worst
                assert worse.established <= better.established
                assert worse.verdict.best <= better.verdict.best


@given(answered())
@settings(max_examples=examples(30), deadline=None)
def test_the_same_input_gives_the_same_bytes(answers: dict[str, Answer]) -> None:
    shuffled = dict(reversed(answers.items()))
    assert judge(FLAGSHIP, answers, DAY).to_bytes() == judge(FLAGSHIP, shuffled, DAY).to_bytes()


@given(st.dictionaries(st.sampled_from([*FLAGSHIP.questions, "nothing"]), st.text(max_size=12)))
@settings(max_examples=examples(60), deadline=None)
def test_the_judge_never_raises_on_nonsense(junk: dict[str, str]) -> None:
    judge(FLAGSHIP, {key: Answer.of(value) for key, value in junk.items()}, DAY)


@pytest.mark.parametrize(
    ("day", "effective"), [("2020-07-15", "privacy_shield"), ("2020-07-16", "none"), ("2020-07-17", "none")]
)
def test_the_privacy_shield_counts_until_the_day_it_was_struck_down(day: str, effective: str) -> None:
    answers = {"transfer_tool": Answer.of("privacy_shield")}
    judgement = judge(FLAGSHIP, answers, date.fromisoformat(day))
    option = judgement.states["transfer_tool"].option
    assert option is not None
    assert option.key == effective
    assert any(f.kind is FindingKind.LAPSED for f in judgement.findings) is (effective == "none")


def test_a_question_that_stops_applying_is_not_scored() -> None:
    asked = {"host_change_required": Answer.of("yes"), "transition_active_steps": Answer.of("none")}
    silent = {**asked, "host_change_required": Answer.of("no")}
    assert judge(FLAGSHIP, asked, DAY).states["transition_active_steps"].asked
    assert not judge(FLAGSHIP, silent, DAY).states["transition_active_steps"].asked
    without = {"host_change_required": Answer.of("no")}
    assert judge(FLAGSHIP, silent, DAY).score == judge(FLAGSHIP, without, DAY).score


def test_not_applicable_leaves_the_weight() -> None:
    nothing = judge(FLAGSHIP, {}, DAY)
    waived = judge(FLAGSHIP, {"storage_location": Answer.not_applicable("no storage")}, DAY)
    assert waived.score.low >= nothing.score.low
    assert "storage_location" not in {f.key for f in waived.findings}
