"""Profiles as files in the administration: one taken out as YAML; a profile or a signed library brought in.

A file that is sent is shown first, with what it would change; a second sending confirms it.
"""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from checklists.admin.drafts.incoming_file import KEPT_FOR, MAX_FILE, FileLine, file_lines
from checklists.admin.drafts.packs import attached, looked_at_first
from checklists.core.editions.edition import fingerprint
from checklists.models import ProviderProfile
from checklists.packs.files.problems import PackError
from checklists.packs.profiles.reader import is_library, read_profile
from checklists.services.foreign_files import ForeignRefused, read_bounded
from checklists.services.profiles.library import LibraryPreview, export_profile, load_library, preview_library
from checklists.services.profiles.load_profile import Preview, load_profile, preview
from checklists.words.profiles.differences import difference_lines

SHOWN_LINES = 300


class FilesOfProfiles:
    """The part of the administration of profiles that deals with files; mixed into ``ProviderProfileAdmin``."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Any, name: str) -> URLPattern:
            guarded = looked_at_first(self.admin_site.admin_view(view))
            return path(route, guarded, name=f"checklists_providerprofile_{name}")

        return [
            at("import/", self.bring_in, "import"),
            at("<int:profile_id>/profile.yaml", require_safe(self.profile_file), "file"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def profile_file(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        """One profile as YAML."""
        if not request.user.has_perm("checklists.view_providerprofile"):
            raise PermissionDenied
        row = get_object_or_404(ProviderProfile, pk=profile_id)
        return attached(export_profile(row), "application/yaml", f"{row.key or row.pk}.yaml")

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """A profile or a signed library: what it would change, then the change."""
        if not request.user.has_perms(["checklists.add_providerprofile", "checklists.change_providerprofile"]):
            raise PermissionDenied
        if request.method != "POST":
            return self._show(request, {})
        try:
            name, raw, mark = _sent(request)
            told = _told(raw)
        except (_Refused, ForeignRefused) as refusal:
            return self._show(request, {"refusal": str(refusal)}, 422)
        except PackError as error:
            return self._show(
                request, {"refusal": _("The file is refused."), "faults": file_lines(error.problems)}, 422
            )
        if mark and mark == _mark(told):
            return self._load(request, name, told)
        return self._ask(request, name, raw, told, is_again=bool(mark))

    def _ask(
        self, request: HttpRequest, name: str, raw: bytes, told: LibraryPreview | Preview, *, is_again: bool
    ) -> HttpResponse:
        previews = told.previews if isinstance(told, LibraryPreview) else (told,)
        changing = [each for each in previews if each.is_new or each.differences]
        kept = {"name": name, "raw": base64.b85encode(raw).decode(), "mark": _mark(told)}
        context = {
            "name": name,
            "library": told if isinstance(told, LibraryPreview) else None,
            "changing": [(each, difference_lines(each.differences)[:SHOWN_LINES]) for each in changing],
            "same": len(previews) - len(changing),
            "token": signing.dumps(kept, salt=_salt(request), compress=True) if changing else "",
            "is_again": is_again,
        }
        return self._show(request, context, 409 if is_again else 200)

    def _load(self, request: HttpRequest, name: str, told: LibraryPreview | Preview) -> HttpResponse:
        by: Any = request.user
        if isinstance(told, LibraryPreview):
            changed = load_library(told, by)
        else:
            changed = int(load_profile(told.profile, by, loaded_from=name)[1])
        sentence = ngettext(
            "%(n)d profile loaded. No assessment was changed.",
            "%(n)d profiles loaded. No assessment was changed.",
            changed,
        )
        messages.success(request, sentence % {"n": changed})
        return redirect("admin:checklists_providerprofile_changelist")

    def _show(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        faults: list[FileLine] = context.pop("faults", [])
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Load a profile or a library")}
        own = {"faults": faults, "max_file": MAX_FILE, "has_keys": bool(settings.LIBRARY_KEYS), **context}
        return TemplateResponse(request, "admin/profiles/import.html", {**shared, **own}, status=status)


class _Refused(ValueError):
    """Nothing that can be read was sent; the message says why."""


def _sent(request: HttpRequest) -> tuple[str, bytes, str]:
    """The name and the bytes of what was sent; and what stood when it was shown, for a confirmation."""
    if token := request.POST.get("preview"):
        try:
            kept = signing.loads(token, salt=_salt(request), max_age=KEPT_FOR)
        except signing.BadSignature:
            told = _("The preview is too old, or was not made for you: send the file again. Nothing was changed.")
            raise _Refused(told) from None
        return kept["name"], base64.b85decode(kept["raw"]), kept["mark"]
    file = request.FILES.get("file")
    if file is None:
        raise _Refused(_("Choose a file first."))
    if (file.size or 0) > MAX_FILE:
        raise _Refused(_("The file is larger than 2 MB: it was not read, and nothing was changed."))
    return str(file.name)[:120], file.read(), ""


def _told(raw: bytes) -> LibraryPreview | Preview:
    """What the file would change. Raises ``PackError`` and ``ForeignRefused``."""
    if is_library(raw):
        return preview_library(raw)
    read_bounded("pack", raw)
    return preview(read_profile(raw))


def _mark(told: LibraryPreview | Preview) -> str:
    """Differs whenever what would change does."""
    previews = told.previews if isinstance(told, LibraryPreview) else (told,)
    return fingerprint([[each.profile.key, difference_lines(each.differences)] for each in previews])


def _salt(request: HttpRequest) -> str:
    return f"profiles sent by {request.user.pk}"
