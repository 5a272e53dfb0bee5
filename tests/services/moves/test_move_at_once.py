"""Moves, answers and reports at the same instant: one after the other, nothing lost, nothing half done."""

from __future__ import annotations

import pytest

from checklists.models import Answer, AnswerChange, Assessment, Edition, EditionMove, Offer, Report
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.judging.judge_offer import edition_of
from checklists.services.moves.move_edition import MoveRefused, move_assessment, undo_move
from checklists.services.reports.issue_report import ContentsChanged, IssueRefused, contents_shown, issue_report
from checklists.services.trail.verify_trail import verify_trail
from tests.at_once import at_once
from tests.figures import count
from tests.moves import next_edition

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "encryption_at_rest"


def fresh(offer: Offer) -> Offer:
    return Offer.objects.select_related("assessment__edition").get(pk=offer.pk)


def other_option(offer: Offer) -> str:
    standing = Answer.objects.get(offer=offer, question=KEY).value
    return next(key for key in edition_of(offer.assessment).questions[KEY].options if key != standing)


def save(offer: Offer, value: str) -> Answer:
    """As a page that is open now does."""
    row = Answer.objects.get(offer=offer, question=KEY)
    question = edition_of(offer.assessment).questions[KEY]
    said = Said("answered", value, row.justification, row.comment)
    return save_answer(
        assessment=offer.assessment, offer=offer, question=question, said=said, revision=row.revision, by=None
    )


def test_several_who_move_at_once_move_once(example: Offer, edition: Edition) -> None:
    newer = next_edition(edition, reworded=[KEY])
    newest = next_edition(newer, reworded=["key_holder"])
    opened = [fresh(example).assessment for _each in range(6)]
    targets = [newer, newer, newest, newest, newer, newest]
    came = at_once(*(lambda a=a, t=t: move_assessment(a, t.sha256, None) for a, t in zip(opened, targets, strict=True)))
    made = [each for each in came if isinstance(each, tuple)]
    others = [each for each in came if not isinstance(each, tuple)]
    faults = sum(not isinstance(each, MoveRefused) for each in others)
    assert sum(is_new for _move, is_new in made) == 1, came
    assert EditionMove.objects.count() == 1
    move = EditionMove.objects.get()
    assert Assessment.objects.get(pk=example.assessment_id).edition_id == move.to_edition_id
    came = at_once(*(lambda: undo_move(move, None) for _each in range(4)))
    assert sorted(came, key=str) == [False, False, False, True]
    assert fresh(example).assessment.edition_id == edition.pk
    assert verify_trail() == []
    count("moves at the same instant", "broken", tried=10, faults=faults)
    assert faults == 0


def test_an_answer_saved_during_a_move_is_kept_or_refused_never_lost(example: Offer, edition: Edition) -> None:
    newer = next_edition(edition, option_gone=[(KEY, other_option(fresh(example)))])
    before = Answer.objects.get(offer=example, question=KEY).value
    for _turn in range(3):
        page, mover = fresh(example), fresh(example)
        value = other_option(page)
        came = at_once(
            lambda page=page, value=value: save(page, value),
            lambda mover=mover: move_assessment(mover.assessment, newer.sha256, None),
        )
        assert isinstance(came[0], Answer | AnswerRefused | AnswerIsStale), came[0]
        assert isinstance(came[1], tuple), came[1]
        move = came[1][0]
        kept = next(entry for entry in move.answers if entry["question"] == KEY and entry["offer"] == str(example.pk))
        is_saved = isinstance(came[0], Answer)
        assert kept["value"] == (value if is_saved else before)
        undo_move(move, None)
        row = Answer.objects.get(offer=example, question=KEY)
        assert row.value == kept["value"]
        assert not is_saved or AnswerChange.objects.filter(answer=row, after__value=value).exists()
        save(fresh(example), before)
    count("answers saved during a move", "lost", tried=3, faults=0)
    assert verify_trail() == []


def test_a_report_issued_while_an_answer_is_saved_holds_what_was_shown(example: Offer, edition: Edition) -> None:
    before = Answer.objects.get(offer=example, question=KEY).value
    shown = contents_shown(fresh(example))
    page, value = fresh(example), other_option(fresh(example))
    came = at_once(
        lambda: save(page, value),
        lambda: issue_report(example, language="en", form="full", by=None, shown=shown),
        lambda: issue_report(example, language="en", form="full", by=None, shown=shown),
    )
    assert isinstance(came[0], Answer), came[0]
    issued = {each[0].pk for each in came[1:] if isinstance(each, tuple)}
    assert all(isinstance(each, tuple | ContentsChanged) for each in came[1:]), came
    assert Report.objects.count() == len(issued) <= 1
    assert all(f'"{before}"'.encode() in bytes(report.content) for report in Report.objects.all())
    newer = next_edition(edition, reworded=[KEY])
    came = at_once(
        lambda: move_assessment(fresh(example).assessment, newer.sha256, None),
        lambda: issue_report(example, language="fr", form="full", by=None),
    )
    assert isinstance(came[0], tuple), came[0]
    assert isinstance(came[1], tuple | IssueRefused), came[1]
    if isinstance(came[1], tuple):
        assert came[1][0].edition_id == edition.pk
