"""Errors as ``application/problem+json`` (RFC 9457): what happened, where, how to mend it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"
ROOT = "/api/"


class Problem(Exception):
    """An answer that says no. ``kind`` names the problem; ``errors`` pairs JSON pointers with sentences."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: Iterable[tuple[str, str]] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.extra, self.headers = list(errors), dict(extra or {}), dict(headers or {})
        super().__init__(detail)

    def response(self) -> HttpResponse:
        body: dict[str, Any] = {
            "type": f"urn:porte-cles:problem:{self.kind}",
            "title": title_of(self.status),
            "status": self.status,
            "detail": self.detail,
        } | self.extra
        if self.errors:
            body["errors"] = [{"pointer": pointer, "detail": str(detail)} for pointer, detail in self.errors]
        text = json.dumps(body, ensure_ascii=False)
        return HttpResponse(text, status=self.status, content_type=MEDIA_TYPE, headers=self.headers)


def title_of(status: int) -> str:
    """The short name of a status, in the reader's language."""
    titles = {
        400: _("The request cannot be read"),
        401: _("A token is needed"),
        403: _("The token does not allow this"),
        404: _("Nothing is there"),
        405: _("This cannot be done here"),
        409: _("The state does not allow this"),
        412: _("Somebody changed it meanwhile"),
        413: _("The request is too large"),
        415: _("This kind of content is not read here"),
        422: _("Something is wrong with what was sent"),
        423: _("The content is closed"),
        428: _("Say which revision you saw"),
        429: _("Too many requests"),
        500: _("An error on our side"),
        503: _("Not available for the moment"),
    }
    return titles.get(status, _("The request failed"))


_DETAILS = {
    400: "invalid-request",
    401: "token-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    429: "too-many-requests",
}


class ProblemsMiddleware:
    """Answers of the interface that another part of the site refused (unknown address, method, size) as problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_ours = request.path.startswith(ROOT)
        if not is_ours or response.status_code < 400 or response.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        status = response.status_code
        problem = Problem(status, _DETAILS.get(status, "error"), title_of(status)).response()
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            if name in response:
                problem[name] = response[name]
        return problem
