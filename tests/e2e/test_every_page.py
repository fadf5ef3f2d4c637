"""Every page of My account in a browser: fits, wide and on a phone, and axe finds nothing, light and dark.

The pages come from the list of addresses: one without an example here fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Page, expect

from core.models import SignInFailure, Site
from core.sign_in import FAILURES, attempt_key
from customers.logins import invitation_for, new_email_text
from customers.models import Customer
from customers.tests.cast import make_address
from purchasing.models import Purchase
from purchasing.pages import orders as order_pages
from purchasing.pages.urls import urlpatterns
from tests.cast import PASSWORD, line, make_buyer, make_customer, make_order, package, pay
from tests.e2e import test_my_account as stories
from tests.e2e.conftest import MakeContext
from tests.e2e.test_my_account import LONG, PHONE, WIDE, sign_in, waiting_for

pytestmark = pytest.mark.django_db(transaction=True)

buyer, order = stories.buyer, stories.order
FILES = {
    "order_pdf",
    "orders_csv",
    "orders_xlsx",
    "statement_csv",
    "statement_pdf",
    "to_come_csv",
    "order_packing_list",
}
LEAD_ELSEWHERE = {"home", "leave"}
DEEDS = {
    "logout",
    "customer_pick",
    "quote_accept",
    "quote_approve",
    "quote_reject",
    "quote_trim",
    "address_use",
    "user_invite_again",
    "details_language",
}
"""Addresses that are no pages of their own; what they lead to is."""
NAMES = {str(pattern.name) for pattern in urlpatterns} - FILES - LEAD_ELSEWHERE - DEEDS

Look = Callable[[Page, str], None]


def before_signing_in(buyer: Customer) -> dict[str, str]:
    assert buyer.user is not None
    number = urlsafe_base64_encode(force_bytes(buyer.user.pk))
    invited = make_customer(buyer.site, parent=buyer)
    return {
        "login": "login/",
        "password": "password/",
        "password_sent": "password/sent/",
        "password_done": "password/done/",
        "password_set": f"password/{number}/{default_token_generator.make_token(buyer.user)}/",
        "password_set, over": "password/MQ/x/",
        "invitation": f"invitation/{invitation_for(invited)}/",
        "invitation, over": "invitation/x/",
        "unknown": "nothing/",
    }


def signed_in(buyer: Customer, order: Purchase) -> dict[str, str]:
    assert buyer.user is not None
    address = make_address(buyer, company=LONG)
    colleague = make_buyer(buyer.site, parent=buyer)
    quote = make_order(order.site, buyer, type="quote", identifiers={"visible": LONG})
    return {
        "orders": "orders/",
        "orders, none": "orders/?search=nothing",
        "orders, at fault": "orders/?since=never",
        "order": f"orders/{order.spark_id}/",
        "order_again": f"orders/{order.spark_id}/re-order/",
        "to_come": "to-come/",
        "to_come, none": "to-come/?search=nothing",
        "statement": "statement/",
        "statement, at fault": "statement/?from=never",
        "credit": "credit/",
        "quotes": "quotes/",
        "quotes, all": "quotes/?show=all",
        "quote": f"quotes/{quote.spark_id}/",
        "quote, approval": f"quotes/{waiting_for(buyer).spark_id}/",
        "addresses": "addresses/",
        "address_add": "addresses/new/",
        "address": f"addresses/{address.public_id}/",
        "address_delete": f"addresses/{address.public_id}/delete/",
        "users": "users/",
        "user_invite": "users/new/",
        "user": f"users/{colleague.public_id}/",
        "details": "details/",
        "details_email": "details/email/",
        "details_email_confirm": f"details/email/{new_email_text(buyer.user, 'new@example.com')}/",
        "details_email_confirm, over": "details/email/x/",
        "hidden": "customers/",
    }


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(WIDE, "light"), (PHONE, "light"), (PHONE, "dark")],  # colours alone differ in the dark
    ids=["wide-light", "phone-light", "phone-dark"],
)
def test_every_page_fits_and_has_no_axe_violations(
    make_context: MakeContext,
    violations: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    site: Site,
    other_site: Site,
    order: Purchase,
    buyer: Customer,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    faults: dict[str, Any] = {}
    seen: set[str] = set()

    def judge(page: Page, name: str) -> None:
        seen.add(name)
        width = page.evaluate("document.documentElement.scrollWidth")
        found = violations(page) + ([f"{width} wide"] if width > viewport["width"] else [])
        if found:
            faults[name] = found

    def new_page() -> Page:
        return make_context(viewport=viewport, color_scheme=scheme).new_page()

    def visit(page: Page, pages: dict[str, str]) -> None:
        for name, address in pages.items():
            page.goto(f"/account/{address}")
            judge(page, name)

    stranger = new_page()
    visit(stranger, before_signing_in(buyer))
    refused_to_sign_in(stranger, buyer, judge)
    page = new_page()
    pay(order, "40.00")
    sign_in(page, buyer)
    visit(page, signed_in(buyer, order))
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark is (scheme == "dark")

    agents = new_page()
    sign_in(agents, make_buyer(site, "Agency", role="sales-agent"))
    visit(agents, {"customers": "customers/"})

    chooser = new_page()
    twice = make_buyer(site, "Twice", email="twice@example.com")
    make_customer(other_site, "Twice", email="twice@example.com", user=twice.user)
    enter(chooser, twice, PASSWORD)
    expect(chooser).to_have_url(re.compile("/account/choose/"))
    judge(chooser, "choose")

    page.goto("/account/details/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    judge(page, "403")
    monkeypatch.setattr(order_pages, "rows_of", None)
    page.goto("/account/orders/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong")
    judge(page, "500")

    assert NAMES - seen == set()
    assert faults == {}


def enter(page: Page, buyer: Customer, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill(buyer.email)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def refused_to_sign_in(page: Page, buyer: Customer, judge: Look) -> None:
    """By a wrong password, and after too many of them."""
    enter(page, buyer, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    judge(page, "login, refused")
    key = attempt_key(email=buyer.email, address="127.0.0.1")
    tries = [SignInFailure(key=key, failed_at=timezone.now()) for _ in range(FAILURES)]
    SignInFailure.objects.bulk_create(tries)
    enter(page, buyer, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Too many attempts")
    judge(page, "login, locked")
    SignInFailure.objects.all().delete()


@pytest.mark.parametrize("width", [320, 390])
def test_large_amounts_in_german_fit_a_phone(
    make_context: MakeContext, site: Site, buyer: Customer, width: int
) -> None:
    """What is wider than the screen moves in its own box, which the keyboard reaches; the page does not."""
    big = make_order(
        site,
        buyer,
        payment_method="on_account",
        identifiers={"visible": "SO-BIG"},
        packages=[package(line(quantity=3, net="1234567.89"), dates={"shipped_at": "2026-03-02T10:00:00Z"})],
    )
    quote = make_order(site, buyer, type="quote", packages=[package(line(net="1234567.89"))])
    pay(big, "1000000.00")
    page = make_context(viewport={"width": width, "height": 844}, locale="de-DE").new_page()
    page.goto("/account/login/")
    page.get_by_label("E-Mail").fill(buyer.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/orders/")
    wide: dict[str, int] = {}
    unreachable: list[str] = []

    for address in (
        "orders/",
        f"orders/{big.spark_id}/",
        f"orders/{big.spark_id}/re-order/",
        "statement/",
        "credit/",
        "quotes/",
        f"quotes/{quote.spark_id}/",
        "to-come/",
        "users/",
    ):
        page.goto(f"/account/{address}")
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[address] = found
        boxes = "[...document.querySelectorAll('table')].filter(one => !one.closest('.scrolls[tabindex=\"0\"]')).length"
        if page.evaluate(boxes):
            unreachable.append(address)

    assert (wide, unreachable) == ({}, [])


CONTRASTS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = text => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front, back) => [0, 1, 2].map(at => front[at] * front[3] + back[at] * (1 - front[3])).concat(1);
  const light = parts => parts.slice(0, 3).map(part => part / 255)
    .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
  const colour = (element, name) => rgba(getComputedStyle(element)[name]);
  const behind = element => element ? over(colour(element, "backgroundColor"), behind(element.parentElement))
    : [255, 255, 255, 1];
  const faults = [];
  for (const element of document.querySelectorAll('body *')) {
    const says = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!says || !element.checkVisibility() || !element.getClientRects().length) continue;
    const back = behind(element), ink = over(colour(element, "color"), back);
    const [low, high] = [light(back), light(ink)].sort((one, other) => one - other);
    const contrast = (high + .05) / (low + .05);
    if (contrast < 4.5) faults.push(`${element.textContent.trim().slice(0, 40)} ${contrast.toFixed(1)}`);
  }
  return faults;
}"""
"""Texts that stand on paper, which is white, with too little contrast."""


def test_what_is_printed_from_a_dark_screen_is_dark_on_white(
    make_context: MakeContext, order: Purchase, buyer: Customer
) -> None:
    page = make_context(color_scheme="dark").new_page()
    sign_in(page, buyer)
    faults: dict[str, list[str]] = {}
    for address in (f"orders/{order.spark_id}/", "statement/", "orders/"):
        page.goto(f"/account/{address}")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        faults[address] = page.evaluate(CONTRASTS)
        page.emulate_media(media="screen")

    assert {address: found for address, found in faults.items() if found} == {}
