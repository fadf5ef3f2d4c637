"""POST /api/v1/shipping-methods."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from purchasing.models import ShippingMethod
from purchasing.tests.bakers import make_shipping_method
from purchasing.tests.bodies import sample
from tests.callers import ApiCaller, make_caller

METHODS = "/api/v1/shipping-methods"


NEW: dict[str, Any] = {"sku": "VAN", "title": "Van", "countries": ["GB"]}


WEIGHT: dict[str, Any] = {"type": "weight", "min": 0, "max": 2000}


PRICE: dict[str, Any] = {"type": "price", "min": 250, "max": None, "currency_code": "gbp"}


FIXED: dict[str, Any] = {"type": "fixed", "amount": 4.9, "currency_code": "gbp"}


def band(**members: Any) -> dict[str, Any]:
    free: dict[str, Any] = {"name": "", "priority": 0, "sku": "", "requirement": None, "cost": {"type": "free"}}
    return free | members


def faults(answer: Any) -> list[tuple[str, str | None]]:
    assert answer.status_code == 400, answer.content
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]


def test_the_reference_s_request_is_answered_as_it_prints_it(api: ApiCaller) -> None:
    answer = api.post(METHODS, json=sample("shipping-method-create.request"))

    assert answer.status_code == 200
    method = ShippingMethod.objects.get()
    times = {name: answer.json()[name] for name in ("created_at", "updated_at")}
    assert answer.json() == sample("shipping-method.answer") | {"id": method.public_id} | times
    assert all(time.endswith("Z") for time in times.values())
    listed: Any = sample("shipping-methods.answer")
    assert api.get(METHODS).json() == [listed[0] | {"id": method.public_id} | times]


def test_only_sku_title_and_countries_are_needed(api: ApiCaller) -> None:
    body = api.post(METHODS, json=NEW).json()

    assert (body["prority"], body["groups"], body["bands"]) == (0, ["default"], [])


@pytest.mark.parametrize(
    ("sent", "prority"),
    [
        ({"priority": 7}, 7),
        ({"prority": 7}, 7),
        ({"prority": 3, "priority": 7}, 3),
        ({"prority": None, "priority": 7}, 7),
        ({"prority": 4.0}, 4),
        ({"prority": 127}, 127),
    ],
)
def test_both_spellings_of_priority_are_read(api: ApiCaller, sent: dict[str, Any], prority: int) -> None:
    body = api.post(METHODS, json=NEW | sent).json()

    assert body["prority"] == prority
    assert "priority" not in body


def test_bands_are_answered_as_they_were_sent(api: ApiCaller) -> None:
    bands = [
        band(name="worth it", priority=1, sku="FREE", requirement=PRICE),
        band(requirement=WEIGHT, cost=FIXED),
        band(requirement=PRICE | {"max": 300.5}, cost=FIXED | {"amount": 0}),
        band(),
    ]

    assert api.post(METHODS, json=NEW | {"bands": bands}).json()["bands"] == bands


def test_base_is_default(api: ApiCaller) -> None:
    assert api.post(METHODS, json=NEW | {"groups": ["base", "eu"]}).json()["groups"] == ["default", "eu"]


def test_a_taken_sku_is_400(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_shipping_method(other_site, "VAN")

    assert api.post(METHODS, json=NEW).status_code == 200
    assert faults(api.post(METHODS, json=NEW)) == [("resource-already-exists", "sku")]
    assert ShippingMethod.objects.for_site(site).count() == 1


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"sku": None, "title": None, "countries": None}, {"sku", "title", "countries"}),
        ({"sku": "", "title": "", "countries": []}, {"sku", "title", "countries"}),
        ({"sku": "x" * 51, "title": "x" * 51}, {"sku", "title"}),
        ({"sku": "sm_5"}, {"sku"}),
        ({"prority": 128}, {"prority"}),
        ({"priority": -1}, {"prority"}),
        ({"prority": 1.5}, {"prority"}),
        ({"countries": ["GB", "Britain", 5]}, {"countries[1]", "countries[2]"}),
        ({"groups": ["x" * 31]}, {"groups[0]"}),
        ({"bands": {}}, {"bands"}),
        ({"bands": [{}]}, {"bands[0].cost"}),
        ({"bands": [band(cost={"type": "cheap"})]}, {"bands[0].cost.type"}),
        ({"bands": [band(cost={})]}, {"bands[0].cost.type"}),
        (
            {"bands": [band(cost={"type": "fixed"})]},
            {"bands[0].cost.amount", "bands[0].cost.currency_code"},
        ),
        ({"bands": [band(cost=FIXED | {"amount": -1})]}, {"bands[0].cost.amount"}),
        ({"bands": [band(requirement={"type": "volume"})]}, {"bands[0].requirement.type"}),
        ({"bands": [band(requirement={"type": "price"})]}, {"bands[0].requirement.currency_code"}),
        ({"bands": [band(requirement=WEIGHT | {"min": 3000})]}, {"bands[0].requirement"}),
        ({"bands": [band(requirement=PRICE, cost=FIXED | {"currency_code": "eur"})]}, {"bands[0]"}),
    ],
)
def test_faults(api: ApiCaller, members: dict[str, Any], expected: set[str]) -> None:
    answer = api.post(METHODS, json=NEW | members)

    assert {member for _, member in faults(answer)} == expected
    assert not ShippingMethod.objects.exists()


def test_the_scope_is_setup(site: Site) -> None:
    for scope, status in (("setup.read", 403), ("orders", 403), ("products", 403), ("setup", 200)):
        assert make_caller(site, name=scope, scopes=[scope]).post(METHODS, json=NEW).status_code == status
