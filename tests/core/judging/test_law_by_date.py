"""The same answers under the law of another day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.changing.hypotheses import StressOutcome, stress
from checklists.core.control_chain import Chain, Entity
from checklists.core.editions.edition import ADEQUACY_PREFIX, Edition
from checklists.core.editions.vocabulary import LegalStatus, Verdict
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.facts import IN_FORCE, NOT_IN_FORCE, Origin, establish
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import FindingKind
from checklists.core.judging.later_law import later_changes
from checklists.core.judging.law import adequacy_decision, governing_law
from tests.profiles import examples

UNDER_THE_SHIELD = {
    "data_category": "personal",
    "us_law_reach": "direct",
    "transfers": "content",
    "transfer_tool": "privacy_shield",
}
TODAY = date(2026, 11, 24)


def said(**facts: str) -> dict[str, Answer]:
    return {key: Answer.of(value) for key, value in facts.items()}


def established(edition: Edition, facts: dict[str, str], day: str) -> Verdict:
    return judge(edition, said(**facts), date.fromisoformat(day)).established


def tool(edition: Edition, day: str, **facts: str) -> tuple[str | None, str | None]:
    state = judge(edition, said(**facts), date.fromisoformat(day)).states["transfer_tool"]
    return (state.option.key if state.option else None), state.relied_on


def test_the_privacy_shield_carried_a_transfer_until_16_july_2020(flagship: Edition) -> None:
    assert established(flagship, UNDER_THE_SHIELD, "2020-07-15") is Verdict.CONDITIONAL
    assert established(flagship, UNDER_THE_SHIELD, "2020-07-16") is Verdict.UNACCEPTABLE
    assert established(flagship, UNDER_THE_SHIELD, "2020-07-17") is Verdict.UNACCEPTABLE


def test_the_data_privacy_framework_carries_a_transfer_from_10_july_2023(flagship: Edition) -> None:
    facts = {**UNDER_THE_SHIELD, "transfer_tool": "data_privacy_framework"}
    assert established(flagship, facts, "2023-07-09") is Verdict.UNACCEPTABLE
    assert established(flagship, facts, "2023-07-10") is Verdict.CONDITIONAL


@pytest.mark.parametrize(
    ("day", "counts_as", "law"),
    [
        ("2010-02-04", "none", None),
        ("2020-10-08", "scc", "scc_2010"),
        ("2021-06-26", "scc", "scc_2010"),
        ("2021-06-27", "scc", "scc"),
        ("2024-01-01", "scc", "scc"),
    ],
)
def test_standard_clauses_are_those_of_the_day(flagship: Edition, day: str, counts_as: str, law: str | None) -> None:
    assert tool(flagship, day, transfer_tool="scc") == (counts_as, law)


@pytest.mark.parametrize(
    ("country", "day", "counts_as", "law"),
    [
        ("JP", "2019-01-22", "none", None),
        ("JP", "2019-01-23", "adequacy", "adequacy_jp"),
        ("KR", "2021-12-16", "none", None),
        ("KR", "2021-12-17", "adequacy", "adequacy_kr"),
        ("BR", "2026-01-25", "none", None),
        ("BR", "2026-01-26", "adequacy", "adequacy_br"),
        ("GB", "2021-06-27", "adequacy", "uk_before_adequacy"),
        ("GB", "2021-06-28", "adequacy", "adequacy_gb"),
        ("GB", "2031-12-26", "adequacy", "adequacy_gb"),
        ("GB", "2031-12-27", "none", None),
        ("US", "2020-07-15", "adequacy", "privacy_shield"),
        ("US", "2020-07-16", "none", None),
        ("US", "2023-07-10", "adequacy", "data_privacy_framework"),
        ("NO", "2024-01-01", "adequacy", "eea_efta_states"),
        ("CN", "2024-01-01", "none", None),
    ],
)
def test_adequacy_rests_on_a_decision_for_that_country_on_that_day(
    flagship: Edition, country: str, day: str, counts_as: str, law: str | None
) -> None:
    assert tool(flagship, day, transfer_tool="adequacy", transfer_destination=country) == (counts_as, law)


def test_storage_in_a_country_without_a_decision_counts_as_a_third_country(flagship: Edition) -> None:
    facts = said(storage_location="adequate_third_country", storage_country="IN")
    state = judge(flagship, facts, TODAY).states["storage_location"]
    assert state.option is not None
    assert (state.option.key, state.origin) == ("third_country", Origin.UNJUSTIFIED)
    reason = Answer(AnswerStatus.ANSWERED, "adequate_third_country", "a decision is about to be published")
    judgement = judge(flagship, {**facts, "storage_location": reason}, TODAY)
    state = judgement.states["storage_location"]
    assert state.option is not None
    assert (state.option.key, state.lapsed_from) == ("third_country", "adequate_third_country")
    assert FindingKind.LAPSED in {finding.kind for finding in judgement.findings}


def test_an_adequacy_without_a_country_is_taken_as_said_and_not_credited(flagship: Edition) -> None:
    facts = {**UNDER_THE_SHIELD, "transfer_tool": "adequacy"}
    unnamed = judge(flagship, said(**facts), TODAY)
    named = judge(flagship, said(**facts, transfer_destination="JP"), TODAY)
    wrong = judge(flagship, said(**facts, transfer_destination="CN"), TODAY)
    assert unnamed.states["transfer_tool"].unproven
    assert unnamed.established is named.established is Verdict.CONDITIONAL
    assert unnamed.verdict.worst is Verdict.UNACCEPTABLE
    assert unnamed.score.low < named.score.low
    assert wrong.established is Verdict.UNACCEPTABLE
    opened = {c.gate: c.open_questions for c in unnamed.ceilings}
    assert "transfer_destination" in opened["adequacy_country_unnamed"]


def test_a_proposal_is_never_in_force(flagship: Edition) -> None:
    proposals = [law for law in flagship.laws.values() if law.status is LegalStatus.PROPOSED]
    assert proposals
    assert not any(law.is_in_force(TODAY) for law in proposals)


@given(st.dates(date(1995, 1, 1), date(2030, 1, 1)))
@settings(max_examples=examples(80), deadline=None)
def test_a_country_is_covered_by_one_decision_at_a_time(flagship: Edition, day: date) -> None:
    for country in {country for law in flagship.laws.values() for country in law.countries}:
        covering = [
            law.key
            for law in flagship.laws.values()
            if law.kind in {"adequacy", "free_area"} and country in law.countries and law.is_in_force(day)
        ]
        assert len(covering) <= 1, (country, day, covering)
        decision = adequacy_decision(flagship, country, day)
        assert [decision.key if decision else None] == (covering or [None])


def test_a_law_stands_in_for_the_next_until_that_begins(flagship: Edition) -> None:
    for law in flagship.laws.values():
        if law.replaces and law.period.start:
            eve = governing_law(flagship, law.key, law.period.start - timedelta(days=1))
            assert eve is not None
            assert eve.key == law.replaces
            assert governing_law(flagship, law.key, law.period.start) is law


def test_a_later_law_that_changes_the_verdict_is_named_with_its_day(flagship: Edition) -> None:
    changes = later_changes(flagship, said(**UNDER_THE_SHIELD), date(2020, 7, 1), TODAY)
    struck = changes[0]
    assert struck.day == date(2020, 7, 16)
    assert "privacy_shield" in struck.laws
    assert struck.before.established is Verdict.CONDITIONAL
    assert struck.after.established is Verdict.UNACCEPTABLE


def test_no_change_is_told_before_the_reference_date_nor_after_the_day_given(flagship: Edition) -> None:
    answers = said(**UNDER_THE_SHIELD)
    assert later_changes(flagship, answers, date(2020, 7, 1), date(2020, 7, 15)) == ()
    days = [change.day for change in later_changes(flagship, answers, date(2020, 7, 16), TODAY)]
    assert days == sorted(days)
    assert all(day > date(2020, 7, 16) for day in days)


def test_time_that_passes_is_not_a_change_of_law(flagship: Edition) -> None:
    """A transition that would look shorter from a later day is still counted from the reference date."""
    answers = said(
        data_category="personal", host_change_required="yes", transition_end="2023-01-01", alternatives_assessed="no"
    )
    then = judge(flagship, answers, date(2020, 10, 8), law_date=date(2022, 10, 8))
    assert "transition_too_long" in {c.gate for c in then.ceilings if c.holds}


def outcome(edition: Edition, key: str, facts: dict[str, str], day: date = TODAY) -> StressOutcome:
    return next(result for result in stress(edition, said(**facts), day) if result.hypothesis == key)


def test_were_the_framework_annulled_the_transfer_would_have_no_tool(flagship: Edition) -> None:
    facts = {**UNDER_THE_SHIELD, "transfer_tool": "data_privacy_framework"}
    result = outcome(flagship, "framework_annulled", facts)
    assert result.before.established is Verdict.CONDITIONAL
    assert result.after.established is Verdict.UNACCEPTABLE
    assert "no_transfer_tool" in result.closes


def test_were_the_qualification_withdrawn_the_offer_would_not_be_sovereign(flagship: Edition) -> None:
    facts = {
        "data_category": "health",
        "health_hosting_scope": "outside",
        "us_law_reach": "none",
        "other_third_country_reach": "none",
        "immunity_qualification": "secnumcloud",
    }
    result = outcome(flagship, "qualification_withdrawn", facts)
    assert (result.before.established, result.after.established) == (Verdict.SOVEREIGN, Verdict.ACCEPTABLE)


def test_were_the_host_bought_by_a_us_company_its_law_would_reach_it(flagship: Edition) -> None:
    facts = {
        "data_category": "health",
        "us_law_reach": "none",
        "other_third_country_reach": "none",
        "key_holder": "provider",
    }
    result = outcome(flagship, "bought_by_us_company", facts)
    assert result.before.established is Verdict.ACCEPTABLE
    assert result.after.established is Verdict.TRANSITION_ONLY
    assert "keys_within_reach_sensitive" in result.closes


def test_the_purchase_is_supposed_against_what_the_control_chain_shows(flagship: Edition) -> None:
    chain = Chain((Entity("A", "Host", "FR", "contracting", closed=True),), ())
    answers = said(data_category="health", control_chain=chain.to_text(), key_holder="provider")
    assert judge(flagship, answers, TODAY).states["us_law_reach"].derived == "none"
    result = next(item for item in stress(flagship, answers, TODAY) if item.hypothesis == "bought_by_us_company")
    assert result.before.established is Verdict.ACCEPTABLE
    assert result.after.established is Verdict.TRANSITION_ONLY


def test_only_the_gates_that_bear_on_the_answers_are_told(flagship: Edition) -> None:
    (change, *_others) = later_changes(flagship, said(**UNDER_THE_SHIELD), date(2020, 7, 1), TODAY)
    assert {"clear_text_transfer", "clauses_without_technical_measure"} <= set(change.gates)
    assert "sensitive_workload" not in change.requirements
    assert "keys_within_reach_sensitive" not in change.gates


def test_a_hypothesis_that_touches_nothing_answered_changes_nothing(flagship: Edition) -> None:
    assert not outcome(flagship, "qualification_withdrawn", UNDER_THE_SHIELD).changes_anything


def test_the_derogation_for_state_data_ends_twelve_months_after_an_acceptable_offer(flagship: Edition) -> None:
    facts = {"data_category": "state_sensitive", "immunity_qualification": "none", "us_law_reach": "none"}
    for since, expected in (("2023-12-02", Verdict.TRANSITION_ONLY), ("2023-12-01", Verdict.UNACCEPTABLE)):
        assert established(flagship, {**facts, "acceptable_offer_since": since}, "2024-12-01") is expected


def test_hds_certificates_of_the_first_version_end_on_16_may_2026(flagship: Edition) -> None:
    facts = {"data_category": "health", "storage_location": "adequate_third_country", "us_law_reach": "none"}
    assert established(flagship, facts, "2024-11-15") is Verdict.CONDITIONAL
    assert established(flagship, facts, "2026-05-15") is Verdict.TRANSITION_ONLY
    assert established(flagship, facts, "2026-05-16") is Verdict.UNACCEPTABLE


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Answer.of("CH"), IN_FORCE), (Answer.of("CN"), NOT_IN_FORCE), (Answer.unknown(), None), (None, None)],
)
def test_the_adequacy_of_a_country_nobody_knows_is_not_known(
    flagship: Edition, answer: Answer | None, said: str | None
) -> None:
    for key in flagship.adequacy_questions:
        facts = establish(flagship, {key: answer} if answer else {}, date(2026, 11, 24)).facts
        assert facts[ADEQUACY_PREFIX + key].value == said
