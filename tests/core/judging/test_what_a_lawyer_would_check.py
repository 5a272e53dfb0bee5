"""Kinds of cases a lawyer would check, judged on the established facts by the flagship as it ships."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.control_chain.shape import Chain, Entity, Link, Role
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.decided_cases import backtest
from checklists.core.judging.facts import Origin
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from checklists.packs.editions.cases import read_cases
from checklists.packs.editions.reader import read_pack
from checklists.packs.files.shipped import shipped_pack
from tests.profiles import examples

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


@pytest.mark.parametrize(
    ("certification", "expected"),
    [(None, "acceptable"), ("in_progress", "conditional"), ("none", "unacceptable"), ("certified", "sovereign")],
)
def test_a_scope_that_nobody_states_is_presumed_to_be_that_of_the_rules_on_health_hosting(
    flagship: Edition, certification: str | None, expected: str
) -> None:
    facts = {**SOVEREIGN, "data_category": "health"}
    said = {"hds_certification": certification} if certification else {}
    assert verdict(flagship, {**facts, **said}) == expected
    assert verdict(flagship, {**facts, **said, "health_hosting_scope": "outside"}) == "sovereign"


@pytest.mark.parametrize(
    "content",
    [{"transfers": "content"}, {"remote_access_from_third_country": "content"}, {"storage_location": "third_country"}],
    ids=lambda facts: next(iter(facts)),
)
def test_no_tool_is_needed_only_where_no_content_leaves(flagship: Edition, content: dict[str, str]) -> None:
    facts = {**EU, **NO_REACH, **content, "data_category": "personal", "transfer_tool": "not_needed"}
    assert verdict(flagship, facts) == "unacceptable"
    assert judged(flagship, facts).states["transfer_tool"].origin is Origin.UNJUSTIFIED
    assert verdict(flagship, {**facts, "transfer_destination": "JP"}) == "conditional"
    assert verdict(flagship, {**facts, "pseudonymisation": "multiple_independent"}) == "conditional"
    said = {key: Answer.of(value) for key, value in facts.items()}
    corrected = {**said, "transfer_tool": replace(said["transfer_tool"], justification="sent by the person herself")}
    assert judge(flagship, corrected, NOW).states["transfer_tool"].origin is Origin.OVERRIDE
    at_home = {**EU, **NO_REACH, "data_category": "personal", "transfers": "none", "transfer_tool": "not_needed"}
    assert verdict(flagship, at_home) == "acceptable"


def test_a_case_that_denies_the_reach_of_its_american_parent_says_why(flagship: Edition) -> None:
    written = (
        "- {{id: x, reference_date: 2024-01-01, expected: conditional, facts: {{data_category: personal, "
        "ultimate_parent_country: US, us_law_reach: {reach}}}}}"
    )
    (bare,) = backtest(flagship, read_cases(written.format(reach="none").encode()))
    assert bare.contradicted == ("us_law_reach",)
    assert bare.judgement.states["us_law_reach"].option == flagship.questions["us_law_reach"].options["through_parent"]
    reasoned = written.format(reach="{value: none, reason: held by a trust in the Union}")
    (explained,) = backtest(flagship, read_cases(reasoned.encode()))
    assert explained.contradicted == ()
    assert explained.judgement.states["us_law_reach"].option == flagship.questions["us_law_reach"].options["none"]


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


def test_use_for_the_providers_own_ends_is_presumed_to_have_no_basis(flagship: Edition) -> None:
    facts = {**SOVEREIGN, "provider_own_purposes": "own_purposes"}
    judgement = judged(flagship, facts)
    assert judgement.established is Verdict.UNACCEPTABLE
    assert judgement.verdict.best is Verdict.CONDITIONAL
    examined = {"processor_contract": "complete", "dpia": "approved"}
    assert verdict(flagship, {**facts, "dpia": "approved"}) == "unacceptable"
    assert verdict(flagship, {**facts, **examined}) == "conditional"
    assert verdict(flagship, {**facts, **examined, "data_category": "special_category"}) == "unacceptable"
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
    (inferred,) = [rule for rule in flagship.derivations if rule.key == "qualified_since_immunity"]
    assert "inference of this checklist" in inferred.text["en"]
    assert verdict(flagship, {**unsaid, "secnumcloud_version": "before_3_2"}) == "acceptable"


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


# Facts of the world, and safeguards: those of which a better or worse answer is about the offer as it is.
_SCALES = [
    "pseudonymisation", "retention", "encryption_at_rest", "key_holder", "provider_needs_cleartext",
    "provider_admin_key_access", "us_law_reach", "other_third_country_reach", "subcontractor_access",
    "remote_access_from_third_country", "disclosure_commitment", "immunity_qualification", "secnumcloud_version",
    "storage_location", "transfers", "transfer_tool", "transfer_impact_assessment", "exit_plan", "dpia",
    "processor_contract", "provider_own_purposes", "hds_certification", "suspension_exposure", "autonomous_operation",
    "service_continuity", "transition_active_steps", "transition_guarantees", "transition_legal_basis",
]  # fmt: skip
_SITUATIONS = ["data_category", "data_subjects_scale", "controller_status", "art31_analysis", "health_hosting_scope"]
_COUNTRIES = ["contracting_entity_country", "ultimate_parent_country", "transfer_destination", "storage_country"]
_DATES = [date(2017, 1, 2), date(2020, 10, 8), date(2023, 12, 21), NOW]


@st.composite
def _known(draw: st.DrawFn) -> dict[str, str]:
    """A few facts, as a case file has them."""
    facts = {}
    for key in draw(st.lists(st.sampled_from([*_SCALES, *_SITUATIONS]), unique=True, min_size=3, max_size=14)):
        facts[key] = draw(st.sampled_from(list(FLAGSHIP.questions[key].options)))
    for key in draw(st.lists(st.sampled_from(_COUNTRIES), unique=True, max_size=3)):
        facts[key] = draw(st.sampled_from(["FR", "CH", "US", "CN"]))
    return facts


@given(_known(), st.sampled_from(_SCALES), st.sampled_from(_DATES), st.data())
@settings(max_examples=examples(300), deadline=None)
def test_a_safeguard_never_lowers_a_verdict_and_an_adverse_fact_never_raises_one(
    facts: dict[str, str], key: str, day: date, data: st.DataObject
) -> None:
    """Whatever else is said or silent: the same facts with one known answer at two levels."""
    options = FLAGSHIP.questions[key].options
    both = [data.draw(st.sampled_from(list(options))) for _ in range(2)]
    judgements = [judged(FLAGSHIP, {**facts, key: value}, day) for value in both]
    levels = [judgement.states[key].level for judgement in judgements]
    if None in levels or levels[0] == levels[1]:
        return
    worse, better = sorted(judgements, key=lambda judgement: judgement.states[key].level or 0)
    assert worse.established <= better.established
    assert worse.verdict.worst <= better.verdict.worst
    assert worse.verdict.best <= better.verdict.best


@given(_known(), st.sampled_from(_DATES))
@settings(max_examples=examples(200), deadline=None)
def test_what_is_derived_stands_unless_a_reason_is_given(facts: dict[str, str], day: date) -> None:
    for key, state in judged(FLAGSHIP, facts, day).states.items():
        if state.derived is None:
            continue
        counted = state.option.key if state.option else state.derived
        allowed = {state.derived} | {o for rule in FLAGSHIP.derivations_of[key] for o in rule.also}
        assert counted in allowed or state.lapsed_from in allowed


_CHAINS = st.sampled_from([("FR", "FR"), ("FR", "US"), ("IE", "US"), ("US", "US"), ("FR", "CN"), ("CH", "CH")])


@given(_CHAINS, _known())
@settings(max_examples=examples(100), deadline=None)
def test_no_derived_answer_contradicts_the_control_chain(countries: tuple[str, str], facts: dict[str, str]) -> None:
    contracting, parent = countries
    companies = (
        Entity("A", "Host", contracting, Role.CONTRACTING.value, closed=True),
        Entity("B", "Head", parent, Role.PARENT.value, closed=True),
    )
    alone = {"control_chain": Chain(companies, (Link("B", "A", "100", "100"),)).to_text()}
    given_by_it = {
        key: state.derived
        for key, state in judged(FLAGSHIP, alone).states.items()
        if state.from_chain and state.derived
    }
    assert given_by_it
    states = judged(FLAGSHIP, {**facts, **alone}).states
    for key, value in given_by_it.items():
        assert states[key].derived == value
        option = states[key].option
        assert option is None or option.key == value
    for rule in FLAGSHIP.derivations:
        assert not (rule.question in given_by_it and states[rule.question].rule == rule.key and not rule.takes)


_KEYS = [
    "us_law_reach", "other_third_country_reach", "immunity_qualification", "secnumcloud_version", "key_holder",
    "provider_needs_cleartext", "suspension_exposure", "autonomous_operation", "subcontractor_access", "transfers",
    "remote_access_from_third_country", "storage_location", "data_category", "provider_own_purposes",
]  # fmt: skip


@given(st.data())
@settings(max_examples=examples(200), deadline=None)
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
