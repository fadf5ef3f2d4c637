"""Products imported in the back office, in a real browser: looked at, confirmed, listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from core.models import Site
from tests.callers import make_staff
from tests.cast import PASSWORD
from tests.e2e.conftest import MakeContext

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "ann@jones-climbing.example"
LIST = "/admin/catalog/product/"
FILE: FilePayload = {
    "name": "products.csv",
    "mimeType": "text/csv",
    "buffer": b"product_slug,product_title,sku,status\nrope,Rope,ROPE,live\nbag,<b>Bag</b>,BAG,sold\n",
}


@pytest.fixture
def staff_site() -> Site:
    site = Site.objects.create(slug="jones-climbing", name="Jones Climbing")
    make_staff(site, email=EMAIL, password=PASSWORD)
    return site


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def test_products_are_imported_without_scripts(staff_site: Site, plain_page: Page) -> None:
    page = plain_page
    sign_in(page)
    page.goto(f"{LIST}import/")
    page.get_by_label("File").set_input_files(FILE)
    page.get_by_role("button", name="Look at it first").click()

    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
    expect(page.get_by_role("region", name="Rejected rows")).to_contain_text("Input should be 'pending'")
    page.get_by_role("button", name="Import", exact=True).click()

    expect(page.get_by_text("This was done:")).to_be_visible()
    page.get_by_role("link", name="To the list").click()
    expect(page.get_by_role("link", name="Rope")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_fit_for_everybody(
    make_context: MakeContext, violations: Callable[[Page], list[str]], staff_site: Site, width: int, theme: Any
) -> None:
    page = make_context(viewport={"width": width, "height": 800}, color_scheme=theme).new_page()
    sign_in(page)
    found: dict[str, object] = {}

    def look(name: str) -> None:
        grave = [fault for fault in violations(page) if fault.startswith(("critical", "serious"))]
        found[name] = (grave, page.evaluate("document.documentElement.scrollWidth") <= width)

    page.goto(LIST)
    look("list")
    page.goto(f"{LIST}import/")
    look("upload")
    page.get_by_label("File").set_input_files({**FILE, "buffer": b"colour\n"})
    page.get_by_role("button", name="Look at it first").click()
    look("refused")
    page.get_by_label("File").set_input_files(FILE)
    page.get_by_role("button", name="Look at it first").click()
    look("preview")
    page.get_by_role("button", name="Import", exact=True).click()
    look("done")
    assert found == {name: ([], True) for name in ("list", "upload", "refused", "preview", "done")}
