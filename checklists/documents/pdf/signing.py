"""Signing a report (PAdES, ETSI EN 319 142-1) with the key the operator configured, and reading signatures back.

Level B-T when a timestamp server is configured, B-B otherwise. A signature adds bytes at the end and rewrites none.
"""

from __future__ import annotations

import asyncio
import io
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import aiohttp
from pkcs11.exceptions import PKCS11Error
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.aiohttp_client import AIOHttpTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from checklists.documents.pdf.archive import SIGNATURE_FIELD, has_ambiguous_stream

TRIES = 8
"""Times a signature is made again, a byte further on, because its last stream ends ambiguously (once in 256)."""

LONGEST_SIGNATURE = 1024
"""Bytes: an RSA key of 8,192 bits."""


class SignatureFailed(RuntimeError):
    """The key, its passphrase or the timestamp server did not do their part; the message says which."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Where the operator's key is: a PKCS#12 file, or a token behind a PKCS#11 module.

    ``label`` names the key and its certificate on the token. ``timestamp_url`` is '' for level B-B.
    """

    pkcs12: str = ""
    passphrase: str = ""
    module: str = ""
    token: str = ""
    pin: str = ""
    label: str = ""
    timestamp_url: str = ""
    timestamp_timeout: int = 10


class _FileSigner(SimpleSigner):
    """Keeps its room without signing twice: reading a private key is slow, for the library checks its primes."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(LONGEST_SIGNATURE) if dry_run else self.sign_raw(data, digest_algorithm)


class _AsItStands(IncrementalPdfFileWriter):
    """Signs without touching the metadata, which say that the file is PDF/A and PDF/UA and when it was produced.

    ``further`` line feeds come before what is added: the last stream holds the places of the objects, the same at
    every turn if nothing moved them.
    """

    def __init__(self, pdf: bytes, further: int) -> None:
        super().__init__(io.BytesIO(pdf))
        self.further = further

    def _update_meta(self) -> None:
        return None

    def _write_header(self, stream: IO[bytes]) -> None:
        super()._write_header(stream)  # type: ignore[no-untyped-call]
        stream.write(b"\n" * self.further)


def sign(pdf: bytes, key: SigningKey, reason: str) -> bytes:
    """``pdf``, made with room for it, signed. Raises ``SignatureFailed``; waits for the timestamp server's answer."""
    with ExitStack() as stack:
        try:
            signer = _signer(key, stack)
        except Exception as error:  # A token's library raises errors of its own kinds.
            raise SignatureFailed(f"the signing key cannot be used: {error}") from error
        try:
            return asyncio.run(_sign(pdf, signer, key, reason))
        except (SigningError, PKCS11Error, aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise SignatureFailed(f"signing failed: {error}") from error


def _signer(key: SigningKey, stack: ExitStack) -> Signer:
    if key.module:
        session = stack.enter_context(open_pkcs11_session(key.module, token_criteria=_token(key), user_pin=key.pin))
        return PKCS11Signer(session, cert_label=key.label, key_label=key.label)
    return _from_file(key.pkcs12, key.passphrase, Path(key.pkcs12).stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _from_file(file: str, passphrase: str, changed: int) -> Signer:
    """The key in ``file`` as it was at ``changed``, opened once: a passphrase is slow to try, on purpose."""
    signer: Signer | None = _FileSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        file, passphrase=passphrase.encode() or None
    )
    if signer is None:
        raise SignatureFailed(f"{file} is not a PKCS#12 file, or its passphrase is another one")
    return signer


def _token(key: SigningKey) -> Any:
    from pyhanko.config.pkcs11 import TokenCriteria

    return TokenCriteria(label=key.token) if key.token else None


async def _sign(pdf: bytes, signer: Signer, key: SigningKey, reason: str) -> bytes:
    async with AsyncExitStack() as stack:
        stamper: TimeStamper | None = None
        if key.timestamp_url:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            stamper = AIOHttpTimeStamper(key.timestamp_url, session, timeout=key.timestamp_timeout)
        for turn in range(TRIES):
            signed = await _sign_once(_AsItStands(pdf, turn), signer, stamper, reason)
            if not has_ambiguous_stream(signed[len(pdf) :]):
                return signed
    raise SignatureFailed("no signature left the file a valid PDF/A")


async def _sign_once(writer: _AsItStands, signer: Signer, stamper: TimeStamper | None, reason: str) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason=reason
    )
    out = await PdfSigner(metadata, signer, timestamper=stamper).async_sign_pdf(writer, existing_fields_only=True)
    return bytes(out.getbuffer())


@dataclass(frozen=True, slots=True)
class SignatureState:
    """What a file's signature is worth.

    ``fingerprint`` is the SHA-256 of the signer's certificate, which a name alone does not stand for. ``is_alone``: the
    file has one signature, in the field that reports are signed in, and nothing was added to the file afterwards.

    ``is_intact``: the file is as it was signed, from the first byte to the last. ``is_trusted``: the certificate
    leads to an authority that the verifier named. Otherwise (a self-signed certificate always) the signature
    proves integrity only: nobody vouches for the name it gives.
    """

    signer: str
    fingerprint: str
    is_alone: bool
    is_self_signed: bool
    is_intact: bool
    is_trusted: bool
    timestamp: datetime | None


def read_signature(pdf: bytes, trusted: str = "") -> SignatureState | None:
    """The signature of ``pdf``, ``None`` without one. ``trusted`` is a file of authorities' certificates.

    Nothing is fetched. Raises ``ValueError`` when the file cannot be read as a PDF.
    """
    roots = list(load_certs_from_pemder([trusted])) if trusted else []
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except PdfReadError as error:
        raise ValueError(f"the file is no readable PDF: {error}") from error
    if not signatures:
        return None
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status = validate_pdf_signature(signatures[-1], context, context)
    fields = [signature.field_name for signature in signatures]
    certificate, stamp = status.signing_cert, status.timestamp_validity
    return SignatureState(
        signer=certificate.subject.human_friendly,
        fingerprint=certificate.sha256.hex(),
        is_alone=fields == [SIGNATURE_FIELD],
        is_self_signed=certificate.self_signed != "no",
        is_intact=bool(
            status.intact and status.valid and status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
        ),
        is_trusted=bool(status.trusted),
        timestamp=stamp.timestamp if stamp and stamp.intact and stamp.valid else None,
    )
