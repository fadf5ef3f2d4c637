"""A browser for tests: headless Chromium against a live server with real transactions.

`page` has scripts, `plain_page` has them off; both fail the test when a script throws or the content security policy
refuses something. `violations(page)` runs axe.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]

MakeContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright keeps an event loop in this thread; Django would take each query of a test for one inside the loop.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own."""
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
    yield browser
    browser.close()


@pytest.fixture
def make_context(browser: Browser, live_server: Any) -> Iterator[MakeContext]:
    """A fresh browser profile at the live server: `make_context(viewport=…, color_scheme="dark", …)`."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(
            **{"base_url": live_server.url, "locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **options}
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", note)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(make_context: MakeContext) -> Page:
    return make_context().new_page()


@pytest.fixture
def plain_page(make_context: MakeContext) -> Page:
    """A browser with scripts switched off."""
    return make_context(java_script_enabled=False).new_page()


JUDGE = """
() => axe.run({
    resultTypes: ["violations"],
    ...(matchMedia("(prefers-color-scheme: dark)").matches ? {runOnly: ["color-contrast", "link-in-text-block"]} : {}),
}).then(result => result.violations)
"""


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds on a page, each as `impact rule: element`. In the dark the colours alone are judged: what else
    there is to find, it finds on the same page in the light.
    """

    def run(page: Page) -> list[str]:
        page.evaluate(AXE.read_text())
        found: list[dict[str, Any]] = page.evaluate(JUDGE)
        return [f"{rule['impact']} {rule['id']}: {node['target'][0]}" for rule in found for node in rule["nodes"]]

    return run
