"""GET /api/v1/stock-locations/{id}."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from catalog.tests.cast import LOCATIONS, caller_with, make_location
from core.models import Site
from tests.callers import ApiCaller


def test_by_our_id_and_by_its_own(api: ApiCaller, site: Site) -> None:
    location = make_location(site, "a/b c%?")
    answers = [api.get(f"{LOCATIONS}/{name}") for name in (location.public_id, quote("a/b c%?", safe=""))]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json() == {"id": location.public_id, "name": "Warehouse a/b c%?", "external_id": "a/b c%?"}


@pytest.mark.parametrize("name", ["sl_0", "sl_999999", "sl_x", "unknown"])
def test_what_is_not_there(api: ApiCaller, name: str) -> None:
    answer = api.get(f"{LOCATIONS}/{name}")
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


def test_scopes(site: Site) -> None:
    make_location(site)
    for scope, status in (("setup.read", 200), ("setup", 200), ("products.stock", 403), ("products", 403)):
        assert caller_with(site, scope).get(f"{LOCATIONS}/default").status_code == status
