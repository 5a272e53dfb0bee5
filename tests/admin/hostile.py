"""Files made to break what reads them: each must be refused, quickly and clearly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from checklists.files.spreadsheet import xlsx_file

HEAD = b"schema: porte-cles/checklist/1\nkey: cnil-hosting\nlanguages: [fr]\n"
_SHEET = "xl/worksheets/sheet1.xml"
_CELLS = [["place", "fr", "stamp"], ["title", "x", "t0"]]


def hostile_yaml() -> Iterator[tuple[str, bytes]]:
    laughs = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(ord("b"), ord("k"))
    )
    yield "billion laughs", HEAD + laughs
    yield "one alias", HEAD + b"title: &t {fr: x}\nsummary: *t\n"
    yield "an anchor alone", HEAD + b"title: &t {fr: x}\n"
    yield "merge key by alias", HEAD + b"a: &a {fr: x}\ntitle:\n  <<: *a\n"
    yield "merge key written out", HEAD + b"title: {<<: {fr: x}}\n"
    yield "merge tag", HEAD + b"title: {!!merge <<: {fr: x}}\n"
    for tag in (b"!!python/object/apply:os.system ['id']", b"!!python/name:os.system", b"!!int abc", b"!!bool x",
                b"!!timestamp 2020-01-01", b"!!binary aGk=", b"!!set {a, b}", b"!!omap [a: 1]", b"!custom x", b"! x",
                b"!!float .inf", b"!<tag:yaml.org,2002:str> x"):  # fmt: skip
        yield f"tag {tag.decode()}", HEAD + b"title: " + tag + b"\n"
    yield "tag on a key", HEAD + b"!!python/name:os.system title: {fr: x}\n"
    yield "tag by directive", b"%TAG ! tag:yaml.org,2002:\n---\n" + HEAD + b"title: !str x\n"
    yield "two documents", HEAD + b"---\nkey: other\n"
    yield "key twice", HEAD + b"key: other\n"
    yield "key twice inside", HEAD + b"title: {fr: x, fr: y}\n"
    yield "key that is a list", HEAD + b"? [a, b]\n: x\n"
    yield "key that is a number", HEAD + b"1: x\n"
    yield "key that is null", HEAD + b"~: x\n"
    yield "flow nested 100 000 deep", HEAD + b"title: " + b"[" * 100_000
    yield "mappings nested 100 000 deep", HEAD + b"title: " + b"{a: " * 100_000
    yield "blocks nested 1 000 deep", HEAD + b"".join(b" " * n + b"a:\n" for n in range(1_000))
    yield "conditions nested 500 deep", HEAD + b"questions:\n- applies: " + b"{not: " * 500 + b"x" + b"}" * 500
    yield "a number of 1 MB", HEAD + b"number: " + b"9" * 1_000_000 + b"\n"
    yield "a key of 1 MB", HEAD + b"k" * 1_000_000 + b": x\n"
    yield "a million colons", HEAD + b": " * 900_000
    yield "a text of 1 MB", HEAD + b"title: {fr: " + b"x" * 1_000_000 + b"}\n"
    yield "an open quote of 1 MB", HEAD + b'title: {fr: "' + b"x\n" * 500_000
    yield "30 000 sources", HEAD + b"sources:\n" + b"".join(b"- {key: s%d}\n" % n for n in range(30_000))
    options = b"".join(b"  - {key: o%d}\n" % n for n in range(10_000))
    yield "10 000 answers", HEAD + b"questions:\n- key: q\n  options:\n" + options
    yield "3 000 gates", HEAD + b"gates:\n" + b"".join(b"- {key: g%d}\n" % n for n in range(3_000))
    yield "200 000 values", HEAD + b"sources: [" + b"0," * 200_000 + b"]\n"
    yield "more than 2 MB", HEAD + b"# " + b"x" * 2_000_001
    yield "UTF-16 with its mark", (HEAD + b"title: {fr: x}\n").decode().encode("utf-16")
    yield "UTF-16 without", (HEAD + b"title: {fr: x}\n").decode().encode("utf-16-le")
    yield "UTF-32", HEAD.decode().encode("utf-32")
    yield "Latin-1", HEAD + "title: {fr: é}\n".encode("latin-1")
    yield "cp1252", HEAD + "title: {fr: l’été}\n".encode("cp1252")
    yield "invalid UTF-8", HEAD + b"title: {fr: \xff\xfe\xc0\x80}\n"
    yield "overlong UTF-8", HEAD + b"title: {fr: \xc0\xaf}\n"
    yield "a surrogate in UTF-8", HEAD + b"title: {fr: \xed\xa0\x80}\n"
    yield "null bytes", HEAD + b"title: {fr: a\x00b}\n"
    yield "control characters", HEAD + b"title: {fr: a\x07b\x1b[2J}\n"
    yield "nothing", b""
    yield "a mark alone", b"\xef\xbb\xbf"
    yield "a comment alone", b"# nothing\n"
    yield "a list", b"- a\n- b\n"
    yield "a sentence", b"a sentence"
    yield "JSON of another kind", b'{"schema": "porte-cles/record/1"}'
    yield "a framework", b"schema: porte-cles/framework/1\nkey: x\n"
    yield "HTML", b"<!DOCTYPE html><script>alert(1)</script>"
    yield "a PDF", b"%PDF-1.7\n" + bytes(range(256)) * 20
    yield "an ELF program", b"\x7fELF" + bytes(range(256)) * 20
    yield "gzip", b"\x1f\x8b\x08" + b"\0" * 100
    yield "a key with a path in it", HEAD.replace(b"key: cnil-hosting", b"key: ../../etc/passwd")
    yield "a key that is HTML", HEAD.replace(b"key: cnil-hosting", b"key: '<script>alert(1)</script>'")
    yield "a part's key with a path in it", HEAD + b"sources:\n- key: ../x\n"
    yield "a link that runs", HEAD + b"sources:\n- key: s\n  url: javascript:alert(1)\n"
    yield "a link to a file", HEAD + b"sources:\n- key: s\n  url: file:///etc/passwd\n"
    yield "a list where a mapping is due", HEAD + b"title: [fr, x]\nquestions: {a: b}\n"


def hostile_tables() -> Iterator[tuple[str, bytes]]:
    good = xlsx_file("texts", _CELLS)
    yield "a zip bomb", _with(good, {_SHEET: b"<x>" + b"0" * 40_000_000 + b"</x>"})
    yield "a member within the sum, past the ratio", _with(good, {_SHEET: b"<x>" + b"0" * 15_000_000 + b"</x>"})
    yield (
        "a bomb inside a bomb",
        _with(good, {"xl/media/bomb.zip": _zip({"b": b"0" * 30_000_000})[:900_000] + b"0" * 25_000_000}),
    )
    yield "10 000 members", _with(good, {f"xl/media/{n}.bin": b"x" for n in range(10_000)})
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    external = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for name, declared in (
        ("entities", entities),
        ("an external entity", external),
        ("a DTD", b'<!DOCTYPE x SYSTEM "http://x/y">'),
    ):
        for member in (_SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml"):
            yield f"{name} in {member}", _with(good, {member: b'<?xml version="1.0"?>' + declared + b"<x>&a;</x>"})
    yield (
        "XML in UTF-16",
        _with(good, {_SHEET: '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'.encode("utf-16")}),
    )
    yield "XML cut short", _with(good, {_SHEET: _member(good, _SHEET)[:-40]})
    yield "no sheet", _zip({"[Content_Types].xml": b"<Types/>"})
    yield "a name that climbs", _with(good, {"../../evil.xml": b"<x/>"})
    yield "a name from the root", _with(good, {"/etc/cron.d/evil": b"x"})
    yield "a Windows path", _with(good, {"xl\\..\\evil.xml": b"<x/>"})
    yield "a zip cut short", good[: len(good) // 2]
    yield "no more than its first bytes", b"PK\x03\x04"
    yield "a Word document", _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    yield (
        "a sheet of a million rows",
        _with(good, {_SHEET: _sheet(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>')}),
    )
    yield "a row of 16 384 columns", _with(good, {_SHEET: _sheet(b'<row r="1"><c r="XFD1"><v>1</v></c></row>')})
    yield "a row before the first", _with(good, {_SHEET: _sheet(b'<row r="-5"><c r="A0"><v>1</v></c></row>')})
    yield "a cell of 100 000 letters", b"place;fr;stamp\r\ntitle;" + b"x" * 100_000 + b";t0\r\n"
    yield "a quote never closed", b'place;fr;stamp\r\ntitle;"' + b"x;y\r\n" * 200_000
    yield "100 000 columns", b"place;fr;stamp" + b";x" * 100_000
    yield "300 000 rows", b"place;fr;stamp\r\n" + b"a;b;c\r\n" * 280_000
    yield "CSV in UTF-16", "place;fr;stamp\r\ntitle;x;t0\r\n".encode("utf-16")
    yield "CSV in cp1252", "place;fr;stamp\r\ntitle;l’été;t0\r\n".encode("cp1252")
    yield "CSV with null bytes", b"place;fr;stamp\r\ntitle;a\0b;t0\r\n"


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return out.getvalue()


def _with(book: bytes, changed: dict[str, bytes]) -> bytes:
    """The workbook with some members put in, or put in the place of its own."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return _zip({name: archive.read(name) for name in archive.namelist()} | changed)


def _member(book: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(name)


def _sheet(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, rows)
