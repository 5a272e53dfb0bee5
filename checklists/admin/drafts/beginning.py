"""Opening a draft: the next edition of a checklist that exists, or a checklist of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from checklists.admin.drafts.texts import TextsField
from checklists.models import Draft, Edition, Organisation, User
from checklists.services.drafts.begin_checklist import (
    Naming,
    begin_from_edition,
    begin_from_nothing,
    begin_from_template,
)
from checklists.services.drafts.open_draft import DraftRefused, open_draft
from checklists.services.editions.own_checklists import own_checklist, powers_on, visible, writable, writing_in

TAKEN_OUT = gettext_lazy(
    "Every text is asked for in each of them. Texts in a language you take out leave the draft; the history keeps them."
)
STARTS = (
    ("copy", gettext_lazy("a copy of an edition, under another name")),
    ("template", gettext_lazy("a short template: five topics, thresholds, a minimum required")),
    ("nothing", gettext_lazy("nothing")),
)


class LanguagesField(forms.MultipleChoiceField):
    """One language or more: those of the site, and those a checklist is written in already."""

    def __init__(self, standing: Sequence[str] = (), **kwargs: Any) -> None:
        named = dict(settings.LANGUAGES)
        codes = [*named, *(code for code in standing if code not in named)]
        choices = [(code, named.get(code, code)) for code in codes]
        self.codes = tuple(codes)
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """The codes in the order they stood in, new ones after."""
        chosen = super().clean(value)
        first = [code for code in self.initial or () if code in chosen]
        return [*first, *(code for code in self.codes if code in chosen and code not in first)]


class OpeningForm(forms.Form):
    edition = forms.ModelChoiceField(
        Edition.objects.none(), label=gettext_lazy("Made from the edition"), empty_label=None
    )

    def __init__(self, by: User, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        editions = Edition.objects.defer("document").filter(writable(by))
        # Whoever only writes those of an organisation opens no draft of the instance's.
        self.fields["edition"].queryset = editions  # type: ignore[attr-defined]


class OwnForm(forms.Form):
    """A checklist of one's own: from what, what it is called, in which languages."""

    start = forms.ChoiceField(choices=STARTS, label=gettext_lazy("Begin with"), widget=forms.RadioSelect)
    origin = forms.ModelChoiceField(
        Edition.objects.none(), label=gettext_lazy("Edition to copy"), required=False,
        empty_label=gettext_lazy("Choose an edition"),
        help_text=gettext_lazy("For a copy only. It stays the origin of your checklist, and is shown to its readers."),
    )  # fmt: skip
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=64,
        required=False,
        validators=[RegexValidator(r"^[a-z][a-z0-9_-]*$", gettext_lazy("Small letters, figures and hyphens only."))],
        help_text=gettext_lazy("A short name for addresses and files, for ever. Left empty, it is made of the title."),
    )

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Whose it is"), required=False,
        empty_label=gettext_lazy("The site’s: offered to every organisation"),
        help_text=gettext_lazy(
            "An organisation’s own checklist is seen by it alone, until the site operator offers it to all."
        ),
    )  # fmt: skip

    def __init__(self, by: User, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["origin"].queryset = Edition.objects.defer("document").filter(visible(by))  # type: ignore[attr-defined]
        mine = writing_in(by)
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]
        if not by.has_perm("checklists.add_draft"):
            self.fields["organisation"].required = True
            self.fields["organisation"].empty_label = None  # type: ignore[attr-defined]
        elif not mine.exists():
            del self.fields["organisation"]
        codes = [code for code, _name in settings.LANGUAGES]
        self.fields["title"] = TextsField(
            codes, 1, label=_("Title"), required=False, help_text=_("In each of its languages.")
        )
        language = get_language() or codes[0]
        self.fields["languages"] = LanguagesField(label=_("Languages"), initial=[language])
        self.fields["start"].initial = "copy"
        self.order_fields(["start", "origin", "title", "languages", "organisation", "key"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        languages, title = said.get("languages") or [], said.get("title") or {}
        named = {code: title[code].strip() for code in languages if title.get(code, "").strip()}
        said["title"] = named
        if languages and not named and "title" not in self.errors:
            self.add_error("title", _("Give it a title in one of its languages."))
        if said.get("start") == "copy" and not said.get("origin") and "origin" not in self.errors:
            self.add_error("origin", _("Choose the edition to copy."))
        if not said.get("key") and "key" not in self.errors and named:
            said["key"] = slugify(next(iter(named.values())))[:64].strip("-_")
            if not said["key"] or not said["key"][0].isalpha():
                self.add_error("key", _("Give it a key: none can be made of this title."))
        return said

    @transaction.atomic
    def begin(self, by: User) -> Draft:
        """The draft asked for. Raises ``DraftRefused`` when its key is taken."""
        said = self.cleaned_data
        naming = Naming(said["key"], said["title"], said["languages"])
        draft = self._begin(naming, by)
        if said.get("organisation"):
            own_checklist(draft.checklist, said["organisation"])
        return draft

    def _begin(self, naming: Naming, by: User) -> Draft:
        said = self.cleaned_data
        if said["start"] == "copy":
            return begin_from_edition(said["origin"], naming, by)
        return begin_from_template(naming, by) if said["start"] == "template" else begin_from_nothing(naming, by)


def begin_page(request: HttpRequest, shared: dict[str, Any]) -> HttpResponse:
    """The two forms, and what was asked for."""
    is_own = request.POST.get("act") == "own"
    by: Any = request.user
    form = OpeningForm(by, data=request.POST if request.method == "POST" and not is_own else None)
    own = OwnForm(by, data=request.POST if is_own else None)
    asked: forms.Form = own if is_own else form
    if asked.is_bound and asked.is_valid():
        try:
            if is_own:
                draft = own.begin(by)
            else:
                edition = form.cleaned_data["edition"]
                if "write" not in powers_on(by, edition.checklist):
                    raise DraftRefused(_("Only those who write this checklist open a draft of it."))
                draft = open_draft(edition.checklist, edition, by)
        except DraftRefused as refusal:
            asked.add_error("key" if is_own else "edition", str(refusal))
        else:
            return redirect("admin:checklists_draft_change", draft.pk)
    context = {**shared, "form": form, "own": own, "title": _("Open a draft"), "is_nav_sidebar_enabled": False}
    return TemplateResponse(
        request, "admin/drafts/open.html", context, status=422 if asked.is_bound and asked.errors else 200
    )
