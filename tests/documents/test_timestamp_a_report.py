"""A timestamp server (RFC 3161) that really answers: OpenSSL behind a small web server, on this machine."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.test import Client
from pytest_django.fixtures import Settings

from checklists.documents.pdf.signing import read_signature
from checklists.documents.press import work_off
from checklists.models import Offer, PrintJob
from checklists.services.reports.issue_report import issue_report
from tests.documents.conftest import faults
from tests.postgres import free_port

CONFIGURATION = """
[tsa]
default_tsa = clock
[clock]
serial = {folder}/serial
signer_cert = {folder}/clock.pem
signer_key = {folder}/clock.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no OpenSSL: apt-get install openssl")


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the server's configuration, key and certificate (``clock.pem``)."""
    folder = tmp_path_factory.mktemp("clock")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test clock")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "clock.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "clock.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    return folder


@pytest.fixture
def server(clock: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the requests it was sent."""
    asked: list[bytes] = []

    class Clock(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(query)
            (clock / "query").write_bytes(query)
            command = ["openssl", "ts", "-reply", "-config", clock / "tsa.cnf", "-queryfile", clock / "query"]
            done = subprocess.run(command, check=True, capture_output=True)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(done.stdout)))
            self.end_headers()
            self.wfile.write(done.stdout)

        def log_message(self, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Clock) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/", asked
        listening.shutdown()
        thread.join()


def test_a_report_is_timestamped_by_the_server_or_not_signed_at_all(
    desk: Client, example: Offer, settings: Settings, key_file: Path, clock: Path, server: tuple[str, list[bytes]]
) -> None:
    """No server, no report: a lesser signature than the operator asked for would pass unnoticed. Then it answers."""
    address, asked = server
    settings.REPORT_SIGNING = {"pkcs12": str(key_file), "passphrase": "a pass phrase"}
    settings.REPORT_SIGNING["timestamp_url"] = f"http://127.0.0.1:{free_port()}/"
    report, _ = issue_report(example, language="en", form="summary", by=None)
    work_off()
    job = PrintJob.objects.get()
    assert (job.state, job.attempts, job.failure) == ("failed", 2, "signature")
    assert "timestamp server did not answer" in desk.get(f"/reports/{report.pk}/").content.decode()

    settings.REPORT_SIGNING["timestamp_url"] = address
    before = datetime.now(UTC) - timedelta(seconds=2)
    desk.post(f"/reports/{report.pk}/again/")
    work_off()
    pdf = bytes(PrintJob.objects.get().report.printed.pdf)
    assert len(asked) >= 1
    assert faults(pdf) == []
    state = read_signature(pdf, str(clock / "clock.pem"))
    assert state is not None and state.is_intact
    assert state.timestamp is not None
    assert before <= state.timestamp <= datetime.now(UTC) + timedelta(seconds=2)
