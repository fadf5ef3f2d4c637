"""Whatever is sent to an address that writes, the answer is in the one shape and described: never a fault of ours.

Bodies are good ones in which some members were replaced by something nasty, or bytes that are no document at all. What
is accepted all the same has to survive being read and sent back.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from purchasing.tests.bodies import FLAT, PURCHASES, order, payment, rich_order
from tests.callers import ApiCaller
from tests.seeds import IS_SETTLED
from tests.test_every_address import CALLS
from tests.two_sites import CUSTOMERS, GROUPS, LOCATIONS, METHODS, PRICE_LISTS, PRODUCTS, VARIANTS, rope

LITTLE = settings(
    max_examples=40,
    deadline=None,
    derandomize=IS_SETTLED,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PURCHASE = f"{PURCHASES}/internal/I-1"
CUSTOMER = {
    "first_name": "Tom",
    "last_name": "Jones",
    "email": "new@example.com",
    "payment_on_account": {"credit_limit": 5, "balance": 7.5, "balance_date": "2026-01-31", "currency_code": "GBP"},
}
ENTRY = {
    "kind": "manual",
    "amount": "12.50",
    "currency_code": "GBP",
    "reference": "R-1",
    "reason": "agreed by phone",
    "value_date": "2026-01-31",
}
ADDRESS = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"}
ORDER = rich_order() | {"customer_identifiers": {"sparklayer": "CHILD"}}
"""Of the customer that stands there, as it is paid for."""
LEVEL = {"stock_location_id": "QUAY", "stock_level": 3, "restock_date": "2026-05-01", "min_stock_level": -9}
ROPE_VARIANT = rope()["variants"][0] | {
    "weight_in_grams": 62.5,
    "tax_type": 1,
    "position": 2,
    "cart_image_url": "https://example.com/rope.png",
    "stock": [LEVEL],
}
TRADE = {
    "name": "Trade",
    "currency_code": "eur",
    "source": "custom",
    "tax_inclusive_display": False,
    "rules": [
        {
            "source_price_list_slug": "base",
            "adjustment_percentage": 0.15,
            "adjustment_direction": "minus",
            "currency_exchange_rate": 1.17,
        }
    ],
}
PRICED = [
    {"quantity": 1, "price": 10.49, "tax_type": "net", "unit_of_measure": "each"},
    {"quantity": 10, "price": "9.99", "tax_type": "gross", "display_tax_rate": 20},
]
GOODS = {"sku": "ROPE", "quantity": 1}
CORE_PACKAGE = {
    "items": [GOODS | {"name": "Rope", "child_name": "60 m", "line_total": {"net": 10, "gross": 12}}],
    "external_id": "PKG",
    "visible_id": "Ship01",
    "shipping_address_id": "DOCK",
    "shipping_name": "Courier",
    "shipping_sku": "SHIP",
    "total_shipping": {"net": 5, "gross": 6},
}
CORE_ORDER = {
    "created_at": "2026-01-31T09:30:00Z",
    "external_id": "NEW",
    "visible_id": "NEW",
    "payment_method": "paymentOnAccount",
    "customer_id": "CHILD",
    "customer_reference": "PO",
    "currency_code": "gbp",
    "metadata": {"k": "v"},
    "packages": [CORE_PACKAGE],
}
ORDERS = "/api/v1/orders"
SHIP = {
    "visible_id": "Ship02",
    "shipped_at": "2026-02-01T15:00:00Z",
    "shipment_tracking": [{"company": "DPD", "url": "https://dpd.example/1550", "reference": "1550"}],
    "total_shipping": {"net": 5, "gross": 6},
    "items": [GOODS],
}
CANCEL = {"cancelled_at": None, "external_id": "C-1", "items": [GOODS]}
RETURN = {"returned_at": None, "items": [GOODS | {"refund_total": {"net": 4, "gross": 4.8}}], "refund_shipping": None}
DECISIONS: dict[str, Any] = {
    "accept": {"revision": 1},
    "approve": {"revision": 1, "total": "20.00"},
    "reject": {"reason": "Too dear"},
}

METHOD: dict[str, Any] = {
    "sku": "NEW",
    "title": "New",
    "prority": 3,
    "countries": ["GB", "IRL"],
    "groups": ["climbers"],
    "bands": [
        {
            "name": "Light",
            "priority": 0,
            "sku": "LIGHT",
            "requirement": {"type": "weight", "min": 0, "max": 2000},
            "cost": {"type": "fixed", "amount": 4.9, "currency_code": "gbp"},
        },
        {"requirement": {"type": "price", "min": 100, "max": None, "currency_code": "GBP"}, "cost": {"type": "free"}},
    ],
}
WRITES: dict[tuple[str, str], tuple[str, Any]] = {
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>", "PUT"): (PURCHASE, ORDER),
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/transactions", "PUT"): (
        f"{PURCHASE}/transactions",
        payment(full_transaction="{}"),
    ),
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/transactions", "POST"): (
        f"{PURCHASE}/transactions",
        payment({"number": "1", "currency": "GBP"}),
    ),
    ("api/v1/purchases/bulk", "POST"): (
        f"{PURCHASES}/bulk",
        [ORDER | {"purchase_identifiers": {"internal": name, "visible": f"V-{name}"}} for name in ("I-1", "NEW")],
    ),
    ("api/v1/purchase-transactions/bulk", "POST"): (
        f"{FLAT}/bulk",
        [payment(total, purchase_spark_id="{spark_id}", platform_id=total) for total in ("1", "2")],
    ),
    ("api/v1/purchase-transactions", "PUT"): (FLAT, payment(purchase_spark_id="{spark_id}")),
    **{
        (f"api/v1/purchases/<segment:lookup_by>/<segment:identifier>/{word}", "POST"): (f"{PURCHASE}/{word}", body)
        for word, body in DECISIONS.items()
    },
    ("api/v1/orders", "POST"): (ORDERS, CORE_ORDER),
    ("api/v1/orders/<segment:order_id>", "PATCH"): (f"{ORDERS}/I-1", {"invoice_url": "https://files.example/1"}),
    **{
        (f"api/v1/orders/<segment:order_id>/{action}", "POST"): (f"{ORDERS}/I-1/{action}", body)
        for word, body in {"ship": SHIP, "cancel": CANCEL, "return": RETURN}.items()
        for action in (word, f"{word}-items")
    },
    **{
        ("api/v1/orders/<segment:order_id>/packages/<segment:package_id>", method): (
            f"{ORDERS}/I-1/packages/{{package}}",
            CORE_PACKAGE,
        )
        for method in ("PATCH", "PUT")
    },
    ("api/v1/customers", "POST"): (CUSTOMERS, CUSTOMER | {"metadata": {"k": "v"}, "sales_agent_groups": ["a"]}),
    ("api/v1/customers/<segment:id>", "PATCH"): (f"{CUSTOMERS}/HEAD", CUSTOMER | {"parent_customer_id": None}),
    ("api/v2/customers/<segment:lookup_by>/<segment:identifier>", "PUT"): (
        "/api/v2/customers/platform/HEAD",
        CUSTOMER | {"external_id": "HEAD", "addresses": [ADDRESS | {"external_id": "DOCK"}, ADDRESS]},
    ),
    ("api/v1/customers/<segment:id>/ledger", "POST"): (f"{CUSTOMERS}/HEAD/ledger", ENTRY),
    ("api/v1/customers/<segment:id>/addresses", "POST"): (f"{CUSTOMERS}/HEAD/addresses", ADDRESS),
    ("api/v1/customers/<segment:id>/addresses/<segment:id2>", "PATCH"): (f"{CUSTOMERS}/HEAD/addresses/DOCK", ADDRESS),
    ("api/v1/products", "POST"): (
        PRODUCTS,
        rope("NEW-") | {"variants": [ROPE_VARIANT | {"sku": "NEW-ROPE", "external_id": "NEW-ROPE-1"}]},
    ),
    ("api/v1/products/<segment:id>", "PATCH"): (f"{PRODUCTS}/ROPES", rope()),
    ("api/v1/variants/<segment:id>", "PATCH"): (f"{VARIANTS}/ROPE-1", ROPE_VARIANT),
    ("api/v1/variants/<segment:sku>/stock", "PATCH"): (f"{VARIANTS}/ROPE/stock", ROPE_VARIANT["stock"]),
    ("api/v1/batch-fetch-stock", "POST"): (
        "/api/v1/batch-fetch-stock",
        {"skus": ["ROPE"], "filter": {"stock_location_ids": ["QUAY"], "all_stock_locations": False}},
    ),
    ("api/v1/batch-update-stock", "POST"): (
        "/api/v1/batch-update-stock",
        [LEVEL | {"sku": "ROPE"}, {"stock_location_external_id": "QUAY", "sku": "AXE", "stock_level": -3}],
    ),
    ("api/v1/batch-delete-stock", "POST"): ("/api/v1/batch-delete-stock", {"skus": ["ROPE"]}),
    ("api/v1/stock-locations", "POST"): (LOCATIONS, {"name": "New", "external_id": "NEW"}),
    ("api/v1/stock-locations/<segment:id>", "PATCH"): (f"{LOCATIONS}/QUAY", {"name": "New"}),
    ("api/v1/price-lists", "POST"): (PRICE_LISTS, TRADE | {"slug": "new"}),
    ("api/v1/price-lists/<segment:slug>", "PATCH"): (f"{PRICE_LISTS}/trade", TRADE),
    ("api/v1/price-lists/<segment:slug>/pricing", "PATCH"): (
        f"{PRICE_LISTS}/base/pricing",
        [{"sku": "ROPE", "display_tax_rate": 20, "pricing": PRICED}, {"sku": "AXE", "pricing": []}],
    ),
    ("api/v1/pricing/<segment:sku>", "PATCH"): (
        "/api/v1/pricing/ROPE",
        [{"price_list_slug": "base", "pricing": PRICED}],
    ),
    ("api/v1/variants/<segment:sku>/pricing", "PATCH"): (
        f"{VARIANTS}/ROPE/pricing",
        [{"price_list_slug": "base", "pricing": PRICED}],
    ),
    ("api/v1/batch-update-pricing", "PATCH"): (
        "/api/v1/batch-update-pricing",
        [{"sku": "ROPE", "price_list_slug": "base", "pricing": PRICED}],
    ),
    ("api/v1/calculate-pricing", "POST"): (
        "/api/v1/calculate-pricing",
        {"skus": ["ROPE"], "price_list_slugs": ["trade", "base"]},
    ),
    ("api/v1/fetch-customer-pricing", "POST"): (
        "/api/v1/fetch-customer-pricing",
        {"customer_id": "HEAD", "customer_lookup_by": "platform", "line_items": [{"sku": "ROPE", "quantity": 2}]},
    ),
    ("api/v1/customer-groups", "POST"): (
        GROUPS,
        {"slug": "new", "name": "New", "parent_slug": "climbers", "price_lists": ["trade", "base"]},
    ),
    ("api/v1/customer-groups/<segment:slug>", "PATCH"): (
        f"{GROUPS}/climbers",
        {"name": "New", "parent_slug": "base", "price_lists": ["base"]},
    ),
    ("api/v1/customer-groups/<segment:slug>/settings", "PATCH"): (
        f"{GROUPS}/climbers/settings",
        [
            {
                "key": "orderTotalsValidation",
                "value": [{"currency_code": "gbp", "minimum_value": 150, "compare_type": "gross"}],
            }
        ],
    ),
    ("api/v1/shipping-methods", "POST"): (METHODS, METHOD),
    ("api/v1/shipping-methods/<segment:id>", "PATCH"): (f"{METHODS}/VAN", METHOD | {"sku": "VAN"}),
    ("api/v1/settings", "PATCH"): (
        "/api/v1/settings",
        [
            {"key": "default_currency", "value": "gbp"},
            {"key": "default_tax_rate", "value": 20},
            {"key": "languages", "value": ["en", "de"]},
            {"key": "net_terms_days", "value": 30},
        ],
    ),
}
"""Every address that reads a body: where it is called, and a good body."""


def good_call(caller: ApiCaller, route: str, method: str) -> tuple[str, Any]:
    """Where this is called at a furnished site, and a good body."""
    path, good = WRITES[route, method]
    purchase = caller.get(PURCHASE).json()
    spark_id, package = purchase["purchase_identifiers"]["sparklayer"], purchase["packages"][0]["id"]
    return path.replace("{package}", package), json.loads(json.dumps(good).replace("{spark_id}", spark_id))


nasty_texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            " ",
            "\x00",
            "\ud800",
            "\udfff\ud800",
            "\ufffe",
            "\u202e",
            "a" * 256,
            "a" * 10_001,
            "e\u0301" * 300,
            "\u0661",
            "NaN",
            "1e309",
            "-",
            "javascript:alert(1)",
            "https://",
            "cu_1",
            "cu_99999999999999999999",
            "{{7*7}}",
            "'; DROP TABLE purchasing_purchase; --",
            "%s%n{0}",
            "2026-01-01T00:00:60Z",
            "9999-12-31T23:59:59-14:00",
            "0000-00-00T00:00:00Z",
            "63428136-658f-48a6-beb7-7f333dfd9686",
            "GBP",
            "xxx",
            "999999999999.999999",
            "-999999999999.999999",
            "0.0000001",
        ]
    ),
)
nasty_numbers = st.one_of(
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from([0, -0.0, 1e300, 5e-324, 10**30, 2**63, -(2**63) - 1, 1e15, 0.1 + 0.2, 999_999_999_999.999]),
)
nasty_values = st.recursive(
    st.one_of(st.none(), st.booleans(), nasty_numbers, nasty_texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(nasty_texts, st.sampled_from(["number", "currency", "sku", "uri", "url"])), inner, max_size=4
        ),
    ),
    max_leaves=8,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where the members of a document are."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, item in items for place in places(item, (*path, name)))]


@st.composite
def spoilt(draw: st.DrawFn, good: Any) -> Any:
    """A good document of which some members were replaced, taken out or doubled."""
    document = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(document)))
        if not place:
            continue
        node: Any = document
        for part in place[:-1]:
            node = node[part]
        match draw(st.sampled_from(["replace", "replace", "replace", "remove", "nest"])):
            case "replace":
                node[place[-1]] = draw(nasty_values)
            case "remove":
                del node[place[-1]]
            case _:
                node[place[-1]] = [node[place[-1]]] * draw(st.integers(0, 3))
    return document


@pytest.fixture
def caller(db: None, furnished: ApiCaller) -> ApiCaller:
    return ApiCaller(furnished.headers)


def test_every_address_that_reads_a_body_is_known() -> None:
    assert set(WRITES) == {call for call in CALLS if call[1] in ("PUT", "POST", "PATCH")}


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_a_good_body_is_good(caller: ApiCaller, route: str, method: str) -> None:
    """So that what is spoilt in it comes as far as anything can: only where the order itself stands in the way, no body
    helps. Nothing of it was sent, so nothing returns; nobody has to decide on it.
    """
    path, good = good_call(caller, route, method)
    expected = (400,) if "/return" in route else (409,) if route.rpartition("/")[2] in DECISIONS else (200, 204)
    assert caller.request(method, path, json=good).status_code in expected


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_spoilt_documents(caller: ApiCaller, route: str, method: str) -> None:
    path, good = good_call(caller, route, method)

    @LITTLE
    @given(document=spoilt(good))
    def sent(document: Any) -> None:
        answer = caller.request(method, path, body=json.dumps(document).encode())
        assert answer.status_code in (200, 201, 204, 400, 403, 404, 409, 413)

    sent()


@settings(LITTLE, max_examples=120)
@given(document=spoilt(rich_order() | {"purchase_identifiers": {}, "customer_identifiers": {"sparklayer": "CHILD"}}))
@example(order(packages=[]) | {"currency_code": "JPY"})
def test_what_is_accepted_survives_being_sent_back(caller: ApiCaller, document: Any) -> None:
    path = f"{PURCHASES}/internal/new"
    written = caller.put(path, body=json.dumps(document).encode())
    if written.status_code == 200:
        read = caller.get(path)
        assert (read["ETag"], {**read.json(), "warnings": []}) == (written["ETag"], {**written.json(), "warnings": []})
        again = caller.put(path, body=read.content)
        assert (again.status_code, again["ETag"]) == (200, read["ETag"])
    else:
        assert written.status_code in (400, 403, 409)


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_bytes_that_are_no_document(caller: ApiCaller, route: str, method: str) -> None:
    path, good = good_call(caller, route, method)
    text = json.dumps(good).encode()

    @LITTLE
    @given(
        body=st.one_of(
            st.binary(max_size=200),
            st.integers(0, len(text)).map(lambda end: text[:end]),
            st.tuples(st.integers(0, len(text)), st.binary(max_size=3)).map(
                lambda cut: text[: cut[0]] + cut[1] + text[cut[0] + 1 :]
            ),
            st.sampled_from([b"[" * 100_000, b'{"a":' * 10_000, b'{"a":' + b"9" * 100_000 + b"}", b"\xef\xbb\xbf{}"]),
        ),
        content_type=st.sampled_from(
            ["application/json"] * 4 + ["", "text/plain", "multipart/form-data", "*/*", "\xff"]
        ),
    )
    def sent(body: bytes, content_type: str) -> None:
        answer = caller.request(method, path, body=body, content_type=content_type)
        assert answer.status_code in (200, 204, 400, 403, 409, 413, 415)

    sent()


HEADERS = [
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Site-Id",
    "Authorization",
    "Accept",
    "Content-Encoding",
    "Host",
]
latin = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=300)


@settings(LITTLE, max_examples=100)
@given(
    name=st.sampled_from(HEADERS),
    value=st.one_of(
        latin, st.sampled_from(["*", 'W/"', '"1.r1.0"', ",", "Bearer", "Bearer x", '"' * 5000, "a," * 5000])
    ),
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
    tail=st.sampled_from(["", "/transactions"]),
)
def test_headers(caller: ApiCaller, name: str, value: str, method: str, tail: str) -> None:
    body = payment() if tail else order()
    answer = caller.request(method, PURCHASE + tail, json=body, headers={name: value})
    assert answer.status_code in (200, 204, 304, 400, 401, 403, 404, 405, 409, 412)


@settings(LITTLE, max_examples=100)
@given(
    identifier=st.one_of(st.binary(min_size=1, max_size=30), st.text(min_size=1).map(lambda text: text.encode())),
    route=st.sampled_from(
        [PURCHASES, f"{PURCHASES}/internal", f"{PURCHASES}/sparklayer", CUSTOMERS, FLAT, PRODUCTS, VARIANTS, LOCATIONS]
    ),
    method=st.sampled_from(["GET", "PUT", "DELETE", "PATCH"]),
    tail=st.sampled_from(
        ["", "/", "/history", "/transactions", "/addresses", "/ledger", "/statement", "/statement.csv", "/stock"]
    ),
)
def test_addresses(caller: ApiCaller, identifier: bytes, route: str, method: str, tail: str) -> None:
    path = f"{route}/{quote_from_bytes(identifier, safe='')}{tail}"
    answer = caller.request(method, path, json=order())
    assert answer.status_code in (200, 204, 400, 404, 405, 409)


@settings(LITTLE, max_examples=150)
@given(
    address=st.sampled_from(
        [
            PURCHASES,
            FLAT,
            CUSTOMERS,
            f"{CUSTOMERS}/HEAD/ledger",
            f"{CUSTOMERS}/HEAD/statement",
            f"{PURCHASE}/transactions",
            PRODUCTS,
            VARIANTS,
        ]
    ),
    name=st.sampled_from(
        [
            "limit",
            "offset",
            "cursor",
            "type",
            "search",
            "has_outstanding",
            "calculated_payment_status",
            "purchase_identifiers[sparklayer]",
            "purchase_identifiers[visible]",
            "customer_reference",
            "deleted",
            "count",
            "order_by",
            "email",
            "platform_id",
            "purchase_spark_id",
            "created_at[gte]",
            "posted_at[lte]",
            "currency_code",
            "dates[placed][gte]",
            "customer_identifiers[sparklayer]",
            "parent_customer_id",
            "sku",
            "product_id",
        ]
    ),
    value=st.one_of(nasty_texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=20)),
)
def test_parameters(caller: ApiCaller, address: str, name: str, value: bytes) -> None:
    answer = caller.get(f"{address}?{name}={quote_from_bytes(value)}")
    assert answer.status_code in (200, 400)
