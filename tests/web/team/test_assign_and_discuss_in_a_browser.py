"""The journey in a browser: an owner invites a contributor, who accepts and answers; a reader cannot."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Answer, Membership, Offer, TrailEntry, User
from tests.browsing import faults, sign_in

PASSWORD = "un mot de passe bien long"


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 360)], ids=["fr-1280", "en-360"])
def test_invite_accept_answer_and_a_reader_cannot(
    transactional_db: None,
    live_server: LiveServer,
    browser: Browser,
    officer: User,
    example: Offer,
    language: str,
    width: int,
) -> None:
    organisation = officer.organisations.get()
    reader = User.objects.create_user("lectrice@hopital.example", "a long pass phrase")
    Membership.objects.create(user=reader, organisation=organisation, role="reader")

    def desk() -> Page:
        size = {"width": width, "height": 900}
        return browser.new_context(locale=language, viewport=size, base_url=live_server.url).new_page()

    owner, newcomer, other = desk(), desk(), desk()
    sign_in(owner, officer.email)
    home = f"/organisations/{organisation.pk}/"
    owner.goto(f"{home}invite/")
    owner.fill("#id_email", "zoe@hopital.example")
    owner.check("input[value=contributor]")
    owner.click("main form .btn-primary")
    expect(owner.get_by_text("zoe@hopital.example").first).to_be_visible()

    link = re.search(re.escape(settings.SITE_URL) + r"(/invitations/\S+)", str(mail.outbox[-1].body))
    assert link
    newcomer.goto(link.group(1))
    found = faults(newcomer)
    newcomer.fill("#id_first_name", "Zoé")
    newcomer.fill("#id_password1", PASSWORD)
    newcomer.fill("#id_password2", PASSWORD)
    newcomer.click("main form .btn-primary")
    newcomer.wait_for_url("**/assessments/")
    newcomer.goto(f"/offers/{example.pk}/questions/keys/")
    newcomer.locator("#q-key_holder input[value='option:customer_only']").check()
    expect(newcomer.locator("#state-key_holder .saved")).to_be_visible()
    answer = Answer.objects.get(offer=example, question="key_holder")
    assert answer.value == "customer_only"
    assert answer.updated_by and answer.updated_by.first_name == "Zoé"

    sign_in(other, reader.email)
    other.goto(f"/assessments/{example.assessment_id}/")
    assert other.locator("a[href*='/questions/'], a[href$='/workload/'], a[href$='/change/']").count() == 0
    other.goto(f"/offers/{example.pk}/questions/keys/")
    assert other.locator("#q-key_holder").count() == 1
    assert other.locator("main input:enabled:not([type=hidden]), main button[value=next]").count() == 0

    entry = TrailEntry.objects.filter(kind="answer.changed", actor=answer.updated_by_id).latest("position")
    owner.goto(f"{home}trail/")
    expect(owner.locator(".trail li").first).to_be_visible()
    assert entry.details["changes"]["value"][1] == "customer_only"
    pages = [home, f"{home}invite/", f"{home}change/", f"{home}trail/", "/organisations/new/", "/person/"]
    pages += ["/person/delete/", "/privacy/", f"/assessments/{example.assessment_id}/guests/", "/invitations/x/"]
    for address in pages:
        owner.goto(address)
        found += faults(owner)
    assert found == []
    for page in (owner, newcomer, other):
        page.context.close()
