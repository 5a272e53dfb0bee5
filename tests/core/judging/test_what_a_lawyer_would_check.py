"""Kinds of cases a lawyer would check, judged on the established facts by the flagship as it ships."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from checklists.packs.editions.reader import read_pack
from checklists.packs.files.shipped import shipped_pack

NOW = date(2026, 11, 30)
EU = {"contracting_entity_country": "FR", "ultimate_parent_country": "FR"}
NO_REACH = {"us_law_reach": "none", "other_third_country_reach": "none"}
READABLE = {"key_holder": "provider", "provider_needs_cleartext": "yes"}
HOSTED_ABROAD = {**EU, "us_law_reach": "through_subcontractor", "subcontractor_access": "hosts_or_reads_content"}
AMERICAN = {"contracting_entity_country": "IE", "ultimate_parent_country": "US", "us_law_reach": "through_parent"}
SWISS = {"ultimate_parent_country": "CH", "other_third_country_reach": "through_parent", "us_law_reach": "none"}
SOVEREIGN = {
    **EU,
    **NO_REACH,
    "data_category": "personal",
    "remote_access_from_third_country": "none",
    "transfers": "none",
    "storage_location": "eu",
    "immunity_qualification": "secnumcloud",
    "secnumcloud_version": "v3_2",
}
SENT = {"us_law_reach": "direct", "ultimate_parent_country": "US", "transfers": "content"}


FLAGSHIP = Edition.from_document(read_pack(shipped_pack("cnil-hosting")).to_document())


def judged(edition: Edition, facts: dict[str, str], day: date = NOW) -> Judgement:
    return judge(edition, {key: Answer.of(value) for key, value in facts.items()}, day)


def verdict(edition: Edition, facts: dict[str, str], day: date = NOW) -> str:
    return judged(edition, facts, day).established.key


@pytest.mark.parametrize("category", ["personal", "health", "special_category"])
def test_a_subcontractor_that_hosts_counts_like_a_parent(flagship: Edition, category: str) -> None:
    through_it = {**HOSTED_ABROAD, **READABLE, "data_category": category}
    through_parent = {**AMERICAN, **READABLE, "data_category": category}
    assert verdict(flagship, through_it) == verdict(flagship, through_parent) == "transition_only"


@pytest.mark.parametrize("access", ["technical_data_only", "none"])
def test_a_subcontractor_kept_from_the_content_leaves_conditional(flagship: Edition, access: str) -> None:
    facts = {**HOSTED_ABROAD, **READABLE, "subcontractor_access": access, "data_category": "health"}
    assert verdict(flagship, facts) == "conditional"


def test_what_a_subcontractor_obtains_is_not_presumed_away(flagship: Edition) -> None:
    facts = {**EU, **READABLE, "us_law_reach": "through_subcontractor", "data_category": "health"}
    assert judged(flagship, facts).established is Verdict.CONDITIONAL
    assert judged(flagship, facts).verdict.worst <= Verdict.TRANSITION_ONLY


def test_a_hosting_subcontractor_without_a_commitment_is_for_a_transition(flagship: Edition) -> None:
    facts = {**HOSTED_ABROAD, "data_category": "personal", "disclosure_commitment": "none"}
    assert verdict(flagship, facts) == "transition_only"


def test_nothing_against_it_is_sovereign(flagship: Edition) -> None:
    assert verdict(flagship, SOVEREIGN) == "sovereign"


@pytest.mark.parametrize(
    "change",
    [{"autonomous_operation": "dependent"}, {"suspension_exposure": "full"}],
    ids=["dependent", "suspended"],
)
def test_what_can_be_cut_off_is_at_best_acceptable(flagship: Edition, change: dict[str, str]) -> None:
    assert verdict(flagship, {**SOVEREIGN, **change}) == "acceptable"


HEALTHY = {**SOVEREIGN, "data_category": "health", "health_hosting_scope": "within_l1111_8"}


def test_health_data_are_sovereign_once_the_duties_are_shown(flagship: Edition) -> None:
    assert verdict(flagship, {**HEALTHY, "hds_certification": "certified"}) == "sovereign"
    assert verdict(flagship, {**HEALTHY, "immunity_qualification": "self_operated"}) == "sovereign"
    assert verdict(flagship, {**HEALTHY, "health_hosting_scope": "outside"}) == "sovereign"


def test_a_duty_on_health_data_that_is_not_shown_is_never_sovereign(flagship: Edition) -> None:
    unqualified = {k: v for k, v in HEALTHY.items() if k not in ("immunity_qualification", "secnumcloud_version")}
    keys_out = {"key_holder": "customer_only", "provider_needs_cleartext": "no"}
    assert verdict(flagship, HEALTHY) == "acceptable"
    assert verdict(flagship, {**HEALTHY, "hds_certification": "in_progress"}) == "conditional"
    assert verdict(flagship, {**unqualified, **keys_out, "hds_certification": "certified"}) == "acceptable"


def test_the_rules_on_health_hosting_bind_only_what_is_within_them(flagship: Edition) -> None:
    abroad = {**SWISS, "data_category": "health", "storage_location": "adequate_third_country", "storage_country": "CH"}
    keys = {"key_holder": "customer_only", "encryption_at_rest": "client_side"}
    facts = {**abroad, **keys, "hds_certification": "none"}
    assert verdict(flagship, {**facts, "health_hosting_scope": "within_l1111_8"}) == "unacceptable"
    assert verdict(flagship, {**facts, "health_hosting_scope": "outside"}) == "conditional"


@pytest.mark.parametrize("country", ["CH", "GB"])
def test_an_adequate_country_makes_the_exposure_conditional(flagship: Edition, country: str) -> None:
    facts = {**SWISS, **READABLE, "ultimate_parent_country": country, "data_category": "health"}
    assert verdict(flagship, facts) == "conditional"
    assert verdict(flagship, {**facts, "ultimate_parent_country": "CN"}) == "transition_only"


def test_the_exposure_worsens_on_the_day_the_adequacy_decision_ends(flagship: Edition) -> None:
    facts = {**SWISS, **READABLE, "ultimate_parent_country": "BR", "data_category": "health"}
    assert verdict(flagship, facts, date(2026, 1, 1)) == "transition_only"
    assert verdict(flagship, facts, date(2026, 6, 1)) == "conditional"


@pytest.mark.parametrize(
    "alone",
    [
        {"retention": "under_3_months"},
        {"transfer_tool": "scc_supplementary"},
        {"disclosure_commitment": "contest_and_notify"},
        {"dpia": "approved"},
        {"processor_contract": "complete"},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_one_isolated_safeguard_lifts_no_presumption(flagship: Edition, alone: dict[str, str]) -> None:
    assert verdict(flagship, {**AMERICAN, **alone, "data_category": "personal"}) == "transition_only"


@pytest.mark.parametrize(
    "together",
    [
        {"dpia": "approved", "processor_contract": "complete"},
        {"dpia": "approved", "processor_contract": "complete", "transfer_impact_assessment": "documented"},
        {"retention": "under_3_months", "disclosure_commitment": "contest_and_notify"},
    ],
)
def test_measures_negotiated_together_are_credited_for_ordinary_data(
    flagship: Edition, together: dict[str, str]
) -> None:
    assert verdict(flagship, {**AMERICAN, **READABLE, **together, "data_category": "personal"}) == "conditional"
    assert verdict(flagship, {**AMERICAN, **READABLE, **together, "data_category": "health"}) == "transition_only"


@pytest.mark.parametrize("tool", ["scc", "scc_supplementary", "bcr"])
@pytest.mark.parametrize("country", ["US", "CN", "IN"])
def test_content_under_clauses_without_a_technical_measure_is_presumed_unlawful(
    flagship: Edition, tool: str, country: str
) -> None:
    facts = {
        "data_category": "personal",
        "transfers": "content",
        "transfer_tool": tool,
        "transfer_destination": country,
    }
    judgement = judged(flagship, facts)
    assert judgement.established is Verdict.UNACCEPTABLE
    assert judgement.deciding is not None
    assert judgement.deciding.holds is None


def test_pseudonymisation_counts_where_the_recipient_cannot_undo_it(flagship: Edition) -> None:
    facts = {**SENT, "data_category": "personal", "transfer_tool": "scc", "transfer_impact_assessment": "documented"}
    assert verdict(flagship, {**facts, "pseudonymisation": "by_provider"}) == "unacceptable"
    assert verdict(flagship, {**facts, "pseudonymisation": "multiple_independent"}) == "conditional"


def test_no_assessment_is_due_for_a_derogation(flagship: Edition) -> None:
    facts = {"data_category": "personal", "transfers": "technical_data_only", "transfer_tool": "derogation"}
    gates = {c.gate for c in judged(flagship, {**facts, "transfer_impact_assessment": "none"}).ceilings if c.holds}
    assert "technical_no_impact_assessment" not in gates
    assert "no_impact_assessment" not in gates


def test_article_31_is_a_test_and_not_a_category(flagship: Edition) -> None:
    facts = {**AMERICAN, "data_category": "health", "controller_status": "state_or_operator"}
    kept = {
        **facts,
        "key_holder": "customer_only",
        "encryption_at_rest": "client_side",
        "immunity_qualification": "none",
    }
    assert verdict(flagship, {**kept, "art31_analysis": "particularly_sensitive"}) == "transition_only"
    assert verdict(flagship, {**kept, "art31_analysis": "not_particularly_sensitive"}) == "conditional"
    needed = judged(flagship, {**facts, "art31_analysis": "not_particularly_sensitive"}).required
    assert needed.worst is Verdict.ACCEPTABLE


def test_a_score_alone_never_condemns(flagship: Edition) -> None:
    assert all(threshold.ceiling >= Verdict.CONDITIONAL for threshold in flagship.thresholds)
    worst = {
        key: Answer.of(min(question.options.values(), key=lambda o: o.level or 0).key)
        for key, question in flagship.questions.items()
        if question.is_scored
    }
    judgement = judge(flagship, {**worst, "data_category": Answer.of("non_personal")}, NOW)
    assert judgement.score.high < 30
    assert min(c.verdict for c in judgement.ceilings if c.below is not None) is Verdict.CONDITIONAL


@pytest.mark.parametrize("facts", [{}, EU, {**EU, "storage_location": "eu"}], ids=["nothing", "parent", "stored"])
def test_what_little_is_known_is_not_headlined_as_good(flagship: Edition, facts: dict[str, str]) -> None:
    assert verdict(flagship, {**facts, "data_category": "personal"}) == "conditional"


@pytest.mark.parametrize("day", [date(2012, 6, 1), date(2017, 6, 1), date(2019, 7, 9), date(2021, 6, 1), NOW])
@pytest.mark.parametrize(
    "content",
    [{"transfers": "content"}, {"remote_access_from_third_country": "content"}, {"storage_location": "third_country"}],
    ids=lambda facts: next(iter(facts)),
)
def test_silence_lets_no_content_through_on_any_date(flagship: Edition, content: dict[str, str], day: date) -> None:
    assert verdict(flagship, {**content, "data_category": "special_category"}, day) == "unacceptable"


def test_use_for_the_providers_own_ends_has_a_gate_of_its_own(flagship: Edition) -> None:
    facts = {**SOVEREIGN, "provider_own_purposes": "own_purposes"}
    assert verdict(flagship, facts) == "unacceptable"
    assert verdict(flagship, {**facts, "provider_own_purposes": "none"}) == "sovereign"


def test_content_encrypted_end_to_end_is_outside_rule_r9(flagship: Edition) -> None:
    facts = {**AMERICAN, "data_category": "state_sensitive", "immunity_qualification": "none"}
    sealed = {"encryption_at_rest": "client_side", "key_holder": "customer_only", "provider_needs_cleartext": "no"}
    assert verdict(flagship, facts) == "transition_only"
    assert verdict(flagship, {**facts, **sealed}) == "conditional"


def test_encryption_excuses_and_does_not_free(flagship: Edition) -> None:
    sealed = {"encryption_at_rest": "client_side", "key_holder": "customer_only", "provider_needs_cleartext": "no"}
    for reach in (AMERICAN, HOSTED_ABROAD):
        assert verdict(flagship, {**reach, **sealed, "data_category": "personal"}) == "conditional"


@pytest.mark.parametrize("how", ["self_operated", "treaty_immunity"])
def test_sovereignty_can_be_shown_otherwise_than_by_a_qualification(flagship: Edition, how: str) -> None:
    facts = {k: v for k, v in SOVEREIGN.items() if k != "secnumcloud_version"}
    assert verdict(flagship, {**facts, "immunity_qualification": how}) == "sovereign"


def test_a_qualification_has_a_version(flagship: Edition) -> None:
    assert verdict(flagship, {**SOVEREIGN, "secnumcloud_version": "before_3_2"}) == "acceptable"
    unsaid = {k: v for k, v in SOVEREIGN.items() if k != "secnumcloud_version"}
    assert verdict(flagship, unsaid, date(2021, 1, 1)) == "acceptable"
    assert verdict(flagship, unsaid, date(2023, 1, 1)) == "acceptable"
    assert verdict(flagship, unsaid) == "sovereign"


def test_facts_follow_from_facts(flagship: Edition) -> None:
    states = judged(flagship, {"ultimate_parent_country": "US", "contracting_entity_country": "IE"}).states
    assert states["us_law_reach"].derived == "through_parent"
    states = judged(flagship, {"storage_country": "JP", **NO_REACH, **EU}).states
    assert states["storage_location"].derived == "adequate_third_country"
    assert states["disclosure_commitment"].derived == "not_needed"
    assert states["suspension_exposure"].derived == "none"
    states = judged(
        flagship, {"storage_country": "DE", "transfers": "none", "remote_access_from_third_country": "none"}
    ).states
    assert states["transfer_tool"].derived == states["transfer_impact_assessment"].derived == "not_needed"
    assert not states["transfer_destination"].asked


_KEYS = [
    "us_law_reach", "other_third_country_reach", "immunity_qualification", "secnumcloud_version", "key_holder",
    "provider_needs_cleartext", "suspension_exposure", "autonomous_operation", "subcontractor_access", "transfers",
    "remote_access_from_third_country", "storage_location", "data_category", "provider_own_purposes",
]  # fmt: skip


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_sovereign_implies_neither_harm(data: st.DataObject) -> None:
    flagship = FLAGSHIP
    facts = dict(SOVEREIGN)
    for key in data.draw(st.lists(st.sampled_from(_KEYS), unique=True, max_size=4)):
        facts[key] = data.draw(st.sampled_from(list(flagship.questions[key].options)))
    judgement = judged(flagship, facts)
    if judgement.established is Verdict.SOVEREIGN:
        option = {key: state.option.key for key, state in judgement.states.items() if state.option}
        assert option["us_law_reach"] == "none"
        assert option.get("suspension_exposure") != "full"
        assert option.get("autonomous_operation") != "dependent"
        assert "content" not in (option["transfers"], option["remote_access_from_third_country"])
