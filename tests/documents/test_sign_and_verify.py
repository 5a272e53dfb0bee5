"""Signed reports: still archival and accessible, verified offline and by anyone on the public page."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from django.core.management import CommandError, call_command
from django.test import Client
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pytest_django.fixtures import Settings

from checklists.core.editions.edition import canonical_bytes
from checklists.documents.frozen.attachment import record_in
from checklists.documents.frozen.frozen import JudgeDiffers, frozen_html
from checklists.documents.pdf import signing
from checklists.documents.pdf.archive import archive
from checklists.documents.pdf.signing import SignatureFailed, SigningKey, read_signature, sign
from checklists.documents.press import frozen_report
from checklists.models import Offer, PrintJob
from checklists.packs.reports.record import read_record
from checklists.services.answers.save_answer import Said
from checklists.services.reports.issue_report import issue_report, read_code
from tests.documents.conftest import faults, made
from tests.documents.test_issue_a_report import answer
from tests.figures import count
from tests.frameworks import publish_shipped_frameworks


@pytest.fixture
def signing_settings(settings: Settings, key_file: Path) -> Settings:
    settings.REPORT_SIGNING = {"pkcs12": str(key_file), "passphrase": "a pass phrase"}
    return settings


def command(file: Path) -> str:
    out = io.StringIO()
    call_command("verifyreport", str(file), stdout=out)
    return out.getvalue()


def test_a_signed_report_is_still_archival_and_accessible(example: Offer, signing_settings: Settings) -> None:
    report, pdf = made(example)
    assert report.is_signed
    assert faults(pdf) == []
    state = read_signature(pdf)
    assert state is not None
    assert (state.is_intact, state.is_self_signed, state.is_trusted) == (True, True, False)


def test_a_signature_made_again_is_not_made_alike(monkeypatch: pytest.MonkeyPatch, signing_settings: Settings) -> None:
    """The last stream of a signed file holds places: were they the same, it would end as ambiguously at every turn."""
    plain = archive(
        "<html lang=en><title>One page</title><p>A page.", (), datetime(2026, 1, 1, tzinfo=UTC), "Signature"
    )
    tried: list[bytes] = []

    def thrice(added: bytes) -> bool:
        tried.append(added)
        return len(tried) < 4

    monkeypatch.setattr(signing, "has_ambiguous_stream", thrice)
    signed = sign(plain, SigningKey(**signing_settings.REPORT_SIGNING), "A test")
    streams = [added.rpartition(b"stream\n")[0].rpartition(b"\nstream\n")[2] for added in tried]
    assert len(set(streams)) == len(tried) == 4
    assert faults(signed) == []
    state = read_signature(signed)
    assert state is not None
    assert state.is_intact


def test_the_command_verifies_a_report_and_judges_it_again(
    example: Offer, signing_settings: Settings, tmp_path: Path
) -> None:
    _, pdf = made(example)
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    told = command(file)
    assert "judged again, the same: unacceptable to transition_only" in told
    assert "proves integrity only" in told
    file.write_bytes(pdf.replace(b"D:20", b"D:19", 1) if b"D:20" in pdf else pdf + b"\n")
    with pytest.raises(CommandError, match="altered"):
        command(file)
    file.write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(CommandError, match="no readable PDF"):
        command(file)


def signed_again(pdf: bytes, folder: Path, name: str) -> bytes:
    """``pdf`` with a page more and another signature over the whole, by a key that bears the same name."""

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf

    from checklists.management.commands.makesigningkey import self_signed_key

    (folder / "other.p12").write_bytes(self_signed_key(name, "another"))
    signer = SimpleSigner.load_pkcs12(str(folder / "other.p12"), passphrase=b"another")
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Covered"] = writer.add_object(writer.root["/Pages"])
    writer.update_root()
    return sign_pdf(writer, PdfSignatureMetadata(field_name="Second"), signer=signer).getvalue()


def test_a_report_covered_and_signed_again_is_refused(
    example: Offer, signing_settings: Settings, tmp_path: Path
) -> None:
    _, pdf = made(example)
    state = read_signature(pdf)
    assert state is not None
    assert state.is_alone
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(signed_again(pdf, tmp_path, "Porte-clés"))
    accepted = 0
    for options in ({}, {"trust": str(tmp_path / "other.pem")}, {"key": state.fingerprint}):
        if "trust" in options:
            certificate = pkcs12.load_key_and_certificates((tmp_path / "other.p12").read_bytes(), b"another")[1]
            assert certificate is not None
            (tmp_path / "other.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        try:
            call_command("verifyreport", str(forged), stdout=io.StringIO(), **options)
            accepted += 1
        except CommandError:
            pass
    count("reports signed again", "accepted", tried=3, faults=accepted)
    assert accepted == 0
    true = tmp_path / "true.pdf"
    true.write_bytes(pdf)
    assert state.fingerprint in command(true)
    with pytest.raises(CommandError, match="vouches"):
        call_command("verifyreport", str(true), stdout=io.StringIO(), trust=str(tmp_path / "other.pem"))
    with pytest.raises(CommandError, match="fingerprint"):
        call_command("verifyreport", str(true), stdout=io.StringIO(), key="0" * 64)
    call_command("verifyreport", str(true), stdout=io.StringIO(), key=state.fingerprint.upper())


def test_without_a_key_a_report_says_that_it_is_not_signed(example: Offer, tmp_path: Path) -> None:
    report, pdf = made(example)
    assert not report.is_signed
    assert read_signature(pdf) is None
    (tmp_path / "r.pdf").write_bytes(pdf)
    assert "signature  none" in command(tmp_path / "r.pdf")


def test_a_timestamp_server_makes_it_level_b_t(
    example: Offer, signing_settings: Settings, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate, _ = pkcs12.load_key_and_certificates(key_file.read_bytes(), b"a pass phrase")
    assert key is not None and certificate is not None
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private),
        fixed_dt=datetime.now(UTC),
    )  # fmt: skip
    monkeypatch.setattr(signing, "AIOHttpTimeStamper", lambda *args, **kwargs: stamper)
    signing_settings.REPORT_SIGNING["timestamp_url"] = "http://timestamp.example/"
    _, pdf = made(example)
    assert faults(pdf) == []
    state = read_signature(pdf)
    assert state is not None
    assert state.timestamp is not None


def test_a_key_that_cannot_be_used_is_tried_twice_and_told_in_words(
    desk: Client, example: Offer, signing_settings: Settings
) -> None:
    signing_settings.REPORT_SIGNING["passphrase"] = "another"
    desk.post(f"/offers/{example.pk}/reports/issue/", {"language": "en", "form": "full"})
    from checklists.documents.press import work_off

    work_off()
    job = PrintJob.objects.get()
    assert (job.state, job.attempts, job.failure) == ("failed", 2, "signature")
    page = desk.get(f"/reports/{job.pk}/").content.decode()
    assert "could not be signed" in page
    signing_settings.REPORT_SIGNING["passphrase"] = "a pass phrase"
    desk.post(f"/reports/{job.pk}/again/")
    work_off()
    assert PrintJob.objects.get().state == "done"


def test_signing_names_what_failed(key_file: Path) -> None:
    with pytest.raises(SignatureFailed, match="passphrase"):
        sign(b"%PDF", SigningKey(pkcs12=str(key_file), passphrase="wrong"), "reason")


def test_a_made_key_is_refused_over_an_existing_file_and_signs(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("makesigningkey", str(tmp_path / "key.p12"), stdout=out)
    assert "integrity" in out.getvalue() or "unaltered" in out.getvalue()
    assert (tmp_path / "key.p12").stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="exists already"):
        call_command("makesigningkey", str(tmp_path / "key.p12"), stdout=out)


@pytest.mark.parametrize("typed", ["7KQ2-M0XD-4T9W-A1BC", "7kq2m0xd4t9walbc", " 7KQ2 MOXD 4T9W AIBC "])
def test_a_code_copied_by_hand_is_read_right(typed: str) -> None:
    assert read_code(typed) == "7KQ2-M0XD-4T9W-A1BC"


@pytest.mark.parametrize("typed", ["", "7KQ2", "7KQ2-M0XD-4T9W-A1B!", "x" * 5000])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) == ""


def upload(client: Client, contents: bytes) -> str:
    file = io.BytesIO(contents)
    file.name = "report.pdf"
    return client.post("/verify/", {"file": file}).content.decode()


def test_anyone_verifies_a_file_and_learns_nothing_else(client: Client, example: Offer) -> None:
    client.cookies["django_language"] = "en"
    report, pdf = made(example, "en")
    page = upload(client, pdf)
    assert "unaltered" in page
    assert report.code in page
    assert "No newer report" in page
    for private in (example.name, example.assessment.name, example.assessment.organisation.name, str(report.pk)):
        assert private not in page
    assert "not issued here" in upload(client, pdf[:-1] + b"\r")
    assert "not issued here" in upload(client, b"") or "Choose" in upload(client, b"")


def test_a_newer_report_is_told_of(client: Client, example: Offer) -> None:
    client.cookies["django_language"] = "en"
    report, pdf = made(example, "en")
    answer(example, "key_holder", Said("answered", "customer_only"))
    made(example, "en")
    assert "A newer report" in upload(client, pdf)
    assert "A newer report" in client.get(f"/verify/{report.code.lower()}/").content.decode()


def test_an_unknown_code_and_an_oversized_file_are_refused_in_words(client: Client, db: None) -> None:
    client.cookies["django_language"] = "en"
    assert client.get("/verify/0000-0000-0000-0000/").status_code == 404
    assert client.post("/verify/", {"code": "abc"}).status_code == 422
    assert "larger than 10 MB" in upload(client, b"x" * 10_100_000)


def test_guessing_codes_is_braked(client: Client, db: None) -> None:
    from django.core.cache import cache

    cache.clear()
    answers = [client.get(f"/verify/0000-0000-0000-00{turn:02d}/").status_code for turn in range(40)]
    assert answers[-1] == 429
    cache.clear()


@pytest.fixture
def frameworks(edition: object) -> None:
    publish_shipped_frameworks()


def test_the_frameworks_are_read_again_from_the_file_alone(frameworks: None, example: Offer, tmp_path: Path) -> None:
    _, pdf = made(example)
    assert faults(pdf) == []
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    told = command(file)
    for reference in record_in(pdf).record.frameworks:
        assert reference.reading is not None
        assert f"{reference.key} {reference.number}, read again, the same: {reference.reading.conclusion}" in told
    without = pikepdf.open(io.BytesIO(pdf))
    del without.attachments["framework-edpb-01-2020.json"]
    without.save(file)
    with pytest.raises(CommandError, match=r"no file framework-edpb-01-2020\.json"):
        command(file)


def test_another_reading_than_the_answers_give_is_found(frameworks: None, example: Offer) -> None:
    report, _ = issue_report(example, language="fr", form="full", by=None)
    frozen = frozen_report(report)
    results = frozen.record.look(frozen.edition, frozen.frameworks)[2]
    assert frozen.record.says_of_lenses(results)
    first, *others = frozen.record.frameworks
    assert first.reading is not None
    better = first.model_copy(update={"reading": first.reading.model_copy(update={"conclusion": "met"})})
    altered = frozen.record.model_copy(update={"frameworks": [better, *others]})
    assert not altered.says_of_lenses(results)
    with pytest.raises(JudgeDiffers):
        frozen_html(replace(frozen, record=altered))


def test_a_record_from_before_readings_keeps_its_hash(frameworks: None, example: Offer) -> None:
    report, _ = issue_report(example, language="fr", form="full", by=None)
    document = json.loads(bytes(report.content))
    for reference in document["frameworks"]:
        del reference["reading"]
    raw = canonical_bytes(document)
    assert read_record(raw).to_bytes() == raw
