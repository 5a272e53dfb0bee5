"""Decided cases in the administration: those of a checklist with what it makes of them, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from checklists.admin.cases.case_form import CaseForm
from checklists.core.editions.edition import Edition, EditionError
from checklists.core.judging.decided_cases import agreement
from checklists.models import CaseOfChecklist, Draft
from checklists.models import Edition as EditionRow
from checklists.packs.files.problems import PackError
from checklists.services.drafts.compile_draft import compile_draft
from checklists.services.editions.keep_cases import CaseRefused, case_documents, keep_case, remove_case
from checklists.services.editions.offer_checklists import Offered, published_checklists
from checklists.services.editions.own_checklists import powers_on, writing_in
from checklists.services.editions.publish_edition import current_edition, load_edition
from checklists.services.judging.judge_cases import compared_cases, tried_cases
from checklists.words.judging.cases import case_lines
from checklists.words.vocabulary import pick

Shown = dict[str, Any]


@admin.register(CaseOfChecklist)
class CaseAdmin(admin.ModelAdmin):
    """Who writes the checklist writes its cases, who may look at its drafts reads them."""

    def get_urls(self) -> list[URLPattern]:
        wrapped = self.admin_site.admin_view
        return [
            path("", wrapped(self.choose), name="checklists_caseofchecklist_changelist"),
            path("of/<slug:checklist>/", wrapped(self.listing), name="checklists_cases"),
            path("of/<slug:checklist>/add/", wrapped(self.write), name="checklists_case_add"),
            path("of/<slug:checklist>/<slug:key>/", wrapped(self.write), name="checklists_case"),
            path("of/<slug:checklist>/<slug:key>/remove/", wrapped(self.remove), name="checklists_case_remove"),
            path("draft/<int:draft_id>/", wrapped(self.tried), name="checklists_cases_of_draft"),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("checklists.view_draft")) or writing_in(request.user).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("checklists.change_draft")) or writing_in(request.user).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _page(self, request: HttpRequest, template: str, context: Shown, status: int = 200) -> HttpResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "may_write_cases": "write" in getattr(request, "criteria_powers", ()),
            "is_nav_sidebar_enabled": False,
        }
        return TemplateResponse(request, f"admin/cases/{template}.html", {**shared, **context}, status=status)

    def _reading(self, request: HttpRequest, checklist: str = "", act: str = "view") -> None:
        """Raises ``PermissionDenied`` for who reads no cases or may not do ``act`` to those of ``checklist``."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if checklist:
            powers = powers_on(request.user, checklist)
            request.criteria_powers = powers  # type: ignore[attr-defined]
            if not powers:
                raise Http404("no checklist")
            if act not in powers:
                raise PermissionDenied

    @staticmethod
    def _may(request: HttpRequest, each: Offered) -> bool:
        return each.owner is None or bool(powers_on(request.user, each.key))

    def choose(self, request: HttpRequest) -> HttpResponse:
        """The checklists; straight to the cases where there is one."""
        self._reading(request)
        checklists = [(each.key, pick(each.title)) for each in published_checklists() if self._may(request, each)]
        if len(checklists) == 1:
            return redirect("admin:checklists_cases", checklists[0][0])
        return self._page(request, "choose", {"title": _("Decided cases"), "checklists": checklists})

    def listing(self, request: HttpRequest, checklist: str) -> HttpResponse:
        """Every case of a checklist beside what its newest edition makes of it."""
        self._reading(request, checklist)
        edition = _edition_of(checklist)
        if edition is None:
            raise Http404(f"no checklist {checklist}")
        compared = compared_cases(edition)
        return self._page(request, "list", self._lines(edition, compared, None))

    def tried(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """The cases under a draft, and what its checklist makes of them today."""
        self._reading(request)
        draft = get_object_or_404(Draft.objects.select_related("base").defer("base__document"), pk=draft_id)
        self._reading(request, draft.checklist)
        context = {"draft": draft, "checklist_title": pick(draft.head.get("title")), "checklist": draft.checklist}
        try:
            edition = Edition.from_document(compile_draft(draft).to_document())
        except (PackError, EditionError):
            return self._page(request, "list", {**context, "title": _("Decided cases"), "lines": [], "is_broken": True})
        return self._page(request, "list", {**context, **self._lines(edition, tried_cases(edition), draft)})

    def _lines(self, edition: Edition, compared: Any, draft: Draft | None) -> Shown:
        standing = _edition_of(edition.key) if draft else None
        before = {item.case.key: item.judged for item in compared_cases(standing)} if standing else {}
        lines = case_lines(edition, compared)
        for line, item in zip(lines, compared, strict=True):
            line["moves"] = item.case.key in before and before[item.case.key] != item.judged
        exact, total, far = agreement(compared)
        return {
            "title": _("Decided cases"),
            "checklist": edition.key,
            "checklist_title": pick(edition.title),
            "lines": lines,
            "exact": exact,
            "total": total,
            "far": far,
            "moved": sum(line["moves"] for line in lines),
        }

    def write(self, request: HttpRequest, checklist: str, key: str = "") -> HttpResponse:
        """One case: shown, and kept when it is sent."""
        self._reading(request, checklist)
        edition = _edition_of(checklist) or _draft_of(checklist)
        documents = case_documents(checklist)
        if edition is None or (key and key not in documents):
            raise Http404(f"no case {key} of {checklist}")
        sent = request.POST if request.method == "POST" else None
        self._reading(request, checklist, "write" if sent is not None or not key else "view")
        form = CaseForm(edition, documents.get(key, {}), is_new=not key, data=sent)
        if sent is not None and form.is_valid():
            by: Any = request.user
            try:
                keep_case(checklist, key or form.cleaned_data["key"], form.new_body(), by, is_new=not key)
            except CaseRefused as refusal:
                form.add_error("key" if not key else None, str(refusal))
            else:
                messages.success(request, _("Saved, and judged again."))
                return redirect(_back(checklist))
        context = {
            "title": _title(documents[key]) if key else _("New case"),
            "form": form,
            "key": key,
            "checklist": checklist,
            "checklist_title": pick(edition.title),
            "back": _back(checklist),
        }
        return self._page(request, "case", context, 422 if form.is_bound and form.errors else 200)

    def remove(self, request: HttpRequest, checklist: str, key: str) -> HttpResponse:
        self._reading(request, checklist, "write")
        if request.method == "POST":
            remove_case(checklist, key, request.user)  # type: ignore[arg-type]
            messages.success(request, _("Taken out."))
        return redirect(_back(checklist))


def _title(document: Mapping[str, Any]) -> str:
    said = document.get("title") or document["id"]
    return pick(said) if isinstance(said, Mapping) else str(said)


def _edition_of(checklist: str) -> Edition | None:
    """The newest edition of ``checklist``; nothing where none is published."""
    try:
        return load_edition(current_edition(checklist).sha256)
    except EditionRow.DoesNotExist:
        return None


def _draft_of(checklist: str) -> Edition | None:
    """What the draft of a checklist that has no edition yet would publish, when it can be compiled."""
    draft = Draft.objects.filter(checklist=checklist, state__in=("open", "submitted")).first()
    if draft is None:
        return None
    try:
        return Edition.from_document(compile_draft(draft).to_document())
    except (PackError, EditionError):
        return None


def _back(checklist: str) -> str:
    """Where the cases of ``checklist`` are listed: under its edition, or under its first draft."""
    if EditionRow.objects.filter(checklist=checklist).exists():
        return reverse("admin:checklists_cases", args=[checklist])
    draft = Draft.objects.filter(checklist=checklist, state__in=("open", "submitted")).first()
    if draft is None:
        return reverse("admin:checklists_caseofchecklist_changelist")
    return reverse("admin:checklists_cases_of_draft", args=[draft.pk])
