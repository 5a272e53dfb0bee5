"""Reading a report's file: the compiled query gives what its queryset gives, whoever asks."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Guest, Offer, Report, User
from checklists.services.assessments.keep_assessment import bin_assessment
from checklists.services.reports.issue_report import issue_report
from checklists.services.reports.print_queue import store_printed
from checklists.services.reports.stored_file import StoredFile, stored_file, stored_files


@pytest.fixture
def report(example: Offer) -> Report:
    report, _is_new = issue_report(example, language="en", form="full", by=None)
    store_printed(report, b"the bytes of a file", b"the same, unsigned")
    return report


def test_whoever_asks_is_told_what_the_queryset_says(report: Report, officer: User, stranger: User) -> None:
    for user, role in ((officer, "owner"), (stranger, None)):
        found = stored_file(user, report.pk)
        asked = StoredFile(*stored_files(user, report.pk).get())
        assert found == asked._replace(pdf=bytes(asked.pdf))
        assert (found.role, found.pdf, found.code) == (role, b"the bytes of a file", report.code)
        assert found.assessment == report.offer.assessment_id


def test_no_file_and_a_binned_assessment_are_alike(report: Report, example: Offer, officer: User) -> None:
    assert stored_file(officer, uuid.uuid4()) is None
    bin_assessment(example.assessment)
    assert stored_file(officer, report.pk) is None
    assert not stored_files(officer, report.pk).exists()


def test_a_guest_downloads_while_the_access_lasts(
    report: Report, example: Offer, stranger: User, client: Client
) -> None:
    client.force_login(stranger)
    here = f"/reports/{report.pk}/report.pdf"
    assert client.get(here).status_code == 404
    guest = Guest.objects.create(user=stranger, assessment=example.assessment, until=timezone.localdate())
    assert client.get(here).content == b"the bytes of a file"
    Guest.objects.filter(pk=guest.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert client.get(here).status_code == 404


def test_reading_the_file_is_one_query(
    report: Report, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        stored_file(officer, report.pk)


def test_a_download_asks_the_session_the_person_and_the_file_then_tells_the_trail(
    report: Report, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    here = f"/reports/{report.pk}/report.pdf"
    desk.get(here)
    with django_assert_num_queries(6):
        desk.get(here)
