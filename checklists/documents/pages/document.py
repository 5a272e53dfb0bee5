"""The report as HTML: for paper, which ``archive`` turns into the PDF, or as one file on its own.

While rendering, no address is fetched but our own bundled files, by name.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
import fontpkg_ibm_plex_serif
from django.template.loader import render_to_string
from django.utils.translation import override
from weasyprint.urls import URLFetcher, URLFetcherResponse

from checklists.documents.pages.pages import PNG_PREFIX, SVG_PREFIX, page_context
from checklists.words.contents import ReportInput

SCHEME = "report-asset:"
DRAWN = {SVG_PREFIX: "image/svg+xml", PNG_PREFIX: "image/png"}
"""What a page may carry in itself: our own drawings, and the organisation's logo, checked when it was received."""

_SANS = Path(fontpkg_atkinson_hyperlegible.ROOT) / "files"
_SERIF = Path(fontpkg_ibm_plex_serif.ROOT) / "files"
ASSET_FOLDER = Path(str(resources.files("checklists.documents") / "assets"))
ASSETS: Mapping[str, tuple[Path, str]] = {
    "document.css": (ASSET_FOLDER / "document.css", "text/css"),
    "sans.ttf": (_SANS / "AtkinsonHyperlegible-Regular.ttf", "font/ttf"),
    "sans-bold.ttf": (_SANS / "AtkinsonHyperlegible-Bold.ttf", "font/ttf"),
    "sans-italic.ttf": (_SANS / "AtkinsonHyperlegible-Italic.ttf", "font/ttf"),
    "serif.ttf": (_SERIF / "IBMPlexSerif-SemiBold.ttf", "font/ttf"),
}
"""Everything a report may load."""


class ClosedFetcher(URLFetcher):
    """Serves the bundled assets and the images a page carries; refuses every other address."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith(SCHEME) and (asset := ASSETS.get(url.removeprefix(SCHEME))):
            path, kind = asset
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        for prefix, kind in DRAWN.items():
            if url.startswith(prefix):
                image = base64.b64decode(url.removeprefix(prefix), validate=True)
                return URLFetcherResponse(url, image, {"Content-Type": kind})
        raise ValueError(f"a report loads nothing from outside: {url[:60]!r} refused")


def document_html(report: ReportInput, language: str) -> str:
    """The report's HTML for paper, in ``language``; everything users wrote is escaped text."""
    with override(language):
        return render_to_string("documents/document.html", page_context(report, language))


def standalone_html(report: ReportInput, language: str) -> str:
    """The report as one HTML file that needs nothing else: its style and images are inside."""
    with override(language):
        style = (ASSET_FOLDER / "page.css").read_text()
        return render_to_string("documents/document.html", page_context(report, language) | {"style": style})
