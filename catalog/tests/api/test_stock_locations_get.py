"""GET /api/v1/stock-locations."""

from __future__ import annotations

from catalog.tests.cast import LOCATIONS, caller_with, faults, make_location
from core.models import Site
from tests.callers import ApiCaller


def test_the_list_is_by_our_id(api: ApiCaller, site: Site, other_site: Site) -> None:
    locations = [make_location(site, name) for name in ("b", "a", "c")]
    make_location(other_site, "a")

    answer = api.get(LOCATIONS)

    assert [row["id"] for row in answer.json()] == [location.public_id for location in locations]
    assert answer.json()[0] == api.get(f"{LOCATIONS}/b").json()
    refused = api.get(f"{LOCATIONS}?limit=1")
    assert (refused.status_code, faults(refused)) == (400, [("unknown-parameter", "limit")])


def test_scopes(site: Site) -> None:
    make_location(site)
    for scope, status in (("setup.read", 200), ("setup", 200), ("products.stock", 403), ("products", 403)):
        assert caller_with(site, scope).get(LOCATIONS).status_code == status
