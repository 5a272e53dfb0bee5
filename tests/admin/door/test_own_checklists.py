"""Two levels of admins: those of the instance, and an organisation's own, whose checklists it alone sees."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from checklists.models import Draft, DraftPart, Edition, Membership, Organisation, User
from checklists.services.drafts.import_pack import carry_out, propose, standing_draft
from checklists.services.drafts.publish_draft import publish_draft, submit_draft
from checklists.services.editions.offer_checklists import offered_to
from checklists.services.editions.own_checklists import own_checklist, powers_on
from checklists.services.editions.publish_edition import current_edition
from tests.admin.conftest import person
from tests.admin.drafts.test_begin_a_checklist import OWN
from tests.grid import KEY, grid, publish_grid


@pytest.fixture
def region(edition: Edition) -> Organisation:
    return Organisation.objects.create(name="Région")


@pytest.fixture
def elsewhere(edition: Edition) -> Organisation:
    return Organisation.objects.create(name="Ailleurs")


def member(organisation: Organisation, email: str, role: str = "owner", *, is_staff: bool = True) -> User:
    user = User.objects.create_user(email, "a long pass phrase", is_staff=is_staff)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def signed_in(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def owned_draft(region: Organisation, by: User) -> Draft:
    said = {**OWN, "start": "template", "organisation": region.pk, "key": "regional"}
    response = signed_in(by).post(reverse("admin:checklists_draft_add"), said)
    assert response.status_code == 302, response.content.decode()
    return Draft.objects.get(checklist="regional")


PAGES = ("change", "checks", "changes", "files", "publish", "head", "impact", "pack", "cases")


def address(draft: Draft, page: str) -> str:
    if page == "cases":
        return reverse("admin:checklists_cases_of_draft", args=[draft.pk])
    return reverse(f"admin:checklists_draft_{page}", args=[draft.pk])


def test_who_opens_the_draft_of_an_organisation(region: Organisation, elsewhere: Organisation) -> None:
    owner = member(region, "owner@region.example")
    draft = owned_draft(region, owner)
    people = {
        "another owner": (member(region, "second@region.example"), True),
        "superuser": (User.objects.create_superuser("root@site.example", "a long pass phrase"), True),
        "contributor": (member(region, "c@region.example", "contributor"), False),
        "owner without the administration": (member(region, "o@region.example", is_staff=False), False),
        "owner elsewhere": (member(elsewhere, "owner@ailleurs.example"), False),
        "editor of the instance": (person("e@site.example", "criteria-editors"), False),
        "approver of the instance": (person("a@site.example", "criteria-approvers"), False),
        "anonymous": (None, False),
    }
    wrong = [
        f"{who} {page}"
        for who, (user, may) in people.items()
        for client in [signed_in(user)]
        for page in PAGES
        if (client.get(address(draft, page)).status_code == 200) != may
    ]
    assert wrong == []
    rows = DraftPart.objects.filter(draft=draft).count()
    for who, (user, may) in people.items():
        client, add = signed_in(user), reverse("admin:checklists_draft_add_part", args=[draft.pk, "glossary"])
        client.post(add, {"key": "", "term_fr": f"Mot {who}", "definition_fr": "Sens."})
        rows += may
        assert DraftPart.objects.filter(draft=draft).count() == rows, who
    listed = signed_in(people["editor of the instance"][0]).get(reverse("admin:checklists_draft_changelist"))
    assert "regional" not in listed.content.decode()
    assert "regional" in signed_in(owner).get(reverse("admin:checklists_draft_changelist")).content.decode()


def test_an_admin_of_an_organisation_writes_nothing_of_the_instance(
    region: Organisation, edition: Edition, draft: Draft
) -> None:
    owner = member(region, "owner@region.example")
    bench = signed_in(owner)
    door = bench.get(reverse("admin:index"))
    assert door.status_code == 200
    assert set(door.context["sections"]) == {"criteria", "cases"}
    assert door.context["sections"]["criteria"] == []
    assert {bench.get(address(draft, page)).status_code for page in PAGES} == {404}
    begin = reverse("admin:checklists_draft_add")
    assert bench.post(begin, {"edition": edition.pk}).status_code == 422
    assert bench.post(begin, {**OWN, "start": "nothing", "key": "mine"}).status_code == 422
    standing = reverse("admin:checklist_standing", args=[edition.checklist])
    assert [bench.post(standing, {"act": act}).status_code for act in ("withdraw", "offer", "for-all")] == [403] * 3
    for name in ("checklists_framework_changelist", "checklists_draft_import", "checklists_user_changelist"):
        assert bench.get(reverse(f"admin:{name}")).status_code == 403, name


def test_two_owners_publish_and_their_organisation_alone_sees_it(
    region: Organisation, elsewhere: Organisation, edition: Edition
) -> None:
    own_checklist(KEY, region)
    publish_grid()
    owner, stranger = member(region, "owner@region.example"), member(elsewhere, "owner@ailleurs.example")
    assert [each.key for each in offered_to(region)] == ["cnil-hosting", KEY]
    assert [each.key for each in offered_to(elsewhere)] == ["cnil-hosting"]
    assert current_edition() == edition
    public = [reverse("edition", args=[KEY, 1]), reverse("edition-method", args=[KEY, 1]),
              reverse("decided-cases-of", args=[KEY]), reverse("compare-editions", args=[KEY, 1, 1]),
              reverse("edition-life", args=[KEY, "gates", "price"])]  # fmt: skip
    for user, status in ((owner, 200), (stranger, 404), (None, 404)):
        assert {signed_in(user).get(page).status_code for page in public} == {status}
    assert "Grille de l’acheteur" not in signed_in(stranger).get(reverse("decided-cases")).content.decode()
    root = signed_in(User.objects.create_superuser("root@site.example", "a long pass phrase"))
    standing = reverse("admin:checklist_standing", args=[KEY])
    assert "Offer it to every organisation" in root.get(reverse("admin:index")).content.decode()
    assert root.post(standing, {"act": "for-all"}).status_code == 302
    assert [each.key for each in offered_to(elsewhere)] == ["cnil-hosting", KEY]
    assert signed_in(None).get(public[0]).status_code == 200
    assert powers_on(stranger, KEY) == frozenset()
    root.post(standing, {"act": "for-itself"})
    assert signed_in(stranger).get(public[0]).status_code == 404
    assert root.post(reverse("admin:checklist_standing", args=["cnil-hosting"]), {"act": "for-all"}).status_code == 404


def test_one_owner_submits_and_another_publishes(region: Organisation, settings: Settings) -> None:
    settings.PUBLISHING_TAKES_TWO = True
    first, second = member(region, "one@region.example"), member(region, "two@region.example")
    said = {**OWN, "start": "nothing", "organisation": region.pk, "key": "regional"}
    signed_in(first).post(reverse("admin:checklists_draft_add"), said)
    draft = Draft.objects.get(checklist="regional")
    assert powers_on(first, "regional") == powers_on(second, "regional") == {"view", "write", "publish"}
    carry_out(propose(standing_draft(draft), {**grid(), "key": "regional"}), first)
    draft.refresh_from_db()
    submit_draft(draft, {"fr": "Première édition."}, first)
    publish = address(draft, "publish")
    sent = {"act": "publish", "published": "30/11/2026"}
    signed_in(first).post(publish, sent)
    assert not Edition.objects.filter(checklist="regional").exists()
    publish_draft(draft, date(2026, 11, 30), second)
    assert [each.key for each in offered_to(region)] == ["cnil-hosting", "regional"]
