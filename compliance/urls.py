"""The address book of the whole site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("checklists.web.urls")),
]

handler400 = "checklists.web.errors.bad_request"
handler403 = "checklists.web.errors.forbidden"
handler404 = "checklists.web.errors.not_found"
handler500 = "checklists.web.errors.server_error"
