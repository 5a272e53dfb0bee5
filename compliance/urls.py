"""The address book of the whole site."""

from allauth.account.decorators import secure_admin_login
from allauth.socialaccount.providers.openid_connect.views import login as openid_login
from django.contrib import admin
from django.urls import include, path

from checklists.admin.state import state
from checklists.api import reference
from checklists.api.v1 import api
from checklists.web.people import openid

# One door: the administration asks for the second factor too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/state/", admin.site.admin_view(state), name="state"),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/linked/", include("allauth.socialaccount.urls")),
    path("account/oidc/<provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
    path("account/oidc/<provider_id>/login/", openid_login, name="openid_connect_login"),
    path("api/", reference.reference, name="api-reference"),
    path("api/v1/", api.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("checklists.web.urls")),
]

handler400 = "checklists.web.site.errors.bad_request"
handler403 = "checklists.web.site.errors.forbidden"
handler404 = "checklists.web.site.errors.not_found"
handler429 = "checklists.web.site.errors.too_many"
handler500 = "checklists.web.site.errors.server_error"
