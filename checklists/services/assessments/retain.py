"""Keep assessments no longer than their organisation decided (GDPR, Article 5(1)(e))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import ProtectedError

from checklists.models import Assessment, Organisation
from checklists.services.assessments.keep_assessment import bin_assessment


@dataclass(frozen=True, slots=True)
class Due:
    """One assessment whose time has come. ``act`` is 'bin' or 'delete'; ``kept`` says that something forbade it."""

    act: str
    assessment: Assessment
    kept: bool = False


def due(now: datetime) -> list[Due]:
    """What retention would do at ``now``, organisation by organisation. Months are those of the calendar."""
    found: list[Due] = []
    for organisation in Organisation.objects.exclude(bin_after=None, delete_after=None).order_by("pk"):
        mine = organisation.assessments.order_by("updated_at", "pk")
        if organisation.bin_after:
            still = now - relativedelta(months=organisation.bin_after)
            found += [Due("bin", each) for each in mine.in_use().filter(updated_at__lte=still)]
        if organisation.delete_after:
            binned = now - relativedelta(months=organisation.delete_after)
            found += [Due("delete", each) for each in mine.filter(binned_at__lte=binned)]
    return found


def apply_retention(now: datetime) -> list[Due]:
    """Do what ``due`` says, each in its own transaction, and return it; what other rows protect is kept and said."""
    done: list[Due] = []
    for each in due(now):
        try:
            with transaction.atomic():
                if each.act == "bin":
                    bin_assessment(each.assessment)
                else:
                    each.assessment.delete()
        except ProtectedError:
            each = Due(each.act, each.assessment, kept=True)
        done.append(each)
    return done
