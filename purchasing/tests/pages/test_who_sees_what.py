"""Every address of My account, asked for by everybody. An address without a row here fails.

The rows are by route, and the routes those of the whole resolver: one that takes another's name, or that is mounted
from elsewhere, has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.models import StaffRole
from customers.models import Address, Customer
from customers.tests.cast import make_address
from purchasing.models import Purchase
from purchasing.tests.pages.addresses import routes
from purchasing.tests.pages.conftest import assert_private, sign_in
from tests.cast import PASSWORD, make_buyer, make_order
from tests.fixtures import Keep, make_other_site, make_site
from tests.test_roles_of_staff import signed_in

OPEN = 200
"""A page for everybody."""
TO_LOGIN = "to login"
HIDDEN = 404

REFUSED = 403
"""Staff who act for a customer: this is his own."""

CALLERS = (
    *("owner", "company", "main", "sibling", "limited", "stranger", "agent", "other_agent", "other_site"),
    *("staff", "acting", "anonymous"),
)
"""`main`: a second main user of the company; `acting`: a manager who acts for `company`."""
SEEING = ("owner", "company", "main", "agent", "acting")
NOT_SIGNED_IN = {"staff": TO_LOGIN, "anonymous": TO_LOGIN}
IN_PERSON = {"acting": REFUSED}
CUSTOMERS_ONLY = dict.fromkeys(CALLERS, OPEN) | NOT_SIGNED_IN
MAIN_USERS_ONLY = CUSTOMERS_ONLY | dict.fromkeys(("owner", "sibling", "limited", "agent", "other_agent"), HIDDEN)
ONE = CUSTOMERS_ONLY | dict.fromkeys(("sibling", "limited", "stranger", "other_agent", "other_site"), HIDDEN)
AGENTS_ONLY = CUSTOMERS_ONLY | dict.fromkeys(set(CALLERS) - {"agent", "other_agent", "staff", "anonymous"}, HIDDEN)
OUTSIDE = dict.fromkeys(("stranger", "other_site"), HIDDEN)
OWN = CUSTOMERS_ONLY | dict.fromkeys(set(CALLERS) - {"owner", "staff", "anonymous"}, HIDDEN)
DECIDING = dict.fromkeys(SEEING, 409)
"""Who sees it is told that he can decide on nothing but what a page has shown him."""
MOVED = dict.fromkeys(CALLERS, 302)

EXPECTED: dict[str, dict[str, Any]] = {
    "": MOVED,
    "login/": dict.fromkeys(CALLERS, OPEN),
    "logout/": dict.fromkeys(CALLERS, 405),
    "leave/": MOVED,
    "choose/": MOVED,
    "password/": dict.fromkeys(CALLERS, OPEN) | IN_PERSON,
    "password/sent/": dict.fromkeys(CALLERS, OPEN),
    "password/done/": dict.fromkeys(CALLERS, OPEN),
    "password/<uidb64>/<token>/": dict.fromkeys(CALLERS, OPEN) | IN_PERSON,
    "orders/": CUSTOMERS_ONLY,
    "customers/": AGENTS_ONLY,
    "customers/pick/": AGENTS_ONLY | dict.fromkeys(("agent", "other_agent"), 302),
    "to-come/": CUSTOMERS_ONLY,
    "to-come.csv": CUSTOMERS_ONLY,
    "quotes/": CUSTOMERS_ONLY,
    "quotes/<str:spark_id>/": ONE,
    "quotes/<str:spark_id>/accept/": ONE | DECIDING,
    "quotes/<str:spark_id>/approve/": ONE | DECIDING,
    "quotes/<str:spark_id>/reject/": ONE | DECIDING,
    "quotes/<str:spark_id>/trim/": ONE | DECIDING,
    "statement/": MAIN_USERS_ONLY,
    # Of an account in which nothing was posted there is no file.
    "statement.csv": MAIN_USERS_ONLY | dict.fromkeys(("stranger", "other_site"), 400),
    "statement.pdf": MAIN_USERS_ONLY | dict.fromkeys(("stranger", "other_site"), 400),
    "credit/": MAIN_USERS_ONLY,
    "details/": CUSTOMERS_ONLY | IN_PERSON,
    "details/language/": dict.fromkeys(CALLERS, 302) | NOT_SIGNED_IN | IN_PERSON,
    "details/email/": CUSTOMERS_ONLY | IN_PERSON,
    "details/email/<str:text>/": dict.fromkeys(CALLERS, HIDDEN) | NOT_SIGNED_IN | IN_PERSON,
    "users/": MAIN_USERS_ONLY,
    "users/new/": MAIN_USERS_ONLY | IN_PERSON,
    "users/<str:customer_id>/": MAIN_USERS_ONLY | OUTSIDE,
    "users/<str:customer_id>/invite/": MAIN_USERS_ONLY
    | OUTSIDE
    | IN_PERSON
    | dict.fromkeys(("company", "main"), HIDDEN),  # the owner has a login
    "invitation/<str:invitation>/": dict.fromkeys(CALLERS, HIDDEN) | IN_PERSON,  # no invitation
    "addresses/": CUSTOMERS_ONLY,
    "addresses/new/": CUSTOMERS_ONLY,
    "addresses/<str:address_id>/": OWN,
    "addresses/<str:address_id>/delete/": OWN,
    "addresses/<str:address_id>/use/": OWN | {"owner": HIDDEN},  # what for is not said
    "orders/<str:spark_id>/": ONE,
    "orders/<str:spark_id>/re-order/": ONE,
    "orders/<str:spark_id>/order.pdf": ONE,
    "orders.csv": CUSTOMERS_ONLY,
    "orders.xlsx": CUSTOMERS_ONLY,
}

POSTED = {
    "leave/",
    "customers/pick/",
    "quotes/<str:spark_id>/accept/",
    "quotes/<str:spark_id>/approve/",
    "quotes/<str:spark_id>/reject/",
    "quotes/<str:spark_id>/trim/",
    "addresses/<str:address_id>/use/",
    "users/<str:customer_id>/invite/",
    "details/language/",
}
"""What is only done, by POST."""
STANDS_ON = {
    "quotes/<str:spark_id>/accept/": "quotes/<str:spark_id>/",
    "quotes/<str:spark_id>/approve/": "quotes/<str:spark_id>/",
    "quotes/<str:spark_id>/reject/": "quotes/<str:spark_id>/",
    "quotes/<str:spark_id>/trim/": "quotes/<str:spark_id>/",
    "customers/pick/": "customers/",
    "addresses/<str:address_id>/use/": "addresses/",
    "users/<str:customer_id>/invite/": "users/<str:customer_id>/",
    "details/language/": "details/",
    "orders.csv": "orders/",
    "orders.xlsx": "orders/",
    "orders/<str:spark_id>/order.pdf": "orders/<str:spark_id>/",
    "to-come.csv": "to-come/",
    "statement.csv": "statement/",
    "statement.pdf": "statement/",
}
"""The page with the button or the link to such an address: there who has to sign in first comes back."""
FORMS: dict[str, dict[str, Any]] = {
    "orders/<str:spark_id>/re-order/": ONE | DECIDING,
    "addresses/new/": CUSTOMERS_ONLY,
    "addresses/<str:address_id>/": OWN,
    "addresses/<str:address_id>/delete/": OWN | {"owner": 302},
    "details/": CUSTOMERS_ONLY | IN_PERSON,
    "details/email/": CUSTOMERS_ONLY | IN_PERSON,
    "details/email/<str:text>/": EXPECTED["details/email/<str:text>/"],
    "users/new/": MAIN_USERS_ONLY | IN_PERSON,
    "users/<str:customer_id>/": MAIN_USERS_ONLY | OUTSIDE | dict.fromkeys(("company", "main"), 302) | IN_PERSON,
    "invitation/<str:invitation>/": EXPECTED["invitation/<str:invitation>/"],
    "login/": dict.fromkeys(CALLERS, OPEN),
    "logout/": dict.fromkeys(CALLERS, 302),
    "choose/": MOVED,
    "password/": dict.fromkeys(CALLERS, OPEN) | IN_PERSON,
    "password/<uidb64>/<token>/": dict.fromkeys(CALLERS, OPEN) | IN_PERSON,
}
"""What is asked for and sent: what is answered to an empty form. Nothing is wrong with those that are carried out."""


@dataclass(frozen=True, slots=True)
class Stage:
    """An order and a quote, placed by a child of the company, and everybody's browser, signed in."""

    order: Purchase
    browsers: dict[str, Client]


@pytest.fixture(scope="module")
def stage(keep: Keep) -> Stage:
    made: Stage = keep(make_stage)
    return made


@pytest.fixture
def order(db: None, stage: Stage) -> Purchase:
    return copy(stage.order)


@pytest.fixture
def browser_of(db: None, stage: Stage) -> Callable[[str], Client]:
    """The browser of a caller, with cookies of its own."""

    def browser(caller: str) -> Client:
        client = Client()
        client.cookies = deepcopy(stage.browsers[caller].cookies)
        return client

    return browser


def make_stage() -> Stage:
    site, other_site = make_site(), make_other_site()
    company = make_buyer(site, email="company@example.com")
    owner = make_buyer(site, email="owner@example.com", parent=company)
    make_address(owner)
    make_order(site, company, child=owner, identifiers={"visible": "QUOTE-SO-SECRET"}, type="quote")
    order = make_order(site, company, child=owner, identifiers={"visible": "SO-SECRET"}, payment_method="on_account")
    buyers = {
        "owner": owner,
        "company": company,
        "main": make_buyer(site, parent=company, role="main"),
        "sibling": make_buyer(site, parent=company),
        "limited": make_buyer(site, parent=company, role="limited-customer"),
        "stranger": make_buyer(site, "Summit Supplies"),
        "agent": make_buyer(site, "Agency", role="sales-agent"),
        "other_agent": make_buyer(site, "Agency", role="sales-agent", sales_agent_groups=["south"]),
        "other_site": make_buyer(other_site),
    }
    acting = signed_in(site, StaffRole.MANAGER)
    assert acting.post(f"/admin/customers/customer/{company.pk}/log-in-as/")["Location"] == "/account/"
    staff = signed_in(site, StaffRole.CLERK)
    browsers = {name: sign_in(buyer) for name, buyer in buyers.items()}
    return Stage(order, browsers | {"staff": staff, "acting": acting, "anonymous": Client()})


def address_of(route: str, order: Purchase) -> str:
    shown = Purchase.objects.get(visible_id="QUOTE-SO-SECRET") if route.startswith("quote") else order
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
@pytest.mark.parametrize("route", routes())
def test_address(route: str, caller: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    address = address_of(route, order)
    expected = EXPECTED[route][caller]

    browser = browser_of(caller)

    answer = browser.post(address) if route in POSTED else browser.get(address)
    content = answer.getvalue()

    assert_private(answer, content)
    if expected == TO_LOGIN:
        page = address_of(STANDS_ON.get(route, route), order)
        assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={page}")
    else:
        assert answer.status_code == expected
    if caller not in SEEING:
        assert b"SO-SECRET" not in content


def test_every_address_has_one_row() -> None:
    assert sorted(routes()) == sorted(EXPECTED)
    assert POSTED | FORMS.keys() <= EXPECTED.keys()


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("route", FORMS)
def test_form(route: str, caller: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    """Another customer's is refused as if there were none, and then nothing has changed."""
    address, expected = address_of(route, order), FORMS[route][caller]
    before = what_stands()

    answer = browser_of(caller).post(address)

    assert_private(answer, answer.getvalue())
    if expected == TO_LOGIN:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")
    else:
        assert answer.status_code == expected
    if expected != 302:
        assert what_stands() == before
    if caller not in SEEING:
        assert b"SO-SECRET" not in answer.getvalue()


def what_stands() -> tuple[object, ...]:
    """Of what the forms are about."""
    owner = Customer.objects.get(email="owner@example.com")
    return owner.status, owner.role, owner.first_name, Address.objects.count(), Purchase.objects.count()


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


READ = [route for route, expected in EXPECTED.items() if route not in POSTED | FORMS.keys() and expected is not MOVED]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("route", READ)
def test_pages_are_only_read(route: str, method: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    assert getattr(browser_of("company"), method)(address_of(route, order)).status_code == 405


@pytest.mark.parametrize("route", sorted(POSTED | {"logout/"}))
def test_what_is_done_is_not_asked_for(route: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    answer = browser_of("company").get(address_of(route, order))

    assert (answer.status_code, "POST" in answer["Allow"]) == (405, True)
    html = answer.content.decode()
    assert "There is no page to open here" in html
    assert 'href="/account/"' in html
    assert_private(answer, answer.content)


def test_who_signs_in_after_a_button_comes_back_to_its_page(order: Purchase) -> None:
    """His session had ended while the page was open."""
    owner = Customer.objects.get(email="owner@example.com")
    browser = sign_in(owner)
    page = address_of("quotes/<str:spark_id>/", order)
    assert browser.get(page).status_code == 200
    del browser.cookies["sessionid"]

    refused = browser.post(f"{page}accept/", {"seen": "x"})
    back = browser.post(refused["Location"], {"username": owner.email, "password": PASSWORD}, follow=True)

    assert back.redirect_chain[-1] == (page, 302)
    assert "QUOTE-SO-SECRET" in back.content.decode()


@pytest.mark.parametrize("route", [route for route in routes() if route.endswith("/")])
def test_the_last_slash_may_be_left_out(route: str, order: Purchase, browser_of: Callable[[str], Client]) -> None:
    address = address_of(route, order)
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
