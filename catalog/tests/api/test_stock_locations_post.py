"""POST /api/v1/stock-locations."""

from __future__ import annotations

from typing import Any

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
    make_location(other_site, "free")
    answer = api.post(LOCATIONS, json={"name": "Quay", "external_id": "quay"})
    assert (answer.status_code, answer.json()["title"]) == (409, "resource-already-exists")
    assert faults(answer) == [("resource-already-exists", "external_id")]
    assert api.post(LOCATIONS, json={"name": "Free", "external_id": "free"}).status_code == 200


def test_scopes(site: Site) -> None:
    body = sample("stock-location-create.request")
    for scope, status in (("setup.read", 403), ("products.stock", 403), ("products", 403), ("setup", 200)):
        assert caller_with(site, scope).post(LOCATIONS, json=body).status_code == status
