"""The forms of a transition plan: its frame, and one row a step."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from checklists.core.transition import LONGEST
from checklists.models import Offer, PlanStep, TransitionPlan
from checklists.services.review.content_lock import STEP_PROGRESS
from checklists.services.transition import after_numbers
from checklists.words.day_field import DayField

MOST_STEPS = 200


class PlanForm(forms.ModelForm):
    """The frame of the plan. Fields that are right are kept even when another one is not."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    starts_on = DayField(label=_("First day of the transition"), help_text=_("Day/month/year."))
    asked_end = DayField(
        label=_("To have left by"),
        required=False,
        help_text=_("The date you ask for or have committed to. Left empty: the end the steps give."),
    )

    class Meta:
        model = TransitionPlan
        fields = ("target", "starts_on", "asked_end", "justification", "legal_basis", *TransitionPlan.GUARANTEES)
        labels = {
            "target": _("Leaving for"),
            "justification": _("Why longer than the steps need, if it is"),
            "legal_basis": _("Legal basis of the processing meanwhile"),
            "guarantee_keys": _("Keys: who holds them until the switch"),
            "guarantee_access": _("Access: who may log in, from where, with whose approval"),
            "guarantee_logging": _("Logging: what is recorded, and who reads it"),
            "guarantee_new_data": _("No new data: what is suspended until the switch"),
        }
        help_texts = {
            "legal_basis": _(
                "GDPR, Art. 6 and 9, and Art. 46 or 49 if data leave the Union: name the provision and why it holds."
            ),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("justification", "legal_basis", *TransitionPlan.GUARANTEES)
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer: Offer = self.instance.offer
        for name in self.Meta.fields:
            self.fields[name].disabled = offer.assessment.is_closed
        target = self.fields["target"]
        target.queryset = Offer.objects.filter(assessment=offer.assessment_id).exclude(pk=offer.pk)  # type: ignore[attr-defined]
        target.empty_label = _("Not chosen yet")  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("revision", *self.Meta.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, end = cleaned.get("starts_on"), cleaned.get("asked_end")
        if starts and end and end < starts:
            self.add_error("asked_end", _("This is before the first day. Give a later date, or none."))
        return cleaned


class StepForm(forms.Form):
    """One row. ``number`` is empty for a new step; a row left blank is no step."""

    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Step"), max_length=200)
    owner = forms.CharField(label=_("In charge"), max_length=200, required=False)
    state = forms.ChoiceField(label=_("State"), choices=PlanStep.State.choices, initial=PlanStep.State.PLANNED)
    low = forms.IntegerField(label=_("At least, days"), min_value=0, max_value=LONGEST)
    likely = forms.IntegerField(label=_("Likely, days"), min_value=0, max_value=LONGEST)
    high = forms.IntegerField(label=_("At most, days"), min_value=0, max_value=LONGEST)
    after = forms.CharField(label=_("After steps"), max_length=200, required=False)
    started_on = DayField(label=_("Begun on"), required=False)
    finished_on = DayField(label=_("Finished on"), required=False)

    FIELDS = ("title", "owner", "low", "likely", "high", "after", "state", "started_on", "finished_on")

    def __init__(self, *args: Any, is_closed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.disabled = is_closed and name not in (*STEP_PROGRESS, "number")
            if name in ("low", "likely", "high"):
                field.widget.attrs |= {"class": "form-control form-control-sm days", "inputmode": "numeric"}
            elif name == "state":
                field.widget.attrs["class"] = "form-select form-select-sm"
            elif name != "DELETE":
                field.widget.attrs["class"] = "form-control form-control-sm"

    def clean_after(self) -> str:
        text: str = self.cleaned_data["after"]
        try:
            return ", ".join(str(number) for number in sorted(after_numbers(text)))
        except ValueError:
            raise forms.ValidationError(_("Write the numbers of the steps, separated by commas: 1, 4.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        low, likely, high = (cleaned.get(name) for name in ("low", "likely", "high"))
        if low is not None and likely is not None and likely < low:
            self.add_error("likely", _("Less than “at least”."))
        if likely is not None and high is not None and high < likely:
            self.add_error("high", _("Less than “likely”."))
        begun, finished = cleaned.get("started_on"), cleaned.get("finished_on")
        if begun and finished and finished < begun:
            self.add_error("finished_on", _("This is before the day it began."))
        if cleaned.get("state") == PlanStep.State.DONE and not finished and "finished_on" not in self.errors:
            self.add_error("finished_on", _("Give the day it was finished."))
        return cleaned

    def row(self) -> dict[str, Any]:
        """The cleaned fields of a step."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}


StepFormSet: type[BaseFormSet[StepForm]] = formset_factory(
    StepForm, extra=1, can_delete=True, max_num=MOST_STEPS, absolute_max=MOST_STEPS, validate_max=True
)
ProgressFormSet: type[BaseFormSet[StepForm]] = formset_factory(
    StepForm, extra=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS, validate_max=True
)
"""The steps of a plan whose content is closed: none is added or removed, and only their progress is told."""
