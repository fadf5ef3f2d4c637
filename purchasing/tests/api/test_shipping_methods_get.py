"""GET /api/v1/shipping-methods."""

from __future__ import annotations

from typing import Any

from core.models import Site
from purchasing.tests.bakers import make_shipping_method
from tests.callers import ApiCaller, make_caller

METHODS = "/api/v1/shipping-methods"


NEW: dict[str, Any] = {"sku": "VAN", "title": "Van", "countries": ["GB"]}


def band(**members: Any) -> dict[str, Any]:
    free: dict[str, Any] = {"name": "", "priority": 0, "sku": "", "requirement": None, "cost": {"type": "free"}}
    return free | members


def test_all_are_listed_by_id(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_shipping_method(other_site, "THEIRS")
    for sku in ("C", "A", "B"):
        make_shipping_method(site, sku)

    assert [row["sku"] for row in api.get(METHODS).json()] == ["C", "A", "B"]
    assert api.get(f"{METHODS}?sku=A").status_code == 400


def test_the_scope_is_setup(site: Site) -> None:
    for scope, status in (("setup", 200), ("setup.read", 200), ("orders", 403), ("products", 403)):
        assert make_caller(site, name=scope, scopes=[scope]).get(METHODS).status_code == status


def test_many_take_as_many_statements_as_one(api: ApiCaller, site: Site, django_assert_num_queries: Any) -> None:
    free = band()
    for number in range(20):
        make_shipping_method(site, f"M{number}", bands=[free] * 20)
        if number in (0, 19):
            with django_assert_num_queries(2):
                assert len(api.get(METHODS).json()) == number + 1
