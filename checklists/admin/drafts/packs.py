"""Checklists as files in the administration: taken out as YAML or as a table of texts, brought into a draft.

A file that is sent is shown first, with what it would change and what is wrong with it; a second sending confirms it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from checklists.admin.drafts.incoming_file import (
    MAX_FILE,
    SHOWN,
    FileLine,
    PreviewLost,
    Sent,
    file_lines,
    read_file,
    unpack,
)
from checklists.admin.drafts.text_tables import text_table
from checklists.files.spreadsheet import csv_file, xlsx_file
from checklists.files.tables import TableRefused
from checklists.models import Draft, Edition
from checklists.packs.editions.settled import settle
from checklists.packs.files.problems import PackError
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.export_pack import export_draft, export_edition
from checklists.services.drafts.import_pack import DraftMoved, ImportTarget, carry_out
from checklists.services.drafts.open_draft import DraftRefused
from checklists.services.editions.own_checklists import powers_on, visible

MAX_REQUEST = 4_000_000
"""Bytes of a sending: a file, or a preview that comes back."""
MAX_DROPPED = 20_000_000
"""Bytes up to which a sending that is too large is let through to nowhere, so that the answer reaches who sent it."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

View = Callable[..., HttpResponse]


def looked_at_first(view: View) -> View:
    """``view`` for sendings of a bearable size; a larger one is turned away, nothing of it kept.

    Checking the token of the form reads the whole of it, so this comes before.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > MAX_REQUEST:
            # A browser that is still sending when the answer comes shows an error of its own instead of ours.
            while length < MAX_DROPPED and request.read(65_536):
                pass
            messages.error(request, _("The file is larger than 2 MB: it was not read, and nothing was changed."))
            return redirect(request.path)
        return view(request, *args, **kwargs)

    return guarded


def attached(raw: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(raw, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def edition_file(request: HttpRequest, edition_id: int) -> HttpResponse:
    """An edition as YAML."""
    if not request.user.has_perm("checklists.view_edition"):
        raise PermissionDenied
    edition = get_object_or_404(Edition.objects.filter(visible(request.user)), pk=edition_id)
    return attached(export_edition(edition), "application/yaml", f"{edition.checklist}-{edition.number}.yaml")


def _refuse_anothers(request: HttpRequest, draft: Draft | None, sent: Sent) -> None:
    """Raises ``DraftRefused`` for a file of a checklist that others write. A draft at hand was looked at before."""
    if draft is None and sent.document is not None and "write" not in powers_on(request.user, sent.document["key"]):
        raise DraftRefused(_("Only those who write this checklist open a draft of it."))


class FilesOfDrafts:
    """The part of the administration of drafts that deals with files; mixed into ``DraftAdmin``."""

    admin_site: Any
    opts: Any
    _draft: Callable[..., Draft]
    _page: Callable[..., HttpResponse]

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: View, name: str) -> URLPattern:
            return path(route, looked_at_first(self.admin_site.admin_view(view)), name=f"checklists_draft_{name}")

        return [
            at("import/", self.bring_in, "import"),
            at("<int:draft_id>/files/", self.files, "files"),
            at("<int:draft_id>/pack.yaml", require_safe(self.pack_file), "pack"),
            at("<int:draft_id>/texts.<slug:form>", require_safe(self.texts_file), "texts"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; Django's own title is too long to stand beside two buttons."""
        titled = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, titled)  # type: ignore[misc]
        return response

    def pack_file(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft = self._draft(request, draft_id)
        name = f"{draft.checklist}-draft-{next_imprint(draft).number}.yaml"
        return attached(export_draft(draft), "application/yaml", name)

    def texts_file(self, request: HttpRequest, draft_id: int, form: str) -> HttpResponse:
        """Every text for translators; ``form`` is 'csv' or 'xlsx'."""
        if form not in ("csv", "xlsx"):
            raise Http404(f"no table of texts as {form}")
        draft = self._draft(request, draft_id)
        base = settle(draft.base.document) if draft.base else None
        lines = text_table(settle(draft_document(draft, next_imprint(draft))), base)
        if form == "csv":
            return attached(csv_file(lines), "text/csv; charset=utf-8", f"{draft.checklist}-texts.csv")
        return attached(xlsx_file(draft.checklist, lines), XLSX, f"{draft.checklist}-texts.xlsx")

    def files(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """Taking a draft out as a file, bringing one into it."""
        draft = self._draft(request, draft_id, "write" if request.method == "POST" else "view")
        return self._files(request, draft)

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """Bringing in a checklist, wherever it belongs: its open draft, a draft of its last edition, or a new one."""
        if not request.user.has_perms(["checklists.add_draft", "checklists.change_draft"]):
            raise PermissionDenied
        return self._files(request, None)

    def _files(self, request: HttpRequest, draft: Draft | None) -> HttpResponse:
        if request.method != "POST":
            return self._show(request, "files", draft)
        try:
            if token := request.POST.get("preview"):
                return self._confirm(request, draft, *unpack(token, request.user, draft))  # type: ignore[arg-type]
            sent = self._sent(request, draft)
            _refuse_anothers(request, draft, sent)
            return self._ask(request, draft, sent, sent.standing(draft))
        except PreviewLost:
            told = _("The preview is too old, or was not made for you: send the file again. Nothing was changed.")
            return self._refuse(request, draft, told)
        except (DraftRefused, TableRefused) as refusal:
            return self._refuse(request, draft, str(refusal))
        except PackError as error:
            lines = file_lines(error.problems)
            count = len(lines)
            told = ngettext(
                "The file is refused for %(count)d fault. Nothing was changed.",
                "The file is refused for %(count)d faults. Nothing was changed.",
                count,
            )
            return self._refuse(request, draft, told % {"count": count}, lines)

    @staticmethod
    def _sent(request: HttpRequest, draft: Draft | None) -> Sent:
        file = request.FILES.get("file")
        if file is None:
            raise TableRefused(_("Choose a file first."))
        if (file.size or 0) > MAX_FILE:
            raise TableRefused(_("The file is larger than 2 MB: it was not read, and nothing was changed."))
        return read_file(str(file.name), file.read(), draft)

    def _refuse(
        self, request: HttpRequest, draft: Draft | None, told: str, lines: list[FileLine] | None = None
    ) -> HttpResponse:
        lines = lines or []
        context = {"refusal": told, "faults": lines[:SHOWN], "more": max(0, len(lines) - SHOWN)}
        return self._show(request, "files", draft, context, 422)

    def _ask(
        self, request: HttpRequest, draft: Draft | None, sent: Sent, standing: ImportTarget, is_again: bool = False
    ) -> HttpResponse:
        preview = sent.preview(standing)
        context = {
            "name": sent.name,
            "preview": preview,
            "into": standing,
            "token": sent.packed(request.user, draft, standing.mark) if preview.differs else "",  # type: ignore[arg-type]
            "is_again": is_again,
        }
        return self._show(request, "import", draft, context, 409 if is_again else 200)

    def _confirm(self, request: HttpRequest, draft: Draft | None, sent: Sent, mark: str) -> HttpResponse:
        _refuse_anothers(request, draft, sent)
        standing = sent.standing(draft)
        if standing.mark != mark:
            return self._ask(request, draft, sent, standing, is_again=True)
        try:
            written = carry_out(sent.proposal(standing), request.user)  # type: ignore[arg-type]
        except DraftMoved:
            return self._ask(request, draft, sent, sent.standing(draft), is_again=True)
        messages.success(request, _("Imported. The history shows each change, and can undo it."))
        return redirect("admin:checklists_draft_change", written.pk)

    def _show(
        self,
        request: HttpRequest,
        template: str,
        draft: Draft | None,
        context: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        here = (
            reverse("admin:checklists_draft_files", args=[draft.pk])
            if draft
            else reverse("admin:checklists_draft_import")
        )
        titles = {"files": _("Files") if draft else _("Import a checklist"), "import": _("What the file would change")}
        own = {"title": titles[template], "here": here, "max_file": MAX_FILE, **(context or {})}
        if draft is not None:
            return self._page(request, template, draft, own, status)
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "may_write": True}
        shared["is_nav_sidebar_enabled"] = False
        return TemplateResponse(request, f"admin/drafts/{template}.html", {**shared, **own}, status=status)
