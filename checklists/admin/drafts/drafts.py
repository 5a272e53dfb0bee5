"""Drafts in the administration: the list, opening one, the tree, and the addresses of the pages that write in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checklists.admin.drafts.beginning import TAKEN_OUT, LanguagesField, begin_page
from checklists.admin.drafts.history import change_lines
from checklists.admin.drafts.origin import OriginPages
from checklists.admin.drafts.packs import FilesOfDrafts
from checklists.admin.drafts.parts import part_of, write_part
from checklists.admin.drafts.problem_lines import problem_lines
from checklists.admin.drafts.texts import TextsField
from checklists.admin.drafts.tree import grow, searched
from checklists.admin.impact import ImpactPages, impact_line
from checklists.models import Draft, DraftChange, DraftPart
from checklists.packs.files.problems import PackError
from checklists.services.drafts.begin_checklist import change_languages
from checklists.services.drafts.check_draft import check_draft
from checklists.services.drafts.compile_draft import Imprint, draft_document, next_imprint
from checklists.services.drafts.duplicate_part import duplicate_part
from checklists.services.drafts.edit_draft import change_head, place_part, remove_part, restore, step_part
from checklists.services.drafts.open_draft import DraftRefused
from checklists.services.drafts.publish_draft import (
    DraftChanged,
    drop_draft,
    errors_of,
    is_author,
    publish_draft,
    send_back,
    shown_as,
    submit_draft,
)
from checklists.services.drafts.take_over import newer_origin
from checklists.services.drafts.undo import undo_last
from checklists.services.editions.own_checklists import powers_on, writable, writing_in
from checklists.words.day_field import DayField
from checklists.words.editions.conditions import catalogue
from checklists.words.editions.difference import difference_chapters
from checklists.words.editions.parts import field_word
from checklists.words.vocabulary import pick

View = Callable[..., HttpResponse]
SHOWN_CHANGES = 200


class HeadForm(forms.Form):
    """The title, the summary and the languages."""

    def __init__(self, draft: Draft, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        languages = draft.head.get("languages", [settings.LANGUAGE_CODE])
        self.fields["languages"] = LanguagesField(
            languages, label=field_word("languages"), initial=languages, help_text=TAKEN_OUT
        )
        for name, rows in (("title", 1), ("summary", 4)):
            self.fields[name] = TextsField(
                languages, rows, label=field_word(name), required=False, initial=draft.head.get(name)
            )


class PublicationForm(forms.Form):
    """What publishing adds: the changelog when it is asked for, the day when it is decided."""

    def __init__(self, draft: Draft, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        languages = draft.head.get("languages", [settings.LANGUAGE_CODE])
        self.fields["changelog"] = TextsField(
            languages, 4, label=_("What changed, and why"), required=False, initial=draft.changelog
        )


class DayForm(forms.Form):
    published = DayField(label=gettext_lazy("Dated"), initial=timezone.localdate)


@admin.register(Draft)
class DraftAdmin(FilesOfDrafts, OriginPages, ImpactPages, admin.ModelAdmin):
    """Everything that is done to a draft starts here. Writing takes ``change_draft``, publishing ``publish_draft``."""

    list_display = ("checklist", "state", "base", "created_by", "updated_at", "published_as")
    list_filter = ("state", "checklist")
    list_select_related = ("base", "published_as", "created_by")

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: View, name: str) -> URLPattern:
            route_to: URLPattern = path(
                f"<int:draft_id>/{route}", self.admin_site.admin_view(view), name=f"checklists_draft_{name}"
            )
            return route_to

        return [
            at("head/", self.head, "head"),
            at("parts/add/<slug:family>/", self.add_part, "add_part"),
            at("parts/<int:part_id>/", self.part, "part"),
            at("parts/<int:part_id>/remove/", self.remove, "remove_part"),
            at("parts/<int:part_id>/duplicate/", require_POST(self.duplicate), "duplicate_part"),
            at("undo/", require_POST(self.undo), "undo"),
            at("move/", self.move, "move"),
            at("checks/", self.checks, "checks"),
            at("changes/", self.changes, "changes"),
            at("changes/<int:change_id>/restore/", self.restore, "restore"),
            at("publish/", self.publication, "publish"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        drafts = super().get_queryset(request).defer("base__document", "published_as__document")
        return drafts.filter(writable(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("checklists.view_draft") or writing_in(request.user).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("checklists.add_draft") or writing_in(request.user).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _draft(self, request: HttpRequest, draft_id: int, may: str = "view") -> Draft:
        """The draft, for who may do that to its checklist; the base without its document.

        Of a checklist that one may not even look at, a draft is not there: 404.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        draft = get_object_or_404(Draft.objects.select_related("base").defer("base__document"), pk=draft_id)
        powers = powers_on(request.user, draft.checklist)
        request.criteria_powers = powers  # type: ignore[attr-defined]
        if not powers:
            raise Http404("no draft")
        if may not in powers:
            raise PermissionDenied
        return draft

    def _page(
        self, request: HttpRequest, template: str, draft: Draft, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        powers = request.criteria_powers  # type: ignore[attr-defined]
        may_write = "write" in powers and draft.state == Draft.State.OPEN
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "draft": draft,
            "checklist_title": pick(draft.head.get("title")),
            "may_write": may_write,
            "may_publish": "publish" in powers,
            "is_nav_sidebar_enabled": False,
            "impact": lambda: impact_line(draft),
        }
        return TemplateResponse(request, f"admin/drafts/{template}.html", {**shared, **context}, status=status)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open a draft of the next edition of a checklist, or begin a checklist of one's own."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return begin_page(request, {**self.admin_site.each_context(request), "opts": self.opts})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The tree."""
        draft = self._draft(request, int(object_id) if object_id.isdecimal() else 0)
        rows = list(draft.parts.all())
        facts = catalogue(draft_document(draft, Imprint(0, date.min, {}), rows))
        lines = problem_lines(draft, check_draft(draft, rows), rows)
        asked = request.GET.get("q", "").strip()[:200]
        boughs = grow(draft, rows, facts, lines)
        context = {
            "title": pick(draft.head.get("title")) or draft.checklist,
            "boughs": searched(boughs, asked) if asked else boughs,
            "asked": asked,
            "can_undo": draft.changes.exists(),
            "newer_origin": newer_origin(draft.checklist),
            "errors": sum(not line.is_warning for line in lines),
            "warnings": sum(line.is_warning for line in lines),
            "moved": request.GET.get("moved", ""),
            "way": request.GET.get("way", ""),
        }
        return self._page(request, "tree", draft, context)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("admin:checklists_draft_changes", object_id)

    def head(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id, "write" if request.method == "POST" else "view")
        form = HeadForm(draft, data=request.POST or None)
        if request.method == "POST" and form.is_valid():
            texts = {name: form.cleaned_data[name] or {} for name in ("title", "summary")}
            try:
                with transaction.atomic():
                    change_head(draft, {**draft.head, **texts}, request.user)  # type: ignore[arg-type]
                    change_languages(draft, form.cleaned_data["languages"], request.user)  # type: ignore[arg-type]
            except DraftRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved."))
                return redirect("admin:checklists_draft_change", draft.pk)
        editable = ("schema", "key", "title", "summary", "languages")
        kept = [(field_word(name), value) for name, value in draft.head.items() if name not in editable]
        context = {"form": form, "kept": kept, "title": _("Title and summary")}
        return self._page(request, "head", draft, context, 422 if form.errors else 200)

    def add_part(self, request: HttpRequest, draft_id: int, family: str) -> HttpResponse:
        return self._write(request, self._draft(request, draft_id, "write"), family, None)

    def part(self, request: HttpRequest, draft_id: int, part_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id, "write" if request.method == "POST" else "view")
        part = part_of(draft, part_id)
        return self._write(request, draft, part.family, part)

    def _write(self, request: HttpRequest, draft: Draft, family: str, part: DraftPart | None) -> HttpResponse:
        context = write_part(request, draft, family, part)
        if isinstance(context, HttpResponse):
            return context
        if part is not None:
            rows = list(draft.parts.all())
            lines = problem_lines(draft, check_draft(draft, rows), rows)
            context["problems"] = [line for line in lines if line.part == part.pk]
            context["recent"] = change_lines(draft, draft.changes.filter(place__startswith=part.place)[:5])
            context["life"] = reverse("edition-life", args=[draft.checklist, family, part.key]) if part.key else ""
        return self._page(request, "part", draft, context, context["status"])

    def remove(self, request: HttpRequest, draft_id: int, part_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id, "write")
        part = part_of(draft, part_id)
        if request.method == "POST":
            self._try(request, lambda: remove_part(part, request.user), _("Taken out. The history can restore it."))  # type: ignore[arg-type]
            return redirect("admin:checklists_draft_change", draft.pk)
        return self._page(request, "remove", draft, {"part": part, "title": _("Take out")})

    def duplicate(self, request: HttpRequest, draft_id: int, part_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id, "write")
        try:
            copy = duplicate_part(part_of(draft, part_id), request.user)  # type: ignore[arg-type]
        except DraftRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:checklists_draft_part", draft.pk, part_id)
        messages.success(request, _("This is the copy: change what differs. Its key can no longer change."))
        return redirect("admin:checklists_draft_part", draft.pk, copy.pk)

    def undo(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """The last act: one change, a page with its answers, a whole import."""
        draft = self._draft(request, draft_id, "write")
        self._try(request, lambda: undo_last(draft, request.user), _("Undone. Undo again to bring it back."))  # type: ignore[arg-type]
        return redirect("admin:checklists_draft_change", draft.pk)

    def move(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """A step up or down by its button, or a place chosen by dragging."""
        draft = self._draft(request, draft_id, "write")
        sent = request.POST
        way = "up" if "up" in sent else "down" if "down" in sent else "drop"
        pk = sent.get(way, "")
        part = part_of(draft, int(pk) if pk.isdecimal() else 0)
        try:
            if way == "drop":
                before = sent.get("before", "")
                target = part_of(draft, int(before)) if before.isdecimal() else None
                concern = sent.get("concern") if part.family == "questions" else None
                place_part(part, target, request.user, concern)  # type: ignore[arg-type]
            else:
                step_part(part, way == "up", request.user)  # type: ignore[arg-type]
        except DraftRefused as refusal:
            messages.error(request, str(refusal))
        url = reverse("admin:checklists_draft_change", args=[draft.pk])
        # A browser gives the focus to the button that asks for it only where the address names no place.
        place = f"#part-{part.pk}" if way == "drop" else ""
        return redirect(f"{url}?moved={part.pk}&way={way}{place}")

    def checks(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id)
        rows = list(draft.parts.all())
        lines = problem_lines(draft, check_draft(draft, rows), rows)
        context = {
            "title": _("Checks"),
            "errors": [line for line in lines if not line.is_warning],
            "warnings": [line for line in lines if line.is_warning],
        }
        return self._page(request, "checks", draft, context)

    def changes(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id)
        changes = draft.changes.select_related("by")
        if place := request.GET.get("place", ""):
            changes = changes.filter(place__startswith=place)
        lines = change_lines(draft, changes[:SHOWN_CHANGES])
        return self._page(request, "changes", draft, {"title": _("History"), "changes": lines, "place": place})

    def restore(self, request: HttpRequest, draft_id: int, change_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id, "write")
        change = get_object_or_404(DraftChange.objects.select_related("draft"), pk=change_id, draft=draft)
        if request.method == "POST":
            self._try(request, lambda: restore(change, request.user), _("Restored."))  # type: ignore[arg-type]
        return redirect("admin:checklists_draft_changes", draft.pk)

    def _try(self, request: HttpRequest, act: Callable[[], object], done: str) -> None:
        try:
            act()
        except DraftRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)

    def publication(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """What would be published and how it differs; asking for it, sending it back, deciding it."""
        draft = self._draft(request, draft_id)
        act = request.POST.get("act", "") if request.method == "POST" else ""
        form, day = (
            PublicationForm(draft, data=request.POST if act == "submit" else None),
            DayForm(request.POST if act == "publish" else None),
        )
        refused: list[Any] = []
        status = 200
        if act:
            self._draft(request, draft_id, "publish" if act in ("publish", "send-back") else "write")
            try:
                return self._act(request, draft, act, form, day)
            except DraftChanged as changed:
                messages.error(request, str(changed))
                status = 409
            except DraftRefused as refusal:
                messages.error(request, str(refusal))
            except PackError as error:
                draft.refresh_from_db()
                refused = error.problems
        draft.refresh_from_db()
        rows = list(draft.parts.all())
        imprint = next_imprint(draft)
        standing = (problem for problem in errors_of(draft, imprint) if not problem.place.startswith("changelog"))
        errors = refused or list(standing)
        base = draft.base.document if draft.base else {}
        edition = draft.published_as if draft.state == Draft.State.PUBLISHED else None
        after = edition.document if edition else draft_document(draft, imprint, rows)
        context = {
            "title": _("Publish"),
            "form": form,
            "day": day,
            "number": edition.number if edition else imprint.number,
            "edition": edition,
            "errors": problem_lines(draft, errors, rows),
            "chapters": difference_chapters(base, after) if base else [],
            "shown": shown_as(draft),
            "must_be_another": self._must_be_another(request, draft),
        }
        return self._page(request, "publish", draft, context, 422 if refused or form.errors or day.errors else status)

    @staticmethod
    def _must_be_another(request: HttpRequest, draft: Draft) -> bool:
        return settings.PUBLISHING_TAKES_TWO and is_author(draft, request.user)  # type: ignore[arg-type]

    def _act(self, request: HttpRequest, draft: Draft, act: str, form: forms.Form, day: forms.Form) -> HttpResponse:
        """Raises ``DraftRefused`` or ``PackError``."""
        by: Any = request.user
        if act == "submit" and form.is_valid():
            submit_draft(draft, form.cleaned_data["changelog"] or {}, by)
            messages.success(request, _("Submitted: an approver can publish it now."))
        elif act == "send-back":
            send_back(draft)
            messages.success(request, _("Sent back: the draft can be written again."))
        elif act == "drop":
            drop_draft(draft)
            messages.success(request, _("Dropped. Its history stays."))
            return redirect("admin:checklists_draft_changelist")
        elif act == "publish" and day.is_valid():
            edition = publish_draft(draft, day.cleaned_data["published"], by, shown=request.POST.get("shown"))
            messages.success(request, _("Published: %(edition)s") % {"edition": edition})
        return redirect("admin:checklists_draft_publish", draft.pk)
