"""Nothing of a site can be read, changed, referred to or confirmed to exist by a program of another.

Both sites hold rows of the same names; one of them also has rows of its own names, and the other's program asks for
these by every address. What it is answered is, in status and text, what it is answered for an unknown one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from core.models import AccessToken, ClientCalls, IdempotencyKey, RefreshToken, Site
from core.models.fields import SiteForeignKey, SiteOneToOneField
from customers.models import DEFAULT_GROUP, CustomerGroup
from tests.callers import ApiCaller, make_caller
from tests.fixtures import Keep, make_other_site, make_site
from tests.test_every_address import CALLS, SERVED
from tests.two_sites import (
    ADDRESS,
    CUSTOMERS,
    GROUPS,
    LOCATIONS,
    METHODS,
    PRODUCTS,
    PURCHASES,
    VARIANTS,
    Furniture,
    furnish,
    marks_of,
    order_of,
    rope,
    rows_of,
)

FLAT = "/api/v1/purchase-transactions"
NO_UUID = "63428136-658f-48a6-beb7-7f333dfd9686"
PAYMENT = {"platform_id": "new", "total": "1", "currency_code": "GBP", "apply_to_balance": False}

ENTRY = {"kind": "opening", "amount": "1", "currency_code": "GBP", "reference": "ONLY-pay"}

Names = dict[str, str]

ITEMS = [{"sku": "ROPE", "quantity": 1}]
SHIP = {"shipped_at": "2026-02-01T09:00:00Z", "items": ITEMS}
CANCEL = {"cancelled_at": None, "items": ITEMS}
RETURN = {"returned_at": None, "items": ITEMS}
PACKAGE = {"items": [{**ITEMS[0], "line_total": {"net": 1, "gross": 1}}]}

BODIES: dict[tuple[str, str], Any] = {
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>", "DELETE"): None,
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/transactions", "PUT"): PAYMENT,
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/transactions", "POST"): PAYMENT,
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/accept", "POST"): {"revision": 1},
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/approve", "POST"): {"revision": 1, "total": "10.00"},
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/reject", "POST"): {"reason": "Taken"},
    ("api/v1/orders/<segment:order_id>", "PATCH"): {"invoice_url": "https://files.example/1"},
    ("api/v1/orders/<segment:order_id>/ship", "POST"): SHIP,
    ("api/v1/orders/<segment:order_id>/ship-items", "POST"): SHIP,
    ("api/v1/orders/<segment:order_id>/cancel", "POST"): CANCEL,
    ("api/v1/orders/<segment:order_id>/cancel-items", "POST"): CANCEL,
    ("api/v1/orders/<segment:order_id>/return", "POST"): RETURN,
    ("api/v1/orders/<segment:order_id>/return-items", "POST"): RETURN,
    ("api/v1/orders/<segment:order_id>/packages/<segment:package_id>", "PATCH"): PACKAGE,
    ("api/v1/orders/<segment:order_id>/packages/<segment:package_id>", "PUT"): PACKAGE,
    ("api/v1/customers/<segment:id>", "PATCH"): {"last_name": "Taken"},
    ("api/v1/customers/<segment:id>", "DELETE"): None,
    ("api/v1/customers/<segment:id>/ledger", "POST"): ENTRY,
    ("api/v1/customers/<segment:id>/addresses", "POST"): ADDRESS,
    ("api/v1/customers/<segment:id>/addresses/<segment:id2>", "PATCH"): {"city": "Taken"},
    ("api/v1/customers/<segment:id>/addresses/<segment:id2>", "DELETE"): None,
    ("api/v1/products/<segment:id>", "PATCH"): {"title": "Taken"},
    ("api/v1/variants/<segment:id>", "PATCH"): {"status": "pending"},
    ("api/v1/variants/<segment:sku>/stock", "PATCH"): [{"stock_location_id": "QUAY", "stock_level": 0}],
    ("api/v1/stock-locations/<segment:id>", "PATCH"): {"name": "Taken"},
    ("api/v1/price-lists/<segment:slug>", "PATCH"): {"name": "Taken"},
    ("api/v1/price-lists/<segment:slug>", "DELETE"): None,
    ("api/v1/price-lists/<segment:slug>/pricing", "PATCH"): [{"sku": "ROPE", "pricing": [{"price": 1}]}],
    ("api/v1/price-lists/<segment:slug>/pricing", "DELETE"): None,
    ("api/v1/pricing/<segment:sku>", "PATCH"): [{"price_list_slug": "ONLY-base", "pricing": []}],
    ("api/v1/variants/<segment:sku>/pricing", "PATCH"): [{"price_list_slug": "ONLY-base", "pricing": []}],
    ("api/v1/shipping-methods/<segment:id>", "PATCH"): {"title": "Taken"},
    ("api/v1/customer-groups/<segment:slug>", "PATCH"): {"name": "Taken"},
    ("api/v1/customer-groups/<segment:slug>", "DELETE"): None,
    ("api/v1/customer-groups/<segment:slug>/settings", "PATCH"): [],
}
"""A good body for every address that writes what its path names; a PUT of a purchase makes one, see below."""

OF_ANY_SKU = {"api/v1/pricing/<segment:sku>", "api/v1/variants/<segment:sku>/pricing"}
"""A SKU that nobody has may be priced: these know none that is unknown, and have no price of it."""

COUNTED = {"number": "1"}
"""Parameters that count what the others name: the same on every site."""
UNKNOWN_IS_400 = "api/v1/customer-groups/"
"""Addresses below it answer what is not there with 400, as the reference has it; everywhere else it is 404."""
CREATES = {
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>", "PUT"),
    ("api/v2/customers/<segment:lookup_by>/<segment:identifier>", "PUT"),
}
BY_PATH = [call for call in CALLS if "<" in call[0] and call not in CREATES]
BY_FILTER = [route for route, method in CALLS if method == "GET" and "<" not in route]


@dataclass(frozen=True)
class Stage:
    """`theirs`: what only `site` has; both sites have the same under the names without a prefix."""

    site: Site
    other_site: Site
    api: ApiCaller
    other_api: ApiCaller
    theirs: Furniture


def make_stage() -> Stage:
    site, other_site = make_site(), make_other_site()
    api, other_api = make_caller(site), make_caller(other_site)
    furnish(other_api)
    furnish(api)
    return Stage(site, other_site, api, other_api, furnish(api, prefix="ONLY-"))


@pytest.fixture(scope="module")
def stage(keep: Keep) -> Stage:
    made: Stage = keep(make_stage)
    return made


@pytest.fixture
def site(db: None, stage: Stage) -> Site:
    return copy(stage.site)


@pytest.fixture
def other_site(db: None, stage: Stage) -> Site:
    return copy(stage.other_site)


@pytest.fixture
def api(db: None, stage: Stage) -> ApiCaller:
    return ApiCaller(stage.api.headers)


@pytest.fixture
def other_api(db: None, stage: Stage) -> ApiCaller:
    return ApiCaller(stage.other_api.headers)


@pytest.fixture
def theirs(db: None, stage: Stage) -> Furniture:
    return stage.theirs


def paths(route: str, names: list[Names]) -> Iterator[str]:
    for given in names:
        yield "/" + re.sub(r"<segment:(\w+)>", lambda match: (given | COUNTED)[match[1]], route)  # noqa: B023  # used at once


def named(route: str, theirs: Furniture) -> list[tuple[Names, Names]]:
    """What this route is asked for: something of theirs, and the same way something unknown."""
    match frozenset(re.findall(r"<segment:(\w+)>", route)) - set(COUNTED):
        case wanted if wanted == {"lookup_by", "identifier"}:
            kinds = {"internal": "I-1", "platform": "P-1", "visible": "V-1"}
            return [
                (
                    {"lookup_by": "sparklayer", "identifier": theirs.spark_id},
                    {"lookup_by": "sparklayer", "identifier": NO_UUID},
                ),
                *(
                    ({"lookup_by": kind, "identifier": f"ONLY-{name}"}, {"lookup_by": kind, "identifier": "unknown"})
                    for kind, name in kinds.items()
                ),
            ]
        case wanted if wanted == {"transaction_id"}:
            return [({"transaction_id": theirs.transaction}, {"transaction_id": NO_UUID})]
        case wanted if wanted == {"order_id"}:
            return [
                ({"order_id": theirs.order}, {"order_id": "o_999999999"}),
                ({"order_id": "ONLY-I-1"}, {"order_id": "unknown"}),
            ]
        case wanted if wanted == {"order_id", "package_id"}:
            foreign, unknown = theirs.package, "orp_999999999"
            return [
                ({"order_id": theirs.order, "package_id": foreign}, {"order_id": "o_999999999", "package_id": unknown}),
                ({"order_id": "ONLY-I-1", "package_id": foreign}, {"order_id": "unknown", "package_id": unknown}),
                ({"order_id": "I-1", "package_id": foreign}, {"order_id": "I-1", "package_id": unknown}),
            ]
        case wanted if wanted == {"id"}:
            number, external_id = {
                "products": (theirs.product, "ONLY-ROPES"),
                "variants": (theirs.variant, "ONLY-ROPE-1"),
                "stock-locations": (theirs.location, "ONLY-QUAY"),
                "shipping-methods": (theirs.shipping_method, "ONLY-VAN"),
            }.get(route.split("/")[2], (theirs.customer, "ONLY-HEAD"))
            unknown = f"{number.partition('_')[0]}_999999999"
            return [({"id": number}, {"id": unknown}), ({"id": external_id}, {"id": "unknown"})]
        case wanted if wanted == {"slug"}:
            if route.startswith("api/v1/price-lists"):
                names = [{"slug": "ONLY-base"}, {"slug": "ONLY-trade"}]
                return [(name, {"slug": "unknown"}) for name in names]
            return [({"slug": "ONLY-climbers"}, {"slug": "unknown"})]
        case wanted if wanted == {"sku"}:
            return [({"sku": "ONLY-ROPE"}, {"sku": "unknown"})]
        case wanted if wanted == {"id", "id2"}:
            return [
                ({"id": theirs.customer, "id2": theirs.address}, {"id": "cu_999999999", "id2": "ca_999999999"}),
                ({"id": "ONLY-HEAD", "id2": "ONLY-DOCK"}, {"id": "unknown", "id2": "unknown"}),
                ({"id": "HEAD", "id2": theirs.address}, {"id": "HEAD", "id2": "ca_999999999"}),
                ({"id": "HEAD", "id2": "ONLY-DOCK"}, {"id": "HEAD", "id2": "unknown"}),
            ]
        case wanted:
            raise AssertionError(f"say what {route} is to be asked for: {sorted(wanted)}")


CUSTOMER = [("{customer}", "cu_999999999"), ("ONLY-HEAD", "unknown")]
FILTERS: dict[str, dict[str, list[tuple[str, str]]]] = {
    "api/v1/purchases": {
        **{
            f"customer_identifiers[{role}]": [*CUSTOMER, ("ONLY-CHILD", "unknown")]
            for role in ("sparklayer", "sparklayer_child", "sparklayer_impersonator", "sparklayer_sales_rep")
        },
        "purchase_identifiers[sparklayer]": [("{spark_id}", NO_UUID)],
        "purchase_identifiers[internal]": [("ONLY-I-1", "unknown")],
        "search": [("ONLY-I-1", "unknown"), ("{spark_id}", NO_UUID), ("ONLY-HEAD", "unknown")],
    },
    "api/v1/orders": {
        "customer_id": [*CUSTOMER, ("ONLY-CHILD", "unknown")],
        "external_id": [("ONLY-I-1", "unknown")],
        "visible_id": [("ONLY-V-1", "unknown")],
        "search": [("ONLY-I-1", "unknown"), ("ONLY-HEAD", "unknown")],
    },
    "api/v1/purchase-transactions": {
        "purchase_spark_id": [("{spark_id}", NO_UUID)],
        "platform_id": [("ONLY-pay", "unknown")],
    },
    "api/v1/customers": {
        "search": [("ONLY-HEAD", "unknown")],
        "external_id": [("ONLY-HEAD", "unknown")],
        "email": [("ONLY-HEAD@example.com", "unknown@example.com")],
        "parent_customer_id": CUSTOMER,
    },
    "api/v1/products": {
        "search": [("ONLY-ROPE", "unknown")],
        "slug": [("ONLY-rope", "unknown")],
        "external_id": [("ONLY-ROPES", "unknown")],
    },
    "api/v1/variants": {
        "search": [("ONLY-ROPE", "unknown")],
        "sku": [("ONLY-ROPE", "unknown")],
        "external_id": [("ONLY-ROPE-1", "unknown")],
        "product_id": [("{product}", "pp_999999999"), ("ONLY-ROPES", "unknown")],
    },
    "api/v1/stock-locations": {},
    "api/v1/price-lists": {},
    "api/v2/price-lists": {},
    "api/v1/customer-groups": {},
    "api/v1/settings": {},
    "api/v1/shipping-methods": {},
}
"""What a list can be asked for by something of theirs, and the same way by something unknown."""


def snapshot(api: ApiCaller) -> list[Any]:
    """Every row of the site, and what its own program can read of them."""
    lists = [
        api.get(path).content for path in (PURCHASES, FLAT, CUSTOMERS, PRODUCTS, VARIANTS, LOCATIONS, GROUPS, METHODS)
    ]
    purchases = [f"{PURCHASES}/internal/{prefix}I-1{tail}" for prefix in ("", "ONLY-") for tail in ("", "/history")]
    customers = [f"{CUSTOMERS}/{prefix}{name}" for prefix in ("", "ONLY-") for name in ("HEAD", "CHILD", "HEAD/ledger")]
    rows = rows_of(Site.objects.get(slug=api.headers["Site-Id"]))
    return [rows, *lists, *(api.get(path).content for path in (*purchases, *customers))]


def ask(api: ApiCaller, method: str, path: str, body: Any) -> tuple[int, bytes]:
    answer = api.request(method, path, **({} if body is None else {"json": body}))
    return answer.status_code, answer.getvalue()


def test_every_address_with_a_body_is_known() -> None:
    assert {call for call in BY_PATH if call[1] not in ("GET", "HEAD")} == set(BODIES)
    assert {route for route, methods in SERVED.items() if "GET" in methods and route in FILTERS} == set(BY_FILTER)


@pytest.mark.parametrize(("route", "method"), BY_PATH)
def test_what_is_theirs_is_unknown(
    api: ApiCaller, other_api: ApiCaller, theirs: Furniture, route: str, method: str
) -> None:
    before = snapshot(api)
    for foreign, unknown in named(route, theirs):
        [path, unknown_path] = paths(route, [foreign, unknown])
        body = BODIES.get((route, method))
        assert ask(api, "GET" if method == "GET" else "OPTIONS", path, None)[0] in (200, 204)
        answer = ask(other_api, method, path, body)
        assert answer == ask(other_api, method, unknown_path, body)
        if route in OF_ANY_SKU:
            assert answer == (200, b"[]") or answer[0] == 400
        else:
            assert answer[0] == (400 if route.startswith(UNKNOWN_IS_400) else 404)
    assert snapshot(api) == before


@pytest.mark.parametrize(("route", "method"), [call for call in CALLS if "<" in call[0] and call[1] != "GET"])
def test_what_is_theirs_is_unknown_to_a_bad_body_too(
    api: ApiCaller, other_api: ApiCaller, theirs: Furniture, route: str, method: str
) -> None:
    """Whether the body or the path is judged first, it is the same for both."""
    before = snapshot(api)
    for foreign, unknown in named(route, theirs):
        [path, unknown_path] = paths(route, [foreign, unknown])
        answer = ask(other_api, method, path, {})
        assert answer == ask(other_api, method, unknown_path, {})
        assert answer[0] in (400, 404)
    assert snapshot(api) == before


@pytest.mark.parametrize("route", BY_FILTER)
def test_lists_hold_nothing_of_theirs(other_api: ApiCaller, site: Site, theirs: Furniture, route: str) -> None:
    own = other_api.get(f"/{route}")
    assert len(own.json()) >= 1
    marks = marks_of(site)
    assert not [mark for mark in marks if mark in own.content]
    for name, foreign, unknown in ((name, *pair) for name, pairs in FILTERS[route].items() for pair in pairs):
        value = foreign.format(customer=theirs.customer, spark_id=theirs.spark_id, product=theirs.product)
        answers = [other_api.get(f"/{route}?{urlencode({name: asked})}") for asked in (value, unknown)]
        assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"[]")] * 2


@pytest.mark.parametrize("path", [f"{PURCHASES}/internal/I-1", f"{PURCHASES}/platform/P-1", f"{PURCHASES}/visible/V-1"])
@pytest.mark.parametrize("tail", ["", "/transactions", "/history", "/revisions", "/revisions/1"])
def test_the_same_name_is_each_site_s_own(
    api: ApiCaller, other_api: ApiCaller, site: Site, other_site: Site, theirs: Furniture, path: str, tail: str
) -> None:
    for caller, foreign in ((api, other_site), (other_api, site)):
        answer = caller.get(f"{path}{tail}")
        assert answer.status_code == 200
        assert len(answer.json()) >= 1
        assert not [mark for mark in marks_of(foreign) if mark in answer.content]


@pytest.mark.parametrize("tail", ["", "/addresses", "/ledger", "/open-lines"])
def test_the_same_customer_is_each_site_s_own(other_api: ApiCaller, site: Site, theirs: Furniture, tail: str) -> None:
    answer = other_api.get(f"{CUSTOMERS}/HEAD{tail}")
    assert (answer.status_code, len(answer.json()) >= 1) == (200, True)
    assert not [mark for mark in marks_of(site) if mark in answer.content]


@pytest.mark.parametrize("kind", ["sparklayer", "internal"])
def test_a_put_under_their_identifiers_makes_one_of_one_s_own(
    api: ApiCaller, other_api: ApiCaller, site: Site, theirs: Furniture, kind: str
) -> None:
    before, marks = snapshot(api), marks_of(site) - {f'"{theirs.spark_id}"'.encode()}
    identifier = theirs.spark_id if kind == "sparklayer" else "ONLY-I-1"
    body = order_of(purchase_identifiers={"platform": "ONLY-P-1", "visible": "ONLY-V-1"})
    answer = other_api.put(f"{PURCHASES}/{kind}/{identifier}", json=body)
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    assert not [mark for mark in marks if mark in answer.content]
    assert snapshot(api) == before


def test_their_version_is_no_version_here(other_api: ApiCaller, theirs: Furniture) -> None:
    answers = [
        other_api.put(f"{PURCHASES}/{kind}", json=order_of(), headers={"If-Match": theirs.etag})
        for kind in (f"sparklayer/{theirs.spark_id}", f"sparklayer/{NO_UUID}")
    ]
    # Both would be a third purchase under names that one of this site has: the same refusal.
    assert {(answer.status_code, answer.content) for answer in answers} == {(403, answers[0].content)}
    new = order_of(purchase_identifiers={})
    answers = [
        other_api.put(f"{PURCHASES}/{kind}", json=new, headers={"If-Match": theirs.etag})
        for kind in ("internal/ONLY-I-1", "internal/unknown")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(412, answers[0].content)}


@pytest.mark.parametrize("role", ["sparklayer", "sparklayer_child", "sparklayer_impersonator", "sparklayer_sales_rep"])
@pytest.mark.parametrize(("foreign", "unknown"), [("{customer}", "cu_999999999"), ("ONLY-HEAD", "unknown")])
def test_a_purchase_refers_to_nobody_of_theirs(
    other_api: ApiCaller, theirs: Furniture, role: str, foreign: str, unknown: str
) -> None:
    value = foreign.format(customer=theirs.customer)
    answers = []
    for named_one in (value, unknown):
        body = order_of(customer_identifiers={role: named_one}, purchase_identifiers={})
        answer = other_api.put(f"{PURCHASES}/internal/new", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "resource-not-found")
        answers.append(answer.content.replace(named_one.encode(), b"?"))
    assert answers[0] == answers[1]


def test_a_transaction_refers_to_no_purchase_of_theirs(api: ApiCaller, other_api: ApiCaller, theirs: Furniture) -> None:
    before = snapshot(api)
    asked = [ask(other_api, "PUT", FLAT, PAYMENT | {"purchase_spark_id": name}) for name in (theirs.spark_id, NO_UUID)]
    assert asked[0] == asked[1]
    assert asked[0][0] == 400
    nested = f"{PURCHASES}/internal/I-1/transactions"
    asked = [
        ask(other_api, "PUT", nested, PAYMENT | {"purchase_spark_id": name}) for name in (theirs.spark_id, NO_UUID)
    ]
    assert asked[0] == asked[1]
    assert asked[0][0] == 400
    assert snapshot(api) == before


def test_a_bulk_call_reaches_nothing_of_theirs(api: ApiCaller, other_api: ApiCaller, theirs: Furniture) -> None:
    """What bears their identifiers is made on one's own site; what refers to them is answered as unknown."""
    before = snapshot(api)
    items = []
    for name, customer, spark_id in (("ONLY-I-1", "ONLY-HEAD", theirs.spark_id), ("unknown", "unknown", NO_UUID)):
        bodies = [
            order_of(purchase_identifiers={"internal": name}),
            order_of(purchase_identifiers={"internal": "x"}, customer_identifiers={"sparklayer": customer}),
        ]
        for tail in ("?dry_run=true", ""):
            asked = other_api.post(f"{PURCHASES}/bulk{tail}", json=bodies).json()
            paid = other_api.post(f"{FLAT}/bulk{tail}", json=[PAYMENT | {"purchase_spark_id": spark_id}]).json()
            items.append([(item["outcome"], [error["code"] for error in item["errors"]]) for item in asked + paid])
    refused = ("rejected", ["resource-not-found"])
    assert items == [[("created", []), refused, refused]] * 4
    assert snapshot(api) == before


@pytest.mark.parametrize(
    ("member", "foreign", "unknown"),
    [
        ("parent_customer_id", "{customer}", "cu_999999999"),
        ("parent_customer_id", "ONLY-HEAD", "unknown"),
        ("default_billing_address_id", "{address}", "ca_999999999"),
        ("default_billing_address_id", "ONLY-DOCK", "unknown"),
        ("default_shipping_address_id", "{address}", "ca_999999999"),
        ("default_shipping_address_id", "ONLY-DOCK", "unknown"),
    ],
)
def test_a_customer_refers_to_nothing_of_theirs(
    other_api: ApiCaller, theirs: Furniture, member: str, foreign: str, unknown: str
) -> None:
    value = foreign.format(customer=theirs.customer, address=theirs.address)
    before, answers = snapshot(other_api), []
    for name in (value, unknown):
        status, content = ask(other_api, "PATCH", f"{CUSTOMERS}/HEAD", {member: name})
        answers.append((status, content.replace(name.encode(), b"?")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400
    assert snapshot(other_api) == before


@pytest.mark.parametrize(
    ("kind", "foreign", "unknown"),
    [
        ("sparklayer", "{customer}", "cu_999999999"),
        ("platform", "ONLY-HEAD", "unknown"),
        ("email", "ONLY-HEAD@example.com", "unknown@example.com"),
    ],
)
def test_a_put_of_a_customer_replaces_nobody_of_theirs(
    api: ApiCaller, other_api: ApiCaller, site: Site, theirs: Furniture, kind: str, foreign: str, unknown: str
) -> None:
    before, marks, answers = snapshot(api), marks_of(site), []
    for name in (foreign.format(customer=theirs.customer), unknown):
        member = {"sparklayer": "id", "platform": "external_id", "email": "email"}[kind]
        body = {"first_name": "A", "last_name": "B", "email": "new@example.com", "external_id": "new", member: name}
        answer = other_api.put(f"/api/v2/customers/{kind}/{name}", json=body)
        answers.append(answer.status_code)
        if answer.status_code == 201:
            assert not [mark for mark in marks if mark in answer.content]
            assert other_api.delete(f"{CUSTOMERS}/{answer.json()['id']}").status_code == 204
    assert answers == [404 if kind == "sparklayer" else 201] * 2
    assert snapshot(api) == before


@pytest.mark.parametrize("path", [f"{PRODUCTS}/ROPES", f"{VARIANTS}/ROPE-1", f"{VARIANTS}/ROPE/stock"])
def test_the_same_rope_is_each_site_s_own(other_api: ApiCaller, site: Site, theirs: Furniture, path: str) -> None:
    answer = other_api.get(path)
    assert (answer.status_code, len(answer.json()) >= 1) == (200, True)
    assert not [mark for mark in marks_of(site) if mark in answer.content]


@pytest.mark.parametrize(("foreign", "unknown"), [("{location}", "sl_999999999"), ("ONLY-QUAY", "unknown")])
@pytest.mark.parametrize("batch", [False, True])
def test_stock_is_held_at_no_location_of_theirs(
    api: ApiCaller, other_api: ApiCaller, theirs: Furniture, foreign: str, unknown: str, batch: bool
) -> None:
    before, value = snapshot(api), foreign.format(location=theirs.location)
    answers = []
    for name in (value, unknown):
        level = {"stock_location_id": name, "stock_level": 1}
        if batch:
            status, content = ask(other_api, "POST", "/api/v1/batch-update-stock", [level | {"sku": "ROPE"}])
        else:
            status, content = ask(other_api, "PATCH", f"{VARIANTS}/ROPE/stock", [level])
        answers.append((status, content.replace(name.encode(), b"?")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400
    assert snapshot(api) == before


def test_batches_reach_no_stock_of_theirs(api: ApiCaller, other_api: ApiCaller, site: Site, theirs: Furniture) -> None:
    before = snapshot(api)
    question = {"skus": ["ONLY-ROPE", "ROPE"], "filter": {"all_stock_locations": True}}
    answer = other_api.post("/api/v1/batch-fetch-stock", json=question)
    assert [row["sku"] for row in answer.json()] == ["ROPE"]
    assert not [mark for mark in marks_of(site) if mark in answer.content]
    at_theirs = {"skus": ["ROPE"], "filter": {"stock_location_ids": [theirs.location, "ONLY-QUAY"]}}
    assert other_api.post("/api/v1/batch-fetch-stock", json=at_theirs).json() == []
    assert other_api.post("/api/v1/batch-delete-stock", json={"skus": ["ONLY-ROPE", "ROPE"]}).status_code == 204
    assert snapshot(api) == before


def test_prices_stand_on_no_list_of_theirs(api: ApiCaller, other_api: ApiCaller, theirs: Furniture) -> None:
    before, answers = snapshot(api), []
    for slug in ("ONLY-base", "unknown"):
        pricing = {"price_list_slug": slug, "pricing": [{"price": 1}]}
        rule = {"rules": [{"source_price_list_slug": slug}]}
        asked = [
            ask(other_api, "PATCH", "/api/v1/pricing/ROPE", [pricing]),
            ask(other_api, "PATCH", "/api/v1/batch-update-pricing", [pricing | {"sku": "ROPE"}]),
            ask(other_api, "PATCH", "/api/v1/price-lists/base", rule),
        ]
        answers.append([(status, content.replace(slug.encode(), b"?")) for status, content in asked])
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [400, 404, 400]
    assert snapshot(api) == before


def test_nothing_is_worked_out_of_prices_of_theirs(other_api: ApiCaller, theirs: Furniture) -> None:
    question = {"skus": ["ONLY-ROPE", "ROPE"], "price_list_slugs": ["ONLY-base", "ONLY-trade"]}
    assert other_api.post("/api/v1/calculate-pricing", json=question).json() == []
    own = other_api.post("/api/v1/calculate-pricing", json=question | {"price_list_slugs": ["trade"]}).json()
    assert [(row["sku"], row["pricing"][0]["price"]["number"]) for row in own] == [("ROPE", "76.50")]
    answers = []
    for name in (theirs.customer, "cu_999999999"):
        status, content = ask(
            other_api, "POST", "/api/v1/fetch-customer-pricing", {"customer_id": name, "line_items": []}
        )
        answers.append((status, content.replace(name.encode(), b"?")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400


def test_a_product_takes_no_variant_of_theirs(api: ApiCaller, other_api: ApiCaller, theirs: Furniture) -> None:
    before = snapshot(api)
    answers = []
    for name in (theirs.variant, "pv_999999999"):
        status, content = ask(other_api, "PATCH", f"{PRODUCTS}/ROPES", {"variants": [{"id": name, "status": "live"}]})
        answers.append((status, content.replace(name.encode(), b"?")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400
    made = other_api.patch(f"{PRODUCTS}/ROPES", json={"variants": rope("ONLY-")["variants"][:1]})
    assert made.status_code == 400  # the location is theirs; without it the SKU is free here
    assert snapshot(api) == before


def test_names_are_free_on_each_site(other_api: ApiCaller, theirs: Furniture) -> None:
    taken = furnish(other_api, prefix="ONLY-")
    assert taken.customer != theirs.customer


def test_a_key_of_theirs_brings_no_answer_of_theirs(api: ApiCaller, other_api: ApiCaller, theirs: Furniture) -> None:
    path, headers = f"{PURCHASES}/internal/I-1/transactions", {"Idempotency-Key": "k"}
    first = api.post(path, json=PAYMENT, headers=headers)
    second = other_api.post(path, json=PAYMENT, headers=headers)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["id"] != second.json()["id"]


def references() -> list[models.ForeignKey]:
    """Every reference between rows of a site, but those of tokens, keys and counters (tested beside them)."""
    return [
        field
        for model in apps.get_models()
        if model not in (AccessToken, RefreshToken, IdempotencyKey, ClientCalls)
        for field in model._meta.local_fields
        if isinstance(field, (SiteForeignKey, SiteOneToOneField))
    ]


@pytest.mark.parametrize("field", references(), ids=str)
def test_the_database_refuses_a_reference_to_a_row_of_another_site(
    site: Site, other_site: Site, theirs: Furniture, field: models.ForeignKey
) -> None:
    table, column = field.model._meta.db_table, field.column
    target = field.remote_field.model._meta
    update = (
        f"UPDATE {table} SET {column} = (SELECT min({target.pk.column}::text)::{target.pk.rel_db_type(connection)} "
        f"FROM {target.db_table} WHERE site_id = %s) WHERE site_id = %s"
    ) + ("" if field.model is not CustomerGroup else f" AND slug <> '{DEFAULT_GROUP}'")  # which comes under no group
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # What refuses then are the references alone: the ledger's rows refuse every change before that.
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
            cursor.execute(update, [site.pk, other_site.pk])
