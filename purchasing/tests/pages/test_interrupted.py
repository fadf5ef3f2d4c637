"""A form that is sent after its session had ended: nothing is done, and what was typed stands in it again."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from core.models import Site
from customers.models import Address, Customer
from purchasing.models import Purchase
from purchasing.pages.interrupted import COOKIE, NOTHING_SENT, ONCE_MORE, SIGN_IN, TYPED_AGAIN
from purchasing.tests.pages.conftest import words_of
from tests.cast import PASSWORD, make_buyer, make_order

ADD = "/account/addresses/new/"
TYPED = {"company": "Base Camp", "address_line1": "Markt 1", "city": "Bonn", "country_code": "DE"}


def come_back(client: Client, customer: Customer, to_login: Any) -> Any:
    """The page that is come to after signing in on the page that this answer leads to."""
    page = client.get(to_login["Location"]).context["next"]
    signed_in = client.post("/account/login/", {"username": customer.email, "password": PASSWORD, "next": page})
    assert (signed_in.status_code, signed_in["Location"]) == (302, page)
    return client.get(page)


def told(answer: Any) -> list[Any]:
    """Which of the four sentences a page says."""
    text = words_of(answer)
    return [sentence for sentence in (NOTHING_SENT, SIGN_IN, ONCE_MORE, TYPED_AGAIN) if str(sentence) in text]


def test_what_was_typed_stands_in_the_form_again_and_nothing_is_stored(client: Client, buyer: Customer) -> None:
    to_login = client.post(ADD, TYPED)

    assert told(client.get(to_login["Location"])) == [SIGN_IN]
    page = come_back(client, buyer, to_login)
    assert told(page) == [TYPED_AGAIN]
    assert {name: page.context["form"][name].value() for name in TYPED} == TYPED
    assert 'value="Markt 1"' in page.content.decode()
    assert not Address.objects.filter(customer=buyer).exists()
    again = client.get(ADD)
    assert (told(again), again.context["form"]["city"].value()) == ([], None)


def test_a_part_of_a_page_keeps_it_too(client: Client, buyer: Customer) -> None:
    to_login = client.post(ADD, TYPED, headers={"HX-Request": "true"})

    assert (to_login.status_code, to_login.headers["HX-Redirect"]) == (200, "/account/login/?next=" + ADD)
    assert COOKIE in to_login.cookies


def test_what_is_not_ticked_is_kept_too(client: Client, site: Site, buyer: Customer) -> None:
    colleague = make_buyer(site, parent=buyer)
    page = come_back(client, buyer, client.post(f"/account/users/{colleague.public_id}/", {"role": "limited-customer"}))

    form = page.context["form"]

    assert (told(page), form["role"].value(), form["is_active"].value()) == ([TYPED_AGAIN], "limited-customer", "")
    assert [" checked" in answer.content.decode() for answer in (page, client.get(page.request["PATH_INFO"]))] == [
        False,
        True,
    ]


def test_reason_and_quantities_of_a_quote(client: Client, site: Site, buyer: Customer) -> None:
    child = make_buyer(site, parent=buyer)
    waiting = make_order(site, buyer, child=child, type="awaiting_approval")
    at = f"/account/quotes/{waiting.spark_id}/"
    page = come_back(client, buyer, client.post(f"{at}reject/", {"reason": "Too dear", "seen": "x"}))
    assert (told(page), page.context["form"]["reason"].value()) == ([TYPED_AGAIN], "Too dear")
    [(line, _quantity)] = page.context["quantities"]
    client.logout()

    page = come_back(client, buyer, client.post(f"{at}trim/", {f"quantity_{line.id}": "0"}))

    assert (told(page), page.context["quantities"][0][1]) == ([TYPED_AGAIN], "0")
    assert Purchase.objects.get(pk=waiting.pk).approval == waiting.approval


def test_neither_passwords_nor_what_the_page_said_itself_are_kept(client: Client, buyer: Customer) -> None:
    sent = {"email": "new@example.com", "password": PASSWORD, "csrfmiddlewaretoken": "x"}
    to_login = client.post("/account/details/email/", sent)

    kept = signing.loads(to_login.cookies[COOKIE].value, salt="account.interrupted")

    assert kept == ["/account/details/email/", {"email": "new@example.com"}]
    page = come_back(client, buyer, to_login)
    assert (page.context["form"]["email"].value(), PASSWORD in page.content.decode()) == ("new@example.com", False)


def test_the_cookie_is_for_the_sign_in_alone_and_goes_with_it(client: Client, buyer: Customer) -> None:
    to_login = client.post(ADD, TYPED)
    cookie = to_login.cookies[COOKIE]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "/account/login/",
        True,
        "Lax",
        900,
    )
    come_back(client, buyer, to_login)
    assert client.cookies[COOKIE]["max-age"] == 0


def test_a_button_is_not_pressed_again(client: Client, site: Site, buyer: Customer) -> None:
    quote = make_order(site, buyer, type="quote")
    to_login = client.post(f"/account/quotes/{quote.spark_id}/accept/", {"seen": "x"})

    assert told(client.get(to_login["Location"])) == [NOTHING_SENT]
    assert told(come_back(client, buyer, to_login)) == [ONCE_MORE]
    assert Purchase.objects.get(pk=quote.pk).type == "quote"


def test_of_what_is_too_long_it_is_said_that_nothing_was_sent(client: Client, buyer: Customer) -> None:
    long = "".join(random.Random(1).choices(string.ascii_letters, k=5_000))

    to_login = client.post(ADD, {"company": long})

    assert told(client.get(to_login["Location"])) == [NOTHING_SENT]
    page = come_back(client, buyer, to_login)
    assert (told(page), page.context["form"]["company"].value()) == ([ONCE_MORE], None)


@pytest.mark.parametrize("change", ["another page", "too late", "made up"])
def test_else_nothing_is_said(client: Client, buyer: Customer, change: str) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 20, tzinfo=UTC), tick=False) as clock:
        to_login = client.post(ADD, TYPED)
        if change == "another page":
            to_login = client.get("/account/addresses/")
        elif change == "too late":
            clock.shift(timedelta(minutes=16))
        else:
            client.cookies[COOKIE] = signing.dumps([ADD, TYPED], salt="another")

        assert told(client.get(to_login["Location"])) == []
        page = come_back(client, buyer, to_login)

        assert (page.status_code, told(page)) == (200, [])
        assert "Markt 1" not in page.content.decode()


def test_a_page_that_was_only_asked_for_keeps_nothing(client: Client, buyer: Customer) -> None:
    to_login = client.get(ADD)

    assert COOKIE not in to_login.cookies
    assert told(come_back(client, buyer, to_login)) == []
