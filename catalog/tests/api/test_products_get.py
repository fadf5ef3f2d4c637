"""GET /api/v1/products."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.cast import PRODUCTS, at, caller_with, faults, make_location, make_product, put_in_stock, sample
from core.models import Site
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer


def slugs(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [product["slug"] for product in answer.json()]


@pytest.fixture
def shelf(site: Site, other_site: Site) -> None:
    """Three products here; at the other site one of the same name in every respect."""
    rope: dict[str, Any] = {"title": "Dry rope", "slug": "rope", "external_id": "R1"}
    helmet = [{"sku": "HLM 100%", "status": "pending"}, {"sku": "HLM-R", "external_id": "red", "status": "live"}]
    make_product(site, "ROPE-60", "ROPE-70", **rope)
    make_product(site, title="Ledge helmet", slug="helmet", external_id="H1", variants=helmet)
    make_product(site, title="Chalk", slug="chalk", external_id="C_1", variants=[])
    make_product(other_site, "ROPE-60", "ROPE-70", **rope)


def test_a_row_is_what_reading_the_product_answers(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    product = make_product(site, "A", variants=[at(location, sample("variant-patch.request"))])
    assert api.get(PRODUCTS).json() == [api.get(f"{PRODUCTS}/{product.public_id}").json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["rope", "helmet", "chalk"]),
        ("slug=rope", ["rope"]),
        ("slug=ROPE", []),
        ("external_id=H1", ["helmet"]),
        ("title=Dry%20rope", ["rope"]),
        ("status=live", ["rope", "helmet"]),
        ("status=pending", ["helmet"]),
        ("status=suspended", []),
        ("search=ROPE", ["rope"]),
        ("search=rope-70", ["rope"]),
        ("search=rope%20dry", ["rope"]),
        ("search=helmet%20rope", []),
        ("search=100%25", ["helmet"]),
        ("search=red", ["helmet"]),
        ("search=c_1", ["chalk"]),
        ("search=nobody", []),
        ("created_at[gte]=2026-03-01&created_at[lte]=2026-03-02", ["rope", "helmet", "chalk"]),
        ("updated_at[gte]=2026-03-02", []),
        ("order_by=-id", ["chalk", "helmet", "rope"]),
        ("order_by=title", ["chalk", "rope", "helmet"]),
        ("order_by=-slug", ["rope", "helmet", "chalk"]),
        ("limit=1&offset=1", ["helmet"]),
    ],
)
def test_filters_search_and_order(shelf: None, api: ApiCaller, query: str, found: list[str]) -> None:
    assert slugs(api.get(f"{PRODUCTS}?{query}")) == found


def test_search_finds_our_own_id(shelf: None, api: ApiCaller) -> None:
    number = api.get(f"{PRODUCTS}?slug=helmet").json()[0]["id"]
    assert slugs(api.get(f"{PRODUCTS}?search={number}")) == ["helmet"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("colour=red", [("unknown-parameter", "colour")]),
        ("status=cheap&limit=0", [("invalid", "limit"), ("invalid", "status")]),
        ("limit=501", [("invalid", "limit")]),
        ("order_by=price", [("invalid", "order_by")]),
        ("updated_at[gte]=yesterday", [("invalid", "updated_at[gte]")]),
        ("search=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k", [("invalid", "search")]),
    ],
)
def test_what_cannot_be_asked_is_refused(api: ApiCaller, query: str, found: list[tuple[str, str]]) -> None:
    answer = api.get(f"{PRODUCTS}?{query}")
    assert (answer.status_code, sorted(faults(answer))) == (400, found)


def test_the_link_leads_through_every_page(shelf: None, api: ApiCaller) -> None:
    first = api.get(f"{PRODUCTS}?limit=2&order_by=slug")
    address = urlsplit(first["Link"].partition(">")[0].strip("<"))
    second = api.get(f"{address.path}?{address.query}")

    assert [slugs(first), slugs(second)] == [["chalk", "helmet"], ["rope"]]
    assert "Link" not in second


def test_needs_the_scope(shelf: None, site: Site) -> None:
    assert slugs(caller_with(site, "products.read").get(f"{PRODUCTS}?limit=1")) == ["rope"]
    assert caller_with(site, "orders", "products.stock").get(PRODUCTS).status_code == 403


def test_a_customer_is_shown_what_is_live(shelf: None, site: Site) -> None:
    buyer = make_buyer(site)
    assert buyer.user is not None
    person = make_person_caller(site, buyer.user)

    shown = person.get(PRODUCTS).json()

    assert [(row["slug"], [variant["sku"] for variant in row["variants"]]) for row in shown] == [
        ("rope", ["ROPE-60", "ROPE-70"]),
        ("helmet", ["HLM-R"]),
    ]
    # What is kept back cannot be found out by asking for it either.
    assert slugs(person.get(f"{PRODUCTS}?status=pending")) == []
    assert slugs(person.get(f"{PRODUCTS}?search=100%25")) == []


def test_fifty_rows_cost_as_much_as_one(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    full = at(location, sample("variant-patch.request"))
    counts = []
    for number in range(50):
        variants = [full | {"sku": f"{number}{tail}", "external_id": f"{number}{tail}"} for tail in ("a", "b")]
        make_product(site, str(number), variants=variants)
        put_in_stock(location, **{f"{number}a": 1})
        if number in (0, 49):
            with CaptureQueriesContext(connection) as queries:
                assert len(api.get(PRODUCTS).json()) == number + 1
            counts.append(len(queries))
    assert counts == [6, 6]


def test_rows_are_counted_when_asked_for(api: ApiCaller, shelf: None) -> None:
    assert api.get(f"{PRODUCTS}?limit=2&count=true")["X-Total-Count"] == "3"
    assert api.get(f"{PRODUCTS}?limit=1&status=pending&count=true")["X-Total-Count"] == "1"
    assert "X-Total-Count" not in api.get(PRODUCTS)
    assert faults(api.get(f"{PRODUCTS}?count=1")) == [("invalid", "count")]
    variants = api.get("/api/v1/variants?limit=1&count=true")
    assert (variants["X-Total-Count"], len(variants.json())) == ("4", 1)
