"""What the administration lists besides drafts: editions, to be read; users, for superusers only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from checklists.admin.drafts.packs import edition_file
from checklists.admin.plain_search import PlainSearch
from checklists.models import Edition, User

admin.site.site_header = admin.site.site_title = "Porte-clés"
admin.site.index_title = _("Administration")


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """Published editions: nobody adds, changes or deletes one here."""

    list_display = ("__str__", "published", "sha256", "reading", "file")
    list_filter = ("checklist",)
    fields = ("checklist", "number", "published", "sha256", "loaded_at", "reading", "file")
    readonly_fields = ("reading", "file")

    @admin.display(description=_("read"))
    def reading(self, edition: Edition) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("edition", args=[edition.checklist, edition.number]), edition)

    @admin.display(description=_("file"))
    def file(self, edition: Edition) -> SafeString:
        address = reverse("admin:checklists_edition_pack", args=[edition.pk])
        return format_html('<a href="{}" download aria-label="YAML, {}">YAML</a>', address, edition)

    def get_urls(self) -> list[URLPattern]:
        file = self.admin_site.admin_view(edition_file)
        return [path("<int:edition_id>/pack.yaml", file, name="checklists_edition_pack"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).defer("document")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class PersonAdmin(PlainSearch, UserAdmin):
    """People and the groups they are in. Only superusers see who there is."""

    add_form = PersonCreationForm
    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_staff", "is_active")
    search_fields = ("email", "first_name", "last_name")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission
