"""What a draft would change for the assessments there are: who moves, which way, why; cancelled, resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Answer, Draft, Edition, ImpactRun, Offer, Organisation, TrailEntry, User
from checklists.packs.editions.schema import Pack
from checklists.packs.files.problems import PackError
from checklists.services.assessments.keep_assessment import add_offer, bin_assessment, create_assessment
from checklists.services.assessments.load_example import load_example
from checklists.services.drafts.compile_draft import compile_draft
from checklists.services.drafts.edit_draft import change_part, remove_part
from checklists.services.drafts.open_draft import DraftRefused, open_draft
from checklists.services.editions.publish_edition import publish_edition
from checklists.services.evidence.keep_evidence import hold_to_evidence
from checklists.services.impact import measure_impact
from checklists.services.impact.measure_impact import measure, measure_waiting
from checklists.services.impact.queue import Stopped, ask_impact, cancel_impact, latest_result, take_run
from checklists.services.judging.judge_offer import judge_offer
from checklists.services.people.found_organisation import found_organisation
from tests.admin.conftest import part


@pytest.fixture
def draft(edition: Edition, officer: User) -> Draft:
    return open_draft("cnil-hosting", edition, officer)


@pytest.fixture(autouse=True)
def _restless() -> Iterator[None]:
    with patch.object(measure_impact, "NAP", 0), patch.object(measure_impact, "SAVE_EVERY", -1):
        yield


def lighten(draft: Draft, ceiling: str = "conditional") -> None:
    """Raise the ceiling of every gate that caps the worked example."""
    for gate in draft.parts.filter(family="gates"):
        change_part(gate, gate.body | {"ceiling": ceiling}, None)


def again(example: Offer, times: int) -> None:
    """More assessments that answer what ``example`` does."""
    source = example.assessment
    for number in range(times):
        assessment = create_assessment(
            organisation=source.organisation,
            edition=source.edition,
            name=f"Again {number}",
            reference_date=source.reference_date,
            by=None,
        )
        offer = add_offer(assessment, name="Same")
        Answer.objects.bulk_create(
            Answer(
                assessment=assessment,
                offer=offer if row.offer_id else None,
                question=row.question,
                status=row.status,
                value=row.value,
                justification=row.justification,
            )
            for row in source.answers.all()
        )


def worked_out(draft: Draft) -> ImpactRun:
    ask_impact(draft, None)
    assert measure_waiting() == 1
    result = latest_result(draft)
    assert result is not None
    return result


def test_a_draft_that_changes_words_only_moves_nobody(draft: Draft, example: Offer) -> None:
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"why": {"fr": "Parce que.", "en": "Because."}}, None)
    run = worked_out(draft)
    assert (run.total, run.done, run.summary["moved"], run.summary["own"]) == (1, 1, 0, [])


def test_who_would_move_which_way_and_why(draft: Draft, example: Offer) -> None:
    before = judge_offer(example)
    lighten(draft)
    run = worked_out(draft)
    row = run.rows.get()
    assert row.aspect == "verdict"
    assert row.before["established"] == before.established.key
    assert row.causes["direction"] == "higher"
    assert row.after["established"] == "conditional" != row.before["established"]
    named = row.causes["alone"] + row.causes["together"]
    assert named
    assert all(place.startswith("gates/") for place in named)
    assert set(named) <= set(run.summary["own"])
    assert run.summary["verdicts"] == [[*(row.before[k] for k in ("established", "worst")),
                                        *(row.after[k] for k in ("established", "worst")), 1]]  # fmt: skip


@pytest.mark.parametrize("held", [False, True], ids=["as said", "held to evidence"])
def test_what_is_found_is_what_publishing_and_moving_would_give(draft: Draft, example: Offer, held: bool) -> None:
    hold_to_evidence(example.assessment, held=held)
    lighten(draft, "acceptable")
    row = worked_out(draft).rows.get()
    published, _ = publish_edition(compile_draft(draft))
    example.assessment.edition = published
    found = judge_offer(example)
    assert row.after["established"] == found.established.key
    assert (row.after["low"], row.after["high"]) == (int(found.score.low), int(found.score.high))


def test_nothing_of_the_assessment_is_kept(draft: Draft, example: Offer, officer: User) -> None:
    lighten(draft)
    run = worked_out(draft)
    row = run.rows.get()
    kept = json.dumps([run.summary, row.before, row.after, row.causes, str(run.cursor)])
    assessment = example.assessment
    for secret in (assessment.name, example.name, str(assessment.pk), str(example.pk), officer.email, "organisations"):
        assert secret not in kept
    assert run.summary["shows_rows"] is False


def test_offers_are_shown_one_by_one_from_three_organisations_on(draft: Draft, example: Offer) -> None:
    for number in range(2):
        user = User.objects.create_user(f"dpo{number}@ailleurs.example", "a long pass phrase")
        load_example(found_organisation(user), user)
    lighten(draft)
    run = worked_out(draft)
    assert (run.summary["moved"], run.summary["shows_rows"]) == (3, True)
    assert len(set(run.rows.values_list("place", flat=True))) == 3


def test_what_is_in_the_bin_or_of_another_checklist_is_left_out(draft: Draft, example: Offer, edition: Edition) -> None:
    other = Pack.model_validate({**edition.document, "key": "other", "number": 1})
    elsewhere = create_assessment(
        organisation=example.assessment.organisation,
        edition=publish_edition(other)[0],
        name="Other",
        reference_date=date(2026, 1, 1),
        by=None,
    )
    add_offer(elsewhere, name="Other")
    bin_assessment(example.assessment)
    lighten(draft)
    assert worked_out(draft).total == 0


def test_the_same_answers_are_judged_once(draft: Draft, example: Offer, officer: User) -> None:
    again(example, 3)
    lighten(draft)
    ask_impact(draft, None)
    with patch.object(measure_impact, "stand", wraps=measure_impact.stand) as judged:
        measure_waiting()
    assert judged.call_count == 2
    assert latest_result(draft).summary["moved"] == 4  # type: ignore[union-attr]


def test_an_older_edition_is_read_as_it_is_and_what_came_between_is_told_apart(
    draft: Draft, example: Offer, edition: Edition, officer: User
) -> None:
    document = {**edition.document, "number": edition.number + 1}
    gates = [gate | {"ceiling": "conditional"} for gate in document["gates"]]
    newer, _ = publish_edition(Pack.model_validate({**document, "gates": gates}))
    draft.delete()
    following = open_draft("cnil-hosting", newer, officer)
    run = worked_out(following)
    assert run.summary["moved"] == 1
    assert run.rows.get().edition == edition.number
    assert run.summary["own"] == []


def test_a_draft_with_errors_is_refused(draft: Draft) -> None:
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"concern": "nowhere"}, None)
    with pytest.raises(PackError):
        ask_impact(draft, None)
    assert not ImpactRun.objects.exists()


def test_a_dropped_draft_is_refused(draft: Draft) -> None:
    Draft.objects.update(state=Draft.State.DROPPED)
    with pytest.raises(DraftRefused):
        ask_impact(draft, None)


def test_asking_twice_is_asking_once_and_a_changed_draft_starts_over(draft: Draft, officer: User) -> None:
    first = ask_impact(draft, officer)
    assert ask_impact(draft, officer) == first
    lighten(draft)
    second = ask_impact(draft, officer)
    first.refresh_from_db()
    assert (first.state, second.state) == ("cancelled", "waiting")
    assert second.revision == draft.revision


def test_who_asked_is_in_the_trail_of_the_instance(draft: Draft, officer: User, example: Offer) -> None:
    ask_impact(draft, officer)
    entry = TrailEntry.objects.get(kind="impact.asked")
    assert (entry.chain, entry.subject_id) == (0, str(draft.pk))


def test_a_cancelled_run_stops_and_leaves_the_last_result(draft: Draft, example: Offer) -> None:
    kept = worked_out(draft)
    lighten(draft)
    run = ask_impact(draft, None)
    taken = take_run()
    assert taken == run
    assert cancel_impact(run) is True
    with pytest.raises(Stopped):
        measure(taken)
    assert cancel_impact(run) is False
    assert not run.rows.exists()
    assert latest_result(draft) == kept


def test_after_a_restart_it_goes_on_where_it_was(draft: Draft, example: Offer, officer: User) -> None:
    again(example, 4)
    lighten(draft)
    run = ask_impact(draft, None)
    taken = take_run()
    assert taken is not None
    read = measure_impact.Reading.find
    calls = 0

    def breaks(*args: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return read(*args)  # type: ignore[arg-type]

    with patch.object(measure_impact.Reading, "find", breaks), pytest.raises(KeyboardInterrupt):
        measure(taken)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == ("running", 2, 5)
    assert take_run() is None
    ImpactRun.objects.update(alive_at=timezone.now() - timedelta(minutes=2))
    assert measure_waiting() == 1
    run.refresh_from_db()
    assert (run.state, run.done, run.rows.count(), run.summary["moved"]) == ("done", 5, 5, 5)


def test_what_breaks_is_tried_again_then_told(draft: Draft, example: Offer) -> None:
    run = ask_impact(draft, None)
    with patch.object(measure_impact, "stand", side_effect=RuntimeError):
        assert measure_waiting() == 2
    run.refresh_from_db()
    assert run.state == "failed"


def test_only_the_last_result_is_kept(draft: Draft, example: Offer) -> None:
    worked_out(draft)
    lighten(draft)
    worked_out(draft)
    assert ImpactRun.objects.count() == 1


def test_the_number_of_queries_does_not_grow_with_the_assessments(
    draft: Draft, example: Offer, officer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    again(example, 10)
    lighten(draft)
    ask_impact(draft, None)
    with patch.object(measure_impact, "SAVE_EVERY", 60), django_assert_max_num_queries(30):
        measure_waiting()


def test_a_part_taken_out_is_told(draft: Draft, example: Offer) -> None:
    for gate in draft.parts.filter(family="gates"):
        remove_part(gate, None)
    rows = worked_out(draft).rows.all()
    assert all(place.startswith("gates/") for row in rows for place in row.causes["alone"] + row.causes["together"])
    assert Organisation.objects.count() == 1
