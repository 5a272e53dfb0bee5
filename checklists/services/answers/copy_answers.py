"""Fill in an offer from another one of the same assessment: what is answered already is left alone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Answer, Offer, Provision, User
from checklists.models.capacity import Capacity
from checklists.services.answers.save_answer import MAX_TEXT, Said, write_answer
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import questionnaire_of


@transaction.atomic
def copy_answers(source: Offer, target: Offer, by: User | None) -> int:
    """Copy the answers ``target`` lacks, each saying where it comes from; returns how many. Copies capacities too.

    What stands in one offer stands in the other, even an answer that the control chain contradicts without a reason:
    whoever changes it is told then.
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
        comment = _comment(there.comment if there else "", origin, row.comment)
        said = Said(row.status, row.value, row.justification, comment)
        revision = there.revision if there else 0
        from_profile = row.from_profile if row.is_presumed else None
        write_answer(target.assessment, target, row.question, said, revision, by, from_profile)
        copied += 1
    provision = Provision.objects.filter(offer=source).first()
    if provision and not Provision.objects.filter(offer=target).exists():
        fields = [field.name for field in Capacity._meta.get_fields() if field.name != "updated_at"]
        Provision.objects.create(offer=target, **{field: getattr(provision, field) for field in fields})
    return copied


def _comment(here: str, origin: str, copied: str) -> str:
    """All three if there is room; what people wrote before where it comes from, and what is written here first."""
    for parts in ((here, origin, copied), (here, copied), (here, origin)):
        text = "\n".join(part for part in parts if part)
        if len(text) <= MAX_TEXT:
            return text
    return here
