"""Files made to stop whoever reads them: small to send, dear to read."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import lru_cache

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{}</svg>'


def many_stops() -> bytes:
    """1,000 stops of a gradient, drawn by 900 shapes."""
    stops = "".join(f'<stop offset="{n / 1000}" stop-color="#{n % 1000:03}"/>' for n in range(1000))
    shapes = '<rect width="9" height="9" fill="url(#a)"/>' * 900
    return SVG.format(f'<defs><linearGradient id="a">{stops}</linearGradient></defs>{shapes}').encode()


def chained_clips() -> bytes:
    """Each clip path draws twice what the next one clips."""
    clips = "".join(
        f'<clipPath id="c{n}"><rect width="9" height="9" clip-path="url(#c{n + 1})"/>'
        f'<rect width="8" height="9" clip-path="url(#c{n + 1})"/></clipPath>'
        for n in range(40)
    )
    last = '<clipPath id="c40"><rect width="9" height="9"/></clipPath>'
    return SVG.format(f'<defs>{clips}{last}</defs><rect width="90" height="90" clip-path="url(#c0)"/>').encode()


def dashed_paths() -> bytes:
    path = '<path d="M0 0 L99999999 99999999" fill="none" stroke="#000" stroke-dasharray="0.0001 0.0001"/>'
    return SVG.format(path * 500).encode()


def translucent_layers() -> bytes:
    """900 groups within groups, each drawn apart before it is laid on the others."""
    return SVG.format('<g opacity="0.99"><rect width="9" height="9" fill="#000"/>' * 190 + "</g>" * 190).encode()


def many_curves() -> bytes:
    return SVG.format(f'<path d="M0 0 {"C1 1 2 2 3 3 " * 30_000}" stroke="#000" fill="none"/>').encode()


def _pdf(streams: list[bytes], xref: bytes = b"") -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, stream in enumerate(streams, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + stream + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(streams) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(streams) + 1, start))
    return out.getvalue()


def _stream(dictionary: bytes, body: bytes) -> bytes:
    packed = zlib.compress(body, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n" % (dictionary, len(packed)) + packed + b"\nendstream"


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[]/Count 0>>"


@lru_cache(maxsize=1)
def object_stream_of_tiny_objects(count: int = 400_000) -> bytes:
    """A compressed stream of objects that takes hundreds of megabytes once read."""
    body, header, place = bytearray(), bytearray(), 0
    for number in range(10, 10 + count):
        item = b"<</A<</B[[[[]]]]>>>>"
        header += b"%d %d " % (number, place)
        body += item
        place += len(item)
    packed = _stream(b"/Type/ObjStm/N %d/First %d" % (count, len(header)), bytes(header + body))
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, item in enumerate((CATALOGUE, PAGES, packed), 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + item + b"\nendobj\n")
    start = out.tell()
    rows = bytearray(b"\0\0\0\0\0\0\0")
    rows += b"".join(b"\1" + place.to_bytes(4, "big") + b"\0\0" for place in places)
    size = 10 + count
    for number in range(4, size + 1):
        index = number - 10
        rows += (b"\2" + (3).to_bytes(4, "big") + (index % 65536).to_bytes(2, "big")) if index >= 0 else bytes(7)
    out.write(
        b"%d 0 obj\n" % (size + 1)
        + _stream(b"/Type/XRef/W[1 4 2]/Size %d/Root 1 0 R" % (size + 1), bytes(rows))
        + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    )
    return out.getvalue()


def page_tree_of_arrays(depth: int = 3_000_000) -> bytes:
    """One object: a flat array of empty dictionaries."""
    return _pdf([CATALOGUE, PAGES, b"[" + b"<<>>" * (depth // 2) + b"]"])


def nested_arrays() -> bytes:
    return _pdf([CATALOGUE, PAGES, b"[" * 200_000 + b"]" * 200_000])


def office(kind: str, main: str, body: bytes) -> bytes:
    """A document of Office Open XML with ``body`` as its main part."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>'
        "</Types>"
    )
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        f' Target="{main}"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", relations)
        archive.writestr(main, body)
    return out.getvalue()


def document_of_tiny_elements(count: int = 20_000_000) -> bytes:
    """A text of empty elements, varied enough not to be told by its compression."""
    import random

    draw = random.Random(7)
    some = "".join(f"<w{draw.randrange(10**6)}/>" for _each in range(200_000))
    body = f"<d>{some * max(1, count // 2_000_000)}</d>"
    return office("wordprocessingml.document", "word/document.xml", body.encode())


def nested_elements() -> bytes:
    return office("wordprocessingml.document", "word/document.xml", b"<a>" * 400_000 + b"</a>" * 400_000)


def sheet_of_cells(count: int = 900_000) -> bytes:
    """A workbook of one row with many cells, each once."""
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 1000003}</v></c></row>' for n in range(1, count))
    body = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    )
    return office("spreadsheetml.sheet", "xl/workbook.xml", body.encode())


def shared_strings_of_runs() -> bytes:
    """A workbook as translators send it, whose shared texts are 1.5 million runs."""
    from openpyxl import Workbook

    out = io.BytesIO()
    book = Workbook()
    book.active.append(["x"])
    book.save(out)
    runs = "<r><t>a</t></r>" * 1_000_000
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{runs}</si></sst>'
    again = io.BytesIO()
    with zipfile.ZipFile(out) as book_file, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in book_file.namelist():
            if name != "xl/sharedStrings.xml":
                archive.writestr(name, book_file.read(name))
        archive.writestr("xl/sharedStrings.xml", strings)
    return again.getvalue()


def wide_table() -> bytes:
    return (b"a," * 900_000) + b"\n"


def unclosed_quotation() -> bytes:
    return b'a,b\n"' + b"x" * 1_900_000


def nested_json() -> bytes:
    return b"[" * 4_000_000


def json_of_lists() -> bytes:
    return b'{"record":' + b"[" + b"[]," * 2_900_000 + b"[]]}"


def yaml_of_flow() -> bytes:
    return b"a: " + b"[" * 900_000


def yaml_of_keys() -> bytes:
    return b"".join(b"k%d: {a: [1, 2]}\n" % n for n in range(50_000))


def image_of_nothing(kind: str = "PNG", side: int = 19_900) -> bytes:
    """A sound picture of 400 million dots of one colour."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS, kept = None, Image.MAX_IMAGE_PIXELS
    try:
        out = io.BytesIO()
        Image.new("1", (side, side)).save(out, kind)
        return out.getvalue()
    finally:
        Image.MAX_IMAGE_PIXELS = kept
