"""Errors in the reader's language, that say what to do next and lose nothing that was typed."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

# Never echoed back: secrets, and what a browser fills in by itself.
_NOT_ECHOED = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "login", "email")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return _wrong_host(request)
    return _page(
        request,
        400,
        _("This request cannot be read"),
        _("It may be too large: a text has 5,000 characters at most. Go back: what you typed is still there."),
    )


def _wrong_host(request: HttpRequest) -> HttpResponse:
    """Plain text, and the same whatever was asked: no page of ours is shown under a name that is not ours."""
    name = request.META.get("HTTP_HOST", "")[:100]
    told = _(
        "This server does not answer to the name “%(name)s”. Its operator adds names to the setting "
        "ALLOWED_HOSTS; behind a proxy, the proxy must pass the name it was asked for (Host)."
    )
    return HttpResponse(told % {"name": name} + "\n", status=400, content_type="text/plain; charset=utf-8")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, _("You cannot open this page"), _("Sign in with an account that may open it."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("Page not found"),
        _("The address may be wrong, or the page may belong to an organisation you are not a member of."),
    )


def at_once(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        409,
        _("Two people did this at the same moment"),
        _("Or it was sent twice. What was saved first stands; open the page again to see it. What you typed is below."),
        typed=typed_in(request) if request.method == "POST" else [],
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        413,
        _("What was sent is too large"),
        _("Nothing of it was read. A text has 5,000 characters at most; a page that takes files says how large."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        429,
        _("Too many attempts"),
        _("Wait a few minutes, then try again. This pause protects your account. Nothing was changed."),
    )


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("Something broke on our side"),
        _("We have recorded this error. Go back and try again. What you had saved is safe."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Often a page opened before signing in again. What was typed is shown, ready to be copied."""
    return _page(
        request,
        403,
        _("This page had expired"),
        _("For your safety nothing was changed. Reload the page and send it again; what you had typed is below."),
        typed=typed_in(request),
    )


def typed_in(request: HttpRequest) -> list[str]:
    """What somebody wrote in the form sent, without secrets and what is too short to be a text."""
    typed = [(name, value) for name, values in request.POST.lists() if name not in _NOT_ECHOED for value in values]
    return [value for name, value in typed if len(value) > 12 and not name.endswith("revision")]


def _page(request: HttpRequest, status: int, title: str, remedy: str, typed: list[str] | None = None) -> HttpResponse:
    context = {"status": status, "title": title, "remedy": remedy, "typed": typed or []}
    return render(request, "web/site/error.html", context, status=status)
