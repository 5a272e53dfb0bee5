"""Debian's Chromium for the tests that drive a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from checklists.models import User
from tests.browsing import sign_in

# Playwright's own event loop runs in this thread; the tests' database calls are synchronous all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-quic"]  # fmt: skip

# A busy machine answers later than five seconds at times.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with the module: while it is open its event loop runs, and no test could sign a report."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[("fr", 1280), ("en", 360)], ids=["fr-1280", "en-360"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, officer: User) -> Iterator[Page]:
    language, width = request.param
    context = browser.new_context(locale=language, viewport={"width": width, "height": 900}, base_url=live_server.url)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    sign_in(page, officer.email)
    yield page
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    context.close()
