"""Version 1 of the interface: its routers, and how its errors are told."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from checklists.api import (
    actions,
    answers,
    assessments,
    capacity,
    checklists,
    comparing,
    evidence,
    files,
    lenses,
    portfolio,
    reports,
    tables,
    trail,
    transition,
)
from checklists.api.callers import TokenAuth, not_found
from checklists.api.problems import MEDIA_TYPE, Problem, title_of

logger = logging.getLogger(__name__)

DESCRIPTION = """\
Reads and writes what the site's pages do, for programs. A token opens what its holder may open, never more.

Errors are `application/problem+json` (RFC 9457). Times are UTC. Texts follow `Accept-Language` (French or English).
Porte-clés informs; it gives no legal advice.
"""

ANYWHERE = {
    400: "The request cannot be read.",
    405: "Not done here.",
    413: "Larger than this address takes.",
    429: "Asked too often: `Retry-After` says when to come back.",
    500: "An error on our side.",
}
"""What any address may answer besides what it names."""
FILES = {"report.pdf": "application/pdf", "file": "*/*"}
"""What the addresses that give a file give, by the end of their path."""


class DescribedAPI(NinjaAPI):
    """Its description says of every error that it is ``application/problem+json``, and of files what they are."""

    def get_openapi_schema(self, **more: Any) -> Any:
        document = super().get_openapi_schema(**more)
        for path, methods in document["paths"].items():
            for operation in methods.values():
                _describe(path.rpartition("/")[2], operation["responses"])
        return document


def _describe(end: str, answers: dict[Any, Any]) -> None:
    for status, answer in answers.items():
        content = answer.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            content[MEDIA_TYPE] = content.pop("application/json")
        elif int(status) < 300 and end in FILES:
            answer["content"] = {FILES[end]: {"schema": {"type": "string", "format": "binary"}}}
    error = {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
    for status, words in ANYWHERE.items():
        if status not in answers and str(status) not in answers:
            answers[status] = {"description": words, "content": {MEDIA_TYPE: error}}


api = DescribedAPI(
    title="Porte-clés",
    version="1",
    description=DESCRIPTION,
    auth=TokenAuth(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api-1",
)
ROOMS = (
    assessments,
    files,
    answers,
    tables,
    evidence,
    capacity,
    actions,
    lenses,
    comparing,
    transition,
    reports,
    portfolio,
    trail,
    checklists,
)
for room in ROOMS:
    api.add_router("", room.router)


@api.exception_handler(Problem)
def problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.response()


@api.exception_handler(AuthenticationError)
def unknown_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = _("Send a token that works in the header Authorization: Bearer pck_… It may have ended or been revoked.")
    return Problem(401, "token-needed", detail, headers={"WWW-Authenticate": "Bearer"}).response()


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Each fault with a JSON Pointer into the body, or into ``/path``, ``/query``, ``/header``."""
    errors = [(_pointer(fault["loc"]), str(fault["msg"])) for fault in error.errors]
    return Problem(422, "invalid-request", _("Mend what is listed and send it again."), errors=errors).response()


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    kind = "invalid-request" if error.status_code == 400 else "error"
    return Problem(error.status_code, kind, title_of(error.status_code)).response()


@api.exception_handler(Http404)
def nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return not_found().response()


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return Problem(403, "not-allowed", title_of(403)).response()


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.exception("the interface failed on %s %s", request.method, request.path)
    return Problem(500, "error", _("The error is recorded. Try again; if it lasts, tell the site operator.")).response()


def _pointer(where: Any) -> str:
    """A pydantic location as a JSON Pointer; what stands in the body is told from the body's own root."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in where]
    if parts and parts[0] == "body":
        parts = parts[2:] if len(parts) > 1 else []
    return "/" + "/".join(parts) if parts else ""
