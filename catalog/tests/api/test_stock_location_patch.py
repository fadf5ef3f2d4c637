"""PATCH /api/v1/stock-locations/{id}."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from catalog.tests.cast import LOCATIONS, caller_with, faults, make_location, sample
from core.models import Site
from tests.callers import ApiCaller


def test_an_external_id_is_taken_once(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_location(site, "quay")
    make_location(site, "dock")
    make_location(other_site, "free")
    answer = api.patch(f"{LOCATIONS}/dock", json={"external_id": "quay"})
    assert (answer.status_code, answer.json()["title"]) == (409, "resource-already-exists")
    assert faults(answer) == [("resource-already-exists", "external_id")]
    assert api.patch(f"{LOCATIONS}/quay", json={"external_id": "quay"}).status_code == 200
    assert api.patch(f"{LOCATIONS}/dock", json={"external_id": "free"}).status_code == 200


def test_a_change_by_either_id(api: ApiCaller, site: Site) -> None:
    location = make_location(site, "a/b c%?")

    first = api.patch(f"{LOCATIONS}/{quote('a/b c%?', safe='')}", json=sample("stock-location-patch.request"))
    second = api.patch(f"{LOCATIONS}/{location.public_id}", json={"name": "Quay"})

    assert first.json() == sample("stock-location.answer") | {"id": location.public_id}
    assert second.json() == first.json() | {"name": "Quay"}
    cleared = api.patch(f"{LOCATIONS}/{location.public_id}", json={"name": None})
    assert (cleared.status_code, faults(cleared)) == (400, [("invalid", "name")])


@pytest.mark.parametrize("name", ["sl_0", "sl_999999", "sl_x", "unknown"])
def test_what_is_not_there(api: ApiCaller, name: str) -> None:
    answer = api.patch(f"{LOCATIONS}/{name}", json={"name": "Quay"})
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


def test_scopes(site: Site) -> None:
    make_location(site)
    for scope, status in (("setup.read", 403), ("products.stock", 403), ("products", 403), ("setup", 200)):
        assert caller_with(site, scope).patch(f"{LOCATIONS}/default", json={"name": "Quay"}).status_code == status
