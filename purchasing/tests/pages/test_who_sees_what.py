"""Every address of My account, asked for by everybody. An address without a row here fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.models import Site, StaffMembership, User
from customers.models import Address, Customer
from customers.tests.cast import make_address
from purchasing.models import Purchase
from purchasing.pages.urls import urlpatterns
from purchasing.tests.pages.conftest import assert_private, sign_in
from tests.cast import PASSWORD, make_buyer, make_order

OPEN = 200
"""A page for everybody."""
TO_LOGIN = "to login"
HIDDEN = 404

CALLERS = ("owner", "company", "sibling", "stranger", "agent", "other_agent", "other_site", "staff", "anonymous")
SEEING = ("owner", "company", "agent")
CUSTOMERS_ONLY = dict.fromkeys(CALLERS, OPEN) | {"staff": TO_LOGIN, "anonymous": TO_LOGIN}
MAIN_USERS_ONLY = CUSTOMERS_ONLY | dict.fromkeys(("owner", "sibling", "agent", "other_agent"), HIDDEN)
ONE = CUSTOMERS_ONLY | dict.fromkeys(("sibling", "stranger", "other_agent", "other_site"), HIDDEN)
AGENTS_ONLY = CUSTOMERS_ONLY | dict.fromkeys(set(CALLERS) - {"agent", "other_agent", "staff", "anonymous"}, HIDDEN)
OUTSIDE = dict.fromkeys(("stranger", "other_site"), HIDDEN)
OWN = CUSTOMERS_ONLY | dict.fromkeys(set(CALLERS) - {"owner", "staff", "anonymous"}, HIDDEN)
DECIDING = dict.fromkeys(SEEING, 409)
"""Who sees it is told that he can decide on nothing but what a page has shown him."""
MOVED = dict.fromkeys(CALLERS, 302)

EXPECTED: dict[str, dict[str, Any]] = {
    "home": MOVED,
    "login": dict.fromkeys(CALLERS, OPEN),
    "logout": dict.fromkeys(CALLERS, 405),
    "leave": MOVED,
    "choose": MOVED,
    "password": dict.fromkeys(CALLERS, OPEN),
    "password_sent": dict.fromkeys(CALLERS, OPEN),
    "password_done": dict.fromkeys(CALLERS, OPEN),
    "password_set": dict.fromkeys(CALLERS, OPEN),
    "orders": CUSTOMERS_ONLY,
    "customers": AGENTS_ONLY,
    "customer_pick": AGENTS_ONLY | dict.fromkeys(("agent", "other_agent"), 302),
    "to_come": CUSTOMERS_ONLY,
    "to_come_csv": CUSTOMERS_ONLY,
    "quotes": CUSTOMERS_ONLY,
    "quote": ONE,
    "quote_accept": ONE | DECIDING,
    "quote_approve": ONE | DECIDING,
    "quote_reject": ONE | DECIDING,
    "quote_trim": ONE | DECIDING,
    "statement": MAIN_USERS_ONLY,
    # Of an account in which nothing was posted there is no file.
    "statement_csv": MAIN_USERS_ONLY | dict.fromkeys(("stranger", "other_site"), 400),
    "statement_pdf": MAIN_USERS_ONLY | dict.fromkeys(("stranger", "other_site"), 400),
    "credit": MAIN_USERS_ONLY,
    "details": CUSTOMERS_ONLY,
    "details_language": dict.fromkeys(CALLERS, 302) | {"staff": TO_LOGIN, "anonymous": TO_LOGIN},
    "details_email": CUSTOMERS_ONLY,
    "details_email_confirm": dict.fromkeys(CALLERS, HIDDEN) | {"staff": TO_LOGIN, "anonymous": TO_LOGIN},
    "users": MAIN_USERS_ONLY,
    "user_invite": MAIN_USERS_ONLY,
    "user": MAIN_USERS_ONLY | OUTSIDE,
    "user_invite_again": MAIN_USERS_ONLY | OUTSIDE | {"company": HIDDEN},  # the owner has a login
    "invitation": dict.fromkeys(CALLERS, HIDDEN),  # no invitation
    "addresses": CUSTOMERS_ONLY,
    "address_add": CUSTOMERS_ONLY,
    "address": OWN,
    "address_delete": OWN,
    "address_use": OWN | {"owner": HIDDEN},  # what for is not said
    "order": ONE,
    "order_again": ONE,
    "order_pdf": ONE,
    "orders_csv": CUSTOMERS_ONLY,
    "orders_xlsx": CUSTOMERS_ONLY,
}

POSTED = {
    "leave",
    "customer_pick",
    "quote_accept",
    "quote_approve",
    "quote_reject",
    "quote_trim",
    "address_use",
    "user_invite_again",
    "details_language",
}
"""What is only done, by POST."""
STANDS_ON = {
    "quote_accept": "quote",
    "quote_approve": "quote",
    "quote_reject": "quote",
    "quote_trim": "quote",
    "customer_pick": "customers",
    "address_use": "addresses",
    "user_invite_again": "user",
    "details_language": "details",
}
"""The page on which the button of such an address stands: there who has to sign in first comes back."""
FORMS = {
    "order_again",
    "address_add",
    "address",
    "address_delete",
    "details",
    "details_email",
    "details_email_confirm",
    "user_invite",
    "user",
    "invitation",
    "login",
    "logout",
    "choose",
    "password",
    "password_set",
}
"""What is asked for and sent."""


@pytest.fixture
def order(site: Site) -> Purchase:
    """Placed by a child of the company."""
    company = make_buyer(site, email="company@example.com")
    owner = make_buyer(site, email="owner@example.com", parent=company)
    make_address(owner)
    make_order(site, company, child=owner, identifiers={"visible": "QUOTE-SO-SECRET"}, type="quote")
    return make_order(site, company, child=owner, identifiers={"visible": "SO-SECRET"}, payment_method="on_account")


@pytest.fixture
def browser_of(site: Site, other_site: Site, order: Purchase) -> Callable[[str], Client]:
    company = Customer.objects.get(email="company@example.com")

    def staff() -> Client:
        user = User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
        StaffMembership.objects.create(site=site, user=user)
        client = Client()
        client.force_login(user)
        return client

    makers: dict[str, Callable[[], Client]] = {
        "owner": lambda: sign_in(Customer.objects.get(email="owner@example.com")),
        "company": lambda: sign_in(company),
        "sibling": lambda: sign_in(make_buyer(site, parent=company)),
        "stranger": lambda: sign_in(make_buyer(site, "Summit Supplies")),
        "agent": lambda: sign_in(make_buyer(site, "Agency", role="sales-agent")),
        "other_agent": lambda: sign_in(make_buyer(site, "Agency", role="sales-agent", sales_agent_groups=["south"])),
        "other_site": lambda: sign_in(make_buyer(other_site)),
        "staff": staff,
        "anonymous": Client,
    }
    return lambda caller: makers[caller]()


def address_of(name: str, order: Purchase) -> str:
    route = next(str(pattern.pattern) for pattern in urlpatterns if pattern.name == name)
    shown = Purchase.objects.get(visible_id="QUOTE-SO-SECRET") if name.startswith("quote") else order
    filled = route.replace("<str:spark_id>", str(shown.spark_id))
    filled = filled.replace("<str:address_id>", Address.objects.get().public_id)
    filled = filled.replace("<str:customer_id>", Customer.objects.get(email="owner@example.com").public_id)
    filled = (
        filled.replace("<str:text>", "no-such-link")
        .replace("<str:invitation>", "no-such-link")
        .replace("<uidb64>/<token>", "MQ/no-such-token")
    )
    assert "<" not in filled, "this test does not know how to fill the address"
    return f"/account/{filled}"


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns])
def test_address(name: str, caller: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    address = address_of(name, order)
    expected = EXPECTED[name][caller]

    browser = browser_of(caller)

    answer = browser.post(address) if name in POSTED else browser.get(address)
    content = answer.getvalue()

    assert_private(answer, content)
    if expected == TO_LOGIN:
        page = address_of(STANDS_ON.get(name, name), order)
        assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={page}")
    else:
        assert answer.status_code == expected
    if caller not in SEEING:
        assert b"SO-SECRET" not in content


@pytest.mark.parametrize("caller", SEEING)
@pytest.mark.parametrize("page", ["orders/", "orders.csv", "to-come/", "to-come.csv", "quotes/"])
def test_the_order_is_in_the_list_of(
    caller: str, page: str, order: Purchase, browser_of: Callable[[str], Client]
) -> None:
    assert "SO-SECRET" in browser_of(caller).get(f"/account/{page}").getvalue().decode()


@pytest.mark.parametrize("page", ["", "re-order/", "order.pdf"])
@pytest.mark.parametrize("caller", ["sibling", "stranger", "other_agent", "other_site"])
def test_hidden_answers_as_unknown(
    caller: str, page: str, order: Purchase, browser_of: Callable[[str], Client]
) -> None:
    browser = browser_of(caller)

    hidden = browser.get(f"/account/orders/{order.spark_id}/{page}")
    unknown = [
        browser.get(f"/account/orders/{value}/{page}") for value in (uuid4(), "nonsense", str(order.spark_id)[:-1])
    ]

    for answer in unknown:
        assert (answer.status_code, answer.content) == (hidden.status_code, hidden.content) == (404, hidden.content)


READ = [name for name, expected in EXPECTED.items() if name not in POSTED | FORMS and expected is not MOVED]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", READ)
def test_pages_are_only_read(name: str, method: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    assert getattr(browser_of("company"), method)(address_of(name, order)).status_code == 405


@pytest.mark.parametrize("caller", CALLERS)
def test_who_may_order_again(caller: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    """Who sees the order is told that its page has to be opened first; nothing is ordered."""
    address = address_of("order_again", order)

    answer = browser_of(caller).post(address)

    expected = (ONE | DECIDING)[caller]
    assert answer.status_code == (302 if expected == TO_LOGIN else expected)
    assert Purchase.objects.count() == 2


@pytest.mark.parametrize("name", sorted(POSTED | {"logout"}))
def test_what_is_done_is_not_asked_for(name: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    answer = browser_of("company").get(address_of(name, order))

    assert (answer.status_code, "POST" in answer["Allow"]) == (405, True)
    html = answer.content.decode()
    assert "There is no page to open here" in html
    assert 'href="/account/"' in html
    assert_private(answer, answer.content)


def test_who_signs_in_after_a_button_comes_back_to_its_page(order: Purchase) -> None:
    """His session had ended while the page was open."""
    owner = Customer.objects.get(email="owner@example.com")
    browser = sign_in(owner)
    page = address_of("quote", order)
    assert browser.get(page).status_code == 200
    del browser.cookies["sessionid"]

    refused = browser.post(f"{page}accept/", {"seen": "x"})
    back = browser.post(refused["Location"], {"username": owner.email, "password": PASSWORD}, follow=True)

    assert back.redirect_chain[-1] == (page, 302)
    assert "QUOTE-SO-SECRET" in back.content.decode()


@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns if str(pattern.pattern).endswith("/")])
def test_the_last_slash_may_be_left_out(name: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    address = address_of(name, order)
    without = address.removesuffix("/")

    answer = browser_of("company").get(f"{without}?page=2")

    assert (answer.status_code, answer["Location"]) == (301, f"{address}?page=2")
    assert browser_of("anonymous").post(without).status_code == 404


def test_the_account_itself_may_be_asked_for_without_slash() -> None:
    assert Client().get("/account")["Location"] == "/account/"


@pytest.mark.parametrize(
    "address", ["/account/nothing", "/account/orders.csv/", "/accounts", "/healthz/", "/account//evil.example.com"]
)
def test_other_addresses_lead_nowhere(address: str) -> None:
    assert Client().get(address).status_code == 404
