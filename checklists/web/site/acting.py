"""Who acts: each request's changes are, in the trail, those of the person signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from checklists.services.trail.record import acting


class ActingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked for only when something is recorded, so that a page that needs no session reads none.
        with acting(lambda: request.user.pk, lambda: str(getattr(request, "api_token", ""))):
            return self.get_response(request)
