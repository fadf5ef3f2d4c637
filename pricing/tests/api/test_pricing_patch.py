"""PATCH /api/v1/pricing/{sku}, and the older /api/v1/variants/{sku}/pricing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from catalog.tests.cast import ANY_SKUS, caller_with
from core.models import Site
from pricing.tests.cast import PRICING, faults, make_price_list, sample, stored
from tests.callers import ApiCaller

ADDRESSES = [f"{PRICING}/ROPE", "/api/v1/variants/ROPE/pricing"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_sample_goes_in_and_comes_out(api: ApiCaller, site: Site, path: str) -> None:
    make_price_list(site, "base-list")
    answer = api.patch(path, json=sample("pricing-patch.request"))
    expected = sample("pricing.answer")
    expected[0]["pricing"][0]["unit_of_measure"] = None
    assert (answer.status_code, answer.json()) == (200, expected)
    assert api.get(path).json() == expected
    assert b'"price":10.49,' in api.get(path).content


def test_lists_that_are_not_named_stay(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "a", ROPE=["1", (5, "0.9")], AXE=["2"])
    make_price_list(site, "b", ROPE=["3"])
    make_price_list(site, "c", ROPE=["4"])
    body = [
        {"price_list_slug": "a", "pricing": [{"quantity": 10, "price": 0.8}]},
        {"price_list_slug": "c", "pricing": []},
    ]
    answer = api.patch(f"{PRICING}/ROPE", json=body)
    assert [row["price_list_slug"] for row in answer.json()] == ["a", "b"]
    assert stored(site) == [("a", "AXE", 1, "2"), ("a", "ROPE", 10, "0.8"), ("b", "ROPE", 1, "3")]


def test_what_a_break_says_is_kept(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "a")
    pricing = [
        {"quantity": 1, "price": "12.345678", "tax_type": "gross", "unit_of_measure": "each", "display_tax_rate": 5},
        {"quantity": 5, "price": 10, "tax_type": "net", "unit_of_measure": None, "display_tax_rate": 20.5},
    ]
    sent = [{"price_list_slug": "a", "display_tax_rate": 20.5, "pricing": [pricing[0], {"quantity": 5, "price": 10}]}]
    answer = api.patch(f"{PRICING}/ROPE", json=sent)
    pricing[0]["price"] = 12.345678
    assert answer.json() == [{"price_list_slug": "a", "pricing": pricing}]
    assert api.patch(f"{PRICING}/ROPE", json=answer.json()).json() == answer.json()


def test_a_sku_need_not_be_one_of_a_variant(api: ApiCaller) -> None:
    assert api.patch(f"{PRICING}/NOBODY", json=[]).json() == []


GOOD = {"price_list_slug": "a", "pricing": [{"price": 1}]}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ([GOOD | {"price_list_slug": "none"}], ("resource-not-found", "[0].price_list_slug")),
        ([GOOD, GOOD], ("repeated", None)),
        ([{"price_list_slug": "a"}], ("required", "[0].pricing")),
        ([{"pricing": []}], ("required", "[0].price_list_slug")),
        ([GOOD | {"pricing": [{}]}], ("required", "[0].pricing[0].price")),
        ([GOOD | {"pricing": [{"price": None}]}], ("invalid", "[0].pricing[0].price")),
        ([GOOD | {"pricing": [{"price": -1}]}], ("invalid", "[0].pricing[0].price")),
        ([GOOD | {"pricing": [{"price": 1.1234567}]}], ("invalid", "[0].pricing[0].price")),
        ([GOOD | {"pricing": [{"price": 1, "quantity": 0}]}], ("invalid", "[0].pricing[0].quantity")),
        ([GOOD | {"pricing": [{"price": 1, "tax_type": "vat"}]}], ("invalid", "[0].pricing[0].tax_type")),
        ([GOOD | {"pricing": [{"price": 1}, {"price": 2}]}], ("repeated", "[0].pricing")),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, site: Site, body: Any, found: tuple[str, str | None]) -> None:
    make_price_list(site, "a", ROPE=["9"])
    answer = api.patch(f"{PRICING}/ROPE", json=body)
    assert (answer.status_code, faults(answer)) == (400, [found])
    assert stored(site) == [("a", "ROPE", 1, "9")]


@pytest.mark.parametrize("sku", [*ANY_SKUS, "x" * 100])
@pytest.mark.parametrize("path", ["/api/v1/pricing/{}", "/api/v1/variants/{}/pricing"])
def test_any_sku_can_be_addressed(api: ApiCaller, site: Site, path: str, sku: str) -> None:
    make_price_list(site, "a")
    assert api.patch(path.format(quote(sku, safe="")), json=[GOOD]).status_code == 200
    assert stored(site) == [("a", sku, 1, "1")]


def test_a_sku_is_not_endless(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "a")
    answer = api.patch(f"{PRICING}/{'x' * 101}", json=[GOOD])
    assert (answer.status_code, faults(answer)) == (400, [("too-long", "sku")])


@pytest.mark.parametrize("path", ADDRESSES)
def test_scopes(site: Site, path: str) -> None:
    make_price_list(site, "a")
    assert caller_with(site, "products.pricing.read").patch(path, json=[GOOD]).status_code == 403
    assert caller_with(site, "products", "setup").patch(path, json=[GOOD]).status_code == 403
    assert caller_with(site, "products.pricing").patch(path, json=[GOOD]).status_code == 200
