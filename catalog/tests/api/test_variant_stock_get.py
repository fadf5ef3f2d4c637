"""GET /api/v1/variants/{SKU}/stock."""

from __future__ import annotations

import pytest

from catalog.tests.cast import (
    ANY_SKUS,
    caller_with,
    make_location,
    make_product,
    put_in_stock,
    stock_of,
)
from core.models import Site
from tests.callers import ApiCaller


@pytest.mark.parametrize("sku", ANY_SKUS)
def test_any_sku_can_be_addressed(api: ApiCaller, site: Site, sku: str) -> None:
    location = make_location(site)
    make_product(site, variants=[{"sku": sku}])
    put_in_stock(location, **{sku: 4})

    assert [row["stock_level"] for row in api.get(stock_of(sku)).json()] == [4]


def test_a_sku_that_nobody_knows(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    make_product(site, "A")
    put_in_stock(location, ONLY_COUNTED=3)

    assert api.get(stock_of("A")).json() == []
    assert [row["stock_level"] for row in api.get(stock_of("ONLY_COUNTED")).json()] == [3]
    answer = api.get(stock_of("a"))
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


def test_scopes(site: Site) -> None:
    make_product(site, "A")
    for scope, status in (("products.stock.read", 200), ("products.stock", 200), ("products", 403), ("setup", 403)):
        assert caller_with(site, scope).get(stock_of("A")).status_code == status
