"""What existing integration programs do, and must go on doing: their nulls, numbers and letters.

Every call goes through the addresses as they are served.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from tests.callers import ApiCaller
from tests.declared import Place, at, body_schema, may_be_null, objects_in, with_members, without_member
from tests.test_every_address import KNOWN
from tests.test_hostile_bodies import WRITES, good_call
from tests.test_sites_are_alone import BY_FILTER

TOKEN = "/api/auth/token"
LISTS = sorted({f"/{route}" for route in BY_FILTER} - {"/api/v1/settings"})


@pytest.fixture
def program(db: None, furnished: ApiCaller) -> ApiCaller:
    return ApiCaller(furnished.headers)


def described(route: str) -> str:
    """An address as the description writes it."""
    return "/" + route.replace("<segment:", "{").replace(">", "}")


def undone(program: ApiCaller, method: str, path: str, **options: Any) -> Any:
    """The answer to a call of which nothing remains."""
    with transaction.atomic():
        answer = program.request(method, path, **options)
        transaction.set_rollback(True)
    return answer


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "text/csv", "x", ""])
def test_a_content_type_of_a_get_is_not_judged(program: ApiCaller, content_type: str) -> None:
    for path in LISTS:
        answer = program.get(path, content_type=content_type)
        assert (path, answer.status_code, answer["Content-Type"]) == (path, 200, "application/json")


@pytest.mark.parametrize("accept", [None, "", "*/*", "text/html", "application/xml;q=0.9", "text/csv", "nonsense"])
def test_whatever_is_accepted_it_is_json(program: ApiCaller, accept: str | None) -> None:
    for path in [*LISTS, "/api/v1/price-lists/base/pricing", "/api/v1/customers/HEAD"]:
        answer = program.get(path, headers={"Accept": accept})
        assert (path, answer.status_code, answer["Content-Type"]) == (path, 200, "application/json")
    assert program.get("/api/v1/customers/NOBODY", headers={"Accept": accept}).json()["title"] == "not-found"


def test_a_slash_at_the_end_is_tolerated(program: ApiCaller) -> None:
    for path in [*LISTS, "/api/v1/price-lists/base/pricing", "/api/v1/pricing/ROPE", "/api/v1/customers/HEAD"]:
        assert (path, program.get(f"{path}/").content) == (path, program.get(path).content)
    for route, method in WRITES:
        path, good = good_call(program, route, method)
        answers = [undone(program, method, each, json=good).status_code for each in (path, f"{path}/")]
        assert (route, answers[1]) == (route, answers[0])


def test_head_follows_get_and_options_says_what_there_is(program: ApiCaller) -> None:
    for path in LISTS:
        get, head = program.get(path), program.head(path)
        assert (path, head.status_code, head.content) == (path, 200, b"")
        assert {name: head[name] for name in ("Content-Type", "Content-Length")} == {
            name: get[name] for name in ("Content-Type", "Content-Length")
        }
    for path in LISTS:
        answer = program.options(path)
        methods = KNOWN[path.removeprefix("/")]
        allowed = {"OPTIONS", *methods, *({"HEAD"} if "GET" in methods else ())}
        assert (path, answer.status_code, set(answer["Allow"].split(", "))) == (path, 204, allowed)


# --- members ----------------------------------------------------------------------------------------------------------


def nullable(route: str, method: str, body: Any) -> list[tuple[Place, str]]:
    """Every declared member of a body that null may stand for, with the place of its object.

    But for identifiers of a purchase, where null says more than leaving out: it takes the stored one away.
    """
    return [
        (place, name)
        for place, declared in objects_in(body_schema(method, described(route)), body)
        for name, schema in declared.items()
        if may_be_null(schema) and place[-1:] != ("purchase_identifiers",)
    ]


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_null_for_what_is_not_known(program: ApiCaller, route: str, method: str) -> None:
    """Every declared member that is not sent is sent as null, all of them at once."""
    path, good = good_call(program, route, method)
    unsent = [(place, name, None) for place, name in nullable(route, method, good) if name not in at(good, place)]
    body = with_members(good, *unsent)

    answers = [undone(program, method, path, json=each) for each in (good, body)]

    assert answers[1].status_code == answers[0].status_code, answers[1].content


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_null_for_each_that_may_be_null(program: ApiCaller, route: str, method: str) -> None:
    """It is taken, unless the rest of the body asks for the member: then to leave it out is as wrong."""
    path, good = good_call(program, route, method)
    expected = undone(program, method, path, json=good).status_code
    for place, name in nullable(route, method, good):
        answer = undone(program, method, path, json=with_members(good, (place, name, None)))
        if answer.status_code != expected:
            left_out = undone(program, method, path, json=without_member(good, place, name))
            assert answer.status_code == left_out.status_code, (place, name, answer.content)


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_keys_that_nobody_knows_are_ignored(program: ApiCaller, route: str, method: str) -> None:
    """In every object of a body whose members are declared."""
    path, good = good_call(program, route, method)
    unknown = {"unknown_to_us": {"a": [1, None, "x"]}, "_id": None, "Sku": 7}
    places = [place for place, _ in objects_in(body_schema(method, described(route)), good)]
    body = with_members(good, *((place, name, value) for place in places for name, value in unknown.items()))

    answers = [undone(program, method, path, json=each) for each in (good, body)]

    assert answers[1].status_code == answers[0].status_code, answers[1].content
    assert b"unknown_to_us" not in answers[1].content


# --- numbers and letters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (b"19.99", b"19.99"),
        (b"0.1", b"0.1"),
        (b"0.3", b"0.3"),
        (b"1.005", b"1.005"),
        (b"10", b"10"),
        (b"10.0", b"10"),
        (b"10.50", b"10.5"),
        (b"1e2", b"100"),
        (b"0", b"0"),
        (b'"19.99"', b"19.99"),
        (b"123456789.12", b"123456789.12"),
    ],
)
def test_a_price_is_the_decimal_that_was_written(program: ApiCaller, sent: bytes, answered: bytes) -> None:
    body = b'[{"sku": "ROPE", "pricing": [{"quantity": 1.0, "price": ' + sent + b"}]}]"

    assert program.patch("/api/v1/price-lists/base/pricing", body=body).status_code == 204

    assert b'"price":' + answered + b"," in program.get("/api/v1/price-lists/base/pricing").content


@pytest.mark.parametrize("sum_of_floats", [0.1 + 0.2, 1.1 * 3, 0.7 + 0.1 + 0.3])
def test_a_sum_of_floats_is_not_guessed_at(program: ApiCaller, sum_of_floats: float) -> None:
    """It is written with 17 digits, which no price has: refused by name, and taken when it is rounded as a price is."""
    rows = [{"sku": "ROPE", "pricing": [{"price": sum_of_floats}]}]
    refused = program.patch("/api/v1/price-lists/base/pricing", json=rows)
    assert (refused.status_code, [row["field"] for row in refused.json()]) == (400, ["pricing[0].price"])

    rows[0]["pricing"] = [{"price": round(sum_of_floats, 2)}]
    assert program.patch("/api/v1/price-lists/base/pricing", json=rows).status_code == 204


CODES = ("GBP", "gbp", "Gbp", "gBP")
"""As programs spell one currency."""


def _currency(answer: Any) -> Any:
    assert answer.status_code in (200, 204), answer.content
    return answer.json()


@pytest.mark.parametrize("code", CODES)
def test_currencies_in_any_letters(program: ApiCaller, code: str) -> None:
    """The Core API answers them in lower case, purchases and the books in upper case."""
    lists, groups = "/api/v1/price-lists", "/api/v1/customer-groups/climbers/settings"
    money = {"net": 10, "gross": 12}
    item = {"sku": "ROPE", "name": "Rope", "quantity": 1, "line_total": money}
    order = {
        "customer_id": "HEAD",
        "currency_code": code,
        "external_id": "X",
        "packages": [{"items": [item], "shipping_address_id": "DOCK"}],
    }
    order |= {"created_at": "2026-01-31T09:30:00Z", "payment_method": "other"}
    band = {"cost": {"type": "fixed", "amount": 5, "currency_code": code}}
    minimum = {"currency_code": code, "minimum_value": 5, "compare_type": "gross"}
    program.patch("/api/v1/variants/ROPE-1", json={"rrp": [{"value": 9, "currency_code": code}]})
    program.patch(groups, json=[{"key": "orderTotalsValidation", "value": [minimum]}])
    program.patch("/api/v1/settings", json=[{"key": "default_currency", "value": code}])
    core = [
        _currency(program.post(lists, json={"slug": "new", "name": "New", "currency_code": code}))["currency_code"],
        _currency(program.patch("/api/v1/customers/HEAD", json={"currency_code": code}))["currency_code"],
        _currency(program.get("/api/v1/variants/ROPE-1"))["rrp"][0]["currency_code"],
        _currency(program.get(groups))[0]["value"][0]["currency_code"],
        _currency(program.patch("/api/v1/shipping-methods/VAN", json={"bands": [band]}))["bands"][0]["cost"][
            "currency_code"
        ],
        _currency(program.post("/api/v1/orders", json=order))["currency_code"],
        {row["key"]: row["value"] for row in _currency(program.get("/api/v1/settings"))}["default_currency"],
    ]
    assert core == ["gbp"] * len(core)

    price = {"number": "10.00", "currency": code}
    line = {"name_parent": "Rope", "quantity": 1, "line_total": {"total_net": price}}
    purchase = {"type": "order", "customer_identifiers": {}, "dates": {}, "packages": [{"line_items": [line]}]}
    payment = {"platform_id": "p", "total": "4", "currency_code": code, "apply_to_balance": True}
    entry = {"kind": "manual", "amount": "4", "currency_code": code, "reference": "R", "reason": "told"}
    path = "/api/v1/purchases/internal/NEW"
    stored = _currency(program.put(path, json=purchase | {"currency_code": code}))
    books = [
        stored["currency_code"],
        stored["calculated_total"]["currency"],
        stored["packages"][0]["line_items"][0]["line_total"]["total_net"]["currency"],
        _currency(program.put(f"{path}/transactions", json=payment))["currency_code"],
        _currency(program.get(f"{path}/history"))[0]["currency_code"],
        _currency(program.post("/api/v1/customers/HEAD/ledger", json=entry))["currency_code"],
        _currency(program.get("/api/v1/customers/HEAD"))["balances"][0]["currency_code"],
    ]
    assert books == ["GBP"] * len(books)
