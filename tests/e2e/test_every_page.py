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
from tests.cast import PASSWORD, make_buyer, make_customer, make_order, pay
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
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
