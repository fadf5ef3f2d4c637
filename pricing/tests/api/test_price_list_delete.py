"""DELETE /api/v1/price-lists/{slug}."""

from __future__ import annotations

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.models import Price, PriceList, PriceListRule
from pricing.tests.cast import LISTS, faults, make_price_list, rule
from tests.callers import ApiCaller

BASE = {"slug": "new", "name": "New", "currency_code": "GBP"}


def test_a_list_goes_with_its_rules_and_prices(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["10"])
    make_price_list(site, "trade", rules=[rule("base")], ROPE=["9"])
    answer = api.delete(f"{LISTS}/base")
    assert (answer.status_code, faults(answer)) == (400, [("resource-in-use", "slug")])
    assert api.delete(f"{LISTS}/trade").status_code == 204
    assert (PriceListRule.objects.count(), Price.objects.count()) == (0, 1)
    assert api.delete(f"{LISTS}/base").status_code == 204
    assert (PriceList.objects.count(), Price.objects.count()) == (0, 0)
    assert api.delete(f"{LISTS}/base").status_code == 404


@pytest.mark.parametrize("scope", ["setup", "products.pricing"])
def test_scopes(site: Site, scope: str) -> None:
    make_price_list(site, "base")
    assert caller_with(site, f"{scope}.read").delete(f"{LISTS}/base").status_code == 403
    assert caller_with(site, "products", "orders").delete(f"{LISTS}/base").status_code == 403
    assert caller_with(site, scope).delete(f"{LISTS}/base").status_code == 204
