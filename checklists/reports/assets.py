"""What WeasyPrint may read: our stylesheet, our fonts, our shapes and our own charts. Nothing else, ever.

A report carries text that users wrote; an address slipped into it must never make the server read a file or call a
host. The fetcher therefore knows a closed list and has no network or file access of its own.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import fontpkg_atkinson_hyperlegible
import fontpkg_ibm_plex_serif
from weasyprint.urls import URLFetcher, URLFetcherResponse

from checklists.reports.charts import SHAPES, shape

SCHEME = "report-asset:"
CHART = "data:image/svg+xml;base64,"

_SANS = Path(fontpkg_atkinson_hyperlegible.ROOT) / "files"
_SERIF = Path(fontpkg_ibm_plex_serif.ROOT) / "files"
_OWN = Path(__file__).resolve().parent.parent / "static" / "checklists" / "report"

FILES: Mapping[str, tuple[str, Path]] = {
    "report.css": ("text/css", _OWN / "report.css"),
    "fonts/sans.ttf": ("font/ttf", _SANS / "AtkinsonHyperlegible-Regular.ttf"),
    "fonts/sans-bold.ttf": ("font/ttf", _SANS / "AtkinsonHyperlegible-Bold.ttf"),
    "fonts/sans-italic.ttf": ("font/ttf", _SANS / "AtkinsonHyperlegible-Italic.ttf"),
    "fonts/serif.ttf": ("font/ttf", _SERIF / "IBMPlexSerif-SemiBold.ttf"),
}
DRAWINGS: Mapping[str, Callable[[], str]] = {f"shapes/{key}.svg": (lambda key=key: shape(key)) for key in SHAPES}


class RefusedError(ValueError):
    """A resource outside the closed list was asked for. WeasyPrint goes on without it."""


class ClosedFetcher(URLFetcher):
    """Serves the bundled files by exact name and our own SVG charts; refuses all the rest.

    ``refused`` keeps the addresses that were refused, in order.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("report-asset", "data"), allow_redirects=False, fail_on_errors=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The resource at ``url``. Raises :class:`RefusedError`, which WeasyPrint logs and survives."""
        if url.startswith(SCHEME):
            found = _bundled(url.removeprefix(SCHEME))
            if found:
                return URLFetcherResponse(url, found[1], {"Content-Type": found[0]})
        elif url.startswith(CHART):
            drawing = _chart(url.removeprefix(CHART))
            if drawing:
                return URLFetcherResponse(url, drawing, {"Content-Type": "image/svg+xml"})
        self.refused.append(url)
        raise RefusedError(f"not one of the report's own resources: {url[:80]}")


@cache
def _bundled(name: str) -> tuple[str, bytes] | None:
    if name in FILES:
        kind, path = FILES[name]
        return kind, path.read_bytes()
    if name in DRAWINGS:
        return "image/svg+xml", DRAWINGS[name]().encode()
    return None


def _chart(encoded: str) -> bytes | None:
    """The drawing, if it is one of ours: it starts as ours do and points to nothing outside itself."""
    try:
        drawing = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    points_outside = any(word in drawing.lower() for word in (b"href", b"url(", b"@import", b"<!", b"<?"))
    return drawing if drawing.startswith(b'<svg xmlns="http://www.w3.org/2000/svg" ') and not points_outside else None
