"""An assessment moved to a newer edition: what is carried, confirmed, answered again, and undone without a loss."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.core.evidence import Strength
from checklists.core.judging.judge import judge
from checklists.core.moves.carrying import Fate
from checklists.models import (
    Answer,
    AnswerChange,
    Assessment,
    Edition,
    EditionMove,
    Evidence,
    FrameworkChoice,
    Need,
    Offer,
    Report,
    TrailEntry,
    TransitionPlan,
    User,
)
from checklists.packs.editions.schema import Pack
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.editions.publish_edition import load_edition, publish_edition
from checklists.services.evidence.keep_evidence import hold_to_evidence
from checklists.services.frameworks.choose_frameworks import choose_frameworks
from checklists.services.judging.judge_offer import edition_of, judge_offer
from checklists.services.moves.move_edition import (
    MoveRefused,
    confirm_answers,
    confirm_move,
    move_assessment,
    undo_move,
)
from checklists.services.moves.preview_move import newer_editions, preview_move
from checklists.services.moves.read_move import answers_then, open_move, plan_undoing, state_of
from checklists.services.reports.issue_report import IssueRefused, issue_report
from checklists.services.review.content_lock import ContentIsLocked
from checklists.services.transition import begin_plan
from tests.frameworks import publish_shipped_frameworks
from tests.moves import next_edition

GONE, REWORDED, BROKEN = "deletion_proof", "encryption_in_transit", "key_holder"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def newer(edition: Edition, example: Offer) -> Edition:
    """The next edition: a question less, one reworded, one answer less, one question more."""
    chosen = example.answers.get(question=BROKEN).value
    return next_edition(
        edition, removed=[GONE], reworded=[REWORDED], option_gone=[(BROKEN, chosen)], added="what_else"
    )  # fmt: skip


def again(offer: Offer) -> Offer:
    return Offer.objects.select_related("assessment__edition").get(pk=offer.pk)


def said(offer: Offer) -> dict[str, tuple[str, str, str, str]]:
    rows = Answer.objects.filter(assessment=offer.assessment_id)
    return {f"{row.offer_id} {row.question}": (row.status, row.value, row.justification, row.comment) for row in rows}


def answer(offer: Offer, key: str, value: str) -> None:
    """Answer as a page opened now would."""
    offer = again(offer)
    question = edition_of(offer.assessment).questions[key]
    row = Answer.objects.filter(offer=offer, question=key).first()
    save_answer(
        assessment=offer.assessment,
        offer=offer,
        question=question,
        said=Said("answered", value),
        revision=row.revision if row else 0,
        by=None,
    )


def other_option(offer: Offer, key: str) -> str:
    standing = Answer.objects.filter(offer=offer, question=key).values_list("value", flat=True).first()
    options = edition_of(again(offer).assessment).questions[key].options
    return next(option for option in options if option != standing)


def test_the_preview_says_what_becomes_of_each_answer_and_writes_nothing(example: Offer, newer: Edition) -> None:
    for key in (GONE, REWORDED):
        assert example.answers.filter(question=key).exists()
    before, changes = said(example), AnswerChange.objects.count()
    preview = preview_move(again(example).assessment, newer)
    fates = {fate.question: fate.carried.fate for fate in preview.fates}
    assert (fates[GONE], fates[REWORDED], fates[BROKEN]) == (Fate.GONE, Fate.CONFIRM, Fate.ANSWER)
    assert fates["data_category"] is Fate.CARRIED
    assert (example.pk, "what_else") in preview.newly_asked
    assert (said(example), AnswerChange.objects.count()) == (before, changes)


@pytest.mark.parametrize("held", [False, True], ids=["as said", "held to evidence"])
def test_the_preview_tells_the_verdict_the_move_gives(example: Offer, edition: Edition, held: bool) -> None:
    hold_to_evidence(example.assessment, held=held)
    lenient = next_edition(edition, ceiling="conditional")
    outlook = preview_move(again(example).assessment, lenient).outlooks[0]
    found = judge_offer(again(example))
    assert (outlook.before.established, outlook.before.low) == (found.established, found.score.low)
    move_assessment(again(example).assessment, lenient.sha256, None)
    found = judge_offer(again(example))
    assert (outlook.after.established, outlook.after.low) == (found.established, found.score.low)
    assert {part.family for part in outlook.causes.alone + outlook.causes.together} == {"gates"}


def test_moving_carries_what_means_the_same_and_keeps_the_rest(example: Offer, newer: Edition, officer: User) -> None:
    before = said(example)
    move, is_new = move_assessment(again(example).assessment, newer.sha256, officer)
    assert is_new
    after, broken = said(example), f"{example.pk} {BROKEN}"
    assert {key: value for key, value in after.items() if key != broken} == {
        key: value for key, value in before.items() if key != broken
    }
    assert after[broken][:3] == ("unanswered", "", "")
    assert AnswerChange.objects.filter(answer__question=BROKEN).latest("pk").before["value"] == before[broken][1]
    assert again(example).assessment.edition == newer
    state = judge_offer(again(example)).states
    assert GONE not in state
    assert state[BROKEN].status is None
    assert [item.question for item in state_of(move).pending] == [REWORDED]


@pytest.mark.parametrize("held", [False, True], ids=["as said", "held to evidence"])
def test_the_old_judgement_stays_reproducible(example: Offer, newer: Edition, held: bool) -> None:
    hold_to_evidence(example.assessment, held=held)
    before = judge_offer(again(example)).to_bytes()
    move, _ = move_assessment(again(example).assessment, newer.sha256, None)
    answer(example, REWORDED, other_option(example, REWORDED))
    move.refresh_from_db()
    then = judge(load_edition(move.from_edition.sha256), answers_then(move, example), move.reference_date)
    assert then.to_bytes() == before


def test_undoing_at_once_gives_back_edition_answers_and_judgement(example: Offer, newer: Edition) -> None:
    before, judged = said(example), judge_offer(again(example)).to_bytes()
    move, _ = move_assessment(again(example).assessment, newer.sha256, None)
    assert undo_move(move, None) is True
    assert said(example) == before
    assert judge_offer(again(example)).to_bytes() == judged
    assert undo_move(move, None) is False
    assert open_move(example.assessment) is None


def test_undoing_keeps_what_was_answered_since_where_it_means_the_same(example: Offer, newer: Edition) -> None:
    shared = "encryption_at_rest"
    move, _ = move_assessment(again(example).assessment, newer.sha256, None)
    given = {key: other_option(example, key) for key in (shared, REWORDED, BROKEN, "what_else")}
    before = {key: example.answers.filter(question=key).values_list("value", flat=True).first() for key in given}
    before[BROKEN] = next(entry["value"] for entry in move.answers if entry["question"] == BROKEN)
    for key, value in given.items():
        answer(example, key, value)
    plan = plan_undoing(move)
    assert {row.question for row in plan.set_aside} == {REWORDED, BROKEN}
    assert {row.question for row in plan.kept} == {shared, "what_else"}
    undo_move(move, None)
    standing = {row.question: row.value for row in example.answers.all()}
    assert standing[shared] == given[shared]
    assert standing["what_else"] == given["what_else"]
    assert (standing[REWORDED], standing[BROKEN]) == (before[REWORDED], before[BROKEN])
    move.refresh_from_db()
    assert {entry["question"]: entry["value"] for entry in move.set_aside} == {
        REWORDED: given[REWORDED],
        BROKEN: given[BROKEN],
    }


def test_moving_again_offers_what_was_set_aside(example: Offer, newer: Edition) -> None:
    move, _ = move_assessment(again(example).assessment, newer.sha256, None)
    given = {key: other_option(example, key) for key in (REWORDED, BROKEN)}
    for key, value in given.items():
        answer(example, key, value)
    undo_move(move, None)
    answer(example, REWORDED, newest := other_option(example, REWORDED))
    second, _ = move_assessment(again(example).assessment, newer.sha256, None)
    standing = {row.question: row.value for row in example.answers.all()}
    assert standing[BROKEN] == given[BROKEN]
    assert standing[REWORDED] == newest
    assert [item.question for item in state_of(second).pending] == [REWORDED]


def test_confirming_takes_each_answer_to_be_read_again(example: Offer, newer: Edition, officer: User) -> None:
    move, _ = move_assessment(again(example).assessment, newer.sha256, officer)
    with pytest.raises(MoveRefused, match="1 answer still"):
        confirm_move(move, officer)
    row = example.answers.get(question=REWORDED)
    unrelated = example.answers.get(question="encryption_at_rest")
    assert confirm_answers(move, [row.pk, unrelated.pk, 99999], officer) == 1
    assert confirm_answers(move, [row.pk], officer) == 0
    confirm_move(move, officer)
    assert EditionMove.objects.get().state == "confirmed"
    for refused in (
        lambda: undo_move(move, None),
        lambda: confirm_move(move, None),
        lambda: confirm_answers(move, [], None),
    ):
        with pytest.raises(MoveRefused):
            refused()


def test_an_answer_given_again_is_confirmed(example: Offer, newer: Edition) -> None:
    move, _ = move_assessment(again(example).assessment, newer.sha256, None)
    answer(example, REWORDED, other_option(example, REWORDED))
    confirm_move(move, None)


def test_a_page_opened_before_the_move_confirms_nothing_unseen(example: Offer, newer: Edition) -> None:
    row = example.answers.get(question=REWORDED)
    move, _ = move_assessment(again(example).assessment, newer.sha256, None)
    opened = again(example)
    question = edition_of(opened.assessment).questions[REWORDED]
    sent = Said("answered", other_option(example, REWORDED))
    with pytest.raises(AnswerIsStale):
        save_answer(
            assessment=opened.assessment, offer=opened, question=question, said=sent, revision=row.revision, by=None
        )
    assert state_of(move).pending


def test_a_save_under_way_during_the_move_is_refused_in_words(example: Offer, newer: Edition) -> None:
    opened = again(example)
    question = edition_of(opened.assessment).questions["encryption_at_rest"]
    row = example.answers.get(question="encryption_at_rest")
    move_assessment(again(example).assessment, newer.sha256, None)
    with pytest.raises(AnswerRefused, match="moved to another edition"):
        save_answer(
            assessment=opened.assessment,
            offer=opened,
            question=question,
            said=Said("answered", other_option(example, "encryption_at_rest")),
            revision=row.revision,
            by=None,
        )
    row.refresh_from_db()
    assert row.value != other_option(example, "encryption_at_rest")


def test_moving_twice_moves_once(example: Offer, newer: Edition) -> None:
    stale = again(example).assessment
    first, is_new = move_assessment(stale, newer.sha256, None)
    second, is_new_again = move_assessment(stale, newer.sha256, None)
    assert (first, is_new, is_new_again) == (second, True, False)
    assert EditionMove.objects.count() == 1


def test_what_cannot_be_is_refused_in_words(example: Offer, newer: Edition, edition: Edition) -> None:
    assessment = again(example).assessment
    other, _ = publish_edition(Pack.model_validate({**edition.document, "key": "other", "number": 9}))
    latest = next_edition(newer)
    for sha256, words in (
        (edition.sha256, "a later one"),
        (other.sha256, "another checklist"),
        ("f" * 64, "not a published"),
    ):
        with pytest.raises(MoveRefused, match=words):
            move_assessment(assessment, sha256, None)
    move_assessment(assessment, newer.sha256, None)
    with pytest.raises(MoveRefused, match="waits to be confirmed"):
        move_assessment(assessment, latest.sha256, None)
    assert [row.number for row in newer_editions(again(example).assessment)] == [latest.number]


def test_everything_else_survives_and_reports_stand(example: Offer, edition: Edition, officer: User) -> None:
    publish_shipped_frameworks()
    newer = next_edition(edition, reworded=[REWORDED], option_gone=[(BROKEN, "provider")])
    assessment = again(example).assessment
    choose_frameworks(assessment, ["eu-csf-2025-10"], officer)
    assert "eu-csf-2025-10" in [framework.key for framework in preview_move(assessment, newer).strained]
    begin_plan(example, assessment.reference_date, officer)
    Need.objects.update_or_create(assessment=assessment, defaults={"note": "room to grow"})
    report, _ = issue_report(again(example), language="fr", form="full", by=officer)
    counts = FrameworkChoice.objects.count(), TransitionPlan.objects.count()
    chain = example.answers.get(question="control_chain").value
    move, _ = move_assessment(again(example).assessment, newer.sha256, officer)
    assert (FrameworkChoice.objects.count(), TransitionPlan.objects.count()) == counts
    assert example.answers.get(question="control_chain").value == chain
    assert Need.objects.get().note == "room to grow"
    assert bytes(Report.objects.get().content) == bytes(report.content)
    with pytest.raises(IssueRefused):
        issue_report(again(example), language="fr", form="full", by=officer)
    undo_move(move, officer)
    assert issue_report(again(example), language="fr", form="full", by=officer) == (report, False)


def test_the_trail_tells_of_moving_confirming_and_undoing(example: Offer, newer: Edition, officer: User) -> None:
    move, _ = move_assessment(again(example).assessment, newer.sha256, officer)
    undo_move(move, officer)
    move, _ = move_assessment(again(example).assessment, newer.sha256, officer)
    confirm_answers(move, [example.answers.get(question=REWORDED).pk], officer)
    confirm_move(move, officer)
    kinds = TrailEntry.objects.filter(subject_id=str(example.assessment_id)).values_list("kind", flat=True)
    moves = [kind for kind in kinds.order_by("position") if kind.startswith("assessment.mov")]
    assert moves == ["assessment.moved", "assessment.move_undone", "assessment.moved", "assessment.move_confirmed"]
    assert TrailEntry.objects.get(kind="confirmation.given").details["question"] == REWORDED
    assert not TrailEntry.objects.filter(kind="assessment.changed").exists()


def test_queries_do_not_grow_with_answers(
    example: Offer, newer: Edition, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assessment = again(example).assessment
    with django_assert_max_num_queries(8):
        preview_move(assessment, newer)
    move, _ = move_assessment(assessment, newer.sha256, None)
    with django_assert_max_num_queries(6):
        state_of(move)
    with django_assert_max_num_queries(4):
        plan_undoing(move)
    assert Assessment.objects.count() == 1


def test_what_is_submitted_for_review_is_neither_moved_nor_undone(example: Offer, newer: Edition) -> None:
    move, _ = move_assessment(again(example).assessment, newer.sha256, None)
    Assessment.objects.update(review_state="submitted")
    with pytest.raises(ContentIsLocked):
        undo_move(move, None)
    EditionMove.objects.all().delete()
    with pytest.raises(ContentIsLocked):
        move_assessment(again(example).assessment, next_edition(newer).sha256, None)


SHARED = "processor_contract"


@pytest.fixture
def asked_once(edition: Edition) -> Edition:
    return next_edition(edition, of_the_workload=[SHARED], removed=[GONE], former={GONE: "key_holder"})


def test_an_answer_that_every_offer_shares_is_said_once_for_the_assessment(
    example: Offer, asked_once: Edition, officer: User
) -> None:
    other = Offer.objects.create(assessment=example.assessment, name="Another host")
    for offer in (example, other):
        answer(offer, SHARED, "complete")
    before = said(example)
    fates = preview_move(example.assessment, asked_once).of_fate(Fate.MOVED)
    assert {fate.offer for fate in fates} == {example.pk, other.pk}
    move, _made = move_assessment(example.assessment, asked_once.sha256, officer)
    row = Answer.objects.get(assessment=example.assessment, offer=None, question=SHARED)
    assert (row.status, row.value) == ("answered", "complete")
    for offer in (example, other):
        assert judge_offer(again(offer)).states[SHARED].option.key == "complete"
    assert {item.question for item in state_of(move).of_fate(Fate.MOVED)} == {SHARED}
    undo_move(move, officer)
    after = {key: value for key, value in said(example).items() if value[0] != "unanswered"}
    assert after == {key: value for key, value in before.items() if value[0] != "unanswered"}


def test_the_evidence_of_an_answer_said_once_follows_it_and_comes_back(
    example: Offer, asked_once: Edition, officer: User
) -> None:
    answer(example, SHARED, "complete")
    row = example.answers.get(question=SHARED)
    contract = Evidence.objects.create(answer=row, kind="contract", strength="document", title="Annex 3")
    move, _made = move_assessment(example.assessment, asked_once.sha256, officer)
    contract.refresh_from_db()
    assert (contract.answer.offer, contract.answer.question) == (None, SHARED)
    assert judge_offer(again(example)).states[SHARED].strength is Strength.DOCUMENT
    undo_move(move, officer)
    contract.refresh_from_db()
    assert contract.answer == row


def test_an_answer_that_contradicts_what_the_newer_edition_derives_is_kept_and_told(
    example: Offer, asked_once: Edition, officer: User
) -> None:
    answer(example, "ultimate_parent_country", "US")
    example.answers.filter(question="us_law_reach").delete()
    Answer.objects.create(
        assessment=example.assessment, offer=example, question="us_law_reach", status="answered", value="none"
    )
    (fate,) = preview_move(example.assessment, asked_once).of_fate(Fate.DERIVED)
    assert fate.question == "us_law_reach"
    move, _made = move_assessment(example.assessment, asked_once.sha256, officer)
    (item,) = state_of(move).of_fate(Fate.DERIVED)
    assert (item.row.status, item.row.value) == ("answered", "none")
    assert judge_offer(again(example)).states["us_law_reach"].option.key == "through_parent"


def test_offers_that_differ_are_asked_again_and_what_they_said_is_kept(
    example: Offer, asked_once: Edition, officer: User
) -> None:
    other = Offer.objects.create(assessment=example.assessment, name="Another host")
    answer(example, SHARED, "complete")
    answer(other, SHARED, "generic")
    move, _made = move_assessment(example.assessment, asked_once.sha256, officer)
    assert not Answer.objects.filter(assessment=example.assessment, offer=None, question=SHARED).exists()
    kept = {entry["value"] for entry in move.answers if entry["question"] == SHARED}
    assert kept == {"complete", "generic"}


def test_what_covers_a_question_that_is_gone_is_told(example: Offer, asked_once: Edition) -> None:
    answer(example, GONE, "none")
    (fate,) = preview_move(example.assessment, asked_once).of_fate(Fate.GONE)
    assert fate.carried.former is not None
    assert fate.carried.former.into == "key_holder"
