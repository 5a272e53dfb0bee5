"""Make of a file someone sent a PNG that can do no harm, or say what is wrong with it.

A PNG is decoded and written anew. An SVG must hold nothing but shapes and colours (a closed list), and is then
drawn as a PNG: nothing active is ever kept or served.
"""

from __future__ import annotations

import base64
import io
import re
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from PIL import Image

from checklists.services.evidence.read_image import ImageDamaged, ImageTooLarge, check_image
from checklists.services.foreign_files import ForeignRefused, read_bounded

MAX_BYTES = 500_000
"""Size of the file sent, in bytes."""
MAX_SIDE = 4_000
"""Width or height of the image sent, in pixels."""
MAX_SHAPES = 2_000
MAX_STOPS = 300
"""Colours of all the gradients together: each is drawn again for each shape that it fills."""
KEPT_SIZE = (1_200, 480)
"""Largest width and height kept, in pixels: 30 mm on paper at more than 300 dots an inch."""
LIGHTEST = 160
"""The darkest grey (0-255) of a logo must be below this to be seen on white paper (contrast of about 2.6 to 1)."""

_PREFIX = "data:image/svg+xml;base64,"
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "id",
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "width",
        "height",
        "points",
        "viewBox",
        "version",
        "preserveAspectRatio",
        "transform",
        "fill",
        "fill-rule",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-",
        "miterlimit",
        "stroke-opacity",
        "stroke-dasharray",
        "opacity",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "clip-path",
        "clip-rule",
        "color",
        "display",
        "overflow",
    ]
)
_LOCAL = re.compile(r"url\(\s*#[\w-]+\s*\)")


class LogoRefused(ValueError):
    """The file cannot be used; the message says why and how to mend it, in the active language."""


def receive_logo(contents: bytes) -> bytes:
    """A clean PNG of ``contents``, a PNG or an SVG. Raises ``LogoRefused``."""
    if len(contents) > MAX_BYTES:
        raise LogoRefused(_("The file is too heavy: %(most)d kB at most.") % {"most": MAX_BYTES // 1000})
    try:
        drawn: bytes = read_bounded("logo", contents)
    except ForeignRefused as refusal:
        raise LogoRefused(str(refusal)) from refusal
    return drawn


def draw_logo(contents: bytes) -> bytes:
    """What ``receive_logo`` gives. Raises ``LogoRefused``; decodes and draws, so is not for the site."""
    image = _opened(contents) if contents.startswith(b"\x89PNG\r\n\x1a\n") else _drawn(contents)
    image.thumbnail(KEPT_SIZE)
    sheet = Image.new("RGBA", image.size, "white")
    sheet.alpha_composite(image)
    flat = sheet.convert("RGB")
    darkest = flat.convert("L").getextrema()[0]
    if isinstance(darkest, tuple) or darkest >= LIGHTEST:
        raise LogoRefused(_("The logo is too pale to be seen on white paper. Send its version for a light background."))
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


def _opened(contents: bytes) -> Image.Image:
    try:
        check_image(contents, "PNG", MAX_SIDE)
        with Image.open(io.BytesIO(contents), formats=["PNG"]) as image:
            return image.convert("RGBA")
    except ImageTooLarge as error:
        raise LogoRefused(_("The image is too large: %(most)d pixels a side at most.") % {"most": MAX_SIDE}) from error
    except (ImageDamaged, OSError, SyntaxError, ValueError) as error:
        raise LogoRefused(_("This PNG cannot be read: it is damaged. Save it again and send it.")) from error


def _drawn(contents: bytes) -> Image.Image:
    # Loaded where a logo is drawn, which is never in the site's own process.
    import pypdfium2
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurs(URLFetcher):
        """Gives the drawing its own text back; refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if not url.startswith(_PREFIX):
                raise ValueError("a logo loads nothing")
            svg = base64.b64decode(url.removeprefix(_PREFIX), validate=True)
            return URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})

    svg = _only_shapes(contents)
    page = (
        "<style>@page{size:120mm 48mm;margin:0}body{margin:0}"
        "img{display:block;width:120mm;height:48mm;object-fit:contain;object-position:left}</style>"
        f'<img src="{_PREFIX}{base64.b64encode(svg).decode()}" alt="">'
    )
    pdf = HTML(string=page, url_fetcher=OnlyOurs()).write_pdf()
    with pypdfium2.PdfDocument(pdf) as document:
        image: Image.Image = document[0].render(scale=3).to_pil().convert("RGB")
    box = Image.eval(image.convert("L"), lambda grey: 255 - grey).getbbox()
    if box is None:
        raise LogoRefused(_("This SVG draws nothing on white paper. Send the logo as a PNG."))
    return image.crop(box).convert("RGBA")


def _only_shapes(contents: bytes) -> bytes:
    """``contents`` parsed and written anew, if it holds nothing but listed shapes. Raises ``LogoRefused``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(contents, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LogoRefused(_("This file is neither a PNG nor an SVG. Send the logo in one of these formats.")) from error
    if root.tag != f"{_NAMESPACE}svg":
        raise LogoRefused(_("This file is neither a PNG nor an SVG. Send the logo in one of these formats."))
    if root.getroottree().docinfo.doctype:
        raise LogoRefused(_refusal("<!DOCTYPE>"))
    if (
        len(root.findall(f".//{_NAMESPACE}stop")) > MAX_STOPS
        or root.find(f".//{_NAMESPACE}clipPath//*[@clip-path]") is not None
    ):
        raise LogoRefused(_("This SVG is too complex. Send the logo as a PNG."))
    for count, element in enumerate(root.iter()):
        name = element.tag.removeprefix(_NAMESPACE) if isinstance(element.tag, str) else "<?…?>"
        if name not in _SHAPES:
            raise LogoRefused(_refusal(name))
        if count > MAX_SHAPES:
            raise LogoRefused(_("This SVG is too complex. Send the logo as a PNG."))
        for attribute, value in element.attrib.items():
            if attribute not in _ATTRIBUTES or "url" in _LOCAL.sub("", value).lower() or "\\" in value:
                raise LogoRefused(_refusal(attribute))
    clean: bytes = etree.tostring(root)
    return clean


def _refusal(part: str) -> str:
    return _("This SVG holds “%(part)s”, which is not allowed: only plain shapes are. Send the logo as a PNG.") % {
        "part": part[:60]
    }
