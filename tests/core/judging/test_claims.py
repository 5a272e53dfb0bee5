"""What a mere claim is worth: the upper end of a band, never the lower."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.changing.sensitivity import influences, weight_room
from checklists.core.changing.smallest import prospect, prospects
from checklists.core.changing.what_if import WhatIf
from checklists.core.control_chain import Chain, Entity, Link
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.frameworks.lens import LensOutcome
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import FindingKind, Judgement
from tests.core.frameworks.test_lenses import high_ends, low_ends
from tests.core.judging.test_flagship import DAYS, FLAGSHIP, answered
from tests.core.made_editions import (
    Answers,
    answers_to,
    chosen,
    claimed,
    days,
    edition,
    editions,
    editions_with_efforts,
    gate,
    ladder,
    requirement,
    some_claimed,
    switch,
)
from tests.core.made_frameworks import ASKED, FRAMEWORKS, HEALTH_DATA_HUB, SOVEREIGN_HOST, read
from tests.profiles import examples

DAY = date(2026, 11, 24)
thorough = settings(deadline=None, max_examples=examples(150))


def is_within(inner: Judgement, outer: Judgement) -> bool:
    return (
        outer.score.low <= inner.score.low <= inner.score.high <= outer.score.high
        and outer.verdict.worst <= inner.verdict.worst <= inner.verdict.best <= outer.verdict.best
        and outer.required.worst <= inner.required.worst <= inner.required.best <= outer.required.best
    )


@given(st.data(), days)
@thorough
def test_a_claim_widens_the_band_around_what_is_claimed(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    answers = data.draw(answers_to(small))
    claims = some_claimed(data, answers)
    shown, said = judge(small, answers, day), judge(small, claims, day)
    assert is_within(shown, said)
    assert said.confidence <= shown.confidence
    assert all(
        mine.band.low <= theirs.band.low and mine.band.high == theirs.band.high
        for mine, theirs in zip(said.concerns, shown.concerns, strict=True)
    )


@given(st.data(), days)
@thorough
def test_a_claim_is_worth_no_more_than_a_doubt_at_the_low_end(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    claims = some_claimed(data, data.draw(answers_to(small)))
    doubts = {key: Answer.unknown() if answer.claimed else answer for key, answer in claims.items()}
    said, doubted = judge(small, claims, day), judge(small, doubts, day)
    assert said.score.low <= doubted.score.low
    assert said.verdict.worst <= doubted.verdict.worst
    assert said.established <= doubted.established
    possible = {ceiling.gate for ceiling in doubted.ceilings if ceiling.holds is not False}
    assert possible <= {ceiling.gate for ceiling in said.ceilings if ceiling.holds is not False}


@given(answered(), st.sampled_from(DAYS), st.data())
@settings(max_examples=examples(100), deadline=None)
def test_on_the_flagship_a_claim_raises_no_low_end_and_lowers_no_high_end(
    answers: Answers, day: date, data: st.DataObject
) -> None:
    claims = some_claimed(data, answers)
    silence = {key: answer for key, answer in claims.items() if not answer.claimed}
    shown, said, silent = (judge(FLAGSHIP, given_, day) for given_ in (answers, claims, silence))
    assert is_within(shown, said)
    assert said.score.high == shown.score.high
    assert said.established <= shown.established
    assert said.score.low <= silent.score.low
    assert said.verdict.worst <= silent.verdict.worst
    assert said.established <= silent.established


@given(answered(), st.sampled_from(DAYS), st.data())
@settings(max_examples=examples(40), deadline=None)
def test_what_if_agrees_with_the_judge_and_the_same_input_gives_the_same_bytes(
    answers: Answers, day: date, data: st.DataObject
) -> None:
    claims = some_claimed(data, answers)
    said = judge(FLAGSHIP, claims, day)
    assert said.to_bytes() == judge(FLAGSHIP, dict(reversed(claims.items())), day).to_bytes()
    key = data.draw(st.sampled_from(sorted(FLAGSHIP.questions)))
    change = data.draw(st.sampled_from([None, Answer.unknown(), answers.get(key), claims.get(key)]))
    after = {k: v for k, v in {**claims, key: change}.items() if v is not None}
    what_if, judged = WhatIf(FLAGSHIP, claims, day), judge(FLAGSHIP, after, day)
    assert (what_if.today.verdict, what_if.today.score) == (said.verdict, said.score)
    outcome = what_if.outcome({key: change})
    assert (outcome.verdict, outcome.score) == (judged.verdict, judged.score)
    assert outcome.gates == {ceiling.gate: ceiling.holds for ceiling in judged.ceilings if ceiling.gate}


def test_a_claim_earns_nothing_and_may_earn_all() -> None:
    small = edition(ladder("keys"))
    judgement = judge(small, {"keys": claimed(Answer.of("l3"))}, DAY)
    assert (judgement.score.low, judgement.score.high, judgement.confidence) == (0, 75, 0)
    lost, at_stake = judgement.findings
    assert (at_stake.kind, at_stake.points) == (FindingKind.CLAIMED, 75)
    assert (lost.kind, lost.points) == (FindingKind.SHORTFALL, 25)
    assert judgement.to_document()["questions"]["keys"]["claimed"] is True


def test_an_admission_is_believed() -> None:
    small = edition(ladder("keys"), gates=[gate("exposed", {"is": {"keys": "l0"}}, "transition_only")])
    judgement = judge(small, {"keys": claimed(Answer.of("l0"))}, DAY)
    assert (judgement.score.low, judgement.score.high) == (0, 0)
    assert [ceiling.holds for ceiling in judgement.ceilings if ceiling.gate] == [True]
    assert FindingKind.CLAIMED not in {finding.kind for finding in judgement.findings}


def test_a_claim_keeps_a_presumed_gate_in_force() -> None:
    small = edition(
        switch("qualified"),
        gates=[gate("unproven", {"not": {"is": {"qualified": "yes"}}}, "acceptable", presumed=True)],
    )
    said, shown = (judge(small, {"qualified": answer}, DAY) for answer in (claimed(Answer.of("yes")), Answer.of("yes")))
    assert (said.established, shown.established) == (Verdict.ACCEPTABLE, Verdict.SOVEREIGN)
    assert said.deciding is not None and said.deciding.open_questions == ("qualified",)
    denied = judge(small, {"qualified": claimed(Answer.of("no"))}, DAY)
    assert [ceiling.holds for ceiling in denied.ceilings if ceiling.gate] == [True]


def test_a_claim_cannot_lower_what_is_required() -> None:
    small = edition(switch("sensitive"), requirements=[requirement("much", "acceptable", {"is": {"sensitive": "yes"}})])
    denied = judge(small, {"sensitive": claimed(Answer.of("no"))}, DAY)
    assert denied.required.best is Verdict.ACCEPTABLE
    admitted = judge(small, {"sensitive": claimed(Answer.of("yes"))}, DAY)
    assert admitted.required.worst is Verdict.ACCEPTABLE


def test_a_branch_closed_by_a_claim_still_weighs_at_the_low_end() -> None:
    small = edition(switch("leaving"), ladder("steps", applies={"is": {"leaving": "yes"}}), ladder("keys"))
    stays = {"leaving": Answer.of("no"), "keys": Answer.of("l4")}
    said = judge(small, {**stays, "leaving": claimed(stays["leaving"])}, DAY)
    assert judge(small, stays, DAY).score.low == 100
    assert (said.score.low, said.score.high) == (50, 100)
    assert not said.states["steps"].asked
    assert [finding.key for finding in said.findings if finding.kind is FindingKind.CLAIMED] == ["leaving"]


@given(st.data(), days)
@thorough
def test_points_at_stake_and_lost_make_up_what_is_missing_of_a_hundred(data: st.DataObject, day: date) -> None:
    small = data.draw(editions(all_asked=True))
    answers = {key: a for key, a in data.draw(answers_to(small)).items() if a.status is not AnswerStatus.NOT_APPLICABLE}
    judgement = judge(small, some_claimed(data, answers), day)
    kinds = (FindingKind.SHORTFALL, FindingKind.DOUBT, FindingKind.CLAIMED)
    lost = sum((finding.points for finding in judgement.findings if finding.kind in kinds), Fraction(0))
    assert judgement.score.low + lost == 100


@given(st.data(), days)
@settings(deadline=None, max_examples=examples(100))
def test_the_cheapest_plan_may_be_to_show_what_is_claimed(data: st.DataObject, day: date) -> None:
    small = data.draw(editions_with_efforts())
    answers = some_claimed(data, data.draw(answers_to(small)))
    target = data.draw(st.sampled_from(list(Verdict)[1:]))
    found = prospect(small, answers, day, target)
    for plan in found.plans:
        assert judge(small, answers | plan.answers, day).verdict.worst >= target
    efforts = [
        effort
        for effort, made in every_plan(small, answers, day)
        if judge(small, answers | made, day).verdict.worst >= target
    ]
    assert (found.plans[0].effort if found.plans else None) == min(efforts, default=None)


def every_plan(small: Edition, answers: Answers, day: date) -> list[tuple[int, Answers]]:
    """Each set of changes that can be chosen, to obtain a proof among them, with its effort."""
    each = []
    for key, item in small.questions.items():
        answer = answers.get(key)
        state = judge(small, answers, day).states[key]
        moves: list[tuple[int, str, Answer] | None] = [None]
        for value in item.options.values():
            in_force = value.regime is None or small.laws[value.regime].period.covers(day)
            shows = bool(answer and answer.claimed and answer.value == value.key)
            stands = not state.claimed and state.option is not None and state.option.key == value.key
            waived = not state.claimed and state.status is AnswerStatus.NOT_APPLICABLE
            if (value.effort or shows) and in_force and not stands and not waived:
                moves.append((1 if shows else value.effort or 0, key, Answer.of(value.key)))
        each.append(moves)
    return [
        (sum(move[0] for move in made if move), {move[1]: move[2] for move in made if move}) for made in product(*each)
    ]


def test_a_plan_tells_a_proof_from_a_change() -> None:
    small = edition(ladder("keys"), gates=[gate("weak", {"not": {"at_least": {"keys": 3}}})])
    (found,) = (p for p in prospects(small, {"keys": claimed(Answer.of("l4"))}, DAY) if p.target is Verdict.SOVEREIGN)
    (step,) = found.plans[0].steps
    assert (step.question, step.value, step.effort, step.shows, step.lifts) == ("keys", "l4", 1, True, ("weak",))
    influence = influences(WhatIf(small, {"keys": claimed(Answer.of("l4"))}, DAY))[0]
    assert "l4" in dict(influence.outcomes)


@given(answered(), st.data())
@settings(max_examples=examples(40), deadline=None)
def test_through_every_framework_a_claim_helps_no_low_end(answers: Answers, data: st.DataObject) -> None:
    claims = some_claimed(data, answers)
    for key in FRAMEWORKS:
        shown, said = read(key, answers), read(key, claims)
        assert all(mine <= theirs for mine, theirs in zip(low_ends(said), low_ends(shown), strict=True))
        assert all(mine >= theirs for mine, theirs in zip(high_ends(said), high_ends(shown), strict=True))


def test_through_a_framework_claims_meet_nothing_and_admissions_count() -> None:
    claims = {key: claimed(answer) for key, answer in SOVEREIGN_HOST.items()}
    assert read("secnumcloud-19-6", SOVEREIGN_HOST).conclusion is not LensOutcome.NOT_MET
    assert all(result.outcome is not LensOutcome.MET for result in read("secnumcloud-19-6", claims).rules)
    admitted = {key: claimed(answer) for key, answer in HEALTH_DATA_HUB.items()}
    assert read("secnumcloud-19-6", admitted).conclusion is LensOutcome.NOT_MET
    assert ASKED.questions.keys() >= claims.keys()


def test_shares_of_the_weight_are_told_with_claims_too() -> None:
    claims = {key: claimed(answer) for key, answer in HEALTH_DATA_HUB.items()}
    assert weight_room(FLAGSHIP, judge(FLAGSHIP, claims, date(2020, 10, 8)))


def test_what_a_claimed_chain_gives_is_claimed() -> None:
    companies = (Entity("A", "A", "FR", "contracting"), Entity("B", "B", "US", "parent", closed=True))
    chain = Chain(companies, (Link("B", "A", "100", "100"),)).to_text()
    answers = {"control_chain": claimed(Answer.of(chain)), "us_law_reach": Answer.of("none")}
    judgement = judge(FLAGSHIP, answers, DAY)
    assert judgement.states["us_law_reach"].claimed
    assert judgement.states["us_law_reach"].derived == "through_parent"
    assert is_within(judge(FLAGSHIP, {**answers, "control_chain": Answer.of(chain)}, DAY), judgement)
    closing = [ceiling.gate for ceiling in judgement.ceilings if ceiling.holds is True]
    shown = judge(FLAGSHIP, {**answers, "control_chain": Answer.of(chain)}, DAY)
    assert set(closing) == {ceiling.gate for ceiling in shown.ceilings if ceiling.holds is True}


def test_an_empty_default_changes_nothing() -> None:
    small = edition(ladder("keys"))
    document = judge(small, chosen(keys="l2"), DAY).to_document()
    assert "claimed" not in document["questions"]["keys"]


def test_a_claimed_not_applicable_puts_the_whole_question_at_stake() -> None:
    small = edition(ladder("keys"), ladder("law"))
    said = Answer.not_applicable("no keys here")
    for answer, kinds in ((said, []), (replace(said, claimed=True), [FindingKind.CLAIMED])):
        judgement = judge(small, {"keys": answer, "law": Answer.of("l4")}, DAY)
        found = [finding for finding in judgement.findings if finding.key == "keys"]
        assert [finding.kind for finding in found] == kinds
        assert all(finding.points > 0 for finding in found)
