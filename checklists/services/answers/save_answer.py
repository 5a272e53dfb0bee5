"""Save one answer: checked against the edition, guarded by its revision, every change kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.edition import Question
from checklists.core.judging import answer as core
from checklists.core.judging.facts import is_valid_value, lacks_reason
from checklists.core.kinds import kind_of
from checklists.core.readable import unreadable_in
from checklists.models import Answer, AnswerChange, Assessment, Offer, User
from checklists.models.evidence import with_evidence
from checklists.services.judging.judge_offer import core_answers, edition_of, known, said_in_row

MAX_TEXT = 5000
"""Characters in a comment or a justification."""
LAST_CHANGE_STEP = timedelta(minutes=1)
"""An assessment's last change is told to the minute: a person answering fast does not write it each time."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a respondent sends for one question. ``value`` counts only when ``status`` is ``answered``."""

    status: str
    value: str = ""
    justification: str = ""
    comment: str = ""


class AnswerRefused(ValueError):
    """The answer cannot be kept as it is; ``errors`` maps 'answer', 'justification' or 'comment' to a sentence."""

    def __init__(self, errors: dict[str, Any]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))


class AnswerIsStale(Exception):
    """Someone changed the answer since it was read; ``current`` is what stands now."""

    def __init__(self, current: Answer) -> None:
        self.current = current
        super().__init__(f"{current.question} is at revision {current.revision}")


def save_answer(
    *,
    assessment: Assessment,
    offer: Offer | None,
    question: Question,
    said: Said,
    revision: int,
    by: User | None,
    from_profile: Mapping[str, Any] | None = None,
) -> Answer:
    """Save what was said of ``question``; ``offer`` is ``None`` for a question about the workload.

    ``revision`` is the one the respondent saw, 0 for none. Saving what already stands changes nothing, whatever
    the revision: a repeated request is harmless. ``from_profile`` names the fact that fills the answer in: it is then
    presumed. A presumed answer stays so when only its comment or its justification changes; another answer is the
    respondent's own. Raises ``AnswerRefused`` or ``AnswerIsStale``.
    """
    check_said(question, said)
    # Closed content is refused below, under the lock: nothing is judged for it.
    if not said.justification.strip() and not assessment.is_closed:
        _check_override(assessment, offer, question, said)
    if said.status != Answer.Status.ANSWERED:
        said = Said(said.status, "", said.justification, said.comment)
    try:
        return write_answer(assessment, offer, question.key, said, revision, by, from_profile)
    except IntegrityError:
        # Two first answers at the same instant: the other one stands, so this one is judged against it.
        return write_answer(assessment, offer, question.key, said, revision, by, from_profile)


def check_said(question: Question, said: Said) -> None:
    """Raises ``AnswerRefused`` when ``said`` is no answer to ``question``, with a sentence for each field."""
    errors: dict[str, Any] = {}
    if said.status not in Answer.Status.values:
        errors["answer"] = _("This is not one of the possible answers. Choose one of those listed.")
    elif said.status == Answer.Status.ANSWERED and not is_valid_value(question, said.value):
        errors["answer"] = _(kind_of(question.kind).wrong)
    if said.status == Answer.Status.NOT_APPLICABLE and not said.justification.strip():
        errors["justification"] = _("Write why the question does not apply: the reason is printed in the report.")
    for field in ("justification", "comment"):
        excess = len(getattr(said, field)) - MAX_TEXT
        if excess > 0:
            errors[field] = _("The text is too long by %(excess)d characters: %(most)d at most.") % {
                "excess": excess,
                "most": MAX_TEXT,
            }
        elif unreadable := unreadable_in(getattr(said, field)):
            told = {"characters": ", ".join(unreadable[:5])}
            errors[field] = _("Remove the characters that cannot be read: %(characters)s.") % told
    if errors:
        raise AnswerRefused(errors)


def _check_override(assessment: Assessment, offer: Offer | None, question: Question, said: Said) -> None:
    """An answer other than the one that follows from the others of the offer needs a reason."""
    edition = edition_of(assessment)
    answer = core.Answer.said(said.status, said.value, said.justification)
    if question.key not in edition.derivations_of or answer is None:
        return
    rows = assessment.answers.filter(Q(offer=None) | Q(offer=offer))
    if edition.derives_from_evidence:
        others = core_answers(known(assessment, rows.prefetch_related(with_evidence())))
    else:
        others = {row.question: stands for row in rows if (stands := said_in_row(row)) is not None}
    answers = {**others, question.key: answer}
    if lacks_reason(edition, answers, question.key, assessment.reference_date):
        raise AnswerRefused(
            {"justification": _("What is known already gives another answer. Write why yours differs: it is printed.")}
        )


@transaction.atomic
def write_answer(
    assessment: Assessment,
    offer: Offer | None,
    question: str,
    said: Said,
    revision: int,
    by: User | None,
    from_profile: Mapping[str, Any] | None = None,
) -> Answer:
    """Write what was said of ``question`` and keep the change, unchecked: ``save_answer`` checks what people send.

    Raises ``AnswerRefused`` when the assessment rests on another edition than ``assessment`` says, ``AnswerIsStale``.
    """
    # Those who save, those who close the content and those who move it to another edition wait here for one another.
    locked = Assessment.objects.select_for_update(no_key=True).filter(pk=assessment.pk).order_by()
    ((edition, assessment.review_state),) = locked.values_list("edition", "review_state")
    if edition != assessment.edition_id:
        moved = _("This assessment was moved to another edition meanwhile. Open the page again, then answer.")
        raise AnswerRefused({"answer": moved})
    place = {"offer": offer} if offer else {"assessment": assessment, "offer": None}
    found = Answer.objects.select_for_update().filter(question=question, **place)
    row = next(iter(found), None)  # at most one: ``first`` would sort
    before = snapshot(row) if row else None
    after = asdict(replace(said, justification=said.justification.strip(), comment=said.comment.strip()))
    if row:
        row.assessment, row.offer = assessment, offer
    if row is None and after == _EMPTY:
        return Answer(assessment=assessment, offer=offer, question=question, revision=0)
    if row and from_profile is None and asdict(said_of(row)) == after:
        return row
    is_same = row is not None and (row.status, row.value) == (said.status, said.value)
    if row is None:
        row = Answer(assessment=assessment, offer=offer, question=question, revision=1)
    elif row.revision != revision:
        raise AnswerIsStale(row)
    else:
        row.revision += 1
    for field, value in after.items():
        setattr(row, field, value)
    if from_profile is not None:
        row.from_profile, row.is_presumed = dict(from_profile), True
    elif not is_same:
        row.from_profile, row.is_presumed = None, False
    row.updated_by = by
    row.save(update_fields=None if row.pk is None else [*after, *_ORIGIN, "revision", "updated_by", "updated_at"])
    AnswerChange.objects.create(answer=row, revision=row.revision, by=by, before=before, after=snapshot(row))
    now = timezone.now()
    if now - assessment.updated_at > LAST_CHANGE_STEP:
        Assessment.objects.filter(pk=assessment.pk).update(updated_at=now)
    return row


def said_of(row: Answer) -> Said:
    return Said(row.status, row.value, row.justification, row.comment)


_EMPTY = asdict(Said(Answer.Status.UNANSWERED))
_ORIGIN = ("from_profile", "is_presumed")


def snapshot(row: Answer) -> dict[str, Any]:
    """What the history keeps of an answer; where it comes from, as long as it is presumed."""
    said = asdict(said_of(row))
    return said | {field: getattr(row, field) for field in _ORIGIN} if row.is_presumed else said
