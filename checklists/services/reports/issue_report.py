"""Issue a report: freeze everything under a hash, give it a code, and put its making in the queue."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.core.editions.edition import fingerprint
from checklists.models import AnswerChange, Assessment, Offer, PrintJob, Report, User
from checklists.services.judging.judge_offer import judge_rows, rows_of
from checklists.services.moves.read_move import open_move
from checklists.services.records.freeze_report import freeze_report
from checklists.services.reports.freeze_review import freeze_review

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


def contents_shown(offer: Offer) -> str:
    """What a page keeps of the contents it was opened on: another value later means that they changed. One query."""
    changes = AnswerChange.objects.filter(answer__assessment=offer.assessment_id)
    assessment = offer.assessment
    stood = [changes.aggregate(last=Max("pk"))["last"], assessment.edition_id, str(assessment.reference_date),
             assessment.name, assessment.description, offer.name, offer.provider]  # fmt: skip
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
