"""GET /api/v1/purchase-transactions."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from core.actors import SYSTEM
from core.models import Site
from core.site_settings import set_setting
from purchasing.models import PurchaseTransaction
from purchasing.tests.bodies import FLAT, PURCHASES, faults, order, payment
from tests.callers import ApiCaller, make_caller

PATH = f"{PURCHASES}/internal/I-1"


NESTED = f"{PATH}/transactions"


UNKNOWN = "63428136-658f-48a6-beb7-7f333dfd9686"


def next_of(answer: Any) -> str | None:
    match = re.fullmatch(r'<http://testserver(/[^>]*)>; rel="next"', answer.headers.get("Link", ""))
    return match and match[1]


def asked(api: ApiCaller, **parameters: Any) -> Any:
    return api.get(f"{FLAT}?{urlencode(parameters)}")


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["platform_id"] for row in answer.json()]


@pytest.fixture
def paid(api: ApiCaller) -> dict[str, Any]:
    """Two purchases: one paid by `a` and, for information, `b`; the other by `a`. Their SparkLayer ids, and `a`."""
    one = api.put(PATH, json=order()).json()["purchase_identifiers"]["sparklayer"]
    two = api.put(f"{PURCHASES}/internal/I-2", json=order()).json()["purchase_identifiers"]["sparklayer"]
    first = api.put(NESTED, json=payment("4", platform_id="a")).json()
    api.put(NESTED, json=payment("1500", platform_id="b", currency_code="JPY", apply_to_balance=False))
    api.put(FLAT, json=payment("-1", platform_id="a", purchase_spark_id=two))
    return {"one": one, "two": two, "a": first}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["a", "b", "a"]),
        ({"purchase_spark_id": "{one}"}, ["a", "b"]),
        ({"purchase_spark_id": "{two}"}, ["a"]),
        ({"purchase_spark_id": UNKNOWN}, []),
        ({"platform_id": "a"}, ["a", "a"]),
        ({"platform_id": "A"}, []),
        ({"platform_id": ""}, []),
        ({"apply_to_balance": "true"}, ["a", "a"]),
        ({"apply_to_balance": "false"}, ["b"]),
        ({"apply_to_balance": "false", "platform_id": "a"}, []),
        ({"created_at[gte]": "2020-01-01"}, ["a", "b", "a"]),
        ({"created_at[gte]": "2999-01-01T00:00:00Z"}, []),
        ({"created_at[lte]": "2020-01-01T00:00:00Z"}, []),
        ({"created_at[lte]": "2999-01-01"}, ["a", "b", "a"]),
    ],
)
def test_filters(api: ApiCaller, paid: Any, parameters: dict[str, str], expected: list[str]) -> None:
    filled = {name: value.format(one=paid["one"], two=paid["two"]) for name, value in parameters.items()}
    assert names(asked(api, **filled)) == expected


def test_created_at_is_met_to_the_microsecond(api: ApiCaller, paid: Any) -> None:
    created_at = paid["a"]["created_at"]
    assert names(asked(api, **{"created_at[lte]": created_at})) == ["a"]
    assert names(asked(api, **{"created_at[gte]": created_at})) == ["a", "b", "a"]


def test_days_are_those_of_the_site(api: ApiCaller, site: Site, paid: Any) -> None:
    set_setting(site=site, key="time_zone", value="Pacific/Auckland")
    assert names(asked(api, **{"created_at[gte]": "2020-01-01"})) == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("purchase_spark_id", "I-1", "invalid"),
        ("purchase_spark_id", "", "invalid"),
        ("purchase_spark_id", UNKNOWN.replace("-", ""), "invalid"),
        ("apply_to_balance", "True", "invalid"),
        ("apply_to_balance", "1", "invalid"),
        ("apply_to_balance", "", "invalid"),
        ("created_at[gte]", "soon", "invalid"),
        ("created_at[lte]", "", "invalid"),
        ("limit", "0", "invalid"),
        ("limit", "501", "invalid"),
        ("offset", "-1", "invalid"),
        ("platform_id", "x" * 1001, "invalid"),
        ("created_at", "2020-01-01", "unknown-parameter"),
        ("cursor", "x", "invalid"),
        ("total", "1", "unknown-parameter"),
    ],
)
def test_an_unknown_filter_or_a_bad_value_is_400(api: ApiCaller, parameter: str, value: str, code: str) -> None:
    answer = asked(api, **{parameter: value})
    assert (answer.status_code, faults(answer)) == (400, [(code, parameter)])


@pytest.mark.parametrize("start", ["", "&offset=0"])
def test_pages_lead_on_to_the_last(api: ApiCaller, start: str) -> None:
    api.put(PATH, json=order())
    for number in range(5):
        api.put(NESTED, json=payment(number + 1, platform_id=str(number)))
    path: str | None = f"{FLAT}?limit=2{start}"
    pages = []
    while path:
        answer = api.get(path)
        pages.append(names(answer))
        path = next_of(answer)
        assert path is None or "offset" not in path
    assert pages == [["0", "1"], ["2", "3"], ["4"]]
    assert names(api.get(f"{FLAT}?limit=2&offset=3")) == ["3", "4"]


def test_what_goes_meanwhile_hides_nothing(api: ApiCaller) -> None:
    """Counted from the start, the rows behind what was deleted would move up past the next page."""
    api.put(PATH, json=order())
    for number in range(9):
        api.put(NESTED, json=payment(number + 1, platform_id=str(number)))
    path: str | None = f"{FLAT}?limit=3"
    seen: list[str] = []
    while path:
        answer = api.get(path)
        seen.extend(names(answer))
        for transaction in PurchaseTransaction.objects.filter(platform_id__in=seen):
            transaction.author = SYSTEM
            transaction.delete()
        path = next_of(answer)
    assert seen == [str(number) for number in range(9)]


def test_a_cursor_of_another_list_is_refused(api: ApiCaller) -> None:
    for name in ("A", "B"):
        api.put(f"{PURCHASES}/internal/{name}", json=order())
    path = next_of(api.get(f"{PURCHASES}?limit=1&order_by=created_at"))
    assert path
    cursor = path.partition("cursor=")[2].partition("&")[0]
    assert faults(api.get(f"{FLAT}?cursor={cursor}")) == [("invalid", "cursor")]


def test_a_hundred_by_default(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    for number in range(101):
        api.put(NESTED, json=payment(number + 1, platform_id=str(number), apply_to_balance=False))
    assert len(api.get(FLAT).json()) == 100
    assert len(api.get(f"{FLAT}?offset=100").json()) == 1


def test_the_scope_is_orders(site: Site, paid: Any) -> None:
    for scope, status in (("orders", 200), ("orders.read", 200), ("customers", 403)):
        assert make_caller(site, name=scope, scopes=[scope]).get(FLAT).status_code == status
