"""What a body refers to on another site is unknown: the same refusal, in the same words, for either kind of id."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from core.models import Site
from tests.callers import ApiCaller
from tests.two_sites import ADDRESS, CUSTOMERS, GROUPS, PRICE_LISTS, PRODUCTS, VARIANTS, Furniture, furnish, rows_of

ORDERS = "/api/v1/orders"
ITEM = {"sku": "ROPE", "name": "Rope", "quantity": 1, "line_total": {"net": 10, "gross": 12}}
PERSON = {"first_name": "A", "last_name": "B", "email": "new@example.com"}
ORDER: dict[str, Any] = {
    "created_at": "2026-01-31T09:30:00Z",
    "payment_method": "other",
    "customer_id": "HEAD",
    "currency_code": "gbp",
    "packages": [{"items": [ITEM], "shipping_address": ADDRESS}],
}
CUSTOMER = [("{customer}", "cu_999999999"), ("ONLY-HEAD", "unknown")]
PLACE = [("{address}", "ca_999999999"), ("ONLY-DOCK", "unknown")]
LOCATION = [("{location}", "sl_999999999"), ("ONLY-QUAY", "unknown")]
GROUP, LIST = [("ONLY-climbers", "unknown")], [("ONLY-base", "unknown")]
LEVEL = {"stock_location_id": "@", "stock_level": 1}
SHIP = {"shipped_at": "2026-02-01T09:00:00Z", "items": [{"sku": "ROPE", "quantity": 1}]}
RULES = [{"source_price_list_slug": "@"}]

Names = list[tuple[str, str]]

REFERENCES: list[tuple[str, str, Any, str, Names]] = [
    ("POST", ORDERS, ORDER | {"customer_id": "@"}, "customer_id", CUSTOMER),
    ("POST", ORDERS, ORDER | {"billing_address_id": "@"}, "billing_address_id", PLACE),
    (
        "POST",
        ORDERS,
        ORDER | {"packages": [{"items": [ITEM], "shipping_address_id": "@"}]},
        "packages[0].shipping_address_id",
        PLACE,
    ),
    ("POST", f"{ORDERS}/I-1/ship", SHIP | {"shipping_address_id": "@"}, "shipping_address_id", PLACE),
    ("POST", CUSTOMERS, PERSON | {"group": "@"}, "group", GROUP),
    ("POST", CUSTOMERS, PERSON | {"parent_customer_id": "@"}, "parent_customer_id", CUSTOMER),
    ("PATCH", f"{CUSTOMERS}/HEAD", {"group": "@"}, "group", GROUP),
    ("PATCH", f"{CUSTOMERS}/HEAD", {"default_billing_address_id": "@"}, "default_billing_address_id", PLACE),
    ("POST", GROUPS, {"slug": "new", "name": "New", "parent_slug": "@"}, "parent_slug", GROUP),
    ("PATCH", f"{GROUPS}/climbers", {"parent_slug": "@"}, "parent_slug", GROUP),
    (
        "POST",
        PRICE_LISTS,
        {"slug": "new", "name": "New", "currency_code": "gbp", "rules": RULES},
        "rules[0].source_price_list_slug",
        LIST,
    ),
    ("PATCH", f"{PRICE_LISTS}/base", {"rules": RULES}, "rules[0].source_price_list_slug", LIST),
    (
        "PATCH",
        "/api/v1/pricing/ROPE",
        [{"price_list_slug": "@", "pricing": []}],
        "[0].price_list_slug",
        LIST,
    ),
    ("PATCH", f"{VARIANTS}/ROPE/stock", [LEVEL], "stock_location_id", LOCATION),
    ("PATCH", f"{VARIANTS}/ROPE-1", {"stock": [LEVEL]}, "stock[0].stock_location_id", LOCATION),
    (
        "PATCH",
        f"{PRODUCTS}/ROPES",
        {"variants": [{"sku": "ROPE", "stock": [LEVEL]}]},
        "variants[0].stock[0].stock_location_id",
        LOCATION,
    ),
    (
        "POST",
        "/api/v1/fetch-customer-pricing",
        {"customer_id": "@", "line_items": []},
        "customer_id",
        CUSTOMER,
    ),
]
"""Where `@` stands for what is referred to, and how a fault calls that member."""


@pytest.fixture
def theirs(api: ApiCaller, other_api: ApiCaller) -> Furniture:
    """What only `site` has; both sites have the same under the names without a prefix."""
    furnish(other_api)
    furnish(api)
    return furnish(api, prefix="ONLY-")


def filled(body: Any, name: str) -> Any:
    return json.loads(json.dumps(body).replace('"@"', json.dumps(name)))


@pytest.mark.parametrize(
    ("verb", "path", "body", "member", "names"), REFERENCES, ids=[f"{row[0]} {row[1]} {row[3]}" for row in REFERENCES]
)
def test_theirs_is_unknown(
    other_api: ApiCaller,
    other_site: Site,
    theirs: Furniture,
    verb: str,
    path: str,
    body: Any,
    member: str,
    names: Names,
) -> None:
    before = rows_of(other_site)
    for foreign, unknown in names:
        answers = []
        for name in (foreign.format(**asdict(theirs)), unknown):
            answer = other_api.request(verb, path, json=filled(body, name))
            assert answer.status_code == 400
            [fault] = answer.json()["errors"]
            assert fault["code"] in ("resource-not-found", "resource-id-not-found")
            assert fault["property"] == member
            answers.append(answer.content.replace(name.encode(), b"?"))
        assert answers[0] == answers[1]
    assert rows_of(other_site) == before


@pytest.mark.parametrize(("foreign", "unknown"), [("{variant}", "pv_999999999"), ("ONLY-ROPE-1", "unknown")])
def test_a_variant_of_theirs_lends_an_order_nothing(
    other_api: ApiCaller, theirs: Furniture, foreign: str, unknown: str
) -> None:
    """A variant that the catalogue does not know is kept as it is, whoever else may know it."""
    shown = []
    for name in (foreign.format(**asdict(theirs)), unknown):
        item = {"variant_id": name, "quantity": 1, "line_total": {"net": 10, "gross": 12}}
        body = ORDER | {"packages": [{"items": [item], "shipping_address": ADDRESS}]}
        answer = other_api.post(ORDERS, json=body)
        assert answer.status_code == 200, answer.content
        [told] = answer.json()["packages"][0]["items"]
        assert told["variant_id"] == name
        shown.append({key: value for key, value in told.items() if key not in ("id", "variant_id", "name")})
        assert told["name"] in ("", name)
    assert shown[0] == shown[1]


@pytest.mark.parametrize(("foreign", "unknown"), PLACE)
def test_an_address_of_theirs_beside_an_object_is_not_remembered(
    other_api: ApiCaller, theirs: Furniture, foreign: str, unknown: str
) -> None:
    for name in (foreign.format(**asdict(theirs)), unknown):
        package = ORDER["packages"][0] | {"shipping_address_id": name}
        answer = other_api.post(ORDERS, json=ORDER | {"packages": [package], "billing_address_id": None})
        assert answer.status_code == 200
        assert answer.json()["packages"][0]["shipping_address_id"] is None
