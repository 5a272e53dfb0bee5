"""Frameworks in the administration: taken out as YAML, brought in as YAML, checked, and published by an approver."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from checklists.admin.drafts.incoming_file import FileLine, file_lines
from checklists.admin.drafts.packs import attached, looked_at_first
from checklists.models import Framework
from checklists.packs.editions.writer import write_whole
from checklists.packs.files.problems import PackError
from checklists.packs.frameworks.schema import FrameworkPack
from checklists.services.foreign_files import ForeignRefused, read_bounded
from checklists.services.frameworks.publish_framework import checked_framework, publish_framework
from checklists.words.vocabulary import pick

MAX_FILE = 2_000_000


class FrameworkFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File (YAML; 2 MB at most)"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml"})
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file


@admin.register(Framework)
class FrameworkAdmin(admin.ModelAdmin):
    """Reading and checking take ``view_draft``; publishing, which is for good, takes ``publish_draft``."""

    def get_urls(self) -> list[URLPattern]:
        wrapped = self.admin_site.admin_view
        return [
            path("", looked_at_first(wrapped(self.bring_in)), name="checklists_framework_changelist"),
            path("<int:framework_id>.yaml", require_safe(wrapped(self.take_out)), name="checklists_framework_file"),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("checklists.view_draft"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def take_out(self, request: HttpRequest, framework_id: int) -> HttpResponse:
        """A publication as YAML: raise its number, change it, bring it back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Framework, pk=framework_id)
        return attached(write_whole(row.document), "application/yaml", f"{row.key}-{row.number}.yaml")

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """What is published; what a file says and what is wrong with it; its publication."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_publish = request.user.has_perm("checklists.publish_draft")
        form = FrameworkFileForm(request.POST or None, request.FILES or None)
        faults: list[FileLine] = []
        pack: FrameworkPack | None = None
        if request.method == "POST" and form.is_valid():
            publishing = request.POST.get("act") == "publish"
            if publishing and not may_publish:
                raise PermissionDenied
            try:
                pack = _read(form.cleaned_data["file"].read())
                if publishing:
                    row, is_new = publish_framework(pack)
                    told = (
                        _("Published: %(edition)s") if is_new else _("%(edition)s is published already, word for word.")
                    )
                    messages.success(request, told % {"edition": row})
                    return redirect("admin:checklists_framework_changelist")
            except PackError as error:
                pack, faults = None, file_lines(error.problems)
            except ForeignRefused as refusal:
                form.add_error("file", str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("External frameworks"),
            "form": form,
            "faults": faults,
            "found": _found(pack) if pack else None,
            "may_publish": may_publish,
            "rows": Framework.objects.defer("document").order_by("key", "-number"),
            "is_nav_sidebar_enabled": False,
        }
        status = 422 if faults or (form.is_bound and form.errors) else 200
        return TemplateResponse(request, "admin/frameworks/files.html", context, status=status)


def _read(raw: bytes) -> FrameworkPack:
    """The checked framework in ``raw``. Raises ``PackError``, or ``ForeignRefused`` when it cannot be borne."""
    read_bounded("pack", raw)
    return checked_framework(raw)


def _found(pack: FrameworkPack) -> dict[str, Any]:
    """What the file says, in figures."""
    return {
        "title": pick(pack.title),
        "key": pack.key,
        "number": pack.number,
        "checklist": pack.checklist,
        "is_taken": Framework.objects.filter(key=pack.key, number=pack.number).exists(),
    }
