"""Issue a report: freeze everything under a hash, give it a code, and put its making in the queue."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject, Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.core.editions.edition import fingerprint
from checklists.models import AnswerChange, Assessment, Evidence, FrameworkChoice, Offer, PrintJob, Report, User
from checklists.services.judging.judge_offer import judge_rows, rows_of
from checklists.services.moves.read_move import open_move
from checklists.services.records.freeze_report import freeze_report
from checklists.services.reports.freeze_review import freeze_review
from checklists.services.review.fingerprint_content import fields_of

# No I, L, O, U: a code read aloud or copied by hand stays right (D. Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """A code of 80 bits in four groups, which cannot be guessed."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def read_code(typed: str) -> str:
    """The code as stored, from what somebody typed; '' when it cannot be one."""
    letters = "".join(c for c in typed.upper().translate(_MISREAD) if c.isalnum())
    if len(letters) != 16 or not set(letters) <= set(ALPHABET):
        return ""
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


class IssueRefused(ValueError):
    """No report of record can be issued now; the message says why, in the reader's language."""


class ContentsChanged(IssueRefused):
    """What would be issued is not what stood when the page was opened."""


_STANDS = Q(removed_at=None)
_OF_EVIDENCE = JSONObject(
    stand=Count("pk", filter=_STANDS),
    added=Max("added_at"),
    removed=Max("removed_at"),
    demonstrated=Count("pk", filter=_STANDS & Q(strength=Evidence.Strength.DEMONSTRATED)),
    claimed=Count("pk", filter=_STANDS & Q(strength=Evidence.Strength.CLAIM)),
    bytes=Sum("size"),
    letters=Sum(Length("title") + Length("issuer") + Length("note") + Length("link")),
    **{f"{which.name}_{name}": which(name, filter=_STANDS)
       for name in ("issued_on", "valid_from", "valid_until") for which in (Min, Max, Count)},
)  # fmt: skip
"""What of the evidence of an assessment changes with any piece that is added, removed, exchanged or said otherwise."""


def contents_shown(offer: Offer) -> str:
    """What a page keeps of the contents it was opened on: another value later means that they changed.

    Answers, their evidence, the plan, capacities, frameworks, the review and the names. One query.
    """
    choices = FrameworkChoice.objects.filter(assessment=OuterRef("assessment")).values("assessment")
    changes = AnswerChange.objects.filter(answer__assessment=OuterRef("assessment")).values("answer__assessment")
    pieces = Evidence.objects.filter(answer__assessment=OuterRef("assessment")).values("answer__assessment")
    row: Any = (
        Offer.objects.select_related("assessment__need", "provision", "transition_plan")
        .annotate(
            last_change=Subquery(changes.annotate(last=Max("pk")).values("last")),
            last_choice=Subquery(choices.annotate(last=Max("pk")).values("last")),
            chosen=Subquery(choices.annotate(all=Count("pk")).values("all")),
            evidence=Subquery(pieces.annotate(all=_OF_EVIDENCE).values("all")),
        )
        .get(pk=offer.pk)
    )
    assessment = row.assessment
    stood = [
        *(row.last_change, row.last_choice, row.chosen, row.name, row.provider, row.is_current),
        *(assessment.name, assessment.description, str(assessment.reference_date), assessment.edition_id),
        *(assessment.review_state, assessment.held_to_evidence),
        *(fields_of(getattr(of, name, None)) for of, name in
          ((assessment, "need"), (row, "provision"), (row, "transition_plan"))),
        row.evidence,
        getattr(getattr(row, "transition_plan", None), "revision", 0),
    ]  # fmt: skip
    return fingerprint(stood)[:32]


@transaction.atomic
def issue_report(
    offer: Offer, *, language: str, form: str, by: User | None, shown: str | None = None
) -> tuple[Report, bool]:
    """The report of ``offer`` as it stands now, and whether it is new.

    The same contents in the same language and form are one report, however many ask for it. It follows the last
    report that found something else. ``shown`` is ``contents_shown`` of the page it was asked from; ``ContentsChanged``
    is raised when other contents stand. Raises ``IssueRefused`` while a move to another edition is not confirmed:
    answers would be certified that nobody has read again.
    """
    # Those who issue at the same instant wait here for one another; what they read next is the same.
    Assessment.objects.select_for_update().get(pk=offer.assessment_id)
    with_subject = Offer.objects.select_related("assessment__organisation", "assessment__edition")
    offer = with_subject.defer("assessment__edition__document").get(pk=offer.pk)
    if open_move(offer.assessment):
        raise IssueRefused(_("This assessment was moved to another edition: confirm the move first, or undo it."))
    if shown is not None and shown != contents_shown(offer):
        raise ContentsChanged(_("The answers changed after this page was opened: look at the result, then issue."))
    rows = rows_of(offer.assessment, offer)
    judgement = judge_rows(offer.assessment, rows.values())
    review = freeze_review(offer)
    record = freeze_report(offer, rows, judgement, language=language, form=form, review=review)
    facts = record.facts_sha256
    latest = Report.objects.filter(offer=offer).defer("content").select_related("previous").first()
    previous = latest.previous if latest and latest.facts_sha256 == facts else latest
    if previous:
        record = freeze_report(offer, rows, judgement, language=language, form=form, previous=previous, review=review)
    existing = Report.objects.filter(offer=offer, content_sha256=record.sha256).first()
    if existing:
        return existing, False
    code = new_code()
    report = Report(
        offer=offer,
        edition=offer.assessment.edition,
        code=code,
        language=language,
        form=form,
        content=record.to_bytes(),
        content_sha256=record.sha256,
        facts_sha256=facts,
        previous=previous,
        address=settings.SITE_URL + reverse("verify-code", args=[code]),
        is_signed=bool(settings.REPORT_SIGNING),
        issued_by=by,
        issued_at=timezone.now(),
    )
    report.save()
    PrintJob.objects.create(report=report)
    return report, True
