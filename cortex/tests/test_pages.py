"""The browser's page: sign-in, clicking through, submitting; and what it refuses."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from core.models import AccessToken, Site
from core.sign_in import FAILURES
from cortex.pages import COOKIE
from cortex.tests.test_forms import whole
from cortex.tests.walker import HOST, MOUNT, token_for
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.pages.headers import CONTENT_SECURITY_POLICY
from tests.cast import PASSWORD, line, make_buyer, make_order, package

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MARKUP = "<script>alert(1)</script>\"'&"


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site, "Tom <b>Jones</b>")


@pytest.fixture
def browser() -> Client:
    """Asks for pages, and has to prove where its forms come from."""
    return Client(enforce_csrf_checks=True, headers=BROWSER)


def open_page(browser: Client, address: str, status: int = 200) -> str:
    path = address.removeprefix(HOST)
    answer = browser.get(path, RAW_URI=path)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("text/html")
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer["Cache-Control"] == "no-store, private"
    content = answer.content.decode()
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=|javascript:", content)
    return content


def submit(browser: Client, page: str, action: str, **fields: str) -> Any:
    """Send the form of this action as the page has it."""
    assert f'action="{action}"' in unescape(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    path = action.removeprefix(HOST)
    return browser.post(path, {"csrfmiddlewaretoken": token[1], **fields}, RAW_URI=path)


def links(page: str) -> dict[str, str]:
    """Where the links of a resource lead, by their words; of equal words the first."""
    found = re.findall(r'<a class="fw-semibold" href="([^"]+)">([^<]+)</a>', page)
    return {unescape(words): unescape(address) for address, words in reversed(found)}


@pytest.fixture
def signed_in(browser: Client, buyer: Customer) -> Client:
    page = open_page(browser, MOUNT, 401)
    fields = {"scope": buyer.site.slug, "username": buyer.email, "password": PASSWORD, "next": f"{MOUNT}/lookups"}
    answer = submit(browser, page, f"{MOUNT}/signin", **fields)
    assert (answer.status_code, answer["Location"]) == (303, f"{MOUNT}/lookups")
    return browser


def test_a_person_signs_in_and_out(signed_in: Client) -> None:
    cookie = signed_in.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/cortex", 3600)
    page = open_page(signed_in, MOUNT)
    assert links(page).keys() == {"defaultprofile", "lookups", "purchases"}
    assert "Tom &lt;b&gt;Jones&lt;/b&gt;" in page
    answer = submit(signed_in, page, f"{MOUNT}/signout")
    assert (answer.status_code, answer["Location"]) == (303, f"{MOUNT}/signin")
    assert AccessToken.objects.count() == 0
    open_page(signed_in, MOUNT, 401)


def test_a_person_clicks_to_the_value_of_an_option(signed_in: Client, buyer: Customer) -> None:
    goods = line(name_parent=MARKUP, custom_attributes=[{"key": MARKUP, "value": MARKUP}])
    make_order(buyer.site, buyer, identifiers={"visible": f"V/1 {MARKUP}"}, packages=[package(goods)])
    page = open_page(signed_in, MOUNT)
    for words in ("purchases", f"element: V/1 {MARKUP}", "lineitems", f"element: {MARKUP}", "options"):
        page = open_page(signed_in, links(page)[words])
    page = open_page(signed_in, links(page)[f"element: {MARKUP}"])
    page = open_page(signed_in, links(page)["value"])
    assert "display-name" in page
    zoomed = open_page(signed_in, links(open_page(signed_in, MOUNT))["purchases"] + "?zoom=element:discount")
    assert "£0.00" in zoomed


def test_a_person_looks_up_and_submits(signed_in: Client, buyer: Customer) -> None:
    make_order(buyer.site, buyer, type="quote", **whole())
    page = open_page(signed_in, MOUNT)
    page = open_page(signed_in, links(page)["defaultprofile"])
    page = open_page(signed_in, links(page)["orders"])
    page = open_page(signed_in, links(page)["element: A-1"])
    form = links(page)["purchaseform"]
    answer = submit(signed_in, open_page(signed_in, form), form)
    assert answer.status_code == 303
    assert "A-1" in open_page(signed_in, answer["Location"])
    assert "This order has been placed." in open_page(signed_in, form)
    lookup = links(open_page(signed_in, f"{MOUNT}/lookups"))["purchaselookupform"]
    found = submit(signed_in, open_page(signed_in, lookup), lookup, **{"purchase-number": "A-1"})
    assert (found.status_code, found["Location"]) == (303, answer["Location"])
    missed = submit(signed_in, open_page(signed_in, lookup), lookup, **{"purchase-number": MARKUP})
    assert (missed.status_code, b"Not found." in missed.content) == (404, True)
    nul = submit(signed_in, open_page(signed_in, lookup), lookup, **{"purchase-number": "A-1\0"})
    assert (nul.status_code, b"NUL character" in nul.content) == (400, True)


def test_a_form_from_elsewhere_is_refused(signed_in: Client, buyer: Customer) -> None:
    order = make_order(buyer.site, buyer, type="quote", **whole())
    page = open_page(signed_in, links(open_page(signed_in, MOUNT))["defaultprofile"])
    page = open_page(signed_in, links(open_page(signed_in, links(page)["orders"]))["element: A-1"])
    path = links(page)["purchaseform"].removeprefix(HOST)
    assert signed_in.post(path, RAW_URI=path).status_code == 403
    assert signed_in.post("/cortex/signout").status_code == 403
    # The cookie is a browser's alone.
    assert signed_in.post(path, RAW_URI=path, headers={"Accept": "application/json"}).status_code == 401
    assert signed_in.get("/cortex", headers={"Accept": "*/*"}).status_code == 401
    assert Purchase.objects.get(pk=order.pk).type == "quote"


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example/", "//evil.example/cortex", "javascript:alert(1)"),
        *(f"{HOST}/admin/", f"{MOUNT}.evil/", f"{MOUNT}/../admin/", f"{MOUNT}/%2e%2e/admin/"),
    ],
)
def test_a_sign_in_leads_nowhere_else(browser: Client, buyer: Customer, address: str) -> None:
    page = open_page(browser, f"{MOUNT}/signin")
    fields = {"scope": buyer.site.slug, "username": buyer.email, "password": PASSWORD, "next": address}
    assert submit(browser, page, f"{MOUNT}/signin", **fields)["Location"] == f"{MOUNT}/"


def test_a_wrong_password_comes_back_to_the_form(browser: Client, buyer: Customer) -> None:
    page = open_page(browser, f"{MOUNT}/signin")
    fields = {"scope": buyer.site.slug, "username": f'"{buyer.email}', "password": "wrong"}
    for _ in range(FAILURES):
        answer = submit(browser, page, f"{MOUNT}/signin", **fields)
        assert answer.status_code == 401
    content = answer.content.decode()
    assert "are not those of an active customer" in unescape(content)
    assert f'value="&quot;{buyer.email}"' in content
    assert "wrong" not in content
    answer = submit(browser, page, f"{MOUNT}/signin", **fields)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert submit(browser, page, f"{MOUNT}/signin", **(fields | {"password": ""})).status_code == 400


def test_who_asks_for_anything_gets_json(buyer: Customer) -> None:
    token = token_for(buyer.site, buyer.user)
    kinds = {}
    for accept in ("*/*", "application/json", "text/html", "text/html;q=0.5, application/json", ""):
        answer = Client().get("/cortex", headers={"Accept": accept, "Authorization": f"Bearer {token}"})
        kinds[accept] = answer["Content-Type"].partition(";")[0]
        assert "Accept" in answer["Vary"]
    assert kinds == {
        "*/*": "application/json",
        "application/json": "application/json",
        "text/html": "text/html",
        "text/html;q=0.5, application/json": "application/json",
        "": "application/json",
    }


@pytest.mark.parametrize(("path", "status"), [("/cortex/none", 404), ("/cortex/lookups/", 200), ("/cortex/%00", 400)])
def test_refusals_are_pages_too(signed_in: Client, path: str, status: int) -> None:
    answer = signed_in.get(path, RAW_URI=path)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (status, "text/html")
