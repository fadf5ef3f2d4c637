"""What every page of My account carries, and the pages of refusals, which need no database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from core import error_pages
from customers.models import Customer
from purchasing.tests.pages.addresses import routes

PAGES = [f"/account/{route}" for route in [*routes(), "nope/"] if "<" not in route]
"""Every address that names nothing, and one that is none."""


@pytest.mark.parametrize("page", PAGES)
def test_private_and_closed(browser: Client, page: str) -> None:
    for answer in (browser.get(page), browser.post(page)):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Content-Type-Options"] == "nosniff"
        answer.getvalue()
        answer.close()


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "closed"), [("/nothing/", True), ("/accounts", True), ("/admin/nothing/", False)])
def test_a_page_that_is_nobody_s_is_closed_too(client: Client, page: str, closed: bool) -> None:
    answer = client.get(page, follow=True)

    assert ("default-src 'none'" in answer.get("Content-Security-Policy", "")) is closed
    assert (answer.get("Cache-Control") == "no-store, private") is closed


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith("/") and page != "/account/choose/"])
def test_no_page_needs_an_inline_script_or_style_or_another_host(browser: Client, page: str) -> None:
    html = browser.get(page, follow=True).content.decode()

    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert html.count("<script") == html.count('<script src="/static/')
    assert "//" not in html.replace("<!doctype", "")


def test_cookies_are_for_this_host_s_pages_only(client: Client, buyer: Customer) -> None:
    cookies = client.get("/account/login/").cookies
    assert cookies["csrftoken"]["httponly"] is True
    answer = client.post("/account/login/", {"username": buyer.email, "password": "a long enough secret"})

    session = answer.cookies["sessionid"]

    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")


@pytest.mark.parametrize(
    ("handler", "arguments", "status", "words"),
    [
        (error_pages.bad_request, [ValueError()], 400, "This address cannot be read"),
        (error_pages.permission_denied, [ValueError()], 403, "You may not do this"),
        (error_pages.page_not_found, [ValueError()], 404, "There is nothing here"),
        (error_pages.server_error, [], 500, "Something went wrong"),
    ],
)
def test_refusals_are_pages_without_the_database(
    rf: RequestFactory, handler: Any, arguments: list[Exception], status: int, words: str
) -> None:
    # Without the database mark, a query would fail this test.
    answer = handler(rf.get("/account/orders/"), *arguments)

    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_page_says_so_when_the_database_is_away() -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "there_is_no_such_database"
    try:
        answer = client.get("/account/orders/")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "Something went wrong" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/account/login/", "/account/details/"], ids=["Django's", "ours"])
def test_a_form_without_its_token_is_refused_on_a_page(page: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(page, {})

    assert answer.status_code == 403
    assert "You may not do this" in answer.content.decode()


def test_the_root_leads_to_my_account(client: Client) -> None:
    assert client.get("/")["Location"] == "/account/"
