"""GET /api/v1/customer-groups/{slug}/settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from core.models import Site
from customers.tests.cast import make_group
from tests.callers import ApiCaller, make_caller

SETTINGS = "/api/v1/customer-groups/eu/settings"


KEY = "orderTotalsValidation"


POUNDS = {"currency_code": "GBP", "minimum_value": "150.50", "compare_type": "net"}


def setting(*minimums: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": KEY, "value": list(minimums)}]


@pytest.fixture(autouse=True)
def eu(site: Site) -> None:
    make_group(site, "eu")


def test_a_group_that_sets_nothing_answers_nothing(api: ApiCaller) -> None:
    assert api.get(SETTINGS).json() == []
    assert api.get("/api/v1/customer-groups/base/settings").json() == []


def test_what_it_sets_itself_by_currency(api: ApiCaller, site: Site) -> None:
    above = make_group(site, "uk", GBP="150.50", EUR="200")
    make_group(site, "wales", parent=above)
    assert api.get("/api/v1/customer-groups/uk/settings").json() == [
        {
            "key": "orderTotalsValidation",
            "value": [
                {"currency_code": "eur", "minimum_value": 200, "compare_type": "gross"},
                {"currency_code": "gbp", "minimum_value": 150.5, "compare_type": "gross"},
            ],
        }
    ]
    assert api.get("/api/v1/customer-groups/wales/settings").json() == []


@pytest.mark.parametrize("slug", ["a/b", "a b", "100%", "a?b=c#d", "%2F", "ä+ö", "settings"])
def test_any_slug_can_be_addressed(api: ApiCaller, site: Site, slug: str) -> None:
    make_group(site, slug, GBP="5")
    answer = api.get(f"/api/v1/customer-groups/{quote(slug, safe='')}/settings")
    assert [minimum["minimum_value"] for minimum in answer.json()[0]["value"]] == [5]


@pytest.mark.parametrize("slug", ["theirs", "nowhere"])
def test_a_group_that_is_not_there_is_400(api: ApiCaller, other_site: Site, slug: str) -> None:
    make_group(other_site, "theirs", GBP="1")
    answer = api.get(f"/api/v1/customer-groups/{slug}/settings")
    assert answer.status_code == 400
    assert [(error["code"], error["property"]) for error in answer.json()["errors"]] == [
        ("resource-id-not-found", "slug")
    ]


def test_the_scope_is_setup(site: Site) -> None:
    for scope, status in (("setup", 200), ("setup.read", 200), ("customers", 403)):
        assert make_caller(site, name=scope, scopes=[scope]).get(SETTINGS).status_code == status


def test_many_currencies_take_as_many_statements_as_one(
    api: ApiCaller, site: Site, django_assert_num_queries: Any
) -> None:
    codes = ["GBP", "EUR", "USD", "CHF", "JPY", "NOK", "SEK", "DKK", "PLN", "CZK"]
    make_group(site, "few", GBP="5")
    make_group(site, "many", parent=None, **dict.fromkeys(codes, "5"))
    for slug, count in (("few", 1), ("many", 10)):
        with django_assert_num_queries(2):
            answer = api.get(f"/api/v1/customer-groups/{slug}/settings")
        assert len(answer.json()[0]["value"]) == count
