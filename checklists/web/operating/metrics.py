"""Figures for Prometheus at ``/metrics``, to whoever shows ``METRICS_TOKEN``; without one there is no such page."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from checklists import __version__
from checklists.services.operating.figures import figures

_processes = CollectorRegistry()
_seconds = Histogram(
    "porte_cles_request_seconds",
    "Seconds to answer, by pattern of the address.",
    ("method", "route", "status"),
    registry=_processes,
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer. What a client chooses freely never becomes a label."""
    _seconds.labels(method if method in _METHODS else "other", route or "none", f"{status // 100}xx").observe(seconds)


class _Figures(Collector):
    def collect(self) -> Iterator[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for figure in figures():
            family = families.setdefault(
                figure.name, GaugeMetricFamily(figure.name, figure.help, labels=list(figure.of))
            )
            family.add_metric(list(figure.of.values()), figure.value)
        version = GaugeMetricFamily("porte_cles_info", "The version that answers.", labels=["version"])
        version.add_metric([__version__], 1)
        yield from [version, *families.values()]


def metrics(request: HttpRequest) -> HttpResponse:
    """Latencies of every process of this node (with ``PROMETHEUS_MULTIPROC_DIR``), figures of the whole instance."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN:
        return HttpResponse("Set METRICS_TOKEN to have figures here.\n", status=404, content_type="text/plain")
    if not constant_time_compare(shown, settings.METRICS_TOKEN):
        told, headers = "Show the token of METRICS_TOKEN.\n", {"WWW-Authenticate": "Bearer"}
        return HttpResponse(told, status=401, content_type="text/plain", headers=headers)
    registry = CollectorRegistry()
    registry.register(_Figures())
    latencies = _processes
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        latencies = CollectorRegistry()
        MultiProcessCollector(latencies)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry) + generate_latest(latencies), content_type=CONTENT_TYPE_LATEST)
