"""Provider profiles in the administration: a service, its facts one by one, and every change of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.admin.plain_search import PlainSearch
from checklists.admin.profiles.files import FilesOfProfiles
from checklists.admin.profiles.parts import PartsOfProfiles
from checklists.core.editions.edition import Edition
from checklists.core.profiles.facts import DEFAULT
from checklists.models import Edition as EditionRow
from checklists.models import ProfileChange, ProfileFact, ProviderProfile
from checklists.services.profiles.fill_from_profile import variants_of
from checklists.services.profiles.keep_profile import (
    FactRefused,
    can_be_a_fact,
    check_fact,
    newest_edition,
    remove_fact,
    save_fact,
    save_profile,
)
from checklists.words.day_field import DayField
from checklists.words.kinds import face_of
from checklists.words.profiles.facts import change_words, edition_for, fact_words, facts_in_order
from checklists.words.vocabulary import pick

GIVEN = "="
"""In the place of an option: the value is written beside."""
SHOWN_CHANGES = 100


MAX_TEXT = 4000


def text_fields(names: Iterable[str]) -> list[str]:
    """The boxes of those texts: one a language of the site."""
    return [f"{name}_{code}" for name in names for code, _language in settings.LANGUAGES]


class TextsForm(forms.ModelForm):
    """A form whose ``texts`` are texts by language, each with its label: one box a language, all of them or none."""

    texts: ClassVar[Mapping[str, Any]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Declare the boxes: Django's metaclass collects them next."""
        super().__init_subclass__(**kwargs)
        boxes = {
            f"{name}_{code}": forms.CharField(
                label=format_lazy("{} ({})", label, language),
                required=False,
                max_length=MAX_TEXT,
                widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            )
            for name, label in cls.texts.items()
            for code, language in settings.LANGUAGES
        }
        cls.declared_fields = {**boxes, **getattr(cls, "declared_fields", {})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.texts:
            for code, _language in settings.LANGUAGES:
                self.initial[f"{name}_{code}"] = (getattr(self.instance, name) or {}).get(code, "")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.texts:
            told = {code: (cleaned.get(f"{name}_{code}") or "").strip() for code, _language in settings.LANGUAGES}
            if any(told.values()) and not all(told.values()):
                missing = next(code for code, text in told.items() if not text)
                self.add_error(f"{name}_{missing}", _("Write it in every language, or in none."))
            kept = {code: text for code, text in (getattr(self.instance, name) or {}).items() if code not in told}
            setattr(self.instance, name, {**told, **kept} if any(told.values()) else {})
        return cleaned


class ProfileForm(TextsForm):
    texts = {"scope": gettext_lazy("What it covers"), "not_known": gettext_lazy("What is not known")}
    reply_date = DayField(label=gettext_lazy("Reply of the provider, its day"), required=False)
    reply_text = forms.CharField(
        label=gettext_lazy("Reply of the provider, unedited"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
    )

    class Meta:
        model = ProviderProfile
        fields = ("provider", "service", "note", "is_withdrawn")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reply = self.instance.reply or {}
        self.initial.update(reply_date=reply.get("date"), reply_text=reply.get("text", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, text = cleaned.get("reply_date"), (cleaned.get("reply_text") or "").strip()
        if bool(day) != bool(text) and "reply_date" not in self.errors:
            self.add_error("reply_text" if day else "reply_date", _("A reply has a day and a text."))
        self.instance.reply = {"date": day.isoformat(), "text": text} if day and text else None
        return cleaned


class FactForm(TextsForm):
    """A fact as an editor states it: an option in one menu, a country or a date beside it."""

    texts = {
        "text": gettext_lazy("What is known"),
        "contested": gettext_lazy("What somebody says against it"),
        "inferred": gettext_lazy("What it is inferred from"),
    }
    said = forms.ChoiceField(
        label=gettext_lazy("Question and answer"),
        help_text=gettext_lazy(
            "Grouped by question. For a country or a date, choose the question and write the value below."
        ),
    )
    given = forms.CharField(
        label=gettext_lazy("Country or date"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "The code of a country (FR) or a date (2026-12-31); leave empty when the menu holds the answer."
        ),
    )

    class Meta:
        model = ProfileFact
        fields = (
            "profile", "variant", "source_kind", "source_title", "source_url", "source_date", "checked_on",
            "valid_from", "valid_until", "review_by",
        )  # fmt: skip
        widgets = {"source_url": forms.URLInput(attrs={"class": "vURLField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant"].required = self.fields["source_kind"].required = False
        self.fields["source_date"].help_text = _("Leave it empty when the page carries no date: the fact is marked so.")
        fact, choices = self.instance, list(_menu())
        if fact.pk:
            options = {value for _group, group in choices if not isinstance(group, str) for value, _label in group}
            option = f"{fact.checklist}:{fact.question}:{fact.value}"
            given = f"{fact.checklist}:{fact.question}:{GIVEN}"
            if option not in options and given not in options:
                gone = _("No longer in the newest edition")
                choices.insert(0, (gone, [(option, f"{fact.question}: {fact.value}")]))
            self.initial["said"] = given if given in options else option
            self.initial["given"] = fact.value if given in options else ""
        self.fields["said"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said, fact = cleaned.get("said"), self.instance
        fact.variant = cleaned.get("variant") or DEFAULT
        if cleaned.get("profile") and fact.variant not in variants_of(cleaned["profile"]):
            self.add_error("variant", _("The profile has no such variant."))
        if not said:
            return cleaned
        fact.checklist, fact.question, value = said.split(":", 2)
        fact.value = cleaned.get("given", "").strip() if value == GIVEN else value
        taken = ProfileFact.objects.filter(
            profile=cleaned.get("profile"), checklist=fact.checklist, question=fact.question, variant=fact.variant
        ).exclude(value="")
        if fact.value and taken.exclude(pk=fact.pk).exists():
            self.add_error("said", _("The profile has a fact on this question already: change that one."))
        if value != GIVEN and cleaned.get("given", "").strip():
            self.add_error("given", _("Leave this empty: the menu holds the answer."))
        self._check(fact, cleaned, "given" if value == GIVEN else "said")
        return cleaned

    def _check(self, fact: ProfileFact, cleaned: dict[str, Any], value_field: str) -> None:
        if not cleaned.get("checked_on") or "source_date" in self.errors:
            return
        for name in ("source_date", "checked_on", "valid_from", "valid_until"):
            setattr(fact, name, cleaned.get(name))
        try:
            check_fact(fact, timezone.localdate())
        except FactRefused as refusal:
            for name, words in refusal.errors.items():
                place = {"question": "said", "value": value_field}
                self.add_error(place.get(name, name), words)


def _menu() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for checklist in EditionRow.objects.order_by("checklist").values_list("checklist", flat=True).distinct():
        edition = newest_edition(checklist)
        if edition:
            yield from _questions(edition, checklist)


def _questions(edition: Edition, checklist: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for question in edition.questions.values():
        if not can_be_a_fact(question):
            continue
        before, text = f"{checklist}:{question.key}:", pick(question.text)
        face = face_of(question.kind)
        if face.kind.has_options:
            answers = [(before + option.key, f"{text} — {pick(option.label)}") for option in question.options.values()]
        else:
            answers = [(before + GIVEN, f"{text} — {face.written}")]
        yield text, answers


@admin.register(ProviderProfile)
class ProviderProfileAdmin(PlainSearch, PartsOfProfiles, FilesOfProfiles, admin.ModelAdmin):
    """Profiles are withdrawn, never deleted: answers name them."""

    form = ProfileForm
    list_display = ("provider", "service", "number_of_facts", "is_withdrawn", "updated_at")
    list_display_links = ("provider", "service")
    list_filter = ("is_withdrawn",)
    search_fields = ("provider", "service")
    readonly_fields = ("parts_held", "file", "read_on", "library", "facts_held", "history")

    def get_fields(self, request: HttpRequest, obj: ProviderProfile | None = None) -> Any:
        texts = text_fields(ProfileForm.texts)
        return [
            "provider", "service", "note", *texts, "reply_date", "reply_text", "is_withdrawn", *self.readonly_fields,
        ]  # fmt: skip

    @admin.display(description=gettext_lazy("variants and chain"))
    def parts_held(self, profile: ProviderProfile) -> SafeString | str:
        if not profile.pk:
            return "–"
        address = reverse("admin:checklists_providerprofile_parts", args=[profile.pk])
        companies = len((profile.chain or {}).get("companies", ()))
        words = _("Change them: %(variants)d variants, %(companies)d companies") % {
            "variants": len(profile.variants),
            "companies": companies,
        }
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=gettext_lazy("file"))
    def file(self, profile: ProviderProfile) -> SafeString | str:
        if not profile.pk:
            return "–"
        address = reverse("admin:checklists_providerprofile_file", args=[profile.pk])
        words = _("Export it as YAML: who contracts by country is edited there, and loaded again.")
        return format_html('<a href="{}" download>{}</a>', address, words)

    @admin.display(description=gettext_lazy("facts"))
    def number_of_facts(self, profile: ProviderProfile) -> int:
        return len(profile.facts.all())

    @admin.display(description=gettext_lazy("facts"))
    def facts_held(self, profile: ProviderProfile) -> SafeString | str:
        if not profile.pk:
            return _("Save the profile first; then add its facts.")
        lines = [
            (
                reverse("admin:checklists_profilefact_change", args=[fact.pk]),
                fact_words(fact, edition),
            )
            for fact, edition in facts_in_order(profile)
        ]
        add = reverse("admin:checklists_profilefact_add") + f"?profile={profile.pk}"
        return format_html_join("", '<div><a href="{}">{}</a></div>', [*lines, (add, _("Add a fact"))])

    @admin.display(description=gettext_lazy("changes"))
    def history(self, profile: ProviderProfile) -> SafeString | str:
        if not profile.pk:
            return "–"
        changes = ProfileChange.objects.filter(profile=profile).select_related("by")[:SHOWN_CHANGES]
        return format_html_join("", "<div>{}</div>", ((change_words(change),) for change in changes))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderProfile]:
        return super().get_queryset(request).prefetch_related("facts")

    def save_model(self, request: HttpRequest, obj: ProviderProfile, form: Any, change: bool) -> None:
        save_profile(obj, request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProfileFact)
class ProfileFactAdmin(admin.ModelAdmin):
    """One fact a page, so that a menu of every question and answer is shown once."""

    form = FactForm

    def get_fields(self, request: HttpRequest, obj: ProfileFact | None = None) -> Any:
        texts = text_fields(FactForm.texts)
        first, second, *rest = FactForm.Meta.fields
        return [first, second, "said", "given", *texts, *rest]

    formfield_overrides: ClassVar[dict[Any, Any]] = {models.DateField: {"form_class": DayField}}
    list_display = ("words", "profile", "source_title", "source_date", "checked_on")
    list_filter = ("profile",)
    list_select_related = ("profile",)
    date_hierarchy = "checked_on"
    actions = None

    @admin.display(description=gettext_lazy("fact"))
    def words(self, fact: ProfileFact) -> str:
        return fact_words(fact, edition_for(fact))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProfileFact]:
        return ProfileFact.objects.with_newest_edition().order_by("profile", "checklist", "question", "pk")

    def save_model(self, request: HttpRequest, obj: ProfileFact, form: Any, change: bool) -> None:
        save_fact(obj, request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: ProfileFact) -> None:
        remove_fact(obj, request.user)  # type: ignore[arg-type]
