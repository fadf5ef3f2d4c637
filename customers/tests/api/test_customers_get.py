"""GET /api/v1/customers."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.models import CustomerGroup
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_address, make_customer, post_manual
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"


def names(answer: object) -> list[str]:
    assert answer.status_code == 200, answer.content  # type: ignore[attr-defined]  # Django's test response
    return [customer["first_name"] for customer in answer.json()]  # type: ignore[attr-defined]  # the same


@pytest.fixture
def cast(site: Site, other_site: Site) -> None:
    """Three customers here; at the other site one of the same name in every respect."""
    trade = CustomerGroup.objects.create(site=site, slug="trade", name="Trade")
    ann = make_customer(
        site, "Ann", external_id="A1", accounting_id="ACC", company_name="Summit Supplies", currency_code="GBP"
    )
    make_customer(site, "Bob", company_name="Summit Supplies", parent=ann, status="pending", group=trade)
    make_customer(site, "Cid", email="cid@climbing.example", external_id="100%", role="sales-agent")
    make_customer(
        other_site, "Ann", external_id="A1", accounting_id="ACC", company_name="Summit Supplies", currency_code="GBP"
    )


def test_a_row_is_what_reading_the_customer_answers(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    customer = make_customer(site, parent=head)
    make_address(customer)
    post_manual(head, "1.00")

    rows = api.get(CUSTOMERS).json()

    assert rows == [api.get(f"{CUSTOMERS}/{row.public_id}").json() for row in (head, customer)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ann", "Bob", "Cid"]),
        ("external_id=A1", ["Ann"]),
        ("external_id=a1", []),
        ("external_id=100%25", ["Cid"]),
        ("accounting_id=ACC", ["Ann"]),
        ("company_name=Summit%20Supplies", ["Ann", "Bob"]),
        ("email=ANN@EXAMPLE.COM", ["Ann"]),
        ("status=pending", ["Bob"]),
        ("group=trade", ["Bob"]),
        ("group=default", ["Ann", "Cid"]),
        ("group=base", ["Ann", "Cid"]),
        ("group=unheard-of", []),
        ("currency_code=gbp", ["Ann"]),
        ("role=main", ["Ann"]),
        ("role=sales-agent", ["Cid"]),
        ("role=limited-customer", []),
        ("parent_customer_id=A1", ["Bob"]),
        ("parent_customer_id=nobody", []),
        ("status=active&company_name=Summit%20Supplies", ["Ann"]),
        ("created_at[gte]=2000-01-01", ["Ann", "Bob", "Cid"]),
        ("created_at[lte]=2000-01-01T00:00:00Z", []),
        ("updated_at%5Bgte%5D=2000-01-01&updated_at%5Blte%5D=2999-01-01", ["Ann", "Bob", "Cid"]),
        ("search=summit", ["Ann", "Bob"]),
        ("search=supplies%20bob", ["Bob"]),
        ("search=CLIMBING", ["Cid"]),
        ("search=00%25", ["Cid"]),
        ("search=nobody", []),
        ("order_by=-id", ["Cid", "Bob", "Ann"]),
        ("order_by=email", ["Ann", "Bob", "Cid"]),
        ("order_by=-email", ["Cid", "Bob", "Ann"]),
        ("order_by=company_name", ["Cid", "Ann", "Bob"]),
        ("order_by=-company_name", ["Ann", "Bob", "Cid"]),
        ("order_by=external_id", ["Bob", "Cid", "Ann"]),
        ("order_by=created_at", ["Ann", "Bob", "Cid"]),
    ],
)
def test_filters_search_and_order(cast: None, api: ApiCaller, query: str, found: list[str]) -> None:
    assert names(api.get(f"{CUSTOMERS}?{query}")) == found


def test_search_finds_our_own_id(cast: None, api: ApiCaller) -> None:
    bob = api.get(f"{CUSTOMERS}?search=bob").json()[0]["id"]
    assert names(api.get(f"{CUSTOMERS}?search={bob}")) == ["Bob"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("colour=red", [("unknown-parameter", "colour")]),
        ("status=asleep&limit=0", [("invalid", "status"), ("invalid", "limit")]),
        ("limit=501", [("invalid", "limit")]),
        ("offset=-1", [("invalid", "offset")]),
        ("order_by=password", [("invalid", "order_by")]),
        ("created_at[gte]=yesterday", [("invalid", "created_at[gte]")]),
        ("status=active&status=active", [("invalid", "status")]),
        (f"search={quote(' '.join('abcdefghijk'))}", [("invalid", "search")]),
    ],
)
def test_what_cannot_be_asked_is_refused(api: ApiCaller, query: str, found: list[tuple[str, str]]) -> None:
    answer = api.get(f"{CUSTOMERS}?{query}")
    assert (answer.status_code, faults(answer)) == (400, found)


def test_the_link_leads_through_every_page(cast: None, api: ApiCaller) -> None:
    seen, path = [], f"{CUSTOMERS}?limit=2&order_by=-id"
    for _ in range(3):
        answer = api.get(path)
        seen.append(names(answer))
        if "Link" not in answer:
            break
        address, _, relation = answer["Link"].partition("; ")
        assert relation == 'rel="next"'
        parts = urlsplit(address.strip("<>"))
        path = f"{parts.path}?{parts.query}"
    assert seen == [["Cid", "Bob"], ["Ann"]]


def test_needs_the_scope_to_read(cast: None, read_only_api: ApiCaller) -> None:
    assert names(read_only_api.get(CUSTOMERS)) == ["Ann", "Bob", "Cid"]


def test_fifty_rows_cost_as_much_as_one(api: ApiCaller, site: Site) -> None:
    counts = []
    for number in range(50):
        head = make_customer(site, f"head{number}", payment_on_account=True)
        buyer = make_customer(site, f"buyer{number}", parent=head)
        make_address(buyer)
        post_manual(head, "1.00")
        if number in (0, 49):
            with CaptureQueriesContext(connection) as queries:
                assert len(api.get(CUSTOMERS).json()) == 2 * (number + 1)
            counts.append(len(queries))
    assert counts == [3, 3]


def test_rows_are_counted_when_asked_for(api: ApiCaller, site: Site) -> None:
    for name in ("Ann", "Bob", "Cid"):
        make_customer(site, name)
    assert api.get(f"{CUSTOMERS}?limit=2&count=true")["X-Total-Count"] == "3"
    assert "X-Total-Count" not in api.get(f"{CUSTOMERS}?limit=2")
    assert api.get(f"{CUSTOMERS}?count=yes").status_code == 400
