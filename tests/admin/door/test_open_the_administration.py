"""The front page of the administration, by role."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from checklists.models import Draft, Edition, User
from checklists.services.editions.offer_checklists import published_checklists
from tests.grid import KEY, publish_grid


def front(client: Client, language: str = "en") -> str:
    client.cookies["django_language"] = language
    return client.get(reverse("admin:index")).content.decode()


def test_an_editor_finds_the_edition_in_force_and_the_draft_with_its_faults(bench: Client, draft: Draft) -> None:
    page = front(bench)
    for section in ("criteria", "frameworks", "cases", "library"):
        assert f'id="door-{section}"' in page
    assert 'id="door-people"' not in page
    assert reverse("admin:checklists_draft_change", args=[draft.pk]) in page
    assert reverse("admin:checklists_draft_add") in page
    assert "Withdraw it" not in page


def test_an_approver_withdraws_a_checklist_and_offers_it_again(bench: Client, approver: User) -> None:
    publish_grid()
    address = reverse("admin:checklist_standing", args=[KEY])
    assert bench.post(address, {"act": "withdraw"}).status_code == 403
    bench.force_login(approver)
    assert bench.get(address).status_code == 405
    assert bench.post(address, {"act": "withdraw"}).status_code == 302
    assert [each.key for each in published_checklists() if each.is_withdrawn] == [KEY]
    assert "Offer it again" in front(bench)
    bench.post(address, {"act": "offer"})
    assert not any(each.is_withdrawn for each in published_checklists())
    assert bench.post(reverse("admin:checklist_standing", args=["none-such"]), {"act": "withdraw"}).status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_who_runs_the_instance_sees_everything_in_their_language(
    client: Client, edition: Edition, language: str
) -> None:
    client.force_login(User.objects.create_superuser("admin@site.example", "a long pass phrase"))
    page = front(client, language)
    for section in ("criteria", "people", "site", "library"):
        assert f'id="door-{section}"' in page
    assert ("Critères" in page) == (language == "fr")
    for english in ("Task Result", "Tasks Database Backend"):
        assert english not in page


def test_nobody_else_comes_in(desk: Client) -> None:
    assert desk.get(reverse("admin:index")).status_code in (302, 403)
