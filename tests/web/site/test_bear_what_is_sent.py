"""What is too large, odd, or sent at the same moment is answered by what is due, never by a 500."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError, OperationalError
from django.test import Client, RequestFactory

from checklists.models import Offer, User
from checklists.web.site import access
from checklists.web.site.limits import client_address, network_of
from tests.figures import count

HUGE = 300_000_000


@pytest.fixture(autouse=True)
def nothing_counted_before(db: None) -> None:
    cache.clear()


class Untouched:
    """A body that says when somebody reads it."""

    was_read = 0

    def read(self, size: int = -1) -> bytes:
        Untouched.was_read += 1
        return b"x" * max(size, 0)

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_nothing_of_a_huge_sending_is_read(desk: Client, example: Offer, kind: str) -> None:
    addresses = ["/account/login/", "/account/signup/", "/language/setlang/", "/assessments/new/", "/nowhere/",
                 f"/offers/{example.pk}/answers/key_holder/", f"/offers/{example.pk}/evidence/key_holder/",
                 "/person/delete/", "/notices/open/"]  # fmt: skip
    tried = read = 0
    for browser in (desk, Client()):
        for address in addresses:
            Untouched.was_read = 0
            sent = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(HUGE), "CONTENT_TYPE": kind}
            answer = browser.generic("POST", address, b"", **sent)  # type: ignore[arg-type]
            tried += 1
            read += bool(Untouched.was_read)
            assert answer.status_code in (413, 404, 302), (address, answer.status_code)
    count("sendings of 300 MB", "read", tried=tried, faults=read)
    assert read == 0


def test_a_sending_that_is_too_large_is_told_in_words(desk: Client) -> None:
    answer = desk.post("/assessments/new/", {"name": "x" * 4_500_000})
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()


def test_forms_kept_for_strangers_are_few_and_small(db: None) -> None:
    stranger = Client()
    assert stranger.post("/assessments/new/", {"name": "x" * 300_000}).status_code == 413
    kept = 0
    for _each in range(access.MOST_KEPT_AN_HOUR + 20):
        Client().post("/assessments/new/", {"name": "y" * 200_000})
    kept = Session.objects.count()
    count("forms kept for one stranger in an hour", "beyond the limit",
          tried=access.MOST_KEPT_AN_HOUR + 20, faults=max(0, kept - access.MOST_KEPT_AN_HOUR))  # fmt: skip
    assert kept <= access.MOST_KEPT_AN_HOUR


def test_a_form_of_a_session_that_ended_still_comes_back(desk: Client, officer: User) -> None:
    desk.logout()
    desk.post("/assessments/new/", {"name": "Registre des tumeurs"})
    desk.post("/account/login/", {"login": officer.email, "password": "a long pass phrase"})
    assert "Registre des tumeurs" in desk.get("/assessments/new/").content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("database or disk is full"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (OperationalError("could not extend file: No space left on device"), 503),
        (OperationalError("database is locked"), 409),
        (IntegrityError("UNIQUE constraint failed"), 409),
        (User.DoesNotExist("went away"), 409),
        (OverflowError("Python int too large to convert to SQLite INTEGER"), 400),
        (ValueError("Exceeds the limit (4300 digits) for integer string conversion"), 400),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), 400),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_may_break_below_is_told(
    desk: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(**fields: Any) -> None:
        raise error

    monkeypatch.setattr("checklists.services.assessments.keep_assessment.create_assessment", fail)
    desk.raise_request_exception = False
    answer = desk.post("/assessments/new/", {"name": "Registre des tumeurs", "reference_date": "2026-01-01"})
    count("faults below a page", "answered by a 500", tried=1, faults=answer.status_code == 500)
    assert answer.status_code == status
    assert answer.content


NUMBERS = ["9" * 19, "9" * 40, "9" * 4301, "9" * 5001, "-1", "0", "1e9", "٣"]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{len(number)} digits")
def test_no_number_is_too_large_for_a_page(desk: Client, example: Offer, officer: User, number: str) -> None:
    officer.is_staff = officer.is_superuser = True
    officer.save()
    desk.raise_request_exception = False
    organisation = officer.organisations.get()
    gets = [f"/organisations/{number}/", f"/profiles/{number}/", f"/checklists/cnil-hosting/{number}/",
            f"/drafts/{number}/preview/", f"/admin/r/{number}/{number}/", f"/admin/r/1/{number}/",
            f"/organisations/{organisation.pk}/trail/?page={number}", f"/assessments/?page={number}",
            f"/admin/checklists/organisation/{number}/change/", f"/organisations/{number}/trail.csv"]  # fmt: skip
    posts = {
        "/organisations/choose/": {"organisation": number},
        "/person/sessions/end/": {"session": number},
        f"/offers/{example.pk}/answers/key_holder/": {
            "q-key_holder-answer": "option:none", "q-key_holder-revision": number},
        f"/organisations/{organisation.pk}/members/{number}/remove/": {},
        "/notices/open/": {"notice": number},
        f"/assessments/{example.assessment_id}/who-answers/": {"person": number, "part": number},
        f"/discussions/{number}/mark/": {"state": "closed"},
    }  # fmt: skip
    answers = {address: desk.get(address).status_code for address in gets}
    answers |= {address: desk.post(address, sent).status_code for address, sent in posts.items()}
    broken = [address[:60] for address, status in answers.items() if status >= 500]
    count("odd numbers in addresses and forms", "answered by a 500", tried=len(answers), faults=len(broken))
    assert not broken


def test_behind_the_proxy_the_visitor_counts_and_not_the_proxy(settings: Any) -> None:
    make = RequestFactory().get

    def seen(forwarded: str | None) -> str:
        told = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
        return client_address(make("/", REMOTE_ADDR="10.0.0.1", **told))  # type: ignore[arg-type]

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert seen("203.0.113.7") == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert seen("203.0.113.7") == "203.0.113.7"
    assert seen("6.6.6.6, 203.0.113.7") == "203.0.113.7"
    assert seen("203.0.113.7:51234") == "203.0.113.7"
    assert seen("[2001:db8::7]:443") == "2001:db8::7"
    assert seen("not an address") == "0.0.0.0"
    assert seen(None) == "10.0.0.1"
    request = make("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="2001:db8:1:2:3:4:5:6")
    assert network_of(request) == "2001:db8:1:2::"


def test_one_visitor_does_not_shut_the_verification_for_another(db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    one, other = (Client(headers={"X-Forwarded-For": address}) for address in ("203.0.113.7", "203.0.113.8"))
    answers = [one.get("/verify/7KQ2-M0XD-4T9W-A1BC/").status_code for _each in range(40)]
    assert answers[-1] == 429
    assert other.get("/verify/7KQ2-M0XD-4T9W-A1BC/").status_code == 404


def test_pages_of_people_signed_in_are_kept_by_no_cache(desk: Client, example: Offer) -> None:
    for address in ("/assessments/", f"/offers/{example.pk}/result/", "/person/", "/account/email/", "/nowhere/"):
        assert desk.get(address).headers["Cache-Control"] == "private, no-store", address
    assert "no-store" not in Client().get("/health/live").headers.get("Cache-Control", "")
