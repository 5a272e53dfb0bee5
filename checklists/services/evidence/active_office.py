"""Whether an office document does anything by itself: judged by what its parts are and hold, not by their names."""

from __future__ import annotations

import io
import re

from django.utils.translation import gettext as _
from lxml import etree

TYPES = re.compile(
    r"vba|macro|activex|oleobject|ms-office\.classification|dialogsheet|intlmacrosheet|x-msdownload|xhtml|text/html|"
    r"\brtf|rfc822|java|\.(?:document|sheet|presentation|template)$|webextension|externallink|attachedtoolbars",
    re.IGNORECASE,
)
"""Kinds of parts that run, embed or import something, in ``[Content_Types].xml``. The end of a type that has no
``.main+xml`` is that of a whole document inside another."""
RELATIONS = re.compile(
    r"/(vbaproject|wordvbadata|oleobject|package|afchunk|control|activexcontrol\w*|externallink\w*|"
    r"mailmerge\w*|frame|subdocument|xlmacrosheet|xlintlmacrosheet|dialogsheet|keymapcustomizations|webextension\w*|"
    r"attachedtoolbars|recipientdata|xmlmaps|connections|querytable|externallinkpath|xllinkpath)$",
    re.IGNORECASE,
)
MAGIC = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"PK\x03\x04",
    b"MZ",
    b"\x7fELF",
    b"%PDF-",
    b"\xca\xfe\xba\xbe",
    b"{\\rtf",
    b"#!",
)
"""How programs, archives, compound files (OLE, VBA) and other documents begin, whatever they are called."""
WEB = re.compile(r"\s*(https?:|mailto:|tel:|#|$)", re.IGNORECASE)
LOCAL = re.compile(r"\s*(file:///)?([a-z]:[/\\]|[^:/\\]+$)", re.IGNORECASE)
"""A file on the disk of whoever wrote the document."""
ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
"""An address that leaves the document."""
ELEMENTS = frozenset(
    [
        "altChunk",
        "OLEObject",
        "oleObject",
        "oleObjects",
        "controls",
        "ddeLink",
        "oleLink",
        "subDoc",
        "externalBook",
        "event-listener",
        "section-source",
        "dde-source",
        "dde-connection",
        "dde-connection-decl",
        "dde-link",
        "table-source",
        "cell-range-source",
        "applet",
        "plugin",
        "floating-frame",
        "object",
        "object-ole",
        "macrosheet",
        "webextension",
        "dbPr",
        "webPr",
        "mailMerge",
    ]
)
CARRYING = frozenset(["OLEObject", "oleObject", "oleObjects", "object", "object-ole"])
HREF = "{http://www.w3.org/1999/xlink}href"
FIELDS = re.compile(
    r"(?<![\w.\\])(DDE|DDEAUTO|INCLUDEPICTURE|INCLUDETEXT|LINK|IMPORT|MACROBUTTON|EMBED|DATABASE)(?![\w.])|"
    r"QUOTE\s+[\d\s]{6,}",
    re.IGNORECASE,
)
"""Fields of a text that fetch or run something; QUOTE spells others by the numbers of their letters."""
CALLS = re.compile(
    r"(?<![\w.])(WEBSERVICE|RTD|CALL|EXEC|REGISTER(\.ID)?|FILTERXML|IMAGE|DDE|SQL\.REQUEST)\s*\(", re.IGNORECASE
)
QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'(?=!)')


class ActiveOffice(ValueError):
    """The document is refused; the message says why and how to mend it, in the active language."""


def check_part(name: str, unpacked: bytes) -> None:
    """One part of a document, named ``name``. Raises ``ActiveOffice``."""
    start = unpacked[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.replace(b"\0", b"").startswith(b"<"):
        _check_xml(name.lower(), unpacked)
    elif unpacked.startswith(MAGIC) or unpacked[:4096].lower().find(b"<script") >= 0:
        raise _carries()
    elif name.lower().endswith((".xml", ".rels", ".vml")) and unpacked.strip():
        raise ActiveOffice(_("This document cannot be read: it is damaged. Save it again and send it."))


def _check_xml(name: str, text: bytes) -> None:
    written: list[str] = []
    try:
        reading = etree.iterparse(
            io.BytesIO(text), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
        )
        for number, (event, element) in enumerate(reading):
            if number == 0 and element.getroottree().docinfo.doctype:
                raise _acts()
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                _check_element(name, element)
                continue
            _check_text(element, written)
            # What was looked at is let go: a part of a hundred megabytes takes no more than its longest branch.
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ActiveOffice(_("This document cannot be read: it is damaged. Save it again and send it.")) from error


def _check_element(name: str, element: etree._Element) -> None:
    local = etree.QName(element).localname
    attributes = element.attrib
    if local in ("Override", "Default") and "content_types" in name:
        kind = attributes.get("ContentType", "")
        if (TYPES.search(kind) and not kind.lower().endswith(".main+xml")) or "macroenabled" in kind.lower():
            raise _carries()
        return
    if local == "Relationship":
        _check_relation(attributes)
        return
    if local in ELEMENTS or (local == "script" and element.tag.startswith("{urn:oasis")):
        raise _carries() if local in CARRYING else _acts()
    if local == "definedName" and (
        attributes.get("xlm") in ("1", "true")
        or attributes.get("name", "").lower().removeprefix("_xlnm.").startswith("auto_")
    ):
        raise _acts()
    for key, value in attributes.items():
        if (key.endswith("}instr") and _is_fetching_field(value)) or (key.endswith("}formula") and _calls(value)):
            raise _fetches()
    if HREF in attributes:
        _check_link(local, attributes[HREF])


def _check_relation(attributes: dict[str, str]) -> None:
    kind, target = attributes.get("Type", ""), attributes.get("Target", "")
    is_outside = attributes.get("TargetMode", "").strip().lower() == "external" or ELSEWHERE.match(target) is not None
    if kind.lower().endswith("/attachedtemplate"):
        # Word names the template a document was made from: one of the writer's own disk is never asked for elsewhere.
        if not LOCAL.match(target):
            raise _fetches()
        return
    if RELATIONS.search(kind):
        raise _fetches() if is_outside else _carries()
    is_link = kind.lower().endswith("/hyperlink") and (WEB.match(target) or not ELSEWHERE.match(target))
    if is_outside and not is_link:
        raise _fetches()


def _check_link(local: str, target: str) -> None:
    """A link of an ODF document: to the web where a person clicks it, inside the document elsewhere."""
    if re.match(r"\s*(macro:|vnd\.|javascript:|\\\\|//|data:text|file://[^/])", target, re.IGNORECASE):
        raise _acts()
    if local == "a" and (WEB.match(target) or not ELSEWHERE.match(target)):
        return
    if local == "template" and target.lower().startswith("file:///"):
        return
    if ELSEWHERE.match(target) or target.strip().startswith(("..", "/")):
        raise _fetches()


def _check_text(element: etree._Element, written: list[str]) -> None:
    local = etree.QName(element).localname
    if local in ("instrText", "delInstrText"):
        written.append(element.text or "")
    elif local == "p" and written:
        # A field may be cut into pieces, between which a reader sees nothing.
        if _is_fetching_field("".join(written)):
            raise _fetches()
        written.clear()
    elif local in ("f", "formula1", "formula2", "definedName", "formula"):
        formula = element.text or ""
        if "|" in QUOTED.sub("", formula) or _calls(formula):
            raise _fetches()


def _is_fetching_field(instruction: str) -> bool:
    """Whether a field's instruction, without the texts it quotes, names a field that fetches or runs something."""
    return FIELDS.search(QUOTED.sub("", instruction.replace("”", '"').replace("“", '"'))) is not None


def _calls(formula: str) -> bool:
    return CALLS.search(QUOTED.sub("", formula)) is not None


def _acts() -> ActiveOffice:
    return ActiveOffice(_("This document holds something active. Send it as a PDF."))


def _carries() -> ActiveOffice:
    return ActiveOffice(_("This document holds macros or other files. Send it as a PDF."))


def _fetches() -> ActiveOffice:
    return ActiveOffice(_("This document fetches something from elsewhere when opened. Send it as a PDF."))
