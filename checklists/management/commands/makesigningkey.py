"""``manage.py makesigningkey var/signing.p12``: a self-signed key to sign reports with, for trials."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.core.management.base import BaseCommand, CommandError

DAYS = 730


class Command(BaseCommand):
    help = "Make a self-signed key in a PKCS#12 file. It proves integrity only: no authority vouches for its name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; an existing one is never replaced")
        parser.add_argument("--name", default="Porte-clés", help="the name the certificate gives")
        parser.add_argument("--passphrase", default="", help="protects the file; one is made and printed without it")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        passphrase = options["passphrase"] or secrets.token_urlsafe(18)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(f"{file} exists already and is left as it is. Name another file.") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
        with os.fdopen(handle, "wb") as out:
            contents = self_signed_key(options["name"], passphrase)
            out.write(contents)
        certificate = pkcs12.load_key_and_certificates(contents, passphrase.encode())[1]
        self.stdout.write(f"{file.resolve()} holds a self-signed key, good for {DAYS} days. Sign with it:")
        self.stdout.write(f"  SIGNING_PKCS12={file.resolve()}")
        self.stdout.write(f"  SIGNING_PASSPHRASE={passphrase}")
        if certificate is not None:
            shown = certificate.fingerprint(hashes.SHA256()).hex()
            self.stdout.write(f"The fingerprint of its certificate, to publish: sha256 {shown}")
        self.stdout.write("It proves that a report is unaltered, not who signed it: no authority vouches for its name.")


def self_signed_key(name: str, passphrase: str) -> bytes:
    """The bytes of a PKCS#12 file with a new RSA key of 3072 bits and its certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - timedelta(minutes=5)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"), False
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=DAYS))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        name.encode(), key, certificate, None, BestAvailableEncryption(passphrase.encode())
    )
