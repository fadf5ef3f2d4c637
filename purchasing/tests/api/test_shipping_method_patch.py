"""PATCH /api/v1/shipping-methods/{id}."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from core.models import Site
from purchasing.models import ShippingMethod
from purchasing.tests.bakers import make_shipping_method
from purchasing.tests.bodies import sample
from tests.callers import ApiCaller, make_caller

METHODS = "/api/v1/shipping-methods"


TWO = [{"name": "A", "cost": {"type": "free"}}, {"name": "B", "cost": {"type": "free"}}]


@pytest.fixture
def method(site: Site) -> ShippingMethod:
    return make_shipping_method(site, "VAN", bands=TWO, priority=5)


@pytest.mark.parametrize("name", ["sm_0", "sm_999999999", "sm_VAN", "van", "THEIRS"])
def test_what_is_not_there_is_404(api: ApiCaller, method: ShippingMethod, other_site: Site, name: str) -> None:
    make_shipping_method(other_site, "THEIRS")

    answer = api.patch(f"{METHODS}/{name}", json={"title": "x"})
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


@pytest.mark.parametrize("sku", ["a/b", "a b", "100%", "a?b=c#d", "%2F", "ä+ö"])
def test_any_sku_can_be_addressed(api: ApiCaller, site: Site, sku: str) -> None:
    make_shipping_method(site, sku)
    assert api.patch(f"{METHODS}/{quote(sku, safe='')}", json={"title": "x"}).json()["sku"] == sku


def test_the_reference_s_request_is_answered_as_it_prints_it(api: ApiCaller, method: ShippingMethod) -> None:
    answer = api.patch(f"{METHODS}/VAN", json=sample("shipping-method-patch.request"))

    body = answer.json()
    times = {name: body[name] for name in ("created_at", "updated_at")}
    assert (answer.status_code, body) == (200, sample("shipping-method.answer") | {"id": method.public_id} | times)
    assert body["created_at"] < body["updated_at"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Lorry"},
        {"sku": "LORRY"},
        {"sku": "VAN"},
        {"prority": 9},
        {"countries": ["IE", "FR"]},
        {"groups": []},
        {"bands": []},
    ],
)
def test_what_is_sent_changes_and_nothing_else(api: ApiCaller, method: ShippingMethod, change: dict[str, Any]) -> None:
    before = api.get(f"{METHODS}/VAN").json()

    body = api.patch(f"{METHODS}/{method.public_id}", json=change).json()

    assert body == before | change | {"updated_at": body["updated_at"]}
    assert api.get(f"{METHODS}/{method.public_id}").json() == body


def test_the_other_spelling_of_priority_is_read(api: ApiCaller, method: ShippingMethod) -> None:
    assert api.patch(f"{METHODS}/VAN", json={"priority": 9}).json()["prority"] == 9


def test_null_is_400_where_setting_up_needs_a_value_and_else_nothing(api: ApiCaller, method: ShippingMethod) -> None:
    before = api.get(f"{METHODS}/VAN").json()
    nothing = api.patch(f"{METHODS}/VAN", json={"prority": None, "groups": None, "bands": None}).json()
    assert nothing == before | {"updated_at": nothing["updated_at"]}
    answer = api.patch(f"{METHODS}/VAN", json={"sku": None, "title": None, "countries": None})
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 3)


def test_a_taken_sku_is_400(api: ApiCaller, site: Site, method: ShippingMethod) -> None:
    make_shipping_method(site, "LORRY")

    answer = api.patch(f"{METHODS}/VAN", json={"sku": "LORRY"})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "resource-already-exists")


def test_the_scope_is_setup(site: Site, method: ShippingMethod) -> None:
    for scope, status in (("setup", 200), ("setup.read", 403), ("orders", 403)):
        assert make_caller(site, name=scope, scopes=[scope]).patch(f"{METHODS}/VAN", json={}).status_code == status


def test_many_bands_take_as_many_statements_as_one(
    api: ApiCaller, method: ShippingMethod, django_assert_num_queries: Any
) -> None:
    for bands in (TWO[:1], TWO * 50):
        with django_assert_num_queries(8):
            assert api.patch(f"{METHODS}/VAN", json={"bands": bands}).status_code == 200
