"""A key on a PKCS#11 token: SoftHSM stands for the operator's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from pkcs11.util.x509 import decode_x509_certificate
from pytest_django.fixtures import Settings

from checklists.documents.pdf.signing import read_signature
from checklists.documents.press import work_off
from checklists.models import Offer, PrintJob
from checklists.services.reports.issue_report import issue_report
from tests.documents.conftest import faults, made

MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")]
MODULE = next((module for module in MODULES if module.exists()), None)
PIN, LABEL = "1234", "reports"

pytestmark = pytest.mark.skipif(MODULE is None, reason="SoftHSM is not installed: apt-get install softhsm2")


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> str:
    """The label of a token that holds the tests' key and its certificate."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    key, certificate, _ = pkcs12.load_key_and_certificates(key_file.read_bytes(), b"a pass phrase")
    assert key is not None and certificate is not None
    pem = folder / "key.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for command in (
        ["--init-token", "--free", "--label", "porte-cles", "--so-pin", "5678", "--pin", PIN],
        ["--import", str(pem), "--token", "porte-cles", "--label", LABEL, "--id", "01", "--pin", PIN],
    ):
        subprocess.run(["softhsm2-util", *command], check=True, capture_output=True)
    with pkcs11.lib(str(MODULE)).get_token(token_label="porte-cles").open(user_pin=PIN, rw=True) as session:
        attributes = decode_x509_certificate(certificate.public_bytes(Encoding.DER))
        attributes |= {pkcs11.Attribute.LABEL: LABEL, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.ID: b"\x01"}
        session.create_object(attributes)
    return "porte-cles"


@pytest.fixture
def token_settings(settings: Settings, token: str) -> Settings:
    settings.REPORT_SIGNING = {"module": str(MODULE), "token": token, "pin": PIN, "label": LABEL}
    return settings


def test_a_report_signed_by_a_token_is_intact_and_archival(example: Offer, token_settings: Settings) -> None:
    report, pdf = made(example)
    assert report.is_signed
    state = read_signature(pdf)
    assert state is not None and state.is_intact
    assert faults(pdf) == []


@pytest.mark.parametrize(("setting", "value"), [("pin", "9999"), ("label", "another"), ("token", "elsewhere")])
def test_a_token_that_does_not_open_is_told(example: Offer, token_settings: Settings, setting: str, value: str) -> None:
    token_settings.REPORT_SIGNING[setting] = value
    issue_report(example, language="en", form="summary", by=None)
    work_off()
    job = PrintJob.objects.get()
    assert (job.state, job.attempts, job.failure) == ("failed", 2, "signature")
