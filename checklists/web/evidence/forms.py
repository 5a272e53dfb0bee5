"""The form of one piece of evidence: what is said of it, and perhaps its file."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.models import Evidence
from checklists.services.evidence.keep_evidence import Details
from checklists.services.evidence.receive_file import (
    FileRefused,
    Received,
    accepted_endings,
    accepted_words,
    receive_file,
)
from checklists.words.day_field import DayField

FIELDS = ("title", "kind", "strength", "issuer", "issued_on", "valid_from", "valid_until", "link", "note")


class EvidenceForm(forms.Form):
    """``weight_left`` is how many bytes the files of the assessment may still take: told before anything is sent."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("What a reader would ask for: “Contract, clause 12.3”, “HDS certificate”."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", "—"), *Evidence.Kind.choices])
    strength = forms.ChoiceField(
        label=gettext_lazy("What it shows"),
        choices=[
            (Evidence.Strength.CLAIM, gettext_lazy("Claim by the provider: a brochure, an e-mail, a web page")),
            (Evidence.Strength.DOCUMENT, gettext_lazy("Document: a signed contract, a certificate, an audit report")),
            (Evidence.Strength.DEMONSTRATED, gettext_lazy("Demonstrated: tried and seen by you or an auditor")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A claim counts in the best case only."),
    )
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=200, required=False)
    issued_on = DayField(label=gettext_lazy("Date"), required=False, help_text=gettext_lazy("Day/month/year."))
    valid_from = DayField(label=gettext_lazy("Valid from"), required=False)
    valid_until = DayField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("The last day. On a later reference date it shows nothing any more."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": accepted_endings()}),
    )
    link = forms.URLField(label=gettext_lazy("Or a link"), max_length=500, required=False, assume_scheme="https")
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Clause, page, scope; or where the paper can be seen. Printed in the report."),
    )

    def __init__(self, *args: Any, weight_left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "%(types)s; %(most)s at most, and %(left)s left for this assessment. No macros, scripts or passwords."
        ) % {
            "types": accepted_words(),
            "most": filesizeformat(settings.EVIDENCE_MAX_BYTES),
            "left": filesizeformat(max(weight_left, 0)),
        }
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "title", "kind", "strength", "file", "link", "issuer", "issued_on", "valid_from", "valid_until", "note"
        )

    def clean_file(self) -> Received | None:
        sent = self.cleaned_data["file"]
        if not sent:
            return None
        try:
            return receive_file(sent.name, sent.read(settings.EVIDENCE_MAX_BYTES + 1))
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    @property
    def details(self) -> Details:
        """What was said, once the form is valid."""
        return Details(**{name: self.cleaned_data[name] for name in FIELDS})

    def refuse(self, errors: dict[str, str]) -> None:
        """Put what the service refused beside the fields."""
        for field, message in errors.items():
            self.add_error(field if field in self.fields else None, message)
