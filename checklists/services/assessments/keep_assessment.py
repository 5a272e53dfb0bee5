"""Create, change, bin and restore assessments and their offers."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone

from checklists.models import Assessment, Edition, Offer, Organisation, User
from checklists.services.frameworks.choose_frameworks import choose_frameworks


@transaction.atomic
def create_assessment(
    *,
    organisation: Organisation,
    edition: Edition,
    name: str,
    reference_date: date,
    by: User | None,
    description: str = "",
    is_example: bool = False,
    token: uuid.UUID | None = None,
) -> Assessment:
    """Create an assessment, read through the frameworks that ask nothing of their own.

    The same ``token`` sent twice by the same organisation gives the same one. A token that another organisation used
    is worth no more than none.
    """
    if token:
        earlier = Assessment.objects.filter(pk=token).first()
        if earlier and earlier.organisation_id == organisation.pk:
            return earlier
        if earlier:
            token = None
    assessment = Assessment.objects.create(
        pk=token or uuid.uuid4(),
        organisation=organisation,
        edition=edition,
        name=name,
        description=description,
        reference_date=reference_date,
        created_by=by,
        is_example=is_example,
    )
    choose_frameworks(assessment, (), by)
    return assessment


def change_assessment(assessment: Assessment, *, name: str, description: str, reference_date: date) -> None:
    assessment.name, assessment.description = name, description
    assessment.reference_date = reference_date
    assessment.save(update_fields=["name", "description", "reference_date", "updated_at"])


def reassess_by(assessment: Assessment, day: date | None) -> None:
    """Set the day by which ``assessment`` is to be looked at again; ``None`` leaves it to what is proposed."""
    assessment.reassess_by = day
    assessment.save(update_fields=["reassess_by", "updated_at"])


def bin_assessment(assessment: Assessment) -> None:
    """Put ``assessment`` in the bin: hidden, whole, restorable."""
    assessment.binned_at = timezone.now()
    assessment.save(update_fields=["binned_at"])


def restore_assessment(assessment: Assessment) -> None:
    assessment.binned_at = None
    assessment.save(update_fields=["binned_at"])


@transaction.atomic
def add_offer(
    assessment: Assessment, *, name: str, provider: str = "", is_current: bool = False, token: uuid.UUID | None = None
) -> Offer:
    """Add an offer. The same ``token`` sent twice for the same assessment gives the same offer."""
    if token:
        earlier = Offer.objects.filter(pk=token).first()
        if earlier and earlier.assessment_id == assessment.pk:
            return earlier
        if earlier:
            token = None
    return Offer.objects.create(
        pk=token or uuid.uuid4(), assessment=assessment, name=name, provider=provider, is_current=is_current
    )


def change_offer(offer: Offer, *, name: str, provider: str, is_current: bool) -> None:
    offer.name, offer.provider, offer.is_current = name, provider, is_current
    offer.save(update_fields=["name", "provider", "is_current"])
