"""Files sent as evidence: what may be kept is kept as it is; nothing active, disguised or oversized gets in."""

from __future__ import annotations

import io
import os
import socket
import stat
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest
from django.utils.translation import override
from PIL import Image, PngImagePlugin
from pytest_django import Settings

from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.receive_file import FileRefused, receive_file, shown_name
from checklists.services.evidence.scan_file import ScannerUnreachable, VirusFound, scan_file
from tests.figures import count

SCRIPT = b"<script>alert(1)</script>"
NO_CHANGE = pikepdf.Permissions(modify_other=False, modify_annotation=False, modify_form=False)


def image(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda made: None, **options: object) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    change(made)
    made.save(out, **options)
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Clause 12")
    made.save(out)
    return out.getvalue()


def sheet() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def odf(kind: str, *extra: tuple[str, bytes], mimetype: str | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", mimetype or f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<document/>")
        for name, contents in extra:
            archive.writestr(name, contents)
    return out.getvalue()


def word_with(*extra: tuple[str, bytes], replaced: dict[str, tuple[bytes, bytes]] | None = None) -> bytes:
    """A document with parts added, or some text of a part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            contents = old.read(part)
            if replaced and part.filename in replaced:
                contents = contents.replace(*replaced[part.filename])
            new.writestr(part.filename, contents)
        for name, contents in extra:
            new.writestr(name, contents)
    return out.getvalue()


SOUND = {
    "contract.pdf": pdf(),
    "photo.PNG": image("PNG"),
    "scan.jpg": image("JPEG"),
    "scan.jpeg": image("JPEG"),
    "contract.docx": word(),
    "register.xlsx": sheet(),
    "contract.odt": odf("text"),
    "register.ods": odf("spreadsheet"),
    "letter.txt": "Clause 12 : clés, chez nous seuls.\r\n".encode(),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_kept_as_it_is(name: str) -> None:
    received = receive_file(name, SOUND[name])
    assert (received.name, received.contents) == (name, SOUND[name])


def script_in_pdf(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launch_in_pdf(made: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    made.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=action)])


def program_in_pdf(made: pikepdf.Pdf) -> None:
    made.attachments["invoice.exe"] = b"MZ"


def form_in_pdf(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"), Fields=pikepdf.Array())


def commented_png() -> bytes:
    out, text = io.BytesIO(), PngImagePlugin.PngInfo()
    text.add_text("Comment", SCRIPT.decode())
    Image.new("RGB", (9, 9)).save(out, "PNG", pnginfo=text)
    return out.getvalue()


def bomb(levels: int = 1) -> bytes:
    """Sixty megabytes of nothing in a few kilobytes, as a part of a document."""
    return word_with(("word/media/image1.bmp", b"\0" * 60_000_000))


def many_bombs() -> bytes:
    return word_with(*((f"word/media/image{n}.xml", b"<a>" + b" " * 900_000 + b"</a>") for n in range(200)))


def lying_bomb() -> bytes:
    """A document whose directory states a small size for a part that unpacks to much more."""
    raw = bytearray(word_with(("word/media/z.bmp", b"\0" * 3_000_000)))
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        part = archive.getinfo("word/media/z.bmp")
    size = struct.pack("<L", part.file_size)
    return bytes(raw).replace(size, struct.pack("<L", 1000))


def two_of_a_name() -> bytes:
    out = io.BytesIO(word())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/document.xml", "<other/>")
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
RELS = "word/_rels/document.xml.rels"
HARMFUL: dict[str, tuple[str, bytes]] = {
    "svg with script": ("logo.svg", SVG),
    "svg named png": ("logo.png", SVG),
    "svg named text": ("logo.txt", SVG),
    "svg with declaration named text": ("logo.txt", b'<?xml version="1.0"?>' + SVG),
    "html": ("page.html", b"<html>" + SCRIPT),
    "html named pdf": ("page.pdf", b"<html>" + SCRIPT),
    "html named text": ("page.txt", b"<!doctype html>" + SCRIPT),
    "html hidden in text": ("page.txt", b"Clause 12\n" + SCRIPT),
    "html in UTF-16 named text": ("page.txt", ("\ufeff<script>alert(1)</script>").encode("utf-16-le")),
    "xhtml": ("page.xhtml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
    "javascript": ("run.js", b"alert(1)"),
    "shell script named text": ("run.txt", b"#!/bin/sh\nrm -rf /\n"),
    "php named text": ("run.txt", b"<?php system('id'); ?>"),
    "program": ("setup.exe", b"MZ" + b"\0" * 200),
    "program named pdf": ("setup.pdf", b"MZ" + b"\0" * 200),
    "program named docx": ("setup.docx", b"MZ" + b"\0" * 200),
    "program named text": ("setup.txt", b"MZ\0\0" + b"\0" * 200),
    "double ending": ("contract.pdf.exe", pdf()),
    "no ending": ("contract", pdf()),
    "png named pdf": ("photo.pdf", image("PNG")),
    "pdf named png": ("contract.png", pdf()),
    "jpeg named png": ("photo.png", image("JPEG")),
    "docx named xlsx": ("contract.xlsx", word()),
    "xlsx named docx": ("register.docx", sheet()),
    "odt named ods": ("contract.ods", odf("text")),
    "zip named docx": ("files.docx", odf("text", mimetype="application/zip")),
    "gif": ("photo.gif", b"GIF89a" + b"\0" * 20),
    "gif named jpeg": ("photo.jpg", b"GIF89a" + b"\0" * 20),
    "empty": ("empty.pdf", b""),
    "empty text": ("empty.txt", b""),
    "too heavy": ("heavy.txt", b"a" * (10 * 1024 * 1024 + 1)),
    "pdf with javascript": ("a.pdf", pdf(script_in_pdf)),
    "pdf with javascript in an object stream": (
        "a.pdf",
        pdf(script_in_pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    ),
    "pdf that launches": ("a.pdf", pdf(launch_in_pdf)),
    "pdf with a program": ("a.pdf", pdf(program_in_pdf)),
    "pdf with an XFA form": ("a.pdf", pdf(form_in_pdf)),
    "pdf with a password": ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="a", user="b"))),
    "pdf that is none": ("a.pdf", b"%PDF-1.7\nnothing\n%%EOF"),
    "pdf after html": ("a.pdf", b"<html>" + SCRIPT + pdf()),
    "pdf then zip": ("a.pdf", pdf() + odf("text")),
    "pdf then html": ("a.pdf", pdf() + SCRIPT),
    "png then html": ("a.png", image("PNG") + SCRIPT),
    "png then zip": ("a.png", image("PNG") + word()),
    "png with html in a comment": ("a.png", commented_png()),
    "png cut short": ("a.png", image("PNG")[:50]),
    "png too large": ("a.png", image("PNG", (30_000, 1))),
    "jpeg then zip": ("a.jpg", image("JPEG") + word()),
    "jpeg then html": ("a.jpg", image("JPEG") + SCRIPT),
    "jpeg then pdf": ("a.jpg", image("JPEG") + pdf()),
    "docx with macros": ("a.docx", word_with(("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"))),
    "docx of the macro type": (
        "a.docx",
        word_with(
            replaced={
                "[Content_Types].xml": (
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                )
            }
        ),
    ),
    "docx with a program": ("a.docx", word_with(("word/media/run.exe", b"MZ"))),
    "docx with a disguised program": ("a.docx", word_with(("word/media/image1.png", b"MZ\x90\0"))),
    "docx with an embedded file": ("a.docx", word_with(("word/embeddings/o.bin", b"\xd0\xcf\x11\xe0"))),
    "docx with a document inside": ("a.docx", word_with(("word/media/image9.png", word()))),
    "docx with a path upwards": ("a.docx", word_with(("../../etc/cron.d/x", b"x"))),
    "docx with an absolute path": ("a.docx", word_with(("/etc/passwd", b"x"))),
    "docx with a path of Windows": ("a.docx", word_with(("C:\\x\\y", b"x"))),
    "docx that fetches its template": (
        "a.docx",
        word_with(replaced={RELS: (b"</Relationships>", b'<Relationship Id="z" TargetMode="External" '
                                   b'Type="http://x/attachedTemplate" Target="http://127.0.0.1/t"/></Relationships>')}),
    ),
    "docx with an entity": (
        "a.docx",
        word_with(("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')),
    ),
    "docx with a billion laughs": (
        "a.docx",
        word_with(("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>')),
    ),
    "docx with a comment after it": ("a.docx", word() + b"more"),
    "docx after html": ("a.docx", SCRIPT + word()),
    "docx with two parts of a name": ("a.docx", two_of_a_name()),
    "docx cut short": ("a.docx", word()[:400]),
    "zip bomb": ("a.docx", bomb()),
    "zip bomb of many parts": ("a.docx", many_bombs()),
    "zip bomb that lies on its size": ("a.docx", lying_bomb()),
    "zip of many files": ("a.odt", odf("text", *((f"p{n}", b"") for n in range(3_100)))),
    "odt with a script": ("a.odt", odf("text", ("Basic/Standard/Module1.xml", b"<a/>"))),
    "odt with an object": ("a.odt", odf("text", ("Object 1/content.xml", b"<a/>"))),
    "odt template": ("a.odt", odf("text", mimetype="application/vnd.oasis.opendocument.text-template")),
    "text with controls": ("a.txt", b"Clause\x1b[2J\x00"),
}  # fmt: skip


def test_nothing_active_disguised_or_oversized_is_accepted() -> None:
    accepted = []
    for title, (name, contents) in HARMFUL.items():
        try:
            receive_file(name, contents)
        except FileRefused as refusal:
            assert str(refusal), title
        else:
            accepted.append(title)
    count("uploads", "accepted or served active", tried=len(HARMFUL), faults=len(accepted))
    assert accepted == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\system.txt", "system.txt"),
        ("/var/lib/x.txt", "x.txt"),
        ("a\x00b\r\nSet-Cookie: c.txt", "abSet-Cookie: c.txt"),
        ("\u202etxt.exe.txt", "txt.exe.txt"),
        ("x" * 400 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_a_name_is_text_and_no_path(sent: str, shown: str) -> None:
    assert receive_file(sent, b"Clause 12").name == shown_name(sent) == shown
    count("uploads", "accepted or served active", tried=1, faults=0)


def test_a_refusal_says_how_to_mend_it() -> None:
    with override("en"), pytest.raises(FileRefused, match="PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS, TXT"):
        receive_file("a.svg", SVG)
    with override("fr"), pytest.raises(FileRefused, match="trop lourd"):
        receive_file("a.txt", b"a" * (10 * 1024 * 1024 + 1))


def test_files_lie_under_random_names_for_the_instance_alone(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    names = {evidence_files.store(b"Clause 12") for _ in range(3)}
    assert len(names) == 3
    assert set(evidence_files.stored_names()) == names
    for name in names:
        path = evidence_files.path_of(name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        evidence_files.discard(name)
        evidence_files.discard(name)
    for wrong in ("../secret_key", "", "a" * 63, "A" * 64):
        with pytest.raises(ValueError, match="not the name"):
            evidence_files.path_of(wrong)


class Scanner(threading.Thread):
    """A clamd that speaks INSTREAM over a local socket: it finds the word EICAR, and answers as it is told to."""

    def __init__(self, path: str, reply: bytes | None = None) -> None:
        super().__init__(daemon=True)
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(path)
        self.server.listen(1)
        self.reply, self.seen = reply, b""

    def run(self) -> None:
        link, _address = self.server.accept()
        with link, link.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack("!L", stream.read(4))[0]:
                self.seen += stream.read(length)
            found = b"stream: Eicar-Test-Signature FOUND\0" if b"EICAR" in self.seen else b"stream: OK\0"
            link.sendall(found if self.reply is None else self.reply)


@pytest.fixture
def scanner(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Scanner]]:
    started = []

    def start(reply: bytes | None = None) -> Scanner:
        path = str(tmp_path / "clamd.ctl")
        settings.CLAMD_ADDRESS = f"unix:{path}"
        started.append(Scanner(path, reply))
        started[-1].start()
        return started[-1]

    yield start
    for each in started:
        each.join(5)
        each.server.close()


def test_a_clean_file_is_scanned_whole(scanner: Callable[..., Scanner]) -> None:
    contents = os.urandom(200_000).replace(b"EICAR", b"")
    running = scanner()
    assert scan_file(contents) is True
    assert running.seen == contents


def test_what_the_scanner_finds_is_named(scanner: Callable[..., Scanner]) -> None:
    scanner()
    with pytest.raises(VirusFound) as found:
        scan_file(b"X5O!P%@AP EICAR")
    assert found.value.name == "Eicar-Test-Signature"


@pytest.mark.parametrize("reply", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: what\0"])
def test_a_scanner_that_does_not_say_clean_has_not_scanned(scanner: Callable[..., Scanner], reply: bytes) -> None:
    scanner(reply)
    with pytest.raises(ScannerUnreachable):
        scan_file(b"Clause 12")


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1", "clamd", "tcp:here"])
def test_a_scanner_that_is_not_there_is_told(settings: Settings, address: str) -> None:
    settings.CLAMD_ADDRESS = address
    with pytest.raises(ScannerUnreachable):
        scan_file(b"Clause 12")


def test_without_a_scanner_nothing_is_scanned() -> None:
    assert scan_file(b"EICAR") is False


REPORTED = Path(__file__).parents[2] / "data" / "evidence"


@pytest.mark.parametrize("name", sorted(path.name for path in REPORTED.iterdir()))
def test_what_programs_and_people_write_is_kept(name: str) -> None:
    contents = (REPORTED / name).read_bytes()
    assert receive_file(name, contents).contents == contents


def test_a_text_that_is_a_document_by_its_beginning_is_refused() -> None:
    for start in (b"%PDF-1.7 text", b"{\\rtf1 text}", b"%!PS text"):
        with pytest.raises(FileRefused):
            receive_file("a.txt", start)


class Stream(io.RawIOBase):
    """A place to write to that cannot go back, as a web service has."""

    def __init__(self) -> None:
        self.kept = b""

    def writable(self) -> bool:
        return True

    def write(self, sent: Any) -> int:
        self.kept += bytes(sent)
        return len(sent)


def streamed(contents: bytes) -> bytes:
    """``contents`` as services write archives: sizes behind the parts, which lie in another order than usual."""
    out = Stream()
    with zipfile.ZipFile(io.BytesIO(contents)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.infolist(), key=lambda part: part.filename, reverse=True):
            new.writestr(part.filename, old.read(part))
    return out.kept


@pytest.mark.parametrize("name", ["contract.docx", "register.xlsx", "contract.odt"])
def test_an_archive_written_without_going_back_is_kept(name: str) -> None:
    contents = streamed(SOUND[name])
    assert receive_file(name, contents).contents == contents


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_pdf_that_opens_without_a_password_is_kept_and_one_that_does_not_says_so(revision: int) -> None:
    how: dict[str, Any] = {"R": revision, "aes": revision >= 4, "metadata": revision >= 4, "allow": NO_CHANGE}
    for user, is_kept in (("", True), ("secret", False)):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf())) as document:
            document.save(out, encryption=pikepdf.Encryption(owner="owner", user=user, **how))
        if is_kept:
            assert receive_file("certificate.pdf", out.getvalue()).contents == out.getvalue()
        else:
            with override("en"), pytest.raises(FileRefused, match="without a password"):
                receive_file("certificate.pdf", out.getvalue())


@pytest.mark.parametrize(
    "start",
    ["GIF89a est un vieux format.", "MZ : initiales.", "II* trois étoiles", "RIFF raff", "ID3 : balise", "OggS",
     "\ufeffFrom: a@b.example", "Received: from mx", "%Y-%m-%d;incident", "P4 urgent", "BZh91", "\x0csaut de page"],
)  # fmt: skip
def test_a_text_is_kept_whichever_letters_it_begins_with(start: str) -> None:
    contents = f"{start}\nClause 12 : clés, chez nous seuls.\n".encode()
    assert receive_file("note.txt", contents).contents == contents


def test_a_picture_named_as_a_text_is_no_text() -> None:
    for contents in (image("PNG"), image("JPEG"), image("GIF")):
        with override("en"), pytest.raises(FileRefused):
            receive_file("note.txt", contents)
