"""Fill in an offer from another one of the same assessment: what is answered already is left alone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Answer, Offer, Provision, User
from checklists.models.needs import Capacity
from checklists.services.choose_frameworks import choices_of
from checklists.services.read_lenses import questionnaire_of
from checklists.services.save_answer import MAX_TEXT, Said, save_answer


@transaction.atomic
def copy_answers(source: Offer, target: Offer, by: User | None) -> int:
    """Copy the answers ``target`` lacks, each saying where it comes from; returns how many. Copies capacities too.

    Raises ``ValueError`` when the two offers are not of the same assessment.
    """
    if source.assessment_id != target.assessment_id:
        raise ValueError("answers are copied within one assessment")
    questions = questionnaire_of(target.assessment, choices_of(target.assessment)).questions
    standing = {row.question: row for row in target.answers.all()}
    copied = 0
    for row in source.answers.exclude(status=Answer.Status.UNANSWERED):
        there = standing.get(row.question)
        if row.question not in questions or (there and there.status != Answer.Status.UNANSWERED):
            continue
        origin = _("Copied from “%(offer)s”: to be confirmed.") % {"offer": source.name}
        comment = "\n".join(text for text in (there.comment if there else "", origin, row.comment) if text)[:MAX_TEXT]
        save_answer(
            assessment=target.assessment,
            offer=target,
            question=questions[row.question],
            said=Said(row.status, row.value, row.justification, comment),
            revision=there.revision if there else 0,
            by=by,
            from_profile=row.from_profile if row.is_presumed else None,
        )
        copied += 1
    provision = Provision.objects.filter(offer=source).first()
    if provision and not Provision.objects.filter(offer=target).exists():
        fields = [field.name for field in Capacity._meta.get_fields() if field.name != "updated_at"]
        Provision.objects.create(offer=target, **{field: getattr(provision, field) for field in fields})
    return copied
