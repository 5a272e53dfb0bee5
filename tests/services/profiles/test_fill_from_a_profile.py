"""Filling in an offer from a provider profile: sourced facts, told before, presumed after, confirmed by a person."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from checklists.models import Answer, AnswerChange, Edition, Offer, ProfileChange, ProfileFact, TrailEntry, User
from checklists.packs.reports.record import read_record
from checklists.services.answers.confirm_answers import confirm_answers
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.judging.judge_offer import edition_of, judge_offer
from checklists.services.moves.move_edition import move_assessment, undo_move
from checklists.services.profiles.fill_from_profile import (
    FillOutcome,
    fill_from_profile,
    is_old,
    newer_facts,
    proposals,
)
from checklists.services.profiles.keep_profile import FactRefused, remove_fact, save_fact, save_profile
from checklists.services.reports.import_record import import_record
from checklists.services.reports.issue_report import issue_report
from checklists.services.trail.record import acting
from checklists.words.reports import changes
from tests.moves import next_edition
from tests.services.made_profiles import FACTS, a_fact, a_profile


@pytest.fixture
def fresh(example: Offer) -> Offer:
    return add_offer(example.assessment, name="Fresh", provider="Hôte imaginaire")


def fill(offer: Offer, by: User | None = None) -> int:
    profile = a_profile(by)
    return fill_from_profile(offer, profile, {p.fact.question: p.revision for p in proposals(offer, profile)}, by)[0]


def said(offer: Offer, key: str, value: str, comment: str = "") -> Answer:
    row = Answer.objects.filter(offer=offer, question=key).first()
    return save_answer(
        assessment=offer.assessment,
        offer=offer,
        question=edition_of(offer.assessment).questions[key],
        said=Said("answered", value, "", comment),
        revision=row.revision if row else 0,
        by=None,
    )


def test_what_is_filled_in_is_presumed_with_its_source_and_keeps_it(fresh: Offer, officer: User) -> None:
    assert fill(fresh, officer) == len(FACTS)
    row = fresh.answers.get(question="key_holder")
    assert row.is_presumed
    assert row.from_profile["name"] == "Hôte imaginaire – Nuage"
    assert (row.from_profile["checked_on"], row.from_profile["source_url"]) == (
        "2026-03-02",
        "https://example.org/conditions",
    )
    ProfileFact.objects.all().delete()
    row.refresh_from_db()
    assert row.from_profile["source_title"] == "Conditions du service, article 4"


def test_a_presumed_answer_raises_no_low_end_and_confirming_it_does(fresh: Offer) -> None:
    before = judge_offer(fresh)
    fill(fresh)
    presumed = judge_offer(fresh)
    assert presumed.score.low <= before.score.low
    assert presumed.verdict.worst <= before.verdict.worst
    assert presumed.established <= before.established
    assert presumed.confidence <= before.confidence
    seen = dict(fresh.answers.values_list("question", "revision"))
    assert confirm_answers(fresh, seen, None) == (len(FACTS), [])
    confirmed = judge_offer(fresh)
    assert confirmed.score.low > presumed.score.low
    assert confirmed.score.high == presumed.score.high
    assert confirmed.confidence > presumed.confidence


def test_an_adverse_fact_counts_at_the_best_end(fresh: Offer) -> None:
    before = judge_offer(fresh)
    profile = a_profile(key_holder="provider", us_law_reach="direct")
    fill_from_profile(fresh, profile, {"key_holder": 0, "us_law_reach": 0}, None)
    assert judge_offer(fresh).score.high < before.score.high


def test_answers_given_already_are_kept_unless_chosen(fresh: Offer) -> None:
    said(fresh, "exit_plan", "none", "Asked in May")
    said(fresh, "immunity_qualification", "secnumcloud")
    profile = a_profile()
    told = {p.fact.question: p.outcome for p in proposals(fresh, profile)}
    assert told == {
        "key_holder": FillOutcome.FILL,
        "immunity_qualification": FillOutcome.SAME,
        "exit_plan": FillOutcome.OVERWRITE,
    }
    assert fill_from_profile(fresh, profile, {"key_holder": 0}, None) == (1, [])
    assert fresh.answers.get(question="exit_plan").value == "none"
    assert not fresh.answers.get(question="immunity_qualification").is_presumed
    assert fill_from_profile(fresh, profile, {"exit_plan": 1}, None) == (1, [])
    row = fresh.answers.get(question="exit_plan")
    assert (row.value, row.is_presumed, row.comment) == ("tested", True, "Asked in May")


def test_what_somebody_answered_meanwhile_is_left_as_it_is(fresh: Offer) -> None:
    profile = a_profile()
    said(fresh, "exit_plan", "none")
    assert fill_from_profile(fresh, profile, {"exit_plan": 0, "key_holder": 0}, None) == (1, ["exit_plan"])
    assert fresh.answers.get(question="exit_plan").value == "none"


def test_a_fact_the_edition_does_not_know_is_skipped_and_told(fresh: Offer) -> None:
    profile = a_profile()
    facts = [
        a_fact(profile, "question_that_was_dropped", "yes"),
        a_fact(profile, "storage_location", "the_moon"),
        a_fact(profile, "transition_end", "2026-02-31"),
        a_fact(profile, "data_category", "health"),
        a_fact(profile, "control_chain", "{}"),
    ]
    ProfileFact.objects.bulk_create(facts)
    told = {p.fact.question: p.outcome for p in proposals(fresh, profile)}
    assert [told[fact.question] for fact in facts] == [
        FillOutcome.NO_QUESTION,
        FillOutcome.NO_VALUE,
        FillOutcome.NO_VALUE,
        FillOutcome.NO_QUESTION,
        FillOutcome.NO_QUESTION,
    ]
    assert fill_from_profile(fresh, profile, {fact.question: 0 for fact in facts}, None) == (0, [])
    assert not fresh.answers.exists()


def test_a_fact_against_the_control_chain_is_skipped(example: Offer) -> None:
    profile = a_profile(us_law_reach="none")
    assert [p.outcome for p in proposals(example, profile)] == [FillOutcome.AGAINST_CHAIN]


def test_another_answer_is_the_respondents_own_and_a_comment_is_no_confirmation(fresh: Offer) -> None:
    fill(fresh)
    commented = said(fresh, "key_holder", "customer_only", "To be asked")
    assert commented.is_presumed
    other = said(fresh, "key_holder", "provider")
    assert (other.is_presumed, other.from_profile) == (False, None)


def test_confirming_what_changed_since_it_was_read_is_refused(fresh: Offer) -> None:
    fill(fresh)
    said(fresh, "key_holder", "customer_only", "Read in between")
    assert confirm_answers(fresh, {"key_holder": 1, "exit_plan": 1}, None) == (1, ["key_holder"])
    assert fresh.answers.get(question="key_holder").is_presumed


def test_the_history_and_the_trail_say_what_was_presumed_and_who_confirmed(fresh: Offer, officer: User) -> None:
    with acting(lambda: officer):
        fill(fresh, officer)
        confirm_answers(fresh, {"key_holder": 1}, officer)
    change = AnswerChange.objects.filter(answer__offer=fresh, answer__question="key_holder").latest("revision")
    assert (change.before["is_presumed"], "is_presumed" in change.after, change.by) == (True, False, officer)
    entry = TrailEntry.objects.filter(kind="answer.changed").latest("position")
    assert entry.details["changes"] == {"is_presumed": [True, False]}


def test_copied_answers_stay_presumed(example: Offer, fresh: Offer) -> None:
    fill(fresh)
    other = add_offer(example.assessment, name="Other")
    copy_answers(fresh, other, None)
    assert other.answers.get(question="key_holder").is_presumed


def test_a_report_says_what_is_presumed_judges_it_so_and_comes_back_in_so(fresh: Offer, officer: User) -> None:
    fill(fresh)
    report, _ = issue_report(fresh, language="fr", form="full", by=None)
    record = read_record(bytes(report.content))
    assert record.says_of(record.judge(edition_of(fresh.assessment)))
    assert {g.question for g in record.answers if g.from_profile} == set(FACTS)
    confirm_answers(fresh, {"key_holder": 1}, officer)
    later, _ = issue_report(fresh, language="fr", form="full", by=None)
    edition = edition_of(fresh.assessment)
    told = changes(record, edition, read_record(bytes(later.content)), edition)
    assert [(c.before, c.after) for c in told if c.kind == "answer"] == [
        ("Le client seul (à confirmer)", "Le client seul")
    ]
    brought = import_record(record, organisation=officer.organisations.get(), by=officer)
    assert brought.answers.get(question="key_holder").is_presumed
    assert record.says_of(judge_offer(brought))


def test_a_newer_fact_is_told_and_changes_nothing(fresh: Offer) -> None:
    fill(fresh)
    confirm_answers(fresh, {"key_holder": 1}, None)
    assert newer_facts(fresh.answers.all(), "cnil-hosting") == {}
    fact = ProfileFact.objects.get(question="key_holder")
    fact.value, fact.checked_on = "provider", date(2026, 5, 1)
    save_fact(fact, None)
    assert newer_facts(fresh.answers.all(), "cnil-hosting") == {"key_holder": fact}
    assert fresh.answers.get(question="key_holder").value == "customer_only"


def test_a_fact_is_old_after_twelve_months() -> None:
    assert not is_old(date(2025, 3, 2), date(2026, 3, 2))
    assert is_old(date(2025, 3, 1), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("question", "value", "dates", "field"),
    [
        ("no_such_question", "yes", {}, "question"),
        ("data_category", "health", {}, "question"),
        ("control_chain", "{}", {}, "question"),
        ("key_holder", "nobody", {}, "value"),
        ("transition_end", "31/12/2026", {}, "value"),
        ("contracting_entity_country", "France", {}, "value"),
        ("key_holder", "provider", {"checked_on": date(2999, 1, 1)}, "checked_on"),
        ("key_holder", "provider", {"source_url": "javascript:alert(1)"}, "source_url"),
        ("key_holder", "provider", {"source_date": date(2026, 3, 3)}, "source_date"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_with_its_field(
    edition: Edition, question: str, value: str, dates: dict[str, object], field: str
) -> None:
    profile = a_profile()
    with pytest.raises(FactRefused) as refused:
        save_fact(a_fact(profile, question, value, **dates), None)
    assert refused.value.errors.keys() == {field}


def test_every_change_of_a_profile_is_kept(edition: Edition, officer: User) -> None:
    with acting(lambda: officer):
        profile = a_profile(officer, key_holder="provider")
        fact = profile.facts.get()
        fact.value = "customer_only"
        save_fact(fact, officer)
        save_fact(fact, officer)
        profile.is_withdrawn = True
        save_profile(profile, officer)
        remove_fact(fact, officer)
    told = [(c.question, bool(c.before), bool(c.after), c.by) for c in ProfileChange.objects.order_by("pk")]
    assert told == [
        ("", False, True, officer),
        ("key_holder", False, True, officer),
        ("key_holder", True, True, officer),
        ("", True, True, officer),
        ("key_holder", True, False, officer),
    ]
    kinds = list(TrailEntry.objects.filter(kind__startswith="pro").order_by("position").values_list("kind", flat=True))
    assert kinds == [
        "providerprofile.added", "profilefact.added", "profilefact.changed", "providerprofile.changed",
        "profilefact.deleted",
    ]  # fmt: skip


def test_only_an_answer_from_a_profile_can_be_presumed(example: Offer) -> None:
    row = example.answers.filter(status="answered").first()
    assert row is not None
    row.is_presumed = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_moving_to_another_edition_and_back_confirms_nothing(fresh: Offer, officer: User) -> None:
    fill(fresh)
    newer = next_edition(fresh.assessment.edition, option_gone=[("key_holder", "customer_only")])
    move, _ = move_assessment(fresh.assessment, newer.sha256, officer)
    assert fresh.answers.get(question="exit_plan").is_presumed
    assert not fresh.answers.get(question="key_holder").is_presumed
    assert undo_move(move, officer)
    row = fresh.answers.get(question="key_holder")
    assert (row.value, row.is_presumed) == ("customer_only", True)
