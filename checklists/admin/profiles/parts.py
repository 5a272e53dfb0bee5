"""Variants and control chain of a profile in the administration: rows to fill in, two usual chains to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from string import ascii_uppercase
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from checklists.admin.drafts.incoming_file import file_lines
from checklists.admin.drafts.packs import looked_at_first
from checklists.models import ProfileFact, ProviderProfile
from checklists.packs.profiles.schema import DEFAULT
from checklists.services.languages import site_languages
from checklists.services.profiles.change_parts import PartsRefused, change_parts, parts_of
from checklists.words.control_chain.chain import ACCESSES, ROLES
from checklists.words.day_field import DayField

LETTERS = [*ascii_uppercase, *("".join(pair) for pair in product(ascii_uppercase, repeat=2))]
BLANK = 2
"""Empty rows at the end of each table."""
NONE = [("", "—")]
_COUNTRIES = [*NONE, *((code, name) for code, name in countries)]


def _field(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, **{"max_length": 200, **kwargs})


def _choice(label: Any, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[*NONE, *choices])


def _sources() -> forms.CharField:
    return _field(gettext_lazy("Keys of its sources"), max_length=1000)


class VariantForm(forms.Form):
    """One way to use the service."""

    key = _field(gettext_lazy("Key"), max_length=64)
    leaves_out = _field(gettext_lazy("Questions left out (keys)"), max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in site_languages():
            self.fields[f"label_{language}"] = _field(f"{_('Name')} ({language})")

    def document(self) -> dict[str, Any]:
        said = self.cleaned_data
        label = {language: said[f"label_{language}"] for language in site_languages() if said[f"label_{language}"]}
        return {"key": said["key"], "label": label, "leaves_out": said["leaves_out"].split()}


class CompanyForm(forms.Form):
    """One company of the chain; its letter goes with the row."""

    id = forms.CharField(widget=forms.HiddenInput)
    name = _field(gettext_lazy("Name"))
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False, choices=_COUNTRIES)
    role = _choice(gettext_lazy("Role"), [(role.value, label) for role, label in ROLES.items()])  # type: ignore[attr-defined]
    also = forms.ChoiceField(label=gettext_lazy("Also under the law of"), required=False, choices=_COUNTRIES)
    access = _choice(gettext_lazy("As a supplier, obtains"), [(key.value, label) for key, label in ACCESSES.items()])  # type: ignore[attr-defined]
    closed = forms.BooleanField(label=gettext_lazy("Nothing else in a third country"), required=False)
    sources = _sources()

    def document(self) -> dict[str, Any]:
        return _filled(self.cleaned_data)


class HoldingForm(forms.Form):
    """What one company of the chain has in another."""

    holder = _choice(gettext_lazy("Holder"), [(letter, letter) for letter in LETTERS])
    held = _choice(gettext_lazy("holds in"), [(letter, letter) for letter in LETTERS])
    capital = _field(gettext_lazy("Capital, in percent"), max_length=12)
    votes = _field(gettext_lazy("Votes, in percent"), max_length=12)
    veto = forms.BooleanField(label=gettext_lazy("Right of veto"), required=False)
    appoints = forms.BooleanField(label=gettext_lazy("Appoints the majority"), required=False)
    sources = _sources()

    def document(self) -> dict[str, Any]:
        said = {**self.cleaned_data}
        for name in ("capital", "votes"):
            said[name] = said[name].replace(",", ".").rstrip(" %\u00a0\u202f")
        return _filled(said)


class SourceForm(forms.Form):
    """A source to add to those that the profile cites."""

    key = _field(gettext_lazy("Key"), max_length=64)
    kind = _choice(gettext_lazy("Kind of source"), ProfileFact.SourceKind.choices)
    title = _field(gettext_lazy("Source"))
    url = _field(gettext_lazy("Address of the source"), max_length=500)
    date = DayField(label=gettext_lazy("Date of the source"), required=False)

    def document(self) -> dict[str, Any]:
        said = {**self.cleaned_data}
        said["date"] = said["date"].isoformat() if said["date"] else ""
        return {name: value for name, value in said.items() if value}


def _filled(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in of a row, its sources as a list of keys."""
    return {**{name: value for name, value in said.items() if value}, "sources": said["sources"].split()}


_A = {"id": "A", "name": "", "country": "FR", "role": "contracting"}
SHAPES: Mapping[str, tuple[Any, dict[str, Any]]] = {
    "listed_parent": (
        gettext_lazy("Company of a listed group"),
        {
            "companies": [
                _A,
                {"id": "B", "country": "FR", "role": "parent"},
                {"id": "C", "country": "FR", "role": "dispersed"},
            ],
            "holdings": [
                {"holder": "B", "held": "A", "capital": "100", "votes": "100"},
                {"holder": "C", "held": "B"},
            ],
        },
    ),
    "joint_venture": (
        gettext_lazy("Joint venture of two groups"),
        {
            "companies": [
                _A,
                {"id": "B", "country": "FR", "role": "parent"},
                {"id": "C", "country": "US", "role": "shareholder"},
            ],
            "holdings": [
                {"holder": "B", "held": "A", "capital": "51", "votes": "51"},
                {"holder": "C", "held": "A", "capital": "49", "votes": "49"},
            ],
        },
    ),
}
"""Usual chains to begin with: to be corrected."""
TABLES: Mapping[str, type[forms.Form]] = {
    "variants": VariantForm,
    "sources": SourceForm,
    "companies": CompanyForm,
    "holdings": HoldingForm,
}


class PartsOfProfiles:
    """The page of variants and chain; mixed into ``ProviderProfileAdmin``."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        guarded = looked_at_first(self.admin_site.admin_view(self.parts))
        return [
            path("<int:profile_id>/parts/", guarded, name="checklists_providerprofile_parts"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def parts(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        """The tables with what stands, or with what was sent and what is wrong with it."""
        if not request.user.has_perm("checklists.change_providerprofile"):
            raise PermissionDenied
        row = get_object_or_404(ProviderProfile, pk=profile_id)
        stands = parts_of(row)
        if request.method != "POST":
            return self._tables(request, row, stands, _shown(stands, request.GET.get("shape", "")))
        tables = {name: _formset(form)(request.POST, prefix=name) for name, form in TABLES.items()}
        if sum(table.is_valid() for table in tables.values()) < len(tables):  # each says what is wrong
            return self._tables(request, row, stands, tables, status=422)
        sent = {name: [form.document() for form in table if _is_filled(form)] for name, table in tables.items()}
        chain = {**(row.chain or {}), "companies": sent["companies"], "holdings": sent["holdings"]}
        by: Any = request.user
        try:
            change_parts(
                row,
                variants=sent["variants"],
                chain=chain if sent["companies"] or sent["holdings"] else None,
                new_sources=sent["sources"],
                by=by,
            )
        except PartsRefused as refusal:
            return self._tables(request, row, stands, tables, faults=file_lines(refusal.problems), status=422)
        messages.success(request, _("Saved."))
        return redirect("admin:checklists_providerprofile_change", row.pk)

    def _tables(
        self,
        request: HttpRequest,
        row: ProviderProfile,
        stands: Mapping[str, Any],
        tables: Mapping[str, Any],
        faults: Any = (),
        status: int = 200,
    ) -> HttpResponse:
        titles = {
            "variants": _("Variants"),
            "sources": _("Sources to add"),
            "companies": _("The companies"),
            "holdings": _("Who holds what"),
        }
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Variants and control chain"),
            "profile": row,
            "tables": [(name, titles[name], tables[name]) for name in TABLES],
            "cited": stands["sources"],
            "shapes": [(name, label) for name, (label, _chain) in SHAPES.items()],
            "faults": faults,
            "default": DEFAULT,
        }
        return TemplateResponse(request, "admin/profiles/parts.html", context, status=status)


def _formset(form: type[forms.Form]) -> Any:
    return forms.formset_factory(form, extra=0, max_num=300, absolute_max=400)


def _is_filled(form: forms.Form) -> bool:
    """Whether anything but its letter was written in the row."""
    return any(value for name, value in form.cleaned_data.items() if name != "id")


def _shown(stands: Mapping[str, Any], shape: str) -> dict[str, Any]:
    """The tables with what stands, or with a usual chain, and empty rows after it."""
    chain = SHAPES[shape][1] if shape in SHAPES else stands["chain"] or {}
    companies = [_written(item) for item in chain.get("companies", ())]
    used = {item["id"] for item in companies}
    free = [letter for letter in LETTERS if letter not in used]
    rows = {
        "variants": [
            {
                "key": item["key"],
                "leaves_out": " ".join(item.get("leaves_out", ())),
                **{f"label_{language}": text for language, text in item["label"].items()},
            }
            for item in stands["variants"]
        ],
        "sources": [],
        "companies": [*companies, *({"id": letter} for letter in free[:BLANK])],
        "holdings": [_written(item) for item in chain.get("holdings", ())],
    }
    found = {}
    for name, form in TABLES.items():
        blank: list[dict[str, Any]] = [] if name == "companies" else [{} for _row in range(BLANK)]
        initial = [*rows[name], *blank]
        made = forms.formset_factory(form, extra=0, max_num=300, absolute_max=400)
        found[name] = made(prefix=name, initial=initial)
    return found


def _written(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "sources": " ".join(item.get("sources", ()))}
