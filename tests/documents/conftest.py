"""What the tests of reports share: a validator, a report made, a key."""

from __future__ import annotations

from pathlib import Path

import page
import pytest

from checklists.documents.press import work_off
from checklists.management.commands.makesigningkey import self_signed_key
from checklists.models import Offer, PrintedReport, Report
from checklists.services.reports.issue_report import issue_report


def faults(pdf: bytes) -> list[tuple[str, str]]:
    """What keeps ``pdf`` from being PDF/A-3a and PDF/UA-1 at once."""
    return [
        (failure.rule_id, failure.message)
        for profile in ("3a", "ua1")
        for failure in page.validate_pdf_bytes(pdf, profile=profile).failures
    ]


def made(offer: Offer, language: str = "fr", form: str = "full") -> tuple[Report, bytes]:
    """A report issued and made, and its file."""
    report, _ = issue_report(offer, language=language, form=form, by=None)
    work_off()
    return report, bytes(PrintedReport.objects.get(pk=report.pk).pdf)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("key") / "key.p12"
    file.write_bytes(self_signed_key("Hôpital d'essai", "a pass phrase"))
    return file
