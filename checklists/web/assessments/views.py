"""Assessments: a new one, one at a glance, its bin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checklists.core.people.permissions import Action
from checklists.models import Answer, Assessment, Edition, FrameworkChoice, Offer, PortfolioLine
from checklists.models.evidence import with_evidence
from checklists.services.assessments import keep_assessment
from checklists.services.editions.offer_checklists import Offered, offered_to
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.publish_framework import available_frameworks, load_framework
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of
from checklists.services.judging.judge_offer import bearing_on, edition_of, judge_rows
from checklists.services.portfolio.deadlines import REASONS, reassessment
from checklists.services.portfolio.refresh_standings import refresh_some
from checklists.services.team.assign import assignments_of
from checklists.web.answers.chapters import Chapter, chapters, resume_url, with_assignments
from checklists.web.evidence.lines import ending_of
from checklists.web.moves.views import edition_note
from checklists.web.site.access import (
    SignedRequest,
    assessment_or_404,
    kept_form,
    member_required,
    organisation_or_404,
    permissions_here,
)
from checklists.words.day_field import DayField
from checklists.words.judging.presentation import step
from checklists.words.vocabulary import only_in, pick


class AssessmentForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What is to be hosted?"),
        max_length=200,
        help_text=gettext_lazy("A name your colleagues will recognise: “Cancer registry”, “Patient portal”."),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Purpose, people concerned, who decides. Printed in the report."),
    )
    reference_date = DayField(
        label=gettext_lazy("Reference date"),
        help_text=gettext_lazy(
            "The law is read as it stood on that day. Day/month/year, for example 31/12/2026. Usually today."
        ),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("name", "description", "reference_date", "token")


class NewAssessmentForm(AssessmentForm):
    """The checklist is asked for where there is a choice of it."""

    def __init__(self, offered: Sequence[Offered], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editions = {each.key: each.edition for each in offered}
        if len(offered) > 1:
            choices = [(each.key, pick(each.title) or each.key) for each in offered]
            self.fields["checklist"] = forms.ChoiceField(
                label=_("Checklist"),
                choices=choices,
                initial=choices[0][0],
                widget=forms.RadioSelect,
                help_text=_("The questions asked and the rules of the verdict. It cannot be changed afterwards."),
            )
            self.helper.layout = Layout("name", "description", "reference_date", "checklist", "token")

    def edition_of(self, checklist: str) -> Edition:
        """The edition of the checklist chosen; of the only one where none was asked for."""
        return self.editions[checklist] if checklist else next(iter(self.editions.values()))


def _offer_summaries(
    assessment: Assessment, rows: list[Answer], choices: list[FrameworkChoice]
) -> list[dict[str, Any]]:
    summaries = []
    for offer in assessment.offers.all():
        own = bearing_on(offer, rows)
        judgement = judge_rows(assessment, own)
        asked = questionnaire_of(assessment, choices)
        pages = chapters(asked, establish_rows(asked, assessment, own).states, assessment, offer)
        summaries.append(
            {
                "offer": offer,
                "judgement": judgement,
                "best": step(judgement.established),
                "worst": step(judgement.verdict.worst),
                "asked": sum(page.asked for page in pages),
                "answered": sum(page.answered for page in pages),
                "resume": resume_url(pages),
                "parts": pages[1:],
            }
        )
    return summaries


@member_required
def create(request: SignedRequest) -> HttpResponse:
    organisation = organisation_or_404(request, may=Action.MANAGE_ASSESSMENT)
    offered = offered_to(organisation)
    if not offered:
        return render(request, "web/assessments/no_edition.html", status=503)
    kept = kept_form(request)
    if request.method == "POST" or kept:
        form = NewAssessmentForm(offered, kept or request.POST)
        if not kept and form.is_valid():
            said = dict(form.cleaned_data)
            assessment = keep_assessment.create_assessment(
                organisation=organisation,
                edition=form.edition_of(said.pop("checklist", "")),
                by=request.user,
                **said,
            )
            return redirect("workload", assessment.pk)
    else:
        today = timezone.localdate().strftime("%d/%m/%Y")
        form = NewAssessmentForm(offered, initial={"token": uuid4(), "reference_date": today})
    context = {"form": form, "editions": [(each.edition, pick(each.title)) for each in offered]}
    return render(request, "web/assessments/create.html", context, status=422 if form.errors and not kept else 200)


@member_required
def overview(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id)
    rows = list(Answer.objects.filter(assessment=assessment).prefetch_related(with_evidence()))
    judgement = judge_rows(assessment, bearing_on(None, rows))
    choices = choices_of(assessment)
    workload = chapters(edition_of(assessment), judgement.states, assessment, None)[0]
    offers = _offer_summaries(assessment, rows, choices)
    context = {
        "assessment": assessment,
        "edition": edition_of(assessment),
        "edition_title": pick(edition_of(assessment).title),
        "only_in": only_in(edition_of(assessment)),
        "workload": workload,
        "required": step(judgement.required.worst),
        "offers": offers,
        "places": _places(request, assessment, workload, offers),
        "frameworks": _framework_choices(assessment, choices),
        "ending": ending_of(rows, questionnaire_of(assessment, choices), assessment),
        "again": when_again(line_of(assessment)),
        **edition_note(assessment),
    }
    return render(request, "web/assessments/overview.html", context)


def _places(
    request: HttpRequest, assessment: Assessment, workload: Chapter, offers: list[dict[str, Any]]
) -> list[tuple[Offer | None, list[Chapter], int]]:
    """For the team: the workload and each offer, their parts with who answers, how many have somebody."""
    if not permissions_here(request)["see_team"]:
        return []
    assignments = assignments_of(assessment)
    places = [(None, [workload]), *((summary["offer"], summary["parts"]) for summary in offers)]
    shown = [(offer, with_assignments(parts, assignments, offer)) for offer, parts in places]
    return [
        (offer, parts, sum(bool(part.assignment and part.assignment.assignee_id) for part in parts))
        for offer, parts in shown
    ]


def line_of(assessment: Assessment) -> PortfolioLine:
    """The line of ``assessment``, judged again first if it has changed."""
    lines = PortfolioLine.objects.filter(pk=assessment.pk)
    refresh_some(lines)
    line = lines.select_related("organisation").get()
    line.assessment = assessment
    return line


def when_again(line: PortfolioLine) -> dict[str, Any]:
    """The day to look again and why, for a template; nothing when there is no day."""
    again = reassessment(line, timezone.localdate())
    return {"day": again.due, "is_late": again.is_late, "reason": REASONS[again.reason]} if again else {}


def _framework_choices(assessment: Assessment, choices: list[FrameworkChoice]) -> list[dict[str, Any]]:
    """Every framework one may choose or has chosen, in the publication that counts for this assessment."""
    chosen = {choice.framework.key: choice.framework for choice in choices}
    available = {row.key: row for row in available_frameworks(assessment.edition.checklist)} | chosen
    return [
        {
            "key": row.key,
            "number": row.number,
            "title": pick(framework.title),
            "questions": len(framework.questions),
            "is_chosen": row.key in chosen,
        }
        for row in available.values()
        for framework in [load_framework(row.sha256)]
    ]


@member_required
def change(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    if request.method == "POST":
        form = AssessmentForm(request.POST)
        if form.is_valid():
            values = {field: form.cleaned_data[field] for field in ("name", "description", "reference_date")}
            keep_assessment.change_assessment(assessment, **values)
            messages.success(request, _("Saved."))
            return redirect("assessment", assessment.pk)
    else:
        initial = {field: getattr(assessment, field) for field in ("name", "description", "reference_date")}
        form = AssessmentForm(initial=initial)
    context = {"form": form, "assessment": assessment}
    return render(request, "web/assessments/change.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def put_in_bin(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    keep_assessment.bin_assessment(assessment)
    messages.success(request, _("“%(name)s” is in the bin. You can restore it there.") % {"name": assessment.name})
    return redirect("assessments")


@member_required
def bin_listing(request: HttpRequest) -> HttpResponse:
    organisation = organisation_or_404(request)
    binned = Assessment.objects.in_the_bin().filter(organisation=organisation)
    return render(request, "web/assessments/bin.html", {"binned": binned.order_by("-binned_at")[:200]})


@require_POST
@member_required
def restore(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT, binned=True)
    keep_assessment.restore_assessment(assessment)
    messages.success(request, _("“%(name)s” is back.") % {"name": assessment.name})
    return redirect("assessment", assessment.pk)
