"""How much the flagship asks, and what became of the questions it asks no more."""

from __future__ import annotations

from datetime import date

import pytest

from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import establish

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
    states = establish(edition, {key: Answer.of(value) for key, value in facts.items()}, NOW).states
    return sum(state.asked for state in states.values())


@pytest.mark.parametrize("host", [EUROPEAN, AMERICAN], ids=["european", "american"])
@pytest.mark.parametrize("controller", ["private", "public_body"])
def test_at_most_forty_five_questions_for_ordinary_personal_data(
    flagship: Edition, host: dict[str, str], controller: str
) -> None:
    facts = {**STAYING, **host, "data_category": "personal", "controller_status": controller}
    assert asked(flagship, facts) <= 45


@pytest.mark.parametrize("leaving", ["yes", "no"])
@pytest.mark.parametrize("host", [EUROPEAN, AMERICAN], ids=["european", "american"])
def test_at_most_fifty_eight_questions_for_health_data(flagship: Edition, host: dict[str, str], leaving: str) -> None:
    facts = {**STAYING, **host, "data_category": "health", "controller_status": "state_or_operator"}
    most = {
        **facts,
        "host_change_required": leaving,
        "other_third_country_reach": "through_subcontractor",
        "immunity_qualification": "secnumcloud",
    }
    assert asked(flagship, most) <= 58


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
