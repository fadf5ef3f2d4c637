"""PATCH /api/v1/variants/{id}."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Product, Stock
from catalog.tests.cast import NOW, VARIANTS, at, caller_with, faults, make_location, make_product, sample, variant_of
from core.models import Site
from tests.callers import ApiCaller


def test_the_reference_s_request_is_answered_as_sent(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    make_product(site, "A")
    sent = at(location, sample("variant-patch.request"))

    answer = api.patch(f"{VARIANTS}/ext-A", json=sent)

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in sent} == sent
    assert Product.objects.get().updated_at > NOW


def test_what_was_answered_can_be_sent_back(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    make_product(site, "A", variants=[at(location, sample("variant-patch.request"))])
    before = api.get(f"{VARIANTS}/IDV001").json()

    assert api.patch(f"{VARIANTS}/IDV001", json=before).json() == before


def test_only_what_is_named_changes(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    make_product(site, "A", variants=[at(location, sample("variant-patch.request")), {"sku": "B"}])
    before = api.get(f"{VARIANTS}/IDV001").json()

    after = api.patch(f"{VARIANTS}/IDV001", json={"status": "discontinued", "options": []}).json()

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"updated_at", "status", "options"}
    assert variant_of(site, "B").updated_at == NOW


@pytest.mark.parametrize(
    ("body", "status", "found"),
    [
        ({"sku": None}, 400, [("invalid", "sku")]),
        ({"sku": ""}, 400, [("too-short", "sku")]),
        ({"external_id": "pv_7"}, 400, [("reserved-prefix", "external_id")]),
        ({"sku": "B"}, 409, [("resource-already-exists", "sku")]),
        ({"external_id": "ext-B"}, 409, [("resource-already-exists", "external_id")]),
        ({"sku": "C", "external_id": "ext-C"}, 409, [("resource-already-exists", "sku")] * 1),
        (
            {"stock": [{"stock_location_id": "sl_999", "stock_level": 1}]},
            400,
            [("resource-not-found", "stock[0].stock_location_id")],
        ),
        (
            {"stock": [{"stock_location_id": name, "stock_level": 1} for name in ("default", "{location}")]},
            400,
            [("repeated", "stock[1].stock_location_id")],
        ),
    ],
)
def test_what_is_refused_changes_nothing(
    api: ApiCaller, site: Site, body: Any, status: int, found: list[tuple[str, str]]
) -> None:
    location = make_location(site)
    make_product(site, "A", "B")
    make_product(site, "C")
    before = api.get(f"{VARIANTS}/ext-A").content
    for level in body.get("stock", []):
        level["stock_location_id"] = level["stock_location_id"].format(location=location.public_id)

    answer = api.patch(f"{VARIANTS}/ext-A", json=body)

    assert answer.status_code == status
    assert set(found) <= set(faults(answer))
    assert api.get(f"{VARIANTS}/ext-A").content == before
    assert not Stock.objects.exists()


def test_what_is_not_there(api: ApiCaller) -> None:
    assert api.patch(f"{VARIANTS}/pv_999999", json={"status": "live"}).status_code == 404


def test_scopes(site: Site) -> None:
    make_location(site)
    make_product(site, "A")
    level = {"stock_location_id": "default", "stock_level": 4}
    assert caller_with(site, "products.read").patch(f"{VARIANTS}/ext-A", json={}).status_code == 403
    without = caller_with(site, "products").patch(f"{VARIANTS}/ext-A", json={"stock": [level]})
    assert (without.status_code, faults(without)) == (403, [("scope-missing", "stock")])
    both = caller_with(site, "products", "products.stock")
    assert both.patch(f"{VARIANTS}/ext-A", json={"stock": [level]}).json()["stock"][0]["stock_level"] == 4
