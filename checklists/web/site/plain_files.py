"""What machines look for at the root: ``robots.txt`` and ``security.txt`` (RFC 9116)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

_CLOSED = ("/account/", "/admin/", "/assessments/", "/offers/", "/organisations/", "/verify/", "/first-verdict/")


def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be indexed; what belongs to somebody is not looked at."""
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in _CLOSED)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116, 2.5); 404 while ``SECURITY_CONTACT`` is not set."""
    if not settings.SECURITY_CONTACT:
        raise Http404("no SECURITY_CONTACT")
    # Half a year ahead of whoever reads: the file is made anew at each reading.
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
