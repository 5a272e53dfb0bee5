"""The address book of the whole site."""

from allauth.account.decorators import secure_admin_login
from allauth.socialaccount.providers.openid_connect.views import login as openid_login
from django.contrib import admin
from django.urls import include, path

from checklists.web import openid

# One door: the administration asks for the second factor too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/linked/", include("allauth.socialaccount.urls")),
    path("account/oidc/<provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
    path("account/oidc/<provider_id>/login/", openid_login, name="openid_connect_login"),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("checklists.web.urls")),
]

handler400 = "checklists.web.errors.bad_request"
handler403 = "checklists.web.errors.forbidden"
handler404 = "checklists.web.errors.not_found"
handler429 = "checklists.web.errors.too_many"
handler500 = "checklists.web.errors.server_error"
