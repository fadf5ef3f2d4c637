"""POST /api/v1/products."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.api.answers import ProductAnswer, VariantAnswer
from catalog.models import Product, ProductVariant, Stock
from catalog.tests.cast import PRODUCTS, at, caller_with, faults, make_location, make_product, members, sample
from core.models import Site
from tests.callers import ApiCaller

JUMPER = {"title": "Striped Jumper", "slug": "striped-jumper"}


def with_variant(**sent: Any) -> dict[str, Any]:
    return JUMPER | {"variants": [{"sku": "A"} | sent]}


def test_the_reference_s_request_is_answered_with_its_answer_s_members(api: ApiCaller, site: Site) -> None:
    location = make_location(site, "warehouse-1")

    answer = api.post(PRODUCTS, json=at(location, sample("product-create.request")))

    assert answer.status_code == 200
    body, expected = answer.json(), at(location, sample("product.answer"))
    assert members(body) == members(expected)
    [variant], [expected_variant] = body["variants"], expected["variants"]
    assert body["id"] == Product.objects.get().public_id
    assert (variant["id"], variant["product_id"]) == (ProductVariant.objects.get().public_id, body["id"])
    for made in (body, variant):
        assert made.pop("created_at").endswith("Z")
        assert made.pop("updated_at").endswith("Z")
    made_here = {"id", "product_id", "created_at", "updated_at", "variants"}
    for made, printed in ((body, expected), (variant, expected_variant)):
        assert {name: made[name] for name in made if name not in made_here} == {
            name: printed[name] for name in printed if name not in made_here
        }


def test_only_title_slug_and_skus_are_needed(api: ApiCaller) -> None:
    body = api.post(PRODUCTS, json=JUMPER | {"variants": [{"sku": "A"}, {"sku": "B"}]}).json()

    assert (body["external_id"], [variant["sku"] for variant in body["variants"]]) == ("", ["A", "B"])
    assert {name: body["variants"][0][name] for name in VariantAnswer.model_fields} == body["variants"][0]
    default = body["variants"][0]
    assert (default["status"], default["position"], default["tax_type"]) == ("pending", 1, 1)
    assert (default["weight_in_grams"], default["cart_image_url"], default["external_id"]) == (0, None, "")
    assert (default["rrp"], default["options"], default["settings"], default["stock"]) == ([], [], [], [])


def test_a_product_may_have_no_variants(api: ApiCaller) -> None:
    assert api.post(PRODUCTS, json=JUMPER).json()["variants"] == []


def test_the_answer_has_the_members_that_the_schema_declares_in_their_order(api: ApiCaller) -> None:
    body = api.post(PRODUCTS, json=with_variant()).json()

    assert list(body) == list(ProductAnswer.model_fields)
    assert list(body["variants"][0]) == list(VariantAnswer.model_fields)


def test_variants_are_answered_by_position(api: ApiCaller) -> None:
    sent = [("A", 3), ("B", None), ("C", 1.5), ("D", 1.5), ("E", -1)]
    body = JUMPER | {"variants": [{"sku": sku, "position": position} for sku, position in sent]}

    assert [variant["sku"] for variant in api.post(PRODUCTS, json=body).json()["variants"]] == list("ECDAB")


def test_numbers_are_answered_as_they_were_sent(api: ApiCaller) -> None:
    sent = {"weight_in_grams": 0.1, "tax_type": 2.5, "position": 100, "rrp": [{"value": 1e3, "currency_code": "jpy"}]}
    answer = api.post(PRODUCTS, json=with_variant(**sent))

    assert b'"weight_in_grams":0.1,"tax_type":2.5,"position":100,' in answer.content
    assert b'"rrp":[{"value":1000,"currency_code":"jpy"}]' in answer.content


def test_the_group_base_is_the_default_one(api: ApiCaller) -> None:
    answer = api.post(PRODUCTS, json=with_variant(settings=[{"customer_group": "base", "sell": False}]))

    [rule] = answer.json()["variants"][0]["settings"]
    assert (rule["customer_group"], rule["pack_size"], rule["sell"], rule["display"]) == ("default", 1, False, None)


def test_a_location_is_named_by_its_external_id_too(api: ApiCaller, site: Site) -> None:
    location = make_location(site, "warehouse-1")
    level = {"stock_location_id": "warehouse-1", "stock_level": -4}

    answer = api.post(PRODUCTS, json=with_variant(stock=[level]))

    assert answer.json()["variants"][0]["stock"] == [
        {"stock_location_id": location.public_id, "stock_level": -4, "restock_date": None, "min_stock_level": 0}
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, {("required", "title"), ("required", "slug")}),
        ({"title": None, "slug": ""}, {("invalid", "title"), ("too-short", "slug")}),
        ({"title": "x" * 256, "slug": "x" * 256}, {("too-long", "title"), ("too-long", "slug")}),
        (JUMPER | {"external_id": "pp_1"}, {("reserved-prefix", "external_id")}),
        (JUMPER | {"external_id": "x" * 101}, {("too-long", "external_id")}),
        (JUMPER | {"variants": {}}, {("invalid", "variants")}),
        (JUMPER | {"variants": [{}]}, {("required", "variants[0].sku")}),
        (with_variant(sku="x" * 101), {("too-long", "variants[0].sku")}),
        (with_variant(sku=""), {("too-short", "variants[0].sku")}),
        (with_variant(external_id="pv_1"), {("reserved-prefix", "variants[0].external_id")}),
        (with_variant(status="on sale"), {("invalid", "variants[0].status")}),
        (with_variant(weight_in_grams=-1), {("invalid", "variants[0].weight_in_grams")}),
        (with_variant(weight_in_grams=1e9), {("invalid", "variants[0].weight_in_grams")}),
        (with_variant(weight_in_grams="heavy"), {("invalid", "variants[0].weight_in_grams")}),
        (with_variant(position=0.1234567), {("invalid", "variants[0].position")}),
        (with_variant(cart_image_url="javascript:alert(1)"), {("invalid", "variants[0].cart_image_url")}),
        (with_variant(cart_image_url="https://" + "x" * 505), {("too-long", "variants[0].cart_image_url")}),
        (with_variant(rrp=[{"value": -1, "currency_code": "gbp"}]), {("invalid", "variants[0].rrp[0].value")}),
        (with_variant(rrp=[{"value": 1, "currency_code": "xxx"}]), {("invalid", "variants[0].rrp[0].currency_code")}),
        (with_variant(rrp=[{"value": 1}]), {("required", "variants[0].rrp[0].currency_code")}),
        (
            with_variant(rrp=[{"value": 1, "currency_code": "gbp"}, {"value": 2, "currency_code": "GBP"}]),
            {("repeated", "variants[0].rrp")},
        ),
        (
            with_variant(options=[{"group": "Size", "value": "S"}, {"group": "Size", "value": "M"}]),
            {("repeated", "variants[0].options")},
        ),
        (
            with_variant(settings=[{"customer_group": "base"}, {"customer_group": "default"}]),
            {("repeated", "variants[0].settings")},
        ),
        (
            with_variant(settings=[{"customer_group": "trade", "pack_size": 0, "min_order_quantity": -1}]),
            {
                ("invalid", "variants[0].settings[0].pack_size"),
                ("invalid", "variants[0].settings[0].min_order_quantity"),
            },
        ),
        (with_variant(settings=[{"pack_size": 2}]), {("required", "variants[0].settings[0].customer_group")}),
        (with_variant(stock=[{"stock_location_id": "x"}]), {("required", "variants[0].stock[0].stock_level")}),
        (
            with_variant(stock=[{"stock_location_id": "x", "stock_level": 2**31, "restock_date": "2026-02-30"}]),
            {("invalid", "variants[0].stock[0].stock_level"), ("invalid", "variants[0].stock[0].restock_date")},
        ),
        (
            with_variant(stock=[{"stock_location_id": "nowhere", "stock_level": 1}]),
            {("resource-not-found", "variants[0].stock[0].stock_location_id")},
        ),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, body: Any, found: set[tuple[str, str]]) -> None:
    answer = api.post(PRODUCTS, json=body)

    assert (answer.status_code, set(faults(answer))) == (400, found)
    assert not Product.objects.exists()
    assert not Stock.objects.exists()


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"slug": "product-A"}, ["slug"]),
        ({"external_id": "P-A"}, ["external_id"]),
        ({"variants": [{"sku": "NEW"}, {"sku": "A"}]}, ["variants[1].sku"]),
        ({"variants": [{"sku": "NEW", "external_id": "ext-A"}]}, ["variants[0].external_id"]),
        ({"variants": [{"sku": "NEW"}, {"sku": "NEW"}]}, ["variants[1].sku"]),
        (
            {"slug": "product-A", "external_id": "P-A", "variants": [{"sku": "A", "external_id": "ext-A"}]},
            ["slug", "external_id", "variants[0].sku", "variants[0].external_id"],
        ),
    ],
)
def test_names_that_are_taken(api: ApiCaller, site: Site, sent: dict[str, Any], taken: list[str]) -> None:
    make_product(site, "A")

    answer = api.post(PRODUCTS, json=JUMPER | sent)

    assert (answer.status_code, answer.json()["title"]) == (409, "resource-already-exists")
    assert sorted(faults(answer)) == sorted(("resource-already-exists", name) for name in taken)
    assert Product.objects.count() == 1


def test_names_differ_by_every_letter(api: ApiCaller, site: Site) -> None:
    make_product(site, "A")
    skus = ["a", "A ", " A", "Å", "A\u030a"]

    answer = api.post(PRODUCTS, json=JUMPER | {"variants": [{"sku": sku} for sku in skus]})

    assert [variant["sku"] for variant in answer.json()["variants"]] == skus


def test_skus_sent_as_numbers_are_their_digits(api: ApiCaller) -> None:
    answer = api.post(PRODUCTS, json=with_variant(sku=5060001100016, external_id=7) | {"external_id": 12})

    body = answer.json()
    assert (body["external_id"], body["variants"][0]["sku"]) == ("12", "5060001100016")


def test_stock_needs_its_own_scope(site: Site) -> None:
    make_location(site)
    api = caller_with(site, "products")
    level = {"stock_location_id": "default", "stock_level": 4}

    refused = api.post(PRODUCTS, json=with_variant(stock=[level]))

    assert (refused.status_code, faults(refused)) == (403, [("scope-missing", "variants[0].stock")])
    assert api.post(PRODUCTS, json=with_variant(stock=[])).status_code == 200


def test_a_repeat_under_a_key_makes_no_second_product(api: ApiCaller) -> None:
    answers = [api.post(PRODUCTS, json=JUMPER, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].content == answers[1].content


def test_a_hundred_variants_cost_as_many_statements_as_one(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    counts = []
    for size in (1, 100):
        variants = [
            at(location, sample("variant-patch.request"))
            | {"sku": f"{size}-{number}", "external_id": f"{size}-{number}"}
            for number in range(size)
        ]
        body = {"title": "Jumper", "slug": f"jumper-{size}", "variants": variants}
        with CaptureQueriesContext(connection) as queries:
            answer = api.post(PRODUCTS, json=body)
        assert (answer.status_code, len(answer.json()["variants"])) == (200, size)
        counts.append(len(queries))
    assert counts == [17, 17]
