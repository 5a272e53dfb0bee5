"""Whether a PDF does anything by itself: its actions, scripts, files and links, wherever in it they are written.

Decided: links to web pages, to e-mail addresses and inside the file stay (a contract has them); whatever opens,
fetches, sends or runs something else is refused, remote documents (``GoToR``) included. What cannot be looked at whole
is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
from django.utils.translation import gettext as _

MOST_VALUES = 3_000_000
"""Values of one PDF that are looked at; a book of 500 pages has half a million."""
LARGEST_INSIDE = 10_000_000
"""Bytes of a file attached to a PDF, once unpacked."""
ACTIONS = frozenset(
    [
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/GoToDp",
        "/RichMediaExecute",
        "/Rendition",
        "/Sound",
        "/Movie",
        "/Thread",
        "/GoTo3DView",
    ]
)
KEYS = frozenset(["/JS", "/XFA", "/RichMediaContent", "/RichMediaSettings", "/OnInstantiate", "/OPI", "/URLS"])
ANNOTATIONS = frozenset(["/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"])
LINKS = re.compile(r"\s*(https?:|mailto:|tel:|(?!//)[^:\\]*$)", re.IGNORECASE)
"""Addresses that a link may lead to: the web, e-mail, a telephone, or relative ones."""
MARKUP = re.compile(rb"<\s*(script|html|svg|iframe|object|embed|!doctype|!entity|\?php)\b", re.IGNORECASE)
NAMES_INSIDE = (".xml", ".json", ".txt", ".csv")


class ActivePdf(ValueError):
    """The PDF is refused; the message says why and how to mend it, in the active language."""


def check_inert(pdf: pikepdf.Pdf) -> None:
    """Raises ``ActivePdf``."""
    left = MOST_VALUES
    for thing in pdf.objects:
        for part in _dictionaries(thing):
            left -= 1
            _check(part)
        left -= 1
        if left < 0:
            raise ActivePdf(_("This PDF is too complex to be checked. Print it to a new PDF and send that one."))


def _dictionaries(thing: object) -> Iterator[pikepdf.Object]:
    """Every dictionary written in one object, in arrays within arrays too; others are objects by themselves."""
    waiting: list[object] = [thing]
    seen = 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise ActivePdf(_("This PDF is too complex to be checked. Print it to a new PDF and send that one."))
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            values = [part[key] for key in part.keys()]  # noqa: SIM118 -- a pikepdf dictionary is not iterated by keys
        elif isinstance(part, pikepdf.Array):
            values = list(part)
        else:
            continue
        for value in values:
            if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
                waiting.append(value)


def _check(part: pikepdf.Object) -> None:
    keys = set(part.keys())
    if keys & KEYS:
        raise _acts()
    if "/S" in keys and _name(part, "/Type") != "/StructElem" and _name(part, "/S") in ACTIONS:
        raise _acts()
    if "/Subtype" in keys and _name(part, "/Subtype") in ANNOTATIONS and ("/Rect" in keys or "/Type" in keys):
        raise _carries() if _name(part, "/Subtype") == "/FileAttachment" else _acts()
    if isinstance(part, pikepdf.Stream) and (keys & {"/F", "/FFilter", "/Ref"} or _name(part, "/Subtype") == "/PS"):
        raise ActivePdf(_("This PDF fetches something from elsewhere when opened. Print it to a new PDF."))
    if "/URI" in keys and isinstance(part["/URI"], pikepdf.String) and not LINKS.match(str(part["/URI"])):
        raise _acts()
    if "/EF" in keys:
        _check_attached(part)


def _name(part: pikepdf.Object, key: str) -> str:
    value = part.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _check_attached(spec: pikepdf.Object) -> None:
    """A file carried inside: by every name it has and by what it holds, data that no program runs."""
    names = [str(spec[key]) for key in ("/F", "/UF", "/DOS", "/Mac", "/Unix") if key in spec.keys()]  # noqa: SIM118
    files = [spec["/EF"][key] for key in spec["/EF"].keys()]  # noqa: SIM118
    if not names or any(not name.lower().rstrip(". ").endswith(NAMES_INSIDE) for name in names):
        raise _carries()
    for file in files:
        if not isinstance(file, pikepdf.Stream):
            raise _carries()
        held = file.read_bytes()
        if len(held) > LARGEST_INSIDE or MARKUP.search(held) or b"\0" in held:
            raise _carries()
        try:
            held.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _carries() from None


def _acts() -> ActivePdf:
    return ActivePdf(_("This PDF holds scripts or actions. Print it to a new PDF and send that one."))


def _carries() -> ActivePdf:
    return ActivePdf(_("This PDF carries other files. Print it to a new PDF and send that one."))
