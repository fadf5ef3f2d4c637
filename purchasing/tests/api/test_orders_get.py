"""GET /api/v1/orders: the list of orders."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from core.models import Site
from customers.models import Customer
from purchasing.api.order_list import KNOWN
from purchasing.tests.bodies import PURCHASES, faults
from purchasing.tests.orders import ORDERS, created, done, goods, item, parcel
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(api: ApiCaller, site: Site, company: Customer, summit: Customer) -> list[dict[str, Any]]:
    """A shipped one, an open one in euro, an unconfirmed one; and a quote, which is no order."""
    Customer.objects.filter(pk=company.pk).update(external_id="TOM")
    created(
        api,
        company,
        parcel(item("ROPE")),
        external_id="A",
        visible_id="V-A",
        customer_reference="PO 1",
        created_at="2026-01-01T00:00:00Z",
    )
    when = {"shipped_at": "2026-01-02T00:00:00Z", "items": goods(ROPE=3)}
    done(api.post(f"{ORDERS}/A/ship", json=when))
    created(api, summit, parcel(item("AXE")), external_id="B", currency_code="eur", created_at="2026-02-01T00:00:00Z")
    make_order(
        site, identifiers={"internal": "C"}, type="order_unconfirmed", dates={"placed_at": "2026-03-01T00:00:00Z"}
    )
    make_order(site, identifiers={"internal": "Q"}, type="quote")
    return [done(api.get(f"{ORDERS}/{name}")) for name in "CBA"]


def names(answer: Any) -> list[str]:
    return [order["external_id"] for order in done(answer)]


def test_it_holds_whole_orders_newest_first(api: ApiCaller, three: list[dict[str, Any]]) -> None:
    answer = api.get(ORDERS)
    assert (done(answer), "ETag" in answer, "Link" in answer) == (three, False, False)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("external_id", "A", "A"),
        ("external_id", "a", ""),
        ("visible_id", "V-A", "A"),
        ("visible_id", "", ""),
        ("customer_reference", "PO 1", "A"),
        ("customer_id", "TOM", "A"),
        ("customer_id", "cu_999999999", ""),
        ("status", "shipped", "A"),
        ("status", "processing", "B"),
        ("status", "incoming", "C"),
        ("status", "part_shipped", ""),
        ("status", "returned", ""),
        ("status", "cancelled", ""),
        ("currency_code", "eur", "B"),
        ("currency_code", "GBP", "CA"),
        ("created_at[gte]", "2026-02-01", "CB"),
        ("created_at[lte]", "2026-02-01T00:00:00Z", "BA"),
        ("search", "axe", "B"),
        ("search", "PO 1", "A"),
        ("order_by", "created_at", "ABC"),
        ("order_by", "-created_at", "CBA"),
        ("order_by", "visible_id", "BCA"),
        ("order_by", "-visible_id", "ACB"),
        ("limit", "2", "CB"),
        ("offset", "2", "A"),
    ],
)
def test_filters(api: ApiCaller, three: list[dict[str, Any]], name: str, value: str, found: str) -> None:
    assert "".join(names(api.get(f"{ORDERS}?{urlencode({name: value})}"))) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "complete"),
        ("currency_code", "xau"),
        ("created_at[gte]", "yesterday"),
        ("order_by", "visible"),
        ("limit", "0"),
        ("limit", "501"),
        ("cursor", "x"),
        ("search", ""),
        ("type", "order"),
        ("purchase_identifiers[visible]", "V-A"),
    ],
)
def test_a_bad_value_is_refused(api: ApiCaller, name: str, value: str) -> None:
    answer = api.get(f"{ORDERS}?{urlencode({name: value})}")
    assert (answer.status_code, faults(answer)[0][1]) == (400, name)
    assert (faults(answer)[0][0] == "unknown-parameter") == (name not in KNOWN)


@pytest.mark.parametrize("order_by", ["created_at", "-created_at", "visible_id", "-visible_id"])
def test_pages_follow_each_other(api: ApiCaller, three: list[dict[str, Any]], order_by: str) -> None:
    path, found = f"{ORDERS}?limit=1&count=true&order_by={order_by}", []
    for _ in range(4):
        answer = api.get(path)
        assert answer["X-Total-Count"] == "3"
        found += names(answer)
        if "Link" not in answer:
            break
        path = answer["Link"].split(">")[0].lstrip("<").removeprefix("http://testserver")
    assert found == names(api.get(f"{ORDERS}?order_by={order_by}"))


def test_a_deleted_order_is_gone(api: ApiCaller, three: list[dict[str, Any]]) -> None:
    assert api.delete(f"{PURCHASES}/internal/B").status_code == 204
    assert names(api.get(ORDERS)) == ["C", "A"]


def test_a_customer_sees_his_own(api: ApiCaller, site: Site, three: list[dict[str, Any]]) -> None:
    buyer = make_buyer(site)
    assert buyer.user is not None
    own = created(api, buyer, external_id="OWN")
    assert done(make_person_caller(site, buyer.user).get(ORDERS)) == [own]


def test_the_number_of_queries_does_not_grow(api: ApiCaller, company: Customer, django_assert_num_queries: Any) -> None:
    for count in (1, 20):
        for number in range(count):
            created(api, company, external_id=f"{count}-{number}")
        with django_assert_num_queries(2):
            done(api.get(ORDERS))
