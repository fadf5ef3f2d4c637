"""GET and PATCH /api/v1/customer-groups/{slug}/settings."""

from __future__ import annotations

from typing import Any

import pytest

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


def test_a_group_that_sets_nothing_answers_nothing(api: ApiCaller) -> None:
    assert api.get(SETTINGS).json() == []
    assert api.get("/api/v1/customer-groups/base/settings").json() == []


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

    path = f"/api/v1/customer-groups/{slug}/settings"
    for answer in (api.get(path), api.patch(path, json=[])):
        assert answer.status_code == 400
        assert [(error["code"], error["property"]) for error in answer.json()["errors"]] == [
            ("resource-id-not-found", "slug")
        ]


def test_reading_set_up_data_is_not_writing_it(site: Site) -> None:
    reader = make_caller(site, scopes=["setup.read"])
    assert (reader.get(SETTINGS).status_code, reader.patch(SETTINGS, json=[]).status_code) == (200, 403)


def test_many_currencies_take_as_many_statements_as_one(
    api: ApiCaller, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    codes = ["GBP", "EUR", "USD", "CHF", "JPY", "NOK", "SEK", "DKK", "PLN", "CZK"]
    many = setting(*(POUNDS | {"currency_code": code, "minimum_value": 5} for code in codes))
    with django_assert_max_num_queries(12):
        assert api.patch(SETTINGS, json=many).status_code == 204
    with django_assert_num_queries(2):
        assert len(api.get(SETTINGS).json()[0]["value"]) == 10
