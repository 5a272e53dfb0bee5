"""The outermost layer: answers load balancers before anything else, numbers requests, measures and logs them."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from checklists.web.operating import health, metrics
from checklists.web.operating.logs import request_id, route_of

log = logging.getLogger("checklists.requests")
_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")


class OutermostMiddleware:
    """Stands before the host is checked and before the redirect to https: who asks is a machine, by any name."""

    ANSWERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
        "/health/live": health.live,
        "/health/ready": health.ready,
        "/health": health.ready,
        "/metrics": metrics.metrics,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(number_of(request))
        try:
            answer = self.ANSWERS.get(request.path_info.rstrip("/"))
            response = answer(request) if answer else self._served(request)
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)

    def _served(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        route = route_of(request)
        metrics.observe(request.method or "", route, response.status_code, seconds)
        fields = {"method": request.method, "route": route, "status": response.status_code}
        log.info("served", extra={"fields": fields | {"milliseconds": round(seconds * 1000)}})
        return response


def number_of(request: HttpRequest) -> str:
    """The proxy's number of this request where there is a proxy and it gives one, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    if settings.BEHIND_PROXY and _NUMBER.fullmatch(given):
        return str(given)
    return secrets.token_hex(8)
