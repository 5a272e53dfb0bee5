"""Move an assessment to a newer edition, confirm the move, or undo it: never by itself, and nothing is lost.

Decision 0046 says what an answer needs to be carried, and what undoing does to answers given since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.core.evidence import NO_BACKING
from checklists.core.moves.carrying import Fate, carry
from checklists.models import Answer, AnswerConfirmation, Assessment, Edition, EditionMove, Evidence, Offer, User
from checklists.models.evidence import with_evidence
from checklists.services.answers.save_answer import Said, write_answer
from checklists.services.judging.judge_offer import backing_of, known
from checklists.services.moves.preview_move import fates_of, questionnaires
from checklists.services.moves.read_move import (
    Entry,
    judged_entry,
    moves_of,
    open_move,
    plan_undoing,
    said_in,
    state_of,
)
from checklists.services.review.content_lock import refuse_if_closed
from checklists.services.trail.record import record

State = EditionMove.State


class MoveRefused(ValueError):
    """The move cannot be made, confirmed or undone; the message says why, in the reader's language."""


@transaction.atomic
def move_assessment(assessment: Assessment, sha256: str, by: User | None) -> tuple[EditionMove, bool]:
    """Move ``assessment`` to the edition of that fingerprint; the move, and whether it was made now.

    Sending it twice moves once. Answers that are none any more are put back to 'not answered', their comment kept: what
    they were is kept with the move and in the answer's history. Answers to read again are given a new revision, so
    that a page opened before the move cannot confirm them unseen. Raises ``MoveRefused``, or ``ContentIsLocked``.
    """
    assessment = _locked(assessment)
    refuse_if_closed(assessment)
    target = _target(assessment, sha256)
    if standing := open_move(assessment):
        if standing.to_edition_id == target.pk:
            return standing, False
        raise MoveRefused(_("A move of this assessment waits to be confirmed: confirm it or undo it first."))
    if target.number <= assessment.edition.number:
        raise MoveRefused(
            _("This assessment rests on edition %(current)d: it can only be moved to a later one, not to %(asked)d.")
            % {"current": assessment.edition.number, "asked": target.number}
        )
    older = assessment.edition
    asked = questionnaires(assessment, older, target)
    locked = Answer.objects.select_for_update().filter(assessment=assessment).order_by("pk")
    rows = known(assessment, locked.prefetch_related(with_evidence()))
    entries = [_kept(row) for row in rows]
    move = EditionMove(
        assessment=assessment,
        from_edition=older,
        to_edition=target,
        reference_date=assessment.reference_date,
        moved_by=by,
    )
    _rest_on(assessment, target)
    by_fate = defaultdict(list)
    for fate in fates_of(asked, rows, assessment.reference_date):
        by_fate[fate.carried.fate].append(fate.row)
    for row in by_fate[Fate.ANSWER]:
        _write(assessment, row, Said(Answer.Status.UNANSWERED, comment=row.comment), by)
    followed = _say_once(assessment, by_fate[Fate.MOVED], by)
    Answer.objects.filter(pk__in=[row.pk for row in by_fate[Fate.CONFIRM]]).update(revision=F("revision") + 1)
    revisions = dict(Answer.objects.filter(assessment=assessment).values_list("pk", "revision"))
    move.answers = [
        entry | {"revision": revisions[entry["answer"]]} | followed.get(entry["answer"], {}) for entry in entries
    ]
    move.save()
    _offer_again(assessment, target, asked[1], {entry["answer"]: entry["revision"] for entry in entries}, by)
    _tell("assessment.moved", move)
    return move, True


@transaction.atomic
def confirm_answers(move: EditionMove, answers: Iterable[int], by: User | None) -> int:
    """Say of these answers that they still hold; how many of them had to be read again. Raises ``MoveRefused``."""
    move = _reopened(move)
    pending = {item.row.pk for item in state_of(move).pending}
    told = sorted(pending & set(answers))
    for pk in told:
        AnswerConfirmation.objects.create(move=move, answer_id=pk, by=by)
    return len(told)


@transaction.atomic
def confirm_move(move: EditionMove, by: User | None) -> None:
    """Close the move for good. Raises ``MoveRefused`` while an answer waits to be read again."""
    move = _reopened(move)
    if left := len(state_of(move).pending):
        raise MoveRefused(
            ngettext(
                "%(left)d answer still has to be confirmed before the move can be.",
                "%(left)d answers still have to be confirmed before the move can be.",
                left,
            )
            % {"left": left}
        )
    _close(move, State.CONFIRMED, by)
    _tell("assessment.move_confirmed", move)


@transaction.atomic
def undo_move(move: EditionMove, by: User | None) -> bool:
    """Put the assessment back on its older edition, with the answers it had; whether that was done now.

    Answers given since to questions that mean the same in both editions stand. Others are put back as they were, and
    what was said since is kept with the move, to be offered by the next one. Raises ``MoveRefused`` when the move was
    confirmed.
    """
    assessment, move = _locked(move.assessment), _fresh(move)
    if move.state == State.UNDONE:
        return False
    if move.state == State.CONFIRMED:
        raise MoveRefused(_("This move was confirmed: it cannot be undone any more."))
    refuse_if_closed(assessment)
    plan = plan_undoing(move)
    aside = [_kept(row) for row in plan.set_aside]
    _rest_on(assessment, move.from_edition)
    _give_back_evidence(move)
    then = {entry["answer"]: entry for entry in move.answers}
    written = {row.pk: _put_back(assessment, row, said, then.get(row.pk), by) for row, said in plan.writes}
    move.set_aside = [entry | {"revision": written[entry["answer"]]} for entry in aside]
    _close(move, State.UNDONE, by)
    _tell("assessment.move_undone", move)
    return True


def _say_once(assessment: Assessment, rows: Iterable[Answer], by: User | None) -> dict[int, Entry]:
    """Give the assessment the answers that its offers shared; those of the offers are kept with the move.

    The evidence follows the answer that it carries. What followed is returned by the row it came from.
    """
    followed: dict[int, Entry] = {}
    for row in rows:
        said = Said(row.status, row.value, row.justification, row.comment)
        origin = row.from_profile if row.is_presumed else None
        existing = Answer.objects.filter(assessment=assessment, offer=None, question=row.question).first()
        if existing is None or existing.status == Answer.Status.UNANSWERED:
            revision = existing.revision if existing else 0
            existing = write_answer(assessment, None, row.question, said, revision, by, origin)
        if (existing.status, existing.value) == (row.status, row.value):
            pieces = list(Evidence.objects.filter(answer=row).values_list("pk", flat=True))
            Evidence.objects.filter(pk__in=pieces).update(answer=existing)
            followed |= {row.pk: {"evidence": [str(piece) for piece in pieces]}} if pieces else {}
        _write(assessment, row, Said(Answer.Status.UNANSWERED, comment=row.comment), by)
    return followed


def _give_back_evidence(move: EditionMove) -> None:
    """What followed an answer to the assessment goes back to the offer's."""
    for entry in move.answers:
        if pieces := entry.get("evidence"):
            Evidence.objects.filter(pk__in=pieces).update(answer=entry["answer"])


def _offer_again(
    assessment: Assessment, target: Edition, asked: CoreEdition, before: Mapping[int, int], by: User | None
) -> None:
    """Give back what was answered under an earlier move to this edition, where nothing was said since it was undone.

    ``before`` are the revisions of the rows before this move touched them.
    """
    earlier = moves_of(assessment).filter(to_edition=target, state=State.UNDONE).first()
    rows = Answer.objects.in_bulk([entry["answer"] for entry in earlier.set_aside]) if earlier else {}
    for entry in earlier.set_aside if earlier else ():
        row, answer, question = rows.get(entry["answer"]), judged_entry(entry), asked.questions.get(entry["question"])
        if row is None or answer is None or question is None or before.get(row.pk) != entry["revision"]:
            continue
        if carry(question, question, answer).fate is Fate.CARRIED:
            _write(assessment, row, said_in(entry), by, entry.get("from_profile"))


def _put_back(assessment: Assessment, row: Answer, said: Said, entry: Entry | None, by: User | None) -> int:
    """The row's new revision. What was presumed when it was kept is presumed again: undoing confirms nothing."""
    origin = entry.get("from_profile") if entry and said_in(entry) == said else None
    return _write(assessment, row, said, by, origin).revision


def _locked(assessment: Assessment) -> Assessment:
    """The assessment as it stands; whoever saves an answer or moves it waits until this transaction ends."""
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("edition")
    return rows.defer("edition__document").get(pk=assessment.pk)


def _fresh(move: EditionMove) -> EditionMove:
    found = moves_of(move.assessment).select_for_update(of=("self",)).get(pk=move.pk)
    found.assessment = move.assessment
    return found


def _reopened(move: EditionMove) -> EditionMove:
    """The move, locked with its assessment, if it is still open. Raises ``MoveRefused``."""
    assessment, move = _locked(move.assessment), _fresh(move)
    if move.state != State.OPEN:
        raise MoveRefused(_("This move was confirmed or undone already."))
    move.assessment = assessment
    return move


def _target(assessment: Assessment, sha256: str) -> Edition:
    target = Edition.objects.defer("document").filter(sha256=sha256).first()
    if target is None:
        raise MoveRefused(_("This is not a published edition: choose one of those listed."))
    if target.checklist != assessment.edition.checklist:
        raise MoveRefused(_("This edition belongs to another checklist: an assessment stays with its own."))
    return target


def _rest_on(assessment: Assessment, edition: Edition) -> None:
    """``update`` sends no signal: the trail is told of the move itself."""
    Assessment.objects.filter(pk=assessment.pk).update(edition=edition, updated_at=timezone.now())
    assessment.edition = edition


def _close(move: EditionMove, state: str, by: User | None) -> None:
    move.state, move.closed_by, move.closed_at = state, by, timezone.now()
    move.save(update_fields=["state", "closed_by", "closed_at", "set_aside"])


def _tell(kind: str, move: EditionMove) -> None:
    record(
        kind,
        organisation=move.assessment.organisation_id,
        subject=move.assessment,
        details={
            "label": move.assessment.name,
            "checklist": move.from_edition.checklist,
            "from": move.from_edition.number,
            "to": move.to_edition.number,
        },
    )


def _write(
    assessment: Assessment, row: Answer, said: Said, by: User | None, from_profile: Mapping[str, Any] | None = None
) -> Answer:
    offer = Offer(pk=row.offer_id, assessment=assessment) if row.offer_id else None
    return write_answer(assessment, offer, row.question, said, row.revision, by, from_profile)


def _kept(row: Answer) -> Entry:
    offer = str(row.offer_id) if row.offer_id else None
    said = {name: getattr(row, name) for name in ("question", "status", "value", "justification", "comment")}
    entry = {"answer": row.pk, "offer": offer, "revision": row.revision, **said}
    if row.is_presumed:
        entry["from_profile"] = row.from_profile
    rests = backing_of(row)
    if rests != NO_BACKING:
        entry["rests_on"] = {
            "claimed": rests.claimed,
            "strength": rests.strength.key if rests.strength else None,
            "ended": rests.ended.isoformat() if rests.ended else None,
        }
    return entry
