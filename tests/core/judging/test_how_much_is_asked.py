"""How much the flagship asks, and what became of the questions it asks no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import QuestionState, establish

NOW = date(2026, 11, 30)
STAYING = {"host_change_required": "no", "transfers": "content", "key_holder": "provider", "encryption_at_rest": "none"}
AMERICAN = {"contracting_entity_country": "IE", "ultimate_parent_country": "US", "other_third_country_reach": "none"}
EUROPEAN = {
    "contracting_entity_country": "FR", "ultimate_parent_country": "FR", "us_law_reach": "none",
    "other_third_country_reach": "none", "transfers": "none", "remote_access_from_third_country": "none",
}  # fmt: skip
FACTS = [
    "data_category", "data_subjects_scale", "pseudonymisation", "retention", "encryption_at_rest", "key_holder",
    "provider_needs_cleartext", "provider_admin_key_access", "contracting_entity_country",
    "ultimate_parent_country", "us_law_reach", "other_third_country_reach", "remote_access_from_third_country",
    "disclosure_commitment", "immunity_qualification", "storage_location", "transfers", "transfer_tool",
    "transfer_impact_assessment", "host_change_required", "transition_end", "transition_duration_justified",
    "alternatives_assessed", "transition_active_steps", "transition_legal_basis", "transition_guarantees",
    "exit_plan", "provider_dependency", "dpia", "processor_contract", "audit_rights", "access_logging",
    "subcontractor_access", "health_hosting_scope", "art31_analysis", "controller_role", "applicable_regime",
    "provider_own_purposes", "secnumcloud_version",
]  # fmt: skip
"""The keys that case files are written in: they stay for ever."""


def asked(edition: Edition, facts: dict[str, str]) -> int:
    """How many questions a person is asked of one offer and its workload, those about the workload included."""
    return sum(state.asked for state in states(edition, facts).values())


HOSTS = pytest.mark.parametrize("host", [EUROPEAN, AMERICAN], ids=["european", "american"])
LEAVING = pytest.mark.parametrize("leaving", ["yes", "no"])
CONTROLLER = pytest.mark.parametrize("controller", ["private", "public_body", "state_or_operator"])
READABLE = pytest.mark.parametrize("readable", ["yes", "no"])


@HOSTS
@LEAVING
@CONTROLLER
@READABLE
def test_at_most_forty_five_questions_for_ordinary_personal_data(
    flagship: Edition, host: dict[str, str], leaving: str, controller: str, readable: str
) -> None:
    offer = {**STAYING, **host, "host_change_required": leaving, "provider_needs_cleartext": readable}
    assert asked(flagship, {**offer, "data_category": "personal", "controller_status": controller}) <= 45


@HOSTS
@LEAVING
@CONTROLLER
@READABLE
def test_at_most_fifty_eight_questions_for_health_data(
    flagship: Edition, host: dict[str, str], leaving: str, controller: str, readable: str
) -> None:
    facts = {**STAYING, **host, "data_category": "health", "controller_status": controller}
    most = {
        **facts,
        "host_change_required": leaving,
        "provider_needs_cleartext": readable,
        "other_third_country_reach": "through_subcontractor",
        "immunity_qualification": "secnumcloud",
    }
    assert asked(flagship, most) <= 58


def states(edition: Edition, facts: dict[str, str]) -> Mapping[str, QuestionState]:
    return establish(edition, {key: Answer.of(value) for key, value in facts.items()}, NOW).states


def test_a_commitment_on_requests_is_asked_only_where_somebody_can_make_one(flagship: Edition) -> None:
    assert not states(flagship, EUROPEAN)["disclosure_commitment"].asked
    for link in ("direct", "through_parent", "through_subcontractor"):
        for reach in ("us_law_reach", "other_third_country_reach"):
            assert states(flagship, {**EUROPEAN, reach: link})["disclosure_commitment"].asked


def test_a_transfer_assessment_is_asked_only_where_something_leaves(flagship: Edition) -> None:
    """It is shown as derived elsewhere, and asked of nobody."""
    at_home = {**EUROPEAN, "storage_location": "eu"}
    for key in ("transfer_tool", "transfer_impact_assessment"):
        assert states(flagship, at_home)[key].derived == "not_needed"
    for leaves in ({"transfers": "content"}, {"remote_access_from_third_country": "technical_data_only"}):
        left = states(flagship, {**at_home, **leaves})["transfer_impact_assessment"]
        assert left.asked
        assert left.derived is None


@pytest.mark.parametrize(
    "key", ["change_of_control_notice", "audit_rights", "breach_notification", "access_logging", "key_revocation"]
)
def test_what_only_a_lasting_contract_needs_is_not_asked_of_a_host_to_be_left(flagship: Edition, key: str) -> None:
    assert states(flagship, {"host_change_required": "no"})[key].asked
    assert not states(flagship, {"host_change_required": "yes"})[key].asked


@pytest.mark.parametrize("key", ["provider_admin_key_access", "clear_text_table"])
def test_who_reads_at_which_moment_is_asked_of_sensitive_data(flagship: Edition, key: str) -> None:
    readable = {"provider_needs_cleartext": "yes"}
    assert states(flagship, {**readable, "data_category": "health"})[key].asked
    assert not states(flagship, {**readable, "data_category": "personal"})[key].asked


def test_the_keys_of_case_files_are_all_questions(flagship: Edition) -> None:
    assert [key for key in FACTS if key not in flagship.questions] == []


def test_a_question_asked_no_more_names_the_one_that_covers_it(flagship: Edition) -> None:
    assert flagship.former
    for key, former in flagship.former.items():
        assert key not in flagship.questions
        assert former.into in flagship.questions
        assert set(former.text) == {"fr", "en"}


@pytest.mark.parametrize("key", ["dpia", "people_informed", "record_of_processing"])
def test_facts_about_the_controller_are_asked_once(flagship: Edition, key: str) -> None:
    assert flagship.questions[key].scope == "workload"
