"""What each role sees and can do with an assessment; guests come and go with their last day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from checklists.models import Assessment, Guest, Membership, Offer, User
from checklists.services.portfolio.read_portfolio import lines_for


@pytest.fixture
def colleague(example: Offer) -> User:
    user = User.objects.create_user("collegue@hopital.example", "a long pass phrase")
    Membership.objects.create(user=user, organisation=example.assessment.organisation, role="reader")
    return user


@pytest.mark.parametrize(
    ("role", "answers", "keeps"),
    [("owner", 200, 200), ("contributor", 200, 200), ("reviewer", 404, 404), ("reader", 404, 404)],
)
def test_a_role_opens_its_pages_and_no_other(
    client: Client, colleague: User, example: Offer, role: str, answers: int, keeps: int
) -> None:
    colleague.memberships.update(role=role)
    client.force_login(colleague)
    client.cookies["django_language"] = "en"
    assert client.get(f"/offers/{example.pk}/result/").status_code == 200
    assert client.get(f"/offers/{example.pk}/questions/keys/").status_code == 200  # to read
    may_not = client.post(f"/offers/{example.pk}/questions/keys/").status_code == 404
    assert may_not is (answers == 404)
    assert client.get(f"/offers/{example.pk}/change/").status_code == keeps
    assert client.get("/assessments/new/").status_code == keeps
    overview = client.get(f"/assessments/{example.assessment_id}/").content.decode()
    assert ("Add an offer" in overview) is (keeps == 200)
    assert ("Describe the processing to be hosted</a>" in overview) is (answers == 200)


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 200), (-1, 404)])
def test_a_guest_reads_one_assessment_to_the_last_day(
    client: Client, stranger: User, example: Offer, days: int, status: int
) -> None:
    until = timezone.localdate() + timedelta(days=days)
    Guest.objects.create(user=stranger, assessment=example.assessment, until=until)
    client.force_login(stranger)
    client.cookies["django_language"] = "en"
    assert client.get(f"/offers/{example.pk}/result/").status_code == status
    assert client.get(f"/offers/{example.pk}/questions/keys/").status_code == status  # to read
    assert client.post(f"/offers/{example.pk}/questions/keys/").status_code == 404
    assert ("Guest of" in client.get("/assessments/").content.decode()) is (status == 200)


def test_a_member_who_is_a_guest_too_sees_each_assessment_once(colleague: User, example: Offer) -> None:
    Guest.objects.create(user=colleague, assessment=example.assessment, until=timezone.localdate())
    organisation = example.assessment.organisation
    assert Assessment.objects.visible_to(colleague).count() == 1
    assert lines_for(colleague, organisation).count() == 1
    assert Offer.objects.visible_to(colleague).count() == 1
