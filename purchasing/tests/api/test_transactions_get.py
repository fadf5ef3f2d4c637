"""GET /api/v1/purchases/{lookupBy}/{identifier}/transactions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.models import Site
from purchasing.tests.bodies import FLAT, PURCHASES, faults, order, payment
from tests.callers import ApiCaller, make_caller

PATH = f"{PURCHASES}/internal/I-1"


NESTED = f"{PATH}/transactions"


UNKNOWN = "63428136-658f-48a6-beb7-7f333dfd9686"


def next_of(answer: Any) -> str | None:
    match = re.fullmatch(r'<http://testserver(/[^>]*)>; rel="next"', answer.headers.get("Link", ""))
    return match and match[1]


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


def test_of_one_purchase_informational_ones_too(api: ApiCaller, paid: Any) -> None:
    answer = api.get(NESTED)
    assert [(row["platform_id"], row["total"], row["apply_to_balance"]) for row in answer.json()] == [
        ("a", "4.00", True),
        ("b", "1500", False),
    ]
    assert answer.json()[0] == {name: value for name, value in paid["a"].items() if name != "warnings"}
    assert "ETag" not in answer


@pytest.mark.parametrize("kind", ["sparklayer", "platform", "internal", "visible"])
def test_by_each_look_up(api: ApiCaller, kind: str) -> None:
    body = order(purchase_identifiers={"platform": "P/1", "visible": "V 1"})
    identifiers = api.put(PATH, json=body).json()["purchase_identifiers"]
    path = f"{PURCHASES}/{kind}/{identifiers[kind].replace('/', '%2F').replace(' ', '%20')}/transactions"
    assert api.put(path, json=payment()).status_code == 200
    assert names(api.get(path)) == ["pay-1"]


@pytest.mark.parametrize(("path", "status"), [("internal/unknown", 404), ("sparklayer/I-1", 404), ("number/I-1", 400)])
def test_what_names_none(api: ApiCaller, paid: Any, path: str, status: int) -> None:
    assert api.get(f"{PURCHASES}/{path}/transactions").status_code == status


@pytest.mark.parametrize("parameter", ["platform_id", "apply_to_balance", "x"])
def test_the_nested_list_knows_paging_only(api: ApiCaller, paid: Any, parameter: str) -> None:
    answer = api.get(f"{NESTED}?{parameter}=a")
    assert (answer.status_code, faults(answer)) == (400, [("unknown-parameter", parameter)])


@pytest.mark.parametrize("start", ["", "&offset=0"])
def test_pages_lead_on_to_the_last(api: ApiCaller, start: str) -> None:
    api.put(PATH, json=order())
    for number in range(5):
        api.put(NESTED, json=payment(number + 1, platform_id=str(number)))
    path: str | None = f"{NESTED}?limit=2{start}"
    pages = []
    while path:
        answer = api.get(path)
        pages.append(names(answer))
        path = next_of(answer)
        assert path is None or "offset" not in path
    assert pages == [["0", "1"], ["2", "3"], ["4"]]
    assert names(api.get(f"{NESTED}?limit=2&offset=3")) == ["3", "4"]


def test_a_hundred_by_default(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    for number in range(101):
        api.put(NESTED, json=payment(number + 1, platform_id=str(number), apply_to_balance=False))
    assert len(api.get(NESTED).json()) == 100
    assert len(api.get(f"{NESTED}?offset=100").json()) == 1


def test_the_scope_is_orders(site: Site, paid: Any) -> None:
    for scope, status in (("orders", 200), ("orders.read", 200), ("customers", 403)):
        assert make_caller(site, name=scope, scopes=[scope]).get(NESTED).status_code == status
