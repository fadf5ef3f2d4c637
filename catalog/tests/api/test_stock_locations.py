"""GET and POST /api/v1/stock-locations, GET and PATCH /api/v1/stock-locations/{id}."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from catalog.models import StockLocation
from catalog.tests.cast import LOCATIONS, caller_with, faults, make_location, members, sample
from core.models import Site
from tests.callers import ApiCaller


def test_the_reference_s_request_is_answered_as_printed(api: ApiCaller) -> None:
    answer = api.post(LOCATIONS, json=sample("stock-location-create.request"))

    assert answer.status_code == 200
    body = answer.json()
    assert members(body) == members(sample("stock-location.answer"))
    assert body == sample("stock-location.answer") | {"id": StockLocation.objects.get().public_id}


def test_the_list_is_by_our_id(api: ApiCaller, site: Site, other_site: Site) -> None:
    locations = [make_location(site, name) for name in ("b", "a", "c")]
    make_location(other_site, "a")

    answer = api.get(LOCATIONS)

    assert [row["id"] for row in answer.json()] == [location.public_id for location in locations]
    assert answer.json()[0] == api.get(f"{LOCATIONS}/b").json()
    refused = api.get(f"{LOCATIONS}?limit=1")
    assert (refused.status_code, faults(refused)) == (400, [("unknown-parameter", "limit")])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, [("required", "name"), ("required", "external_id")]),
        ({"name": None, "external_id": None}, [("invalid", "name"), ("invalid", "external_id")]),
        ({"name": "", "external_id": ""}, [("too-short", "name"), ("too-short", "external_id")]),
        ({"name": "x" * 256, "external_id": "x" * 256}, [("too-long", "name"), ("too-long", "external_id")]),
        ({"name": "Quay", "external_id": "sl_1"}, [("reserved-prefix", "external_id")]),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, body: Any, found: list[tuple[str, str]]) -> None:
    answer = api.post(LOCATIONS, json=body)
    assert (answer.status_code, faults(answer)) == (400, found)
    assert not StockLocation.objects.exists()


def test_an_external_id_is_taken_once(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_location(site, "quay")
    make_location(site, "dock")
    make_location(other_site, "free")
    answers = [
        api.post(LOCATIONS, json={"name": "Quay", "external_id": "quay"}),
        api.patch(f"{LOCATIONS}/dock", json={"external_id": "quay"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["title"]) == (409, "resource-already-exists")
        assert faults(answer) == [("resource-already-exists", "external_id")]
    assert api.patch(f"{LOCATIONS}/quay", json={"external_id": "quay"}).status_code == 200
    assert api.post(LOCATIONS, json={"name": "Free", "external_id": "free"}).status_code == 200


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
    assert api.get(f"{LOCATIONS}/{name}").status_code == 404
    assert api.patch(f"{LOCATIONS}/{name}", json={"name": "Quay"}).status_code == 404


def test_scopes(site: Site) -> None:
    make_location(site)
    reader, stock = caller_with(site, "setup.read"), caller_with(site, "products", "products.stock")
    body = sample("stock-location-create.request")
    assert [reader.get(LOCATIONS).status_code, reader.post(LOCATIONS, json=body).status_code] == [200, 403]
    assert [stock.get(LOCATIONS).status_code, stock.post(LOCATIONS, json=body).status_code] == [403, 403]
