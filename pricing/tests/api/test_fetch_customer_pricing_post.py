"""POST /api/v1/fetch-customer-pricing."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.tests.cast import faults, make_price_list, put_prices, rule
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer, make_customer

CALCULATE = "/api/v1/calculate-pricing"


FETCH = "/api/v1/fetch-customer-pricing"


Priced = list[tuple[str, str, list[tuple[int, str, str]]]]


def calculated(api: ApiCaller, *slugs: str, skus: list[str]) -> Priced:
    answer = api.post(CALCULATE, json={"skus": skus, "price_list_slugs": list(slugs)})
    assert answer.status_code == 200, answer.content
    return [
        (
            row["sku"],
            row["price_list_slug"],
            [(item["quantity"], item["price"]["number"], item["price"]["currency"]) for item in row["pricing"]],
        )
        for row in answer.json()
    ]


@pytest.fixture
def lists(site: Site) -> None:
    make_price_list(site, "base", ROPE=["10.49", (10, "9.99")], AXE=["2.333"], NUT=["7"])
    make_price_list(site, "trade", rules=[rule("base", "0.15")], NUT=["5"])
    make_price_list(site, "euro", currency="EUR", rules=[rule("trade", rate="1.17")])


def test_a_thousand_skus_cost_as_many_statements_as_one(
    api: ApiCaller, site: Site, lists: None, django_assert_num_queries: Any
) -> None:
    skus = [f"S{number}" for number in range(1_000)]
    put_prices(make_price_list(site, "many"), **{sku: ["1"] for sku in skus})
    customer = make_customer(site, price_lists=["euro", "many"])
    for asked in (skus[:1], skus):
        items = [{"sku": sku} for sku in asked]
        with django_assert_num_queries(3):
            answer = api.post(FETCH, json={"customer_id": customer.public_id, "line_items": items})
        assert len(answer.json()) == len(asked)


def paid(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200, answer.content
    return [
        (
            row["sku"],
            row["quantity"],
            row["price_list_slug"],
            row["price"] and row["price"]["number"],
            row["line_total"] and row["line_total"]["number"],
        )
        for row in answer.json()
    ]


ITEMS = [{"sku": "ROPE", "quantity": 12}, {"sku": "AXE", "quantity": 3}, {"sku": "NOBODY"}, {"sku": "ROPE"}]


def test_a_customer_pays_by_his_lists(api: ApiCaller, site: Site, lists: None) -> None:
    customer = make_customer(site, price_lists=["not yet", "base"])
    answer = api.post(FETCH, json={"customer_id": customer.public_id, "line_items": ITEMS})
    assert paid(answer) == [
        ("ROPE", 12, "base", "9.99", "119.88"),
        ("AXE", 3, "base", "2.333", "7.00"),
        ("NOBODY", 1, None, None, None),
        ("ROPE", 1, "base", "10.49", "10.49"),
    ]


def test_his_discount_comes_off(api: ApiCaller, site: Site, lists: None) -> None:
    customer = make_customer(site, price_lists=["trade"], discount_percentage=10)
    answer = api.post(FETCH, json={"customer_id": customer.public_id, "line_items": ITEMS[:1]})
    assert paid(answer) == [("ROPE", 12, "trade", "7.64", "91.68")]  # 8.49 less 10 %


def test_below_the_first_break_there_is_no_price(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "first", ROPE=[(5, "9")])
    make_price_list(site, "second", ROPE=["10"])
    customer = make_customer(site, price_lists=["first", "second"])
    items = [{"sku": "ROPE", "quantity": 4}, {"sku": "ROPE", "quantity": 5}]
    answer = api.post(FETCH, json={"customer_id": customer.public_id, "line_items": items})
    assert paid(answer) == [("ROPE", 4, "first", None, None), ("ROPE", 5, "first", "9.00", "45.00")]


def test_without_lists_he_has_no_price(api: ApiCaller, site: Site, lists: None) -> None:
    answer = api.post(FETCH, json={"customer_id": make_customer(site).public_id, "line_items": ITEMS[:1]})
    assert paid(answer) == [("ROPE", 12, None, None, None)]


@pytest.mark.parametrize(
    ("by", "named", "found"),
    [
        (None, "{id}", True),
        (None, "ERP-1", True),
        ("sparklayer", "{id}", True),
        ("sparklayer", "ERP-1", False),
        ("platform", "ERP-1", True),
        ("external_id", "ERP-1", True),
        ("platform", "{id}", False),
        ("email", "TOM@example.com", True),
        ("email", "ERP-1", False),
        (None, "", False),
        ("platform", "", False),
    ],
)
def test_who_is_meant(api: ApiCaller, site: Site, by: str | None, named: str, found: bool) -> None:
    customer = make_customer(site, external_id="ERP-1", email="tom@example.com")
    make_customer(site)
    body = {"customer_id": named.format(id=customer.public_id), "line_items": []}
    answer = api.post(FETCH, json=body if by is None else body | {"customer_lookup_by": by})
    assert answer.status_code == (200 if found else 400)
    if not found:
        assert faults(answer) == [("resource-not-found", "customer_id")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"line_items": []}, ("required", "customer_id")),
        ({"customer_id": "x"}, ("required", "line_items")),
        ({"customer_id": "x", "customer_lookup_by": "phone", "line_items": []}, ("invalid", "customer_lookup_by")),
        ({"customer_id": "x", "line_items": [{"quantity": 1}]}, ("required", "line_items[0].sku")),
        ({"customer_id": "x", "line_items": [{"sku": "A", "quantity": 0}]}, ("invalid", "line_items[0].quantity")),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, body: Any, found: tuple[str, str]) -> None:
    answer = api.post(FETCH, json=body)
    assert (answer.status_code, faults(answer)) == (400, [found])


def test_a_customer_asks_for_himself_only(site: Site, lists: None) -> None:
    head = make_buyer(site, price_lists=["base"], external_id="HEAD")
    child = make_customer(site, parent=head)
    assert head.user
    api = make_person_caller(site, head.user)
    for named in ({}, {"customer_id": head.public_id}, {"customer_id": "HEAD"}):
        answer = api.post(FETCH, json={**named, "line_items": ITEMS[:1]})
        assert paid(answer) == [("ROPE", 12, None, "9.99", "119.88")]  # which list is the merchant's own
    answers = [
        api.post(FETCH, json={"customer_id": name, "line_items": []}) for name in (child.public_id, "cu_999999999")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content == answers[1].content
    narrow = make_person_caller(site, head.user, scopes=["orders.read"])
    assert narrow.post(FETCH, json={"line_items": []}).status_code == 403


def test_scopes(site: Site) -> None:
    body = {"customer_id": make_customer(site).public_id, "line_items": []}
    for scope, status in (("products.pricing", 200), ("products.pricing.read", 200), ("customers", 403)):
        assert caller_with(site, scope).post(FETCH, json=body).status_code == status
