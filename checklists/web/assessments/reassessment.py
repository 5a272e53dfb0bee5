"""When an assessment is to be looked at again: what is proposed, and the day set by hand."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.people.permissions import Action
from checklists.services.assessments import keep_assessment
from checklists.services.portfolio.judge_assessment import months_on
from checklists.web.assessments.views import line_of, when_again
from checklists.web.site.access import assessment_or_404, member_required
from checklists.words.day_field import DayField


class ReassessmentForm(forms.Form):
    reassess_by = DayField(
        label=gettext_lazy("Look at it again by"),
        required=False,
        help_text=gettext_lazy("Day/month/year. Empty: the first of the days proposed above."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_reassess_by(self) -> date | None:
        day: date | None = self.cleaned_data["reassess_by"]
        if day and day < timezone.localdate():
            raise ValidationError(_("This day is past. Choose one to come, or leave the field empty."))
        return day


@member_required
def reassess(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    may = Action.MANAGE_ASSESSMENT if request.method == "POST" else Action.READ
    assessment = assessment_or_404(request, assessment_id, may=may)
    if request.method == "POST":
        form = ReassessmentForm(request.POST)
        if form.is_valid():
            keep_assessment.reassess_by(assessment, form.cleaned_data["reassess_by"])
            messages.success(request, _("Saved."))
            return redirect("assessment", assessment.pk)
    else:
        form = ReassessmentForm(initial={"reassess_by": assessment.reassess_by})
    line = line_of(assessment)
    assessment.organisation = line.organisation
    context = {
        "assessment": assessment,
        "form": form,
        "again": when_again(line),
        "months": line.organisation.reassess_after,
        "months_on": months_on(assessment),
        "law_changes_on": line.law_changes_on,
        "offer": line.host_id or line.best_id,
    }
    return render(request, "web/assessments/reassessment.html", context, status=422 if form.errors else 200)
