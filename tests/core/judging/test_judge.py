"""The laws of judging, on random small editions: what no checklist and no answer can break."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import FindingKind, Judgement
from tests.core.made_editions import (
    DAYS,
    Answers,
    answers_to,
    chosen,
    days,
    edition,
    editions,
    ladder,
    scored_keys,
    switch,
)
from tests.profiles import examples

DAY = DAYS[1]
thorough = settings(deadline=None, max_examples=examples(150))


def lost(judgement: Judgement) -> Fraction:
    kinds = (FindingKind.SHORTFALL, FindingKind.DOUBT)
    return sum((f.points for f in judgement.findings if f.kind in kinds), Fraction(0))


def part_of(data: st.DataObject, truth: Answers) -> Answers:
    """``truth`` with some answers dropped or turned into "I don’t know"."""
    part = {}
    for key, answer in truth.items():
        kept = data.draw(st.sampled_from([answer, Answer.unknown(), None]))
        if kept is not None:
            part[key] = kept
    return part


@given(st.data(), days)
@thorough
def test_answering_better_never_lowers_the_score(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    answers = data.draw(answers_to(small))
    key = data.draw(st.sampled_from(sorted(scored_keys(small))))
    options = small.questions[key].options
    by_option = [judge(small, {**answers, key: Answer.of(value)}, day) for value in options]

    def level(judgement: Judgement) -> int:
        effective = judgement.states[key].level
        assert effective is not None
        return effective

    ranked = sorted(by_option, key=level)
    for worse, better in itertools.pairwise(ranked):
        assert worse.score.low <= better.score.low
        assert worse.score.high <= better.score.high
    silent = judge(small, {k: a for k, a in answers.items() if k != key}, day)
    for doubt in (silent, judge(small, {**answers, key: Answer.unknown()}, day)):
        assert doubt.score.low <= ranked[0].score.low
        assert doubt.score.high >= ranked[-1].score.high
        assert doubt.confidence <= ranked[0].confidence


@given(st.data(), days)
@thorough
def test_the_verdict_of_the_truth_lies_within_the_band_of_any_part_of_it(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    truth = data.draw(answers_to(small, complete=True))
    whole, partial = judge(small, truth, day), judge(small, part_of(data, truth), day)
    # A truth of which nothing is scored has no score to be within anything: see the test below.
    assume(any(score.weighs is not False and small.concerns[score.key].weight for score in whole.concerns))
    assert partial.score.low <= whole.score.low <= whole.score.high <= partial.score.high
    assert partial.verdict.worst <= whole.verdict.worst <= whole.verdict.best <= partial.verdict.best
    assert partial.required.worst <= whole.required.worst <= whole.required.best <= partial.required.best


def test_the_band_allows_for_a_truth_in_which_nothing_is_scored() -> None:
    small = edition(switch("leaving"), ladder("steps", applies={"is": {"leaving": "yes"}}))
    whole = judge(small, chosen(leaving="no", steps="l4"), DAY)
    partial = judge(small, chosen(steps="l4"), DAY)
    assert partial.score.low <= whole.score.low <= whole.score.high <= partial.score.high
    assert partial.verdict.worst <= whole.verdict.worst <= whole.verdict.best <= partial.verdict.best


@given(st.data(), days)
@thorough
def test_complete_answers_settle_the_score_and_a_band_is_never_reversed(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    judgement = judge(small, data.draw(answers_to(small)), day)
    assert 0 <= judgement.score.low <= judgement.score.high <= 100
    assert 0 <= judgement.confidence <= 1
    assert judgement.verdict.worst <= judgement.verdict.best
    options = {key: Answer.of(data.draw(st.sampled_from(sorted(q.options)))) for key, q in small.questions.items()}
    settled = judge(small, options, day)
    assert settled.required.is_settled
    assert all(ceiling.holds is not None for ceiling in settled.ceilings if ceiling.gate)
    if any(score.weighs and small.concerns[score.key].weight for score in settled.concerns):
        assert settled.score.low == settled.score.high
        assert settled.verdict.is_settled
        assert settled.confidence == 1


@given(st.data(), days)
@thorough
def test_the_same_input_gives_the_same_bytes(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    answers = data.draw(answers_to(small))
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))
    judgement = judge(small, answers, day)
    assert judge(small, shuffled, day).to_bytes() == judgement.to_bytes()
    assert judge(small, shuffled, day) == judgement


@given(editions(), days)
@thorough
def test_an_empty_assessment_may_be_unacceptable(small: Edition, day: date) -> None:
    judgement = judge(small, {}, day)
    assert judgement.verdict.worst is Verdict.UNACCEPTABLE
    assert (judgement.score.low, judgement.confidence) == (0, 0)


junk_values = st.none() | st.sampled_from(["o1", "yes", "2020-02-30", "2020-01-01", "FR", "ZZZ"]) | st.text(max_size=9)
junk_keys = st.sampled_from(["u0", "u1", "s0", "s1", "s2", "law:shield", ""]) | st.text(max_size=5)
junk = st.dictionaries(junk_keys, st.builds(Answer, st.sampled_from(AnswerStatus), junk_values, st.text(max_size=5)))


@given(editions(), junk, st.dates())
@thorough
def test_the_judge_never_raises_on_nonsense(small: Edition, answers: Answers, day: date) -> None:
    judgement = judge(small, answers, day)
    assert judgement.to_bytes()
    known = {key: answer for key, answer in answers.items() if key in small.questions}
    assert judge(small, known, day) == judgement


@given(st.data(), days)
@thorough
def test_not_applicable_leaves_the_weight(data: st.DataObject, day: date) -> None:
    small = data.draw(editions(all_asked=True))
    answers = data.draw(answers_to(small))
    key = data.draw(st.sampled_from(sorted(scored_keys(small))))
    waived = judge(small, {**answers, key: Answer.not_applicable("none")}, day)
    assert key not in {finding.key for finding in waived.findings}
    doubted = judge(small, {**answers, key: Answer.unknown()}, day)
    for with_it, without in zip(doubted.concerns, waived.concerns, strict=True):
        if key not in small.concerns[with_it.key].questions:
            assert with_it == without
        elif without.weighs:
            assert with_it.band.low <= without.band.low <= without.band.high <= with_it.band.high
            assert with_it.confidence <= without.confidence
        else:
            others = [k for k in scored_keys(small) if small.questions[k].concern == with_it.key and k != key]
            assert all(answers.get(k) == Answer.not_applicable("none here") for k in others)


@given(st.data(), days)
@settings(thorough, suppress_health_check=[HealthCheck.filter_too_much])
def test_an_answer_whose_question_stops_applying_is_as_if_never_given(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    answers = data.draw(answers_to(small))
    before = judge(small, answers, day)
    silent = {key for key, state in before.states.items() if state.applies is False and key in answers}
    assume(silent)
    after = judge(small, {key: answer for key, answer in answers.items() if key not in silent}, day)
    assert (after.score, after.verdict, after.required) == (before.score, before.verdict, before.required)
    assert (after.findings, after.ceilings, after.concerns) == (before.findings, before.ceilings, before.concerns)


@given(st.data(), days)
@thorough
def test_the_points_of_the_findings_are_all_that_the_score_lacks(data: st.DataObject, day: date) -> None:
    small = data.draw(editions(all_asked=True))
    answers = data.draw(answers_to(small))
    answers = {key: a for key, a in answers.items() if a.status is not AnswerStatus.NOT_APPLICABLE}
    judgement = judge(small, answers, day)
    assert 100 - judgement.score.low == lost(judgement)
    doubts = sum((f.points for f in judgement.findings if f.kind is FindingKind.DOUBT), Fraction(0))
    assert judgement.score.high - judgement.score.low == doubts


@given(st.data(), days)
@thorough
def test_each_gate_that_holds_or_may_hold_gives_one_finding_with_its_sources(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    judgement = judge(small, data.draw(answers_to(small)), day)
    told = {f.key: f for f in judgement.findings if f.kind in (FindingKind.GATE, FindingKind.POSSIBLE_GATE)}
    ceilings = {c.gate: c for c in judgement.ceilings if c.gate and c.holds is not False}
    assert told.keys() == ceilings.keys()
    for key, finding in told.items():
        gate = small.gates[key]
        assert finding.kind is (FindingKind.GATE if ceilings[key].holds else FindingKind.POSSIBLE_GATE)
        assert (finding.sources, finding.ceiling, finding.points) == (gate.sources, gate.ceiling, 0)
        assert (finding.finding, finding.advice) == (gate.finding, gate.advice)
        assert finding.sources


@given(st.data())
@settings(deadline=None, max_examples=examples(60))
def test_gates_not_in_force_on_the_date_have_no_effect(data: st.DataObject) -> None:
    small = data.draw(editions())
    answers, day = data.draw(answers_to(small)), data.draw(days)
    judgement = judge(small, answers, day)
    dormant = {key for key, gate in small.gates.items() if gate.status != "in_force" or not gate.period.covers(day)}
    assert {c.gate for c in judgement.ceilings if c.gate} == small.gates.keys() - dormant
    assert not dormant & {finding.key for finding in judgement.findings}
