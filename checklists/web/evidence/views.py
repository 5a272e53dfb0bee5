"""The evidence of answers: one page a question, one page an assessment, and files served as files only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checklists.core.editions.edition import Edition, Question
from checklists.core.people.permissions import Action
from checklists.models import Answer, Assessment, Evidence, Offer
from checklists.models.evidence import with_evidence
from checklists.services.evidence import keep_evidence
from checklists.services.evidence.keep_evidence import EvidenceRefused
from checklists.services.evidence.receive_file import FileRefused
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.judging.judge_offer import backing_of
from checklists.services.team.assign import WORKLOAD
from checklists.services.trail.record import record
from checklists.web.evidence.forms import FIELDS, EvidenceForm
from checklists.web.evidence.lines import pieces_of, question_page
from checklists.web.site.access import SignedRequest, assessment_or_404, member_required, offer_or_404
from checklists.words.evidence import backing_words
from checklists.words.vocabulary import pick


@member_required
def of_offer(request: SignedRequest, offer_id: UUID, question_key: str) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    return _of_question(request, offer.assessment, offer, question_key)


@member_required
def of_workload(request: SignedRequest, assessment_id: UUID, question_key: str) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.ANSWER)
    return _of_question(request, assessment, None, question_key)


def _of_question(
    request: SignedRequest, assessment: Assessment, offer: Offer | None, question_key: str
) -> HttpResponse:
    """What one answer rests on, and the form to add to it."""
    asked, question = _question(assessment, question_key, "offer" if offer else "workload")
    if request.method == "POST":
        form = EvidenceForm(request.POST, request.FILES, weight_left=keep_evidence.weight_left(assessment))
        if form.is_valid() and _kept(
            form,
            lambda: keep_evidence.add_evidence(
                assessment=assessment,
                offer=offer,
                question=question_key,
                details=form.details,
                received=form.cleaned_data["file"],
                by=request.user,
            ),
        ):
            messages.success(request, _("“%(title)s” is kept.") % {"title": form.cleaned_data["title"]})
            return redirect(question_page(question, assessment, offer))
    else:
        form = EvidenceForm(weight_left=keep_evidence.weight_left(assessment))
    row = Answer.objects.filter(assessment=assessment, offer=offer, question=question_key)
    found = row.prefetch_related(with_evidence()).first()
    if found:
        found.assessment = assessment
    context = _about(assessment, offer, question) | {
        "form": form,
        "pieces": pieces_of([found], asked, assessment) if found else [],
        "rests_on": backing_words(backing_of(found)) if found else "",
        "is_answered": found is not None and found.status != Answer.Status.UNANSWERED,
        "removed": list(Evidence.objects.filter(answer=found).exclude(removed_at=None)) if found else [],
    }
    return render(request, "web/evidence/question.html", context, status=422 if form.errors else 200)


def _kept(form: EvidenceForm, keep: Any) -> bool:
    """Whether the service kept it; what it refuses is put beside the fields."""
    try:
        keep()
    except EvidenceRefused as refusal:
        form.refuse(refusal.errors)
    except FileRefused as refusal:
        form.refuse({"file": str(refusal)})
    return form.is_valid()


def _question(assessment: Assessment, key: str, scope: str) -> tuple[Edition, Question]:
    asked = questionnaire_of(assessment, choices_of(assessment))
    question = asked.questions.get(key)
    if question is None or question.scope != scope:
        raise Http404(f"no question {key}")
    return asked, question


def _about(assessment: Assessment, offer: Offer | None, question: Question) -> dict[str, Any]:
    chapter = (
        reverse("concern", args=[offer.pk, question.concern]) if offer else reverse(WORKLOAD, args=[assessment.pk])
    )
    return {
        "assessment": assessment,
        "offer": offer,
        "question": pick(question.text),
        "where": pick(question.where),
        "back": f"{chapter}#q-{question.key}",
    }


def _evidence_or_404(request: SignedRequest, evidence_id: UUID, may: Action, *, removed: bool = False) -> Evidence:
    """The evidence, if the reader may do that on its assessment; one in the bin only where ``removed`` will do."""
    rows = (Evidence.objects.all() if removed else Evidence.objects.in_use()).select_related(
        "answer__assessment__edition", "answer__offer"
    )
    evidence = get_object_or_404(rows.defer("answer__assessment__edition__document"), pk=evidence_id)
    evidence.answer.assessment = assessment_or_404(request, evidence.answer.assessment_id, may=may)
    return evidence


@member_required
def change(request: SignedRequest, evidence_id: UUID) -> HttpResponse:
    """What is said of one piece; with another file, a new piece takes its place."""
    evidence = _evidence_or_404(request, evidence_id, Action.ANSWER)
    answer = evidence.answer
    question = _question(answer.assessment, answer.question, "offer" if answer.offer_id else "workload")[1]
    left = keep_evidence.weight_left(answer.assessment)
    if request.method == "POST":
        form = EvidenceForm(request.POST, request.FILES, weight_left=left)
        if form.is_valid() and _kept(
            form,
            lambda: keep_evidence.change_evidence(
                evidence,
                form.details,
                form.cleaned_data["file"],
                request.user,
            ),
        ):
            messages.success(request, _("Saved."))
            return redirect(question_page(question, answer.assessment, answer.offer))
    else:
        form = EvidenceForm(initial={name: getattr(evidence, name) for name in FIELDS}, weight_left=left)
    context = _about(answer.assessment, answer.offer, question) | {
        "form": form,
        "evidence": evidence,
        "back": question_page(question, answer.assessment, answer.offer),
    }
    return render(request, "web/evidence/change.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def remove(request: SignedRequest, evidence_id: UUID) -> HttpResponse:
    evidence = _evidence_or_404(request, evidence_id, Action.ANSWER, removed=True)
    keep_evidence.remove_evidence(evidence)
    messages.success(
        request, _("“%(title)s” is removed. You can restore it below for thirty days.") % {"title": evidence.title}
    )
    return redirect(_page_of(evidence))


@require_POST
@member_required
def restore(request: SignedRequest, evidence_id: UUID) -> HttpResponse:
    evidence = _evidence_or_404(request, evidence_id, Action.ANSWER, removed=True)
    keep_evidence.restore_evidence(evidence)
    messages.success(request, _("“%(title)s” is back.") % {"title": evidence.title})
    return redirect(_page_of(evidence))


def _page_of(evidence: Evidence) -> str:
    answer = evidence.answer
    if answer.offer_id:
        return reverse("offer-evidence", args=[answer.offer_id, answer.question])
    return reverse("workload-evidence", args=[answer.assessment_id, answer.question])


@member_required
@require_safe
def download(request: SignedRequest, evidence_id: UUID) -> HttpResponse:
    """The file as it was sent, as a file to keep: never shown, run, guessed at or kept by a browser on the way."""
    evidence = _evidence_or_404(request, evidence_id, Action.READ)
    try:
        contents = keep_evidence.contents_of(evidence)
    except FileNotFoundError as error:
        raise Http404("no file") from error
    except ValueError:
        told = _("The stored file is no longer the one that was sent. You cannot download it: tell the site operator.")
        messages.error(request, told)
        return redirect("evidence", evidence.answer.assessment_id)
    label, question = evidence.title, evidence.answer.question
    edition = evidence.answer.assessment.edition.sha256
    record(
        "evidence.downloaded",
        organisation=evidence.answer.assessment.organisation_id,
        subject=evidence,
        details={"label": label, "question": question, "edition": edition, "sha256": evidence.sha256},
    )
    named = {"Content-Disposition": content_disposition_header(True, evidence.original_name)}
    return HttpResponse(contents, content_type=evidence.media_type, headers=SERVED_AS | named)


SERVED_AS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
"""The headers of a stored file, whoever reads it."""


@member_required
@require_safe
def of_assessment(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """All the evidence of an assessment: what ends, what ended, what nothing shows."""
    assessment = assessment_or_404(request, assessment_id)
    asked = questionnaire_of(assessment, choices_of(assessment))
    rows = list(
        Answer.objects.filter(assessment=assessment, evidence__isnull=False)
        .select_related("offer")
        .prefetch_related(with_evidence())
        .order_by("offer__created_at", "pk")
        .distinct()
    )
    groups: dict[UUID | None, dict[str, Any]] = {}
    for row in rows:
        row.assessment = assessment
        if row.question not in asked.questions or not row.evidence.all():
            continue
        group = groups.setdefault(row.offer_id, {"offer": row.offer, "answers": []})
        question = asked.questions[row.question]
        group["answers"].append(
            {
                "question": pick(question.text),
                "rests_on": backing_words(backing_of(row)),
                "pieces": pieces_of([row], asked, assessment),
                "url": question_page(question, assessment, row.offer),
            }
        )
    removed = Evidence.objects.of_assessment(assessment).exclude(removed_at=None).select_related("answer__offer")
    context = {
        "assessment": assessment,
        "groups": list(groups.values()),
        "removed": list(removed),
        "weight": Evidence.objects.of_assessment(assessment).weight(),
    }
    return render(request, "web/evidence/assessment.html", context)


@require_POST
@member_required
def hold(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    held = request.POST.get("held") == "yes"
    keep_evidence.hold_to_evidence(assessment, held=held)
    told = (
        _("An answer about an offer that no document shows now counts as a claim.")
        if held
        else _("Answers count as given, unless their evidence is a mere claim or has expired.")
    )
    messages.success(request, told)
    return redirect("evidence", assessment.pk)
