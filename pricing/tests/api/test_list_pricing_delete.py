"""DELETE /api/v1/price-lists/{slug}/pricing."""

from __future__ import annotations

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.tests.cast import LISTS, make_price_list, stored
from tests.callers import ApiCaller

PRICES = f"{LISTS}/base/pricing"


def test_a_list_is_emptied(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["1"])
    make_price_list(site, "other", ROPE=["7"])
    assert api.delete(PRICES).status_code == 204
    assert stored(site) == [("other", "ROPE", 1, "7")]
    assert api.delete(f"{LISTS}/none/pricing").status_code == 404


def test_scopes(site: Site) -> None:
    make_price_list(site, "base", ROPE=["1"])
    for scope, status in (("products.pricing", 204), ("products.pricing.read", 403), ("products", 403), ("setup", 403)):
        assert caller_with(site, scope).delete(PRICES).status_code == status
