"""Light or dark: as the device asks, or as the reader chose. The choice is a cookie; no script is needed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

COOKIE = "theme"
DEVICE = "device"
THEMES = ((DEVICE, _("Colours of the device")), ("light", _("Light")), ("dark", _("Dark")))
SCHEMES = {DEVICE: "light dark", "light": "only light", "dark": "only dark"}
"""What the page says of itself (CSS Color Adjustment, 2.1)."""
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The reader's choice; the device's own where there is none, or one that does not exist."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in SCHEMES else DEVICE


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice for a year and go back to the page; the device's own colours need no cookie."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else reverse("home"))
    chosen = request.POST.get("theme", "")
    if chosen in SCHEMES and chosen != DEVICE:
        secure = bool(settings.SESSION_COOKIE_SECURE)
        response.set_cookie(COOKIE, chosen, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    elif chosen == DEVICE:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
