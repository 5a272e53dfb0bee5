"""From HTML to a file that lasts: PDF/A-3a and PDF/UA-1 at once, with its figures attached.

WeasyPrint writes PDF/A-3a; one pass of pikepdf then says, in metadata of our own, that the file is PDF/UA-1 too
(ISO 14289-1, 5) and declares that second vocabulary as PDF/A asks (ISO 19005-3, 6.6.2.3). Nothing in the file
depends on the clock or on chance: the same HTML, attachments and date give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pikepdf
from django.conf import settings
from weasyprint import HTML
from weasyprint import Attachment as WeasyAttachment

from checklists.documents.pages.document import SCHEME, ClosedFetcher
from checklists.documents.pages.glyphs import printable
from checklists.documents.pages.long_words import breakable
from checklists.documents.pdf.bounds import bounded

SIGNATURE_FIELD = "Signature"
_PRINTED = 4
"""The flag of an annotation that prints: PDF/A asks it of all (ISO 19005-3, 6.3.2)."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the report. ``relationship`` is the PDF's word for it: 'Data', 'Supplement'..."""

    name: str
    contents: bytes
    description: str
    relationship: str = "Data"


def archive(html: str, attached: Sequence[Attached], produced_at: datetime, seal_name: str = "") -> bytes:
    """The PDF of ``html``, both PDF/A-3a and PDF/UA-1, dated ``produced_at`` (aware).

    ``seal_name``, read out by assistive technology, makes room for a signature (see ``reports.signing``).
    Raises ``TooLong`` when the pages are too many or take longer than the setting ``REPORT_SECONDS``.
    """
    moment = produced_at.astimezone(UTC).replace(microsecond=0)
    attachments = [
        WeasyAttachment(
            string=file.contents,
            name=file.name,
            description=file.description,
            relationship=file.relationship,
            created=moment,
            modified=moment,
        )
        for file in attached
    ]
    page = HTML(string=printable(breakable(html)), base_url=SCHEME, url_fetcher=ClosedFetcher())
    with bounded(settings.REPORT_SECONDS):
        pdf = page.write_pdf(pdf_variant="pdf/a-3a", attachments=attachments)
    return _mark(pdf, moment, seal_name)


def _mark(pdf: bytes, moment: datetime, seal_name: str) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        stamp = moment.strftime("D:%Y%m%d%H%M%SZ")
        document.docinfo["/CreationDate"] = document.docinfo["/ModDate"] = pikepdf.String(stamp)
        document.Root.Metadata = pikepdf.Stream(document, _xmp(document, moment), Type=pikepdf.Name.Metadata)
        document.Root.Metadata.Subtype = pikepdf.Name.XML
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        if seal_name:
            _make_room_for_a_signature(document, seal_name)
        return _saved(document)


_AMBIGUOUS, _PLAIN = b"\r\nendstream", b"\r\rendstream"


def has_ambiguous_stream(pdf: bytes) -> bool:
    """Whether a stream's last byte is a carriage return, and a line feed follows.

    The two then read as one CR LF mark, so that a validator counts a byte less than /Length says (ISO 19005-3,
    6.1.7.1). It happens by chance to one compressed stream in 256.
    """
    return _AMBIGUOUS in pdf


def _saved(document: pikepdf.Pdf) -> bytes:
    """The bytes, compressed; a carriage return ends the line of the few streams that a line feed would blur."""
    out = io.BytesIO()
    document.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return out.getvalue().replace(_AMBIGUOUS, _PLAIN)


def _make_room_for_a_signature(document: pikepdf.Pdf, seal_name: str) -> None:
    """An empty signature field, invisible, tagged as a form with a name: PDF/UA-1, 7.18.4."""
    page, tree = document.pages[0].obj, document.Root.StructTreeRoot
    numbers = tree.ParentTree.Nums
    number = max((int(numbers[i]) for i in range(0, len(numbers), 2)), default=-1) + 1
    widget = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=SIGNATURE_FIELD,
            TU=seal_name,
            Rect=[0, 0, 0, 0],
            F=_PRINTED,
            P=page,
            StructParent=number,
        )
    )
    whole = tree.K[0] if isinstance(tree.K, pikepdf.Array) else tree.K
    form = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem,
            S=pikepdf.Name.Form,
            P=whole,
            Pg=page,
            Alt=seal_name,
            K=[pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=widget, Pg=page)],
        )
    )
    whole.K.append(form)
    numbers.append(number)
    numbers.append(form)
    tree.ParentTreeNextKey = number + 1
    if "/Annots" not in page:
        page.Annots = pikepdf.Array()
    page.Annots.append(widget)
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[widget])


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
{described}
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdfaExtension:schemas>
<rdf:Bag>
<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property>
<rdf:Seq>
<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li>
</rdf:Seq>
</pdfaSchema:property>
</rdf:li>
</rdf:Bag>
</pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""

# The metadata are the one stream written in the clear: there, the words that end one are spelled otherwise.
_KEYWORDS = {"endstream": "end&#115;tream", "endobj": "end&#111;bj"}
# The document information entry, and the XMP property that must repeat it word for word.
_DESCRIBED = {
    "/Title": '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title>',
    "/Author": "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>",
    "/Subject": '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description>',
    "/Keywords": "<pdf:Keywords>{}</pdf:Keywords>",
    "/Creator": "<xmp:CreatorTool>{}</xmp:CreatorTool>",
    "/Producer": "<pdf:Producer>{}</pdf:Producer>",
}


def _xmp(document: pikepdf.Pdf, moment: datetime) -> bytes:
    described = [
        element.format(escape(str(document.docinfo[entry]), _KEYWORDS))
        for entry, element in _DESCRIBED.items()
        if entry in document.docinfo
    ]
    return _XMP.format(described="\n".join(described), moment=moment.strftime("%Y-%m-%dT%H:%M:%SZ")).encode()
