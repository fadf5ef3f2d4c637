"""PATCH /api/v1/products/{id}."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import ProductVariant, Stock
from catalog.tests.cast import (
    NOW,
    PRODUCTS,
    at,
    caller_with,
    faults,
    make_location,
    make_product,
    put_in_stock,
    sample,
    variant_of,
)
from core.models import Site
from tests.callers import ApiCaller


def test_the_reference_s_request_changes_what_it_names(api: ApiCaller, site: Site) -> None:
    location = make_location(site, "warehouse-1")
    created = api.post(PRODUCTS, json=at(location, sample("product-create.request"))).json()

    answer = api.patch(f"{PRODUCTS}/ID001", json=at(location, sample("product-patch.request")) | {"title": "Jumper"})

    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("title") == "Jumper"
    assert body.pop("updated_at") > created.pop("updated_at")
    assert body["variants"] == created["variants"]  # they stand as they were sent, with their times
    assert body == {name: value for name, value in created.items() if name != "title"}


def test_what_was_answered_can_be_sent_back(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    product = make_product(site, "A", "B", variants=[at(location, sample("variant-patch.request")), {"sku": "B"}])
    path = f"{PRODUCTS}/{product.public_id}"
    before = api.get(path).json()

    assert api.patch(path, json=before).json() == before


def test_nothing_sent_changes_nothing(api: ApiCaller, site: Site) -> None:
    product = make_product(site, "A")
    path = f"{PRODUCTS}/{product.public_id}"
    before = api.get(path).json()

    after = api.patch(path, json={"title": None, "variants": None} | {"title": "Product A"}).json()

    assert after == before


@pytest.mark.parametrize(
    "name",
    [{"id": "{id}"}, {"id": "ext-A"}, {"external_id": "ext-A"}, {"sku": "A"}, {"external_id": "ext-A", "sku": "C"}],
)
def test_a_variant_is_recognised_by_id_external_id_and_sku(api: ApiCaller, site: Site, name: dict[str, str]) -> None:
    product = make_product(site, "A", "B")
    variant = variant_of(site, "A")
    sent = {member: value.format(id=variant.public_id) for member, value in name.items()}

    body = api.patch(f"{PRODUCTS}/{product.public_id}", json={"variants": [sent | {"status": "suspended"}]}).json()

    found = [(row["id"], row["status"]) for row in body["variants"]]
    assert found == [(variant.public_id, "suspended"), (variant_of(site, "B").public_id, "live")]
    assert body["variants"][0]["sku"] == name.get("sku", "A")


def test_the_id_comes_before_the_external_id_and_that_before_the_sku(api: ApiCaller, site: Site) -> None:
    product = make_product(site, "A", "B", "C")
    sent = [
        {"id": variant_of(site, "A").public_id, "external_id": "ext-C", "sku": "X"},
        {"external_id": "ext-B", "sku": "C"},
        {"id": variant_of(site, "C").public_id, "external_id": "ext-A", "sku": "B"},
    ]

    body = api.patch(f"{PRODUCTS}/{product.public_id}", json={"variants": sent}).json()

    found = [(row["sku"], row["external_id"]) for row in body["variants"]]
    assert found == [("X", "ext-C"), ("C", "ext-B"), ("B", "ext-A")]


def test_a_variant_that_is_not_recognised_is_added(api: ApiCaller, site: Site) -> None:
    product = make_product(site, "A")

    body = api.patch(f"{PRODUCTS}/{product.public_id}", json={"variants": [{"sku": "NEW", "external_id": "N"}]}).json()

    assert [(row["sku"], row["status"]) for row in body["variants"]] == [("A", "live"), ("NEW", "pending")]


def test_lists_are_replaced_when_sent_and_other_stock_stays(api: ApiCaller, site: Site) -> None:
    near, far = make_location(site), make_location(site, "far")
    full = at(near, sample("variant-patch.request")) | {"sku": "A"}
    product = make_product(site, "A", variants=[full])
    put_in_stock(far, A=5)
    path = f"{PRODUCTS}/{product.public_id}"

    untouched = api.patch(path, json={"variants": [{"sku": "A", "status": "live"}]}).json()["variants"][0]
    changed = api.patch(
        path,
        json={
            "variants": [
                {
                    "sku": "A",
                    "rrp": [{"value": 2, "currency_code": "eur"}],
                    "options": [],
                    "settings": [{"customer_group": "trade", "pack_size": None}],
                    "stock": [{"stock_location_id": "default", "stock_level": 1}],
                }
            ]
        },
    ).json()["variants"][0]

    assert (untouched["rrp"], untouched["options"], untouched["settings"]) == (
        full["rrp"],
        full["options"],
        full["settings"],
    )
    assert (changed["rrp"], changed["options"]) == ([{"value": 2, "currency_code": "eur"}], [])
    assert [(rule["customer_group"], rule["pack_size"]) for rule in changed["settings"]] == [("trade", None)]
    assert [(row["stock_location_id"], row["stock_level"], row["restock_date"]) for row in changed["stock"]] == [
        (near.public_id, 1, None),
        (far.public_id, 5, None),
    ]


def test_null_clears_what_may_be_null(api: ApiCaller, site: Site) -> None:
    variant = {"sku": "A", "position": 4, "cart_image_url": "https://example.com/a.png", "weight_in_grams": 10}
    product = make_product(site, "A", variants=[variant])
    sent = dict.fromkeys(("position", "cart_image_url", "weight_in_grams", "external_id", "status", "rrp"))

    [body] = api.patch(f"{PRODUCTS}/{product.public_id}", json={"variants": [{"sku": "A"} | sent]}).json()["variants"]

    assert (body["position"], body["cart_image_url"], body["weight_in_grams"]) == (None, None, 10)


def test_variants_exchange_their_names(api: ApiCaller, site: Site) -> None:
    product = make_product(site, "A", "B")
    a, b = variant_of(site, "A"), variant_of(site, "B")
    sent = [
        {"id": a.public_id, "sku": "B", "external_id": "ext-B"},
        {"id": b.public_id, "sku": "A", "external_id": "ext-A"},
    ]

    answer = api.patch(f"{PRODUCTS}/{product.public_id}", json={"variants": sent})

    assert [(row["id"], row["sku"], row["external_id"]) for row in answer.json()["variants"]] == [
        (a.public_id, "B", "ext-B"),
        (b.public_id, "A", "ext-A"),
    ]


def test_stock_is_kept_by_the_sku(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    product = make_product(site, "A")
    put_in_stock(location, A=1, B=2)

    body = api.patch(
        f"{PRODUCTS}/{product.public_id}", json={"variants": [{"external_id": "ext-A", "sku": "B"}]}
    ).json()

    assert [row["stock_level"] for row in body["variants"][0]["stock"]] == [2]
    assert list(Stock.objects.order_by("sku").values_list("sku", "stock_level")) == [("A", 1), ("B", 2)]


@pytest.mark.parametrize(
    ("body", "status", "found"),
    [
        ({"title": ""}, 400, [("too-short", "title")]),
        ({"slug": None}, 400, [("invalid", "slug")]),
        ({"variants": [{"id": "pv_999999"}]}, 400, [("resource-not-found", "variants[0].id")]),
        ({"variants": [{"id": "{other}"}]}, 400, [("resource-not-found", "variants[0].id")]),
        ({"variants": [{"status": "live"}]}, 400, [("required", "variants[0].sku")]),
        ({"variants": [{"sku": "A"}, {"external_id": "ext-A"}]}, 400, [("repeated", "variants[1]")]),
        (
            {"variants": [{"external_id": "ext-A", "sku": "OTHER"}]},
            409,
            [("resource-already-exists", "variants[0].sku")],
        ),
        ({"variants": [{"external_id": "ext-A", "sku": "B"}]}, 409, [("resource-already-exists", "variants[0].sku")]),
        ({"variants": [{"sku": "OTHER"}]}, 409, [("resource-already-exists", "variants[0].sku")]),
        ({"slug": "product-OTHER"}, 409, [("resource-already-exists", "slug")]),
        ({"external_id": "P-OTHER"}, 409, [("resource-already-exists", "external_id")]),
        (
            {"title": "New", "variants": [{"sku": "A", "stock": [{"stock_location_id": "x", "stock_level": 1}]}]},
            400,
            [("resource-not-found", "variants[0].stock[0].stock_location_id")],
        ),
    ],
)
def test_what_is_refused_changes_nothing(
    api: ApiCaller, site: Site, body: Any, status: int, found: list[tuple[str, str]]
) -> None:
    product = make_product(site, "A", "B")
    make_product(site, "OTHER")
    path = f"{PRODUCTS}/{product.public_id}"
    before = api.get(path).content
    for variant in body.get("variants", []):
        if variant.get("id") == "{other}":
            variant["id"] = variant_of(site, "OTHER").public_id

    answer = api.patch(path, json=body)

    assert (answer.status_code, faults(answer)) == (status, found)
    assert api.get(path).content == before


def test_one_s_own_names_are_not_taken(api: ApiCaller, site: Site) -> None:
    product = make_product(site, "A")
    same = {"slug": "product-A", "external_id": "P-A", "variants": [{"sku": "A", "external_id": "ext-A"}]}
    assert api.patch(f"{PRODUCTS}/{product.public_id}", json=same).status_code == 200


def test_what_is_not_there(api: ApiCaller) -> None:
    assert api.patch(f"{PRODUCTS}/pp_999999", json={"title": "New"}).status_code == 404


def test_stock_needs_its_own_scope(site: Site) -> None:
    product = make_product(site, "A")
    make_location(site)
    api = caller_with(site, "products", "products.stock.read")
    level = {"stock_location_id": "default", "stock_level": 4}

    answer = api.patch(f"{PRODUCTS}/{product.public_id}", json={"variants": [{"sku": "A", "stock": [level]}]})

    assert (answer.status_code, faults(answer)) == (403, [("scope-missing", "variants[0].stock")])
    assert not Stock.objects.exists()


def test_a_hundred_variants_cost_as_many_statements_as_one(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    full = at(location, sample("variant-patch.request"))
    counts = []
    for size in (1, 100):
        skus = [f"{size}-{number}" for number in range(size)]
        product = make_product(site, *skus)
        variants = [full | {"sku": sku, "external_id": f"ext-{sku}"} for sku in skus]
        with CaptureQueriesContext(connection) as queries:
            answer = api.patch(f"{PRODUCTS}/{product.public_id}", json={"variants": variants})
        assert (answer.status_code, len(answer.json()["variants"])) == (200, size)
        counts.append(len(queries))
    assert counts == [23, 23]
    assert ProductVariant.objects.filter(updated_at__gt=NOW).count() == 101
