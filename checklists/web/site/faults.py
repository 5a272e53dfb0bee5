"""What a request can break by what it holds, or by coming at the same moment as another: answered, never a 500."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import get_language

from checklists.web.site.errors import at_once, bad_request, not_found

log = logging.getLogger(__name__)

_SIGNS_OF_BAD_VALUES = ("integer string conversion", "NUL (0x00)", "surrogates not allowed", "embedded null")
_SIGNS_OF_NO_ROOM = ("disk is full", "No space left", "disk I/O error", "could not extend file", "readonly database")
_SIGNS_OF_HASTE = ("locked", "deadlock", "could not serialize", "lock timeout")
_ODD = (TypeError, KeyError, ValueError, AttributeError, IndexError)
FULL = {
    "fr": (
        "Le site est plein",
        "Rien n’a été enregistré de cet envoi, et rien n’est perdu de ce qui l’était. Revenez en arrière, gardez votre "
        "texte, et prévenez la personne qui exploite ce site.",
    ),
    "en": (
        "This site is full",
        "Nothing of what you sent was saved, and nothing saved before is lost. Go back, keep your text, and tell "
        "whoever runs this site.",
    ),
}
"""Said without a template, a session or a database: none of them may work."""


class FaultsMiddleware:
    """Turns what a value, a race or a full disk makes the code below raise into an answer that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        told = str(error)
        if _is_full(error, told):
            log.error("no room is left: %s", told)
            return no_room()
        if isinstance(error, OverflowError | DataError):
            return not_found(request) if request.method in ("GET", "HEAD") else bad_request(request)
        if isinstance(error, UnreadablePostError):
            return bad_request(request)
        if isinstance(error, ValueError) and any(sign in told for sign in _SIGNS_OF_BAD_VALUES):
            return bad_request(request)
        is_race = isinstance(error, IntegrityError | ObjectDoesNotExist) and request.method == "POST"
        if is_race or (isinstance(error, OperationalError) and any(sign in told for sign in _SIGNS_OF_HASTE)):
            log.warning("two requests at once at %s: %s", request.path, told)
            return at_once(request)
        if _is_of_the_account_library(request) and isinstance(error, _ODD):
            log.warning("a malformed answer at %s: %r", request.path, error)
            return bad_request(request)
        return None


def _is_full(error: Exception, told: str) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return True
    return isinstance(error, OperationalError) and any(sign in told for sign in _SIGNS_OF_NO_ROOM)


def _is_of_the_account_library(request: HttpRequest) -> bool:
    """Its views read what browsers and keys send; what they raise is of what was sent."""
    match = request.resolver_match
    return match is not None and str(match._func_path).startswith("allauth.") and request.method == "POST"


def no_room() -> HttpResponse:
    """503 as it stands here."""
    title, words = FULL.get(str(get_language()).split("-")[0]) or next(iter(FULL.values()))
    page = f"<!DOCTYPE html><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{words}</p>"
    return HttpResponse(page, status=503, headers={"Retry-After": "300", "Cache-Control": "no-store"})


class PrivateMiddleware:
    """What rests on a session is kept by no cache, neither the proxy's nor the browser's: what a person signed in is
    shown, and what somebody without an account has answered so far.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Only where the session was read already: the other pages are the same for everybody.
        if request.session.accessed and not request.session.is_empty() and not _is_static(response):
            response["Cache-Control"] = "private, no-store"
        return response


def _is_static(response: HttpResponse) -> bool:
    """Whether the response says that everybody may keep it."""
    return "public" in response.get("Cache-Control", "")
