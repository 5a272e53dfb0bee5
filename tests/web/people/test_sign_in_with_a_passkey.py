"""A passkey in a browser: Chromium's virtual authenticator stands in for the key's own chip, all else is real."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import User
from tests.browsing import sign_in

CHIP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer) -> Page:
    page = browser.new_context(locale="fr", base_url=live_server.url).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def _chip(page: Page) -> tuple[object, str]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})["authenticatorId"]


def test_add_a_passkey_then_sign_in_with_it_alone(transactional_db: None, desk: Page, officer: User) -> None:
    chip, number = _chip(desk)
    sign_in(desk, officer.email)
    desk.goto("/account/second-factor/webauthn/add/")
    desk.fill("#id_password", "a long pass phrase")  # A new key is added by who gives the password once more.
    desk.click("main button.btn-primary")
    desk.fill("#id_name", "Mon ordinateur")
    desk.check("#id_passwordless")
    desk.click("main button.btn-primary")
    desk.wait_for_url(lambda address: not address.endswith("/add/"))
    desk.goto("/account/second-factor/webauthn/")
    expect(desk.locator("main")).to_contain_text("Mon ordinateur")
    held = chip.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]  # type: ignore[attr-defined]
    assert len(held) == 1

    desk.context.clear_cookies()
    desk.goto("/account/login/")
    desk.click("#passkey_login")
    desk.wait_for_url("**/assessments/")

    # Without its chip, the account's key opens nothing.
    desk.context.clear_cookies()
    chip.send("WebAuthn.clearCredentials", {"authenticatorId": number})  # type: ignore[attr-defined]
    desk.goto("/account/login/")
    expect(desk.locator("#key-failed")).to_be_hidden()
    desk.click("#passkey_login")
    expect(desk.locator("#key-failed")).to_be_visible()
    desk.goto("/assessments/")
    assert "/account/login/" in desk.url
