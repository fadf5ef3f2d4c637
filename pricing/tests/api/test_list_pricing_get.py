"""GET /api/v1/price-lists/{slug}/pricing, as JSON and CSV."""

from __future__ import annotations

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.tests.cast import LISTS, make_price_list, stored
from tests.callers import ApiCaller

PRICES = f"{LISTS}/base/pricing"


CSV = "text/csv"


def test_what_stands_on_a_list_is_read_flat_and_as_csv(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=[(10, "0.9"), "1"], AXE=["2.333"])
    make_price_list(site, "trade", rules=[{"source_price_list_slug": "base"}])
    assert api.get(PRICES).json() == [
        {"sku": "AXE", "quantity": 1, "price": 2.333, "unit_of_measure": None},
        {"sku": "ROPE", "quantity": 1, "price": 1, "unit_of_measure": None},
        {"sku": "ROPE", "quantity": 10, "price": 0.9, "unit_of_measure": None},
    ]
    answer = api.get(PRICES, content_type=CSV)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "sku,quantity,price,unit_of_measure,tax_type,display_tax_rate",
        "AXE,1,2.333,,net,",
        "ROPE,1,1,,net,",
        "ROPE,10,0.9,,net,",
    ]
    before = stored(site)
    assert api.patch(PRICES, body=answer.content, content_type=CSV).status_code == 204
    assert stored(site) == before
    for path, content_type in ((f"{LISTS}/trade/pricing", "application/json"), (f"{LISTS}/trade/pricing", CSV)):
        answer = api.get(path, content_type=content_type)
        assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"{LISTS}/none/pricing").status_code == 404


def test_scopes(site: Site) -> None:
    make_price_list(site, "base", ROPE=["1"])
    for scope, status in (("products.pricing", 200), ("products.pricing.read", 200), ("products", 403), ("setup", 403)):
        assert caller_with(site, scope).get(PRICES).status_code == status
