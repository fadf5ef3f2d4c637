"""GET /api/v1/shipping-methods/{id}."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from core.models import Site
from purchasing.models import ShippingMethod
from purchasing.tests.bakers import make_shipping_method
from tests.callers import ApiCaller, make_caller

METHODS = "/api/v1/shipping-methods"


TWO = [{"name": "A", "cost": {"type": "free"}}, {"name": "B", "cost": {"type": "free"}}]


@pytest.fixture
def method(site: Site) -> ShippingMethod:
    return make_shipping_method(site, "VAN", bands=TWO, priority=5)


def test_it_is_read_by_id_or_sku(api: ApiCaller, method: ShippingMethod) -> None:
    by_id, by_sku = (api.get(f"{METHODS}/{name}") for name in (method.public_id, "VAN"))

    assert (by_id.status_code, by_id.json()) == (200, by_sku.json())
    assert by_id.json()["id"] == method.public_id


@pytest.mark.parametrize("name", ["sm_0", "sm_999999999", "sm_VAN", "van", "THEIRS"])
def test_what_is_not_there_is_404(api: ApiCaller, method: ShippingMethod, other_site: Site, name: str) -> None:
    make_shipping_method(other_site, "THEIRS")

    answer = api.get(f"{METHODS}/{name}")
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


@pytest.mark.parametrize("sku", ["a/b", "a b", "100%", "a?b=c#d", "%2F", "ä+ö"])
def test_any_sku_can_be_addressed(api: ApiCaller, site: Site, sku: str) -> None:
    make_shipping_method(site, sku)
    assert api.get(f"{METHODS}/{quote(sku, safe='')}").json()["sku"] == sku


def test_the_scope_is_setup(site: Site, method: ShippingMethod) -> None:
    for scope, status in (("setup", 200), ("setup.read", 200), ("orders", 403)):
        assert make_caller(site, name=scope, scopes=[scope]).get(f"{METHODS}/VAN").status_code == status
