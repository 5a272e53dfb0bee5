"""Frameworks read on the same answers: pinned figures, decided cases, and the laws every reading obeys."""

from __future__ import annotations

import copy
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.editions.conditions import Fact, evaluate
from checklists.core.frameworks.framework import Criterion, Objective, Worth
from checklists.core.frameworks.lens import LensOutcome, LensResult, SealBand, look, weighted_score
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import Established, establish
from checklists.core.judging.grounds import grounds
from checklists.core.judging.judge import judge
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS
from tests.core.made_frameworks import (
    ASKED,
    FLAGSHIP,
    FRAMEWORKS,
    HEALTH_DATA_HUB,
    SOVEREIGN_HOST,
    TODAY,
    answered,
    outcomes,
    read,
)
from tests.profiles import examples

WEIGHTS = {
    "eu-csf-2025-10": [15, 10, 10, 15, 20, 15, 10, 5],
    "eu-csf-2026-06": [20, 10, 10, 15, 10, 15, 15, 5],
}


@pytest.mark.parametrize("key", WEIGHTS)
@pytest.mark.parametrize("position", range(8))
def test_each_weight_is_that_of_its_dated_text_and_cites_it(key: str, position: int) -> None:
    objective = FRAMEWORKS[key].objectives[position]
    assert (objective.ref, objective.weight) == (f"SOV-{position + 1}", WEIGHTS[key][position])
    assert objective.weight_sources == (key,)


@pytest.mark.parametrize(
    ("ratios", "score"),
    [
        ([".5"] * 8, 50),
        (["0", "0", "0", "0", "1", "0", "0", "0"], 20),
        ([".5", "1", ".25", "0", ".8", "1", ".1", "0"], 52),
        (["1", "0", None, None, None, None, None, None], 60),
    ],
)
def test_the_score_of_october_2025_gives_the_pinned_values(ratios: list[str | None], score: int) -> None:
    """Through the whole reading, on the published weights, with one criterion worth 100 points an objective."""
    framework = copy.copy(FRAMEWORKS["eu-csf-2025-10"])
    objectives = []
    answers: dict[str, Fact] = {}
    for objective, ratio in zip(framework.objectives, ratios, strict=True):
        worth = (Worth(frozenset({"given"}), int(Fraction(ratio or "0") * 100), 4), Worth(None, 100, 4))
        criteria = (Criterion("only", {}, objective.key, worth, True),) if ratio is not None else ()
        objectives.append(
            Objective(objective.key, objective.ref, {}, {}, objective.weight, objective.weight_sources, criteria)
        )
        answers[objective.key] = Fact("given")
    object.__setattr__(framework, "objectives", tuple(objectives))
    result = look(framework, Established(answers, {}, {}))
    assert result.score is not None
    assert (result.score.low, result.score.high) == (score, score)


def test_nothing_applicable_gives_no_score() -> None:
    assert weighted_score([(15, None), (10, None)]) is None


def test_the_health_data_hub_of_2020_has_no_effective_measure() -> None:
    result = read("edpb-01-2020", HEALTH_DATA_HUB, date(2020, 10, 8))
    assert result.conclusion is LensOutcome.NOT_MET
    assert outcomes(result) == {
        "1": "not_concerned",
        "2": "not_established",
        "3": "not_established",
        "4": "not_concerned",
        "5": "not_concerned",
        "6": "not_met",
        "7": "not_concerned",
    }
    case = {rule.rule.ref: rule for rule in result.rules}
    assert case["6"].grounds.because == {"provider_needs_cleartext", "us_law_reach"}
    assert result.grounds.because >= {"data_category", "us_law_reach"}
    assert case["2"].grounds.missing == {"transfer_impact_assessment"}


def test_the_health_data_hub_of_2020_fails_secnumcloud_on_capital_and_on_means_of_access() -> None:
    result = read("secnumcloud-19-6", HEALTH_DATA_HUB, date(2020, 10, 8))
    assert outcomes(result) == {
        "a": "not_established",
        "b": "not_met",
        "c": "not_met",
        "d": "not_established",
        "e": "not_established",
        "f": "not_established",
    }
    assert result.conclusion is LensOutcome.NOT_MET


def test_the_health_data_hub_of_2020_does_not_reach_a_level_two_of_jurisdiction() -> None:
    for key in WEIGHTS:
        result = read(key, HEALTH_DATA_HUB, sov_2=2)
        assert result.conclusion is LensOutcome.NOT_MET
        legal = result.objectives[1]
        assert legal.seal is not None
        assert (legal.seal.high, legal.reached) == (1, False)
        assert "us_law_reach" in legal.because
        assert "use_restriction_regimes" in legal.missing


def test_a_sovereign_host_meets_each_letter_but_the_shares_nobody_described() -> None:
    result = read("secnumcloud-19-6", SOVEREIGN_HOST)
    assert outcomes(result) == {"a": "met", "b": "not_established", "c": "met", "d": "met", "e": "met", "f": "met"}
    assert result.conclusion is LensOutcome.NOT_ESTABLISHED
    letter = result.rules[1].grounds
    assert letter.missing == {"chain_greatest_non_eu_share", "chain_total_non_eu_share", "chain_non_eu_power"}


@pytest.mark.parametrize(
    ("greatest", "total", "veto", "outcome"),
    [(24, 39, "no", "met"), (25, 39, "no", "not_met"), (24, 40, "no", "not_met"), (0, 0, "yes", "not_met")],
)
def test_the_thresholds_of_letter_b_come_from_the_control_chain(
    greatest: int, total: int, veto: str, outcome: str
) -> None:
    established = establish(ASKED, SOVEREIGN_HOST, TODAY)
    derived = {
        "chain_greatest_non_eu_share": Fact(str(greatest), greatest),
        "chain_total_non_eu_share": Fact(str(total), total),
        "chain_non_eu_power": Fact(veto),
    }
    facts = Established({**established.facts, **derived}, established.states, established.given)
    result = look(FRAMEWORKS["secnumcloud-19-6"], facts)
    assert outcomes(result)["b"] == outcome


def test_a_sovereign_host_is_not_concerned_by_transfers_and_meets_hds() -> None:
    assert read("edpb-01-2020", SOVEREIGN_HOST).conclusion is LensOutcome.NOT_CONCERNED
    assert read("hds-2", SOVEREIGN_HOST).conclusion is LensOutcome.MET
    elsewhere = {**SOVEREIGN_HOST, "data_category": Answer.of("personal")}
    assert read("hds-2", elsewhere).conclusion is LensOutcome.NOT_CONCERNED


def test_keys_with_the_customer_and_no_clear_text_are_effective_within_reach_of_us_law() -> None:
    answers = {**SOVEREIGN_HOST, "us_law_reach": Answer.of("through_parent")}
    result = read("edpb-01-2020", answers)
    assert (result.conclusion, outcomes(result)["1"]) == (LensOutcome.MET, "met")


@pytest.mark.parametrize("key", SHIPPED_FRAMEWORKS)
def test_an_empty_assessment_establishes_nothing(key: str) -> None:
    result = read(key, {}, sov_1=1) if key in WEIGHTS else read(key, {})
    assert result.conclusion is LensOutcome.NOT_ESTABLISHED
    assert {rule.outcome for rule in result.rules} <= {LensOutcome.NOT_ESTABLISHED, LensOutcome.NOT_CONCERNED}
    if result.score and result.seal:
        assert (result.score.low, result.score.high, result.seal.low, result.seal.high) == (0, 100, 0, 4)


def test_a_factor_without_object_leaves_only_where_the_framework_lets_it() -> None:
    waived = {key: Answer.not_applicable("none here") for key in ("ai_models_control", "key_holder")}
    data = read("eu-csf-2025-10", waived).objectives[2]
    left_out = {result.criterion.question for result in data.criteria if result.points is None}
    assert left_out == {"ai_models_control"}
    assert "key_holder" in data.missing


def test_supplementary_answers_never_reach_the_judge() -> None:
    without = {key: answer for key, answer in SOVEREIGN_HOST.items() if key in FLAGSHIP.questions}
    assert judge(FLAGSHIP, SOVEREIGN_HOST, TODAY).to_bytes() == judge(FLAGSHIP, without, TODAY).to_bytes()


def low_ends(result: LensResult) -> list[Fraction]:
    """Every result's low end, as figures to compare: worst first."""
    rank = {LensOutcome.NOT_MET: 0, LensOutcome.NOT_ESTABLISHED: 0, LensOutcome.MET: 1, LensOutcome.NOT_CONCERNED: 1}
    ends = [Fraction(rank[rule.outcome]) for rule in result.rules]
    ends.append(Fraction(result.holds is True))
    for objective in result.objectives:
        # An objective left out weighs nothing: no level can be under a minimum.
        ends.append(objective.ratio.low if objective.ratio else Fraction(1))
        ends.append(Fraction(objective.seal.low if objective.seal else 4))
        ends.append(Fraction(objective.reached is True))
    if result.score and result.seal:
        ends += [result.score.low, Fraction(result.seal.low)]
    return ends


def high_ends(result: LensResult) -> list[Fraction]:
    ends = [Fraction(rule.outcome is not LensOutcome.NOT_MET) for rule in result.rules]
    ends.append(Fraction(result.holds is not False))
    for objective in result.objectives:
        ends.append(objective.ratio.high if objective.ratio else Fraction(0))
        ends.append(Fraction(objective.seal.high if objective.seal else 0))
    return ends


@given(answered(), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_a_blank_or_a_doubt_never_helps(answers: dict[str, Answer], data: st.DataObject) -> None:
    lost = data.draw(st.lists(st.sampled_from(sorted(ASKED.questions)), min_size=1, max_size=6))
    blank = {key: answer for key, answer in answers.items() if key not in lost}
    doubt = {**answers, **{key: Answer.unknown() for key in lost}}
    minimums = {f"sov_{n}": data.draw(st.integers(0, 4)) for n in range(1, 9)}
    for key in SHIPPED_FRAMEWORKS:
        whole = read(key, answers, **minimums)
        for less in (read(key, blank, **minimums), read(key, doubt, **minimums)):
            assert all(a <= b for a, b in zip(low_ends(less), low_ends(whole), strict=True))
            assert all(a >= b for a, b in zip(high_ends(less), high_ends(whole), strict=True))


@given(answered())
@settings(max_examples=examples(40), deadline=None)
def test_every_outcome_names_the_answers_it_came_from_or_what_is_missing(answers: dict[str, Answer]) -> None:
    facts = establish(ASKED, answers, TODAY).facts
    for key in ("edpb-01-2020", "secnumcloud-19-6", "hds-2"):
        for result in read(key, answers).rules:
            if result.rule.outside:
                continue
            assert bool(result.grounds.missing) is (result.outcome is LensOutcome.NOT_ESTABLISHED)
            assert result.outcome is LensOutcome.NOT_ESTABLISHED or result.grounds.because
            assert all(facts[name].value is None or facts[name].applies is None for name in result.grounds.missing
                       if name in facts)  # fmt: skip


@given(answered())
@settings(max_examples=examples(40), deadline=None)
def test_the_grounds_of_a_condition_agree_with_its_truth(answers: dict[str, Answer]) -> None:
    facts = establish(ASKED, answers, TODAY).facts
    for framework in FRAMEWORKS.values():
        for rule in framework.rules:
            for condition in filter(None, (rule.concerned, rule.met)):
                assert grounds(condition, facts).truth is evaluate(condition, facts)


@pytest.mark.parametrize(
    ("low", "high", "minimum", "reached"),
    [(3, 3, 3, True), (3, 4, 3, True), (2, 3, 3, None), (2, 2, 3, False), (0, 4, 0, True), (4, 4, 5, False)],
)
def test_a_level_equal_to_the_minimum_reaches_it(low: int, high: int, minimum: int, reached: bool | None) -> None:
    assert SealBand(low, high).reaches(minimum) is reached


@pytest.mark.parametrize(("level", "reached"), [(2, True), (3, False)])
def test_an_objective_reaches_the_minimum_that_is_its_own_level(level: int, reached: bool) -> None:
    """Both through the whole reading: the objective, and the framework's conclusion."""
    result = _one_objective(Worth(frozenset({"given"}), 50, 2), minimum=level)
    assert result.objectives[0].reached is reached
    assert result.holds is reached
    assert result.conclusion is (LensOutcome.MET if reached else LensOutcome.NOT_MET)


def test_a_minimum_on_an_objective_with_nothing_to_read_is_not_known_to_be_reached() -> None:
    result = _one_objective(None, minimum=2)
    assert result.objectives[0].seal is None
    assert result.objectives[0].reached is None
    assert result.conclusion is LensOutcome.NOT_ESTABLISHED
    assert _one_objective(None, minimum=0).objectives[0].reached is True


def _one_objective(worth: Worth | None, minimum: int) -> LensResult:
    """A framework of one objective, with one criterion answered ``given``; without ``worth``, with none at all."""
    framework = copy.copy(FRAMEWORKS["eu-csf-2025-10"])
    whole = framework.objectives[0]
    criteria = (Criterion("only", {}, "asked", (worth, Worth(None, 100, 4)), True),) if worth else ()
    only = Objective(whole.key, whole.ref, {}, {}, whole.weight, whole.weight_sources, criteria)
    object.__setattr__(framework, "objectives", (only,))
    return look(framework, Established({"asked": Fact("given")}, {}, {}), {whole.key: minimum})


def test_without_one_sufficient_case_no_measure_is_effective() -> None:
    """Nothing forbids (no clear text, no access in the clear), and yet nothing suffices (annex 2, cases 1 to 5)."""
    result = read("edpb-01-2020", {**HEALTH_DATA_HUB, **_NO_CASE}, TODAY)
    clear = [rule for rule in result.rules if rule.rule.met is None and rule.rule.outside is None]
    assert {rule.outcome for rule in clear} <= {LensOutcome.NOT_CONCERNED}
    assert LensOutcome.MET not in {rule.outcome for rule in result.rules if rule.rule.suffices and rule.rule.met}
    assert result.holds is False
    assert result.conclusion is LensOutcome.NOT_MET


_NO_CASE = {
    key: Answer.of(value)
    for key, value in {
        "provider_needs_cleartext": "no",
        "remote_access_from_third_country": "none",
        "encryption_at_rest": "none",
        "key_holder": "none",
        "pseudonymisation": "none",
        "us_law_reach": "through_parent",
        "transfers": "content",
        "storage_location": "third_country",
    }.items()
}
