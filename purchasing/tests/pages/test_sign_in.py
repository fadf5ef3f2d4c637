"""POST /account/login/, /account/logout/ and /account/choose/: who gets in, as whom, and where to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from core.models import Site, StaffMembership, User
from customers.models import Customer
from purchasing.tests.pages.conftest import sign_in
from tests.cast import PASSWORD, make_buyer, make_order

LOGIN = "/account/login/"


def attempt(client: Client, email: str, password: str = PASSWORD, **fields: str) -> Any:
    return client.post(LOGIN, {"username": email, "password": password, **fields})


def test_signing_in_leads_to_the_orders(client: Client, buyer: Customer) -> None:
    answer = attempt(client, buyer.email)

    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert client.get("/account/")["Location"] == "/account/orders/"
    assert client.get("/account/orders/").status_code == 200


def test_the_e_mail_is_read_without_regard_to_case(client: Client, buyer: Customer) -> None:
    assert attempt(client, buyer.email.upper()).status_code == 302


def test_a_page_asked_for_is_come_back_to(client: Client, site: Site, buyer: Customer) -> None:
    page = f"/account/orders/?search=rope&page={2}"
    to_login = client.get(page)
    assert to_login["Location"] == "/account/login/?next=/account/orders/%3Fsearch%3Drope%26page%3D2"

    form = client.get(to_login["Location"])

    assert form.context["next"] == page
    assert attempt(client, buyer.email, next=page)["Location"] == page


@pytest.mark.parametrize(
    ("file", "page"),
    [
        ("orders.csv?search=rope", "orders/%3Fsearch%3Drope"),
        ("orders.xlsx", "orders/"),
        ("orders/1/order.pdf", "orders/1/"),
        ("statement.pdf?to=2026-03-31", "statement/%3Fto%3D2026-03-31"),
    ],
)
def test_who_wanted_a_file_comes_back_to_the_page_with_its_link(client: Client, file: str, page: str) -> None:
    assert client.get(f"/account/{file}")["Location"] == f"/account/login/?next=/account/{page}"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/account/",
        "//evil.example/account/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        "\x01https://evil.example",
    ],
)
def test_next_leads_to_no_other_host(client: Client, buyer: Customer, elsewhere: str) -> None:
    assert attempt(client, buyer.email, next=elsewhere)["Location"] == "/account/"


@pytest.mark.parametrize("status", [status for status in Customer.Status if status != Customer.Status.ACTIVE])
def test_only_active_customers_get_in(client: Client, site: Site, status: Customer.Status) -> None:
    customer = make_buyer(site, status=status)

    answer = attempt(client, customer.email)

    assert answer.status_code == 200
    assert "This e-mail has no active customer account here." in answer.content.decode()
    assert client.get("/account/orders/").status_code == 302


def test_a_deleted_customer_does_not_get_in(client: Client, buyer: Customer) -> None:
    buyer.deleted_at = timezone.now()
    buyer.save()

    assert attempt(client, buyer.email).status_code == 200
    assert client.get("/account/orders/").status_code == 302


@pytest.mark.parametrize("change", [{"status": "inactive"}, {"deleted_at": timezone.now()}, {"user": None}])
def test_a_session_ends_with_what_let_it_begin(browser: Client, buyer: Customer, change: dict[str, Any]) -> None:
    assert browser.get("/account/orders/").status_code == 200

    Customer.objects.filter(pk=buyer.pk).update(**change)

    assert browser.get("/account/orders/")["Location"] == "/account/login/?next=/account/orders/"


def test_a_wrong_password_is_refused_in_the_form(client: Client, buyer: Customer) -> None:
    answer = attempt(client, buyer.email, "something else")

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert client.get("/account/orders/").status_code == 302


def test_ten_failures_lock_this_e_mail_at_this_address(client: Client, site: Site, buyer: Customer) -> None:
    other = make_buyer(site, "Summit Supplies")
    for _ in range(10):
        assert attempt(client, buyer.email, "guess").status_code == 200

    locked = attempt(client, buyer.email)

    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert "Too many attempts to sign in." in locked.content.decode()
    assert attempt(client, other.email).status_code == 302
    assert (
        Client(REMOTE_ADDR="192.0.2.7").post(LOGIN, {"username": buyer.email, "password": PASSWORD}).status_code == 302
    )


def test_the_session_key_changes_on_signing_in(client: Client, buyer: Customer) -> None:
    client.get("/account/choose/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key

    attempt(client, buyer.email)

    assert client.session.session_key != before
    assert "planted" not in client.session


def test_signing_out_takes_a_post(browser: Client) -> None:
    assert browser.get("/account/logout/").status_code == 405
    assert browser.get("/account/orders/").status_code == 200

    assert browser.post("/account/logout/")["Location"] == LOGIN

    assert browser.get("/account/orders/").status_code == 302


@pytest.mark.parametrize("address", [LOGIN, "/account/logout/", "/account/password/"])
def test_forms_of_other_hosts_are_refused(buyer: Customer, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(address, {"username": buyer.email, "password": PASSWORD}).status_code == 403


def test_staff_without_a_customer_do_not_get_in(client: Client, site: Site) -> None:
    staff = User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
    StaffMembership.objects.create(site=site, user=staff)

    assert attempt(client, staff.email).status_code == 200
    client.force_login(staff)

    assert client.get("/account/orders/").status_code == 302
    assert client.get("/account/choose/")["Location"] == "/account/"


def test_a_session_of_the_back_office_stands_for_no_customer(client: Client, buyer: Customer) -> None:
    assert buyer.user is not None
    client.force_login(buyer.user)

    assert client.get("/account/orders/").status_code == 302


class TestPersonOfTwoSites:
    @pytest.fixture
    def two(self, site: Site, other_site: Site) -> tuple[Customer, Customer]:
        here = make_buyer(site, email="both@example.com")
        there = make_buyer(other_site, email="both@example.com")
        make_order(site, here, identifiers={"visible": "SO-HERE"})
        make_order(other_site, there, identifiers={"visible": "SO-THERE"})
        return here, there

    def test_chooses_and_goes_on_to_the_page_asked_for(self, client: Client, two: tuple[Customer, Customer]) -> None:
        page = "/account/orders/?search=SO"
        to_choose = attempt(client, "both@example.com", next=page)
        assert to_choose["Location"] == "/account/choose/?next=%2Faccount%2Forders%2F%3Fsearch%3DSO"
        assert client.get("/account/orders/").status_code == 302
        form = client.get(to_choose["Location"])
        assert [customer.pk for customer in form.context["customers"]] == [two[0].pk, two[1].pk]

        chosen = client.post("/account/choose/", {"customer": two[1].pk, "next": page})

        assert chosen["Location"] == page
        orders = client.get(page).content.decode()
        assert ("SO-THERE" in orders, "SO-HERE" in orders) == (True, False)

    def test_changes_to_the_other_without_signing_out(self, client: Client, two: tuple[Customer, Customer]) -> None:
        attempt(client, "both@example.com")
        client.post("/account/choose/", {"customer": two[1].pk})
        page = client.get("/account/orders/").content.decode()
        assert 'href="/account/choose/">Change account' in page
        session = client.session
        session["account_picked"] = two[1].pk
        session.save()

        assert client.post("/account/choose/", {"customer": two[0].pk})["Location"] == "/account/"

        orders = client.get("/account/orders/").content.decode()
        assert ("SO-THERE" in orders, "SO-HERE" in orders) == (False, True)
        assert "account_picked" not in client.session

    def test_cannot_choose_somebody_else(self, client: Client, site: Site, two: tuple[Customer, Customer]) -> None:
        stranger = make_buyer(site, "Summit Supplies")
        attempt(client, "both@example.com")

        assert client.post("/account/choose/", {"customer": stranger.pk}).status_code == 200
        assert client.get("/account/orders/").status_code == 302

    @override_settings(ALLOWED_HOSTS=["orders.example.com", "testserver"])
    def test_the_host_of_a_site_decides(self, client: Client, other_site: Site, two: tuple[Customer, Customer]) -> None:
        other_site.host = "orders.example.com"
        other_site.save()
        there = Client(SERVER_NAME="orders.example.com")

        assert attempt(there, "both@example.com")["Location"] == "/account/"

        orders = there.get("/account/orders/").content.decode()
        assert ("SO-THERE" in orders, "SO-HERE" in orders) == (True, False)

    @override_settings(ALLOWED_HOSTS=["orders.example.com", "testserver"])
    def test_a_session_does_not_reach_another_site_s_host(
        self, site: Site, other_site: Site, two: tuple[Customer, Customer]
    ) -> None:
        other_site.host = "orders.example.com"
        other_site.save()
        only_here = make_buyer(site, "Summit Supplies")
        browser = sign_in(only_here)

        assert browser.get("/account/orders/").status_code == 200
        assert browser.get("/account/orders/", SERVER_NAME="orders.example.com").status_code == 302
        refused = Client(SERVER_NAME="orders.example.com").post(
            LOGIN, {"username": only_here.email, "password": PASSWORD}
        )
        assert refused.status_code == 200


@pytest.mark.parametrize(("language", "words"), [("en", "do not belong together"), ("de", "gehören nicht zusammen")])
def test_a_wrong_password_is_told_in_the_reader_s_language(
    client: Client, buyer: Customer, language: str, words: str
) -> None:
    sent = {"username": buyer.email, "password": "another"}

    answer = client.post("/account/login/", sent, headers={"Accept-Language": language})

    assert words in answer.content.decode()
