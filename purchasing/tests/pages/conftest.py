"""Buyers who have signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from tests.cast import PASSWORD, make_buyer, package, put

SignIn = Callable[[Customer], Client]


def sign_in(customer: Customer) -> Client:
    """A browser in which this customer has signed in."""
    client = Client()
    response = client.post("/account/login/", {"username": customer.email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/account/")
    return client


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def child(site: Site, buyer: Customer) -> Customer:
    """Somebody of the company of `buyer`, whose purchases wait for approval."""
    return make_buyer(site, parent=buyer, role="limited-customer", first_name="Ann")


@pytest.fixture
def browser(buyer: Customer) -> Client:
    """`buyer` has signed in here."""
    return sign_in(buyer)


def assert_private(answer: Any, content: bytes) -> None:
    """Kept by nobody, loads nothing from elsewhere, and a page has no script or style of its own text."""
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"
    if answer["Content-Type"].startswith("text/html"):
        html = content.decode()
        assert html.count("<script") == html.count('<script src="/static/')
        assert [word for word in ("<style", " style=", " onclick=", " onload=") if word in html] == []


def words_of(answer: Any) -> str:
    """What a page says, without its markup, words by single spaces."""
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def changed(purchase: Purchase, **members: Any) -> Purchase:
    """The purchase after a program has put it again with other content."""
    header = {
        "type": purchase.type,
        "purchase_identifiers": {"sparklayer": str(purchase.spark_id)},
        "customer_identifiers": {
            "sparklayer": f"cu_{purchase.customer_id}",
            "sparklayer_child": f"cu_{purchase.child_id}" if purchase.child_id else "",
        },
        "dates": {},
        "currency_code": "GBP",
        "payment_method": purchase.payment_method,
        "packages": [package()],
    }
    return put(purchase.site, purchase.spark_id, header | members)
