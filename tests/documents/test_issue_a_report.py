"""Issuing: frozen, unique, immutable, the same bytes again, and what changed since."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from checklists.documents.frozen.attachment import edition_in, record_in
from checklists.documents.press import frozen_report
from checklists.models import Answer, Offer, PrintedReport, Report
from checklists.models.editions import ImmutableError
from checklists.packs.reports.record import read_record
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.judging.judge_offer import edition_of
from checklists.services.reports.issue_report import issue_report
from checklists.words.reports import changes
from tests.documents.conftest import faults, made
from tests.replacing import REPLACING


def answer(offer: Offer, key: str, said: Said) -> None:
    row = Answer.objects.filter(offer=offer, question=key).first()
    question = edition_of(offer.assessment).questions[key]
    revision = row.revision if row else 0
    save_answer(assessment=offer.assessment, offer=offer, question=question, said=said, revision=revision, by=None)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_file_is_archival_and_accessible_and_carries_its_own_answers(example: Offer, language: str) -> None:
    report, pdf = made(example, language)
    assert faults(pdf) == []
    attached = record_in(pdf)
    assert attached.sha256 == report.content_sha256
    assert attached.issue is not None
    assert attached.issue.code == report.code
    assert hashlib.sha256(edition_in(pdf)).hexdigest() == report.edition.sha256
    assert len(pdf) < 500_000


def test_ten_people_asking_for_the_same_get_one_report(example: Offer) -> None:
    issued = {issue_report(example, language="fr", form="full", by=None)[0].pk for _ in range(10)}
    assert len(issued) == 1
    assert Report.objects.count() == 1


def test_what_changes_later_leaves_the_report_as_it_is(example: Offer) -> None:
    first, pdf = made(example)
    answer(example, "key_holder", Said("answered", "customer_only", comment="Since the new contract"))
    example.assessment.name = "Renamed"
    example.assessment.save()
    second, _ = issue_report(example, language="fr", form="full", by=None)
    assert second.previous == first
    assert bytes(PrintedReport.objects.get(pk=first.pk).pdf) == pdf
    assert frozen_report(Report.objects.get(pk=first.pk)).record.subject.assessment != "Renamed"


def test_going_back_to_the_earlier_answers_is_a_report_of_its_own(example: Offer) -> None:
    first, _ = issue_report(example, language="fr", form="full", by=None)
    before = Answer.objects.get(offer=example, question="key_holder").value
    answer(example, "key_holder", Said("answered", "customer_only"))
    second, _ = issue_report(example, language="fr", form="full", by=None)
    answer(example, "key_holder", Said("answered", before))
    third, is_new = issue_report(example, language="fr", form="full", by=None)
    assert is_new
    assert [second.previous, third.previous] == [first, second]
    assert third.facts_sha256 == first.facts_sha256


def test_the_same_contents_in_two_languages_do_not_replace_each_other(example: Offer) -> None:
    french, _ = issue_report(example, language="fr", form="full", by=None)
    english, is_new = issue_report(example, language="en", form="full", by=None)
    assert is_new
    assert english.previous is None
    assert english.facts_sha256 == french.facts_sha256


def test_what_changed_is_told_in_words(example: Offer) -> None:
    first, _ = issue_report(example, language="en", form="full", by=None)
    answer(example, "key_holder", Said("answered", "customer_only"))
    second, _ = issue_report(example, language="en", form="full", by=None)
    edition = edition_of(example.assessment)
    records = [read_record(bytes(report.content)) for report in (first, second)]
    told = changes(records[0], edition, records[1], edition)
    assert any(change.kind == "answer" and change.before != change.after for change in told)
    assert all(change.before != change.after for change in told)


def test_neither_the_model_nor_the_database_lets_an_issued_report_change(example: Offer) -> None:
    report, _ = made(example)
    report.code = "0000-0000-0000-0000"
    with pytest.raises(ImmutableError):
        report.save()
    with pytest.raises(ImmutableError):
        report.delete()
    connection.check_constraints()  # PostgreSQL empties no table while it has some left to check.
    for act in (
        lambda: Report.objects.update(content_sha256="0" * 64),
        lambda: PrintedReport.objects.update(pdf=b""),
        lambda: connection.cursor().execute("DELETE FROM checklists_printedreport"),
        lambda: connection.cursor().execute("DELETE FROM checklists_report"),
        lambda: connection.cursor().execute(REPLACING.format("checklists_printedreport")),
        lambda: connection.cursor().execute(REPLACING.format("checklists_report")),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            act()


_AGAIN = """
import sys, pickle, hashlib, django
django.setup()
from checklists.documents.frozen.frozen import plain_pdf
sys.stdout.write(hashlib.sha256(plain_pdf(pickle.loads(sys.stdin.buffer.read()))).hexdigest())
"""


def test_two_processes_make_the_same_bytes_of_the_same_frozen_contents(example: Offer) -> None:
    import pickle

    report, pdf = made(example)
    frozen = pickle.dumps(frozen_report(report))
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "7"}
    run = subprocess.run(
        [sys.executable, "-c", _AGAIN], input=frozen, capture_output=True, check=True, env=environment,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert run.stdout.decode() == hashlib.sha256(pdf).hexdigest()
    assert report.printed.plain_sha256 == run.stdout.decode()
