"""What the tests that drive a browser share: signing in, and what a person would stumble over on a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PASSWORD = "a long pass phrase"
"""That of everybody whom the fixtures create."""


def sign_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/assessments/")


def faults(page: Page, *, even_minor: bool = False) -> list[tuple[str, str, str]]:
    """What axe calls serious or critical, as (address, rule, element), and whether one must scroll sideways.

    A click returns when the next page begins: its end is waited for, or a half-read page would be looked at.
    """
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    seen = [
        (page.url, violation["id"], violation["nodes"][0]["html"][:120])
        for violation in found
        if even_minor or violation["impact"] in ("serious", "critical")
    ]
    if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        seen.append((page.url, "reflow", ""))
    return seen
