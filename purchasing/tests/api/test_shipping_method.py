"""GET and PATCH /api/v1/shipping-methods/{id}."""

from __future__ import annotations

from typing import Any

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


def test_it_is_read_by_id_or_sku(api: ApiCaller, method: ShippingMethod) -> None:
    by_id, by_sku = (api.get(f"{METHODS}/{name}") for name in (method.public_id, "VAN"))

    assert (by_id.status_code, by_id.json()) == (200, by_sku.json())
    assert by_id.json()["id"] == method.public_id


@pytest.mark.parametrize("name", ["sm_0", "sm_999999999", "sm_VAN", "van", "THEIRS"])
def test_what_is_not_there_is_404(api: ApiCaller, method: ShippingMethod, other_site: Site, name: str) -> None:
    make_shipping_method(other_site, "THEIRS")

    assert api.get(f"{METHODS}/{name}").status_code == 404
    assert api.patch(f"{METHODS}/{name}", json={"title": "x"}).status_code == 404


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


def test_reading_set_up_data_is_not_writing_it(site: Site, method: ShippingMethod) -> None:
    reader = make_caller(site, name="Reader", scopes=["setup.read"])
    assert reader.get(f"{METHODS}/VAN").status_code == 200
    assert reader.patch(f"{METHODS}/VAN", json={}).status_code == 403


def test_many_bands_take_as_many_statements_as_one(
    api: ApiCaller, method: ShippingMethod, django_assert_num_queries: Any
) -> None:
    for bands in (TWO[:1], TWO * 50):
        with django_assert_num_queries(8):
            assert api.patch(f"{METHODS}/VAN", json={"bands": bands}).status_code == 200
