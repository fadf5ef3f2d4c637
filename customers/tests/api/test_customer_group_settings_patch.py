"""PATCH /api/v1/customer-groups/{slug}/settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.models import OrderMinimum
from customers.tests.cast import make_group, sample
from tests.callers import ApiCaller, make_caller

SETTINGS = "/api/v1/customer-groups/eu/settings"


KEY = "orderTotalsValidation"


POUNDS = {"currency_code": "GBP", "minimum_value": "150.50", "compare_type": "net"}


def setting(*minimums: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": KEY, "value": list(minimums)}]


@pytest.fixture(autouse=True)
def eu(site: Site) -> None:
    make_group(site, "eu")


def test_the_reference_s_request_is_answered_as_it_prints_it(api: ApiCaller) -> None:
    answer = api.patch(SETTINGS, json=sample("customer-group-settings-patch.request"))

    assert (answer.status_code, answer.content) == (204, b"")
    read = api.get(SETTINGS)
    assert (read.status_code, read.json()) == (200, sample("customer-group-settings.answer"))


def test_what_is_sent_takes_the_place_of_what_stood(api: ApiCaller) -> None:
    euros = {"currency_code": "eur", "minimum_value": 200, "compare_type": "gross"}
    api.patch(SETTINGS, json=setting(POUNDS, euros))
    assert api.get(SETTINGS).json() == setting(
        euros, {"currency_code": "gbp", "minimum_value": 150.5, "compare_type": "net"}
    )
    api.patch(SETTINGS, json=setting(euros))
    assert api.get(SETTINGS).json() == setting(euros)


@pytest.mark.parametrize("value", [None, []])
def test_null_or_nothing_takes_it_away(api: ApiCaller, value: Any) -> None:
    api.patch(SETTINGS, json=setting(POUNDS))

    assert api.patch(SETTINGS, json=[{"key": KEY, "value": value}]).status_code == 204
    assert api.get(SETTINGS).json() == []


def test_what_is_not_named_stays(api: ApiCaller) -> None:
    api.patch(SETTINGS, json=setting(POUNDS))

    assert api.patch(SETTINGS, json=[]).status_code == 204
    assert len(api.get(SETTINGS).json()) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([{"value": []}], ("required", "[0].key")),
        ([{"key": KEY}], ("required", "[0].value")),
        ([{"key": "other", "value": []}], ("invalid", "[0].key")),
        ([{"key": KEY, "value": {}}], ("invalid", "[0].value")),
        (setting(POUNDS | {"currency_code": "XXX"}), ("invalid", "[0].value[0].currency_code")),
        (setting(POUNDS | {"minimum_value": -1}), ("invalid", "[0].value[0].minimum_value")),
        (setting(POUNDS | {"minimum_value": "1e3"}), ("invalid", "[0].value[0].minimum_value")),
        (setting(POUNDS | {"minimum_value": None}), ("invalid", "[0].value[0].minimum_value")),
        (setting(POUNDS | {"compare_type": "total"}), ("invalid", "[0].value[0].compare_type")),
        (setting(POUNDS, POUNDS | {"currency_code": "gbp"}), ("invalid", "[0]")),
        (setting(POUNDS) * 2, ("invalid", None)),
    ],
)
def test_faults(api: ApiCaller, body: Any, expected: tuple[str, str | None]) -> None:
    answer = api.patch(SETTINGS, json=body)

    assert answer.status_code == 400
    assert [(error["code"], error["property"]) for error in answer.json()["errors"]] == [expected]
    assert not OrderMinimum.objects.exists()


@pytest.mark.parametrize("slug", ["theirs", "nowhere"])
def test_a_group_that_is_not_there_is_400(api: ApiCaller, other_site: Site, slug: str) -> None:
    make_group(other_site, "theirs", GBP="1")
    answer = api.patch(f"/api/v1/customer-groups/{slug}/settings", json=[])
    assert answer.status_code == 400
    assert [(error["code"], error["property"]) for error in answer.json()["errors"]] == [
        ("resource-id-not-found", "slug")
    ]


def test_the_scope_is_setup(site: Site) -> None:
    for scope, status in (("setup", 204), ("setup.read", 403), ("customers", 403)):
        assert make_caller(site, name=scope, scopes=[scope]).patch(SETTINGS, json=[]).status_code == status


@pytest.mark.parametrize("slug", ["a/b", "a b", "100%", "a?b=c#d", "%2F", "ä+ö", "settings"])
def test_any_slug_can_be_addressed(api: ApiCaller, site: Site, slug: str) -> None:
    group = make_group(site, slug)
    path = f"/api/v1/customer-groups/{quote(slug, safe='')}/settings"
    assert api.patch(path, json=setting(POUNDS)).status_code == 204
    assert OrderMinimum.objects.get().group == group


def test_many_currencies_take_as_many_statements_as_one(api: ApiCaller) -> None:
    codes = ["GBP", "EUR", "USD", "CHF", "JPY", "NOK", "SEK", "DKK", "PLN", "CZK"]
    counts = []
    for some in (codes[:1], codes):
        body = setting(*(POUNDS | {"currency_code": code, "minimum_value": 5} for code in some))
        with CaptureQueriesContext(connection) as queries:
            assert api.patch(SETTINGS, json=body).status_code == 204
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
