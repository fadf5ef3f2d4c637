"""GET /api/v1/pricing/{sku}, and the older /api/v1/variants/{sku}/pricing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from catalog.tests.cast import ANY_SKUS, caller_with
from core.models import Site
from pricing.tests.cast import PRICING, make_price_list, put_prices
from tests.callers import ApiCaller

ADDRESSES = [f"{PRICING}/ROPE", "/api/v1/variants/ROPE/pricing"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_prices_are_grouped_by_list(api: ApiCaller, site: Site, other_site: Site, path: str) -> None:
    make_price_list(site, "b", ROPE=["10.49", (5, "9.5")], AXE=["2"])
    make_price_list(site, "a", ROPE=["1"])
    make_price_list(site, "c", AXE=["3"])
    make_price_list(other_site, "a", ROPE=["7"])
    answer = api.get(path)

    def priced(quantity: int, price: float) -> dict[str, Any]:
        return {"quantity": quantity, "price": price, "tax_type": "net", "unit_of_measure": None}

    assert answer.json() == [
        {"price_list_slug": "a", "pricing": [priced(1, 1)]},
        {"price_list_slug": "b", "pricing": [priced(1, 10.49), priced(5, 9.5)]},
    ]
    assert b'"price":10.49,' in answer.content


@pytest.mark.parametrize("sku", ANY_SKUS)
@pytest.mark.parametrize("path", ["/api/v1/pricing/{}", "/api/v1/variants/{}/pricing"])
def test_any_sku_can_be_addressed(api: ApiCaller, site: Site, path: str, sku: str) -> None:
    put_prices(make_price_list(site), **{sku: ["9"]})
    assert [row["pricing"][0]["price"] for row in api.get(path.format(quote(sku, safe=""))).json()] == [9]


@pytest.mark.parametrize("sku", ["NOBODY", "rope", "x" * 101])
def test_nobody_s_sku_has_none(api: ApiCaller, site: Site, sku: str) -> None:
    make_price_list(site, ROPE=["1"])
    assert (api.get(f"{PRICING}/{sku}").status_code, api.get(f"{PRICING}/{sku}").json()) == (200, [])


GOOD = {"price_list_slug": "a", "pricing": [{"price": 1}]}


@pytest.mark.parametrize("path", ADDRESSES)
def test_scopes(site: Site, path: str) -> None:
    for scope in ("products.pricing", "products.pricing.read"):
        assert caller_with(site, scope).get(path).status_code == 200
    assert caller_with(site, "products", "setup").get(path).status_code == 403
