"""How large a sending may be, by page: looked at before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from checklists.web.site.errors import too_large

STRANGERS = 100_000
"""Bytes that somebody not signed in may send: enough for a form with passwords, a token, a passkey's answer."""
FORMS = 4_200_000
"""Bytes of a form of somebody signed in; ``DATA_UPLOAD_MAX_MEMORY_SIZE`` and what surrounds it."""
AROUND = 200_000
"""Bytes that may surround a file in a form."""
BY_NAME: dict[str, Callable[[], int]] = {
    "offer-evidence": lambda: settings.EVIDENCE_MAX_BYTES + AROUND,
    "workload-evidence": lambda: settings.EVIDENCE_MAX_BYTES + AROUND,
    "change-evidence": lambda: settings.EVIDENCE_MAX_BYTES + AROUND,
    "add-offer-evidence": lambda: settings.EVIDENCE_MAX_BYTES + AROUND,
    "add-workload-evidence": lambda: settings.EVIDENCE_MAX_BYTES + AROUND,
    "import-file": lambda: settings.LARGEST_BODY,
    # These look at the length themselves, and answer in words of their own.
    "import-assessment": lambda: settings.LARGEST_BODY,
    "verify": lambda: settings.LARGEST_BODY,
}
"""The pages that take a file. An address that takes another gets its line here, or ``takes_up_to`` on its view."""

API_FILES = ("add-offer-evidence", "add-workload-evidence", "import-file")
"""Addresses of the interface that take a file."""

V = TypeVar("V", bound=Callable[..., Any])


def takes_up_to(most: int) -> Callable[[V], V]:
    """A view that takes sendings of ``most`` bytes from people signed in."""

    def mark(view: V) -> V:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def largest(request: HttpRequest, view: Callable[..., Any]) -> int:
    """Bytes that this request may send to ``view``."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if name in ("verify", "import-assessment"):
        return BY_NAME[name]()
    if request.path.startswith("/api/"):  # Its callers sign in by a token, which is read later.
        return BY_NAME[name]() if name in API_FILES else FORMS
    if name == "provider-documents" and request.session.get("provider_proofs"):
        return int(settings.EVIDENCE_MAX_BYTES) + AROUND
    if name == "provider-questions" and request.session.get("provider_proofs"):
        return FORMS
    if not request.user.is_authenticated:
        return max(STRANGERS, settings.LARGEST_KEPT_FORM)
    if name in BY_NAME:
        return BY_NAME[name]()
    return int(getattr(view, "most_bytes", FORMS))


class BodyLimitMiddleware:
    """Refuses a sending that is too large for its page. Stands before whatever reads the body (the check of tokens)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method in ("GET", "HEAD") or not length.isdigit() or int(length[:18]) <= largest(request, view):
            return None
        return too_large(request)
