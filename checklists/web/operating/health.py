"""For load balancers: does the process live, and is the instance ready. JSON, by any host name, without a redirect."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from checklists import __version__
from checklists.services.operating.parts import OK, parts

_READ = ("GET", "HEAD")


def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of any other part: a process that lives is not to be restarted."""
    return JsonResponse({"status": "live", "version": __version__}, status=_status(request, 200))


def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part answers, else 503; ``parts`` says which does not and why."""
    found = parts()
    is_ready = all(state == OK for state in found.values())
    told = {"status": "ready" if is_ready else "not ready", "version": __version__, "parts": found}
    return JsonResponse(told, status=_status(request, 200 if is_ready else 503), headers={"Cache-Control": "no-store"})


def _status(request: HttpRequest, status: int) -> int:
    return status if request.method in _READ else 405
