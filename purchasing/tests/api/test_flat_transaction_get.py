"""GET /api/v1/purchase-transactions/{id}."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from purchasing.tests.bodies import FLAT, PURCHASES, order, payment
from tests.callers import ApiCaller, make_caller

PATH = f"{PURCHASES}/internal/I-1"


NESTED = f"{PATH}/transactions"


UNKNOWN = "63428136-658f-48a6-beb7-7f333dfd9686"


@pytest.fixture
def paid(api: ApiCaller) -> dict[str, Any]:
    """Two purchases: one paid by `a` and, for information, `b`; the other by `a`. Their SparkLayer ids, and `a`."""
    one = api.put(PATH, json=order()).json()["purchase_identifiers"]["sparklayer"]
    two = api.put(f"{PURCHASES}/internal/I-2", json=order()).json()["purchase_identifiers"]["sparklayer"]
    first = api.put(NESTED, json=payment("4", platform_id="a")).json()
    api.put(NESTED, json=payment("1500", platform_id="b", currency_code="JPY", apply_to_balance=False))
    api.put(FLAT, json=payment("-1", platform_id="a", purchase_spark_id=two))
    return {"one": one, "two": two, "a": first}


@pytest.mark.parametrize("name", [UNKNOWN, "a", UNKNOWN.replace("-", "")])
def test_what_names_none(api: ApiCaller, paid: Any, name: str) -> None:
    assert api.get(f"{FLAT}/{name}").status_code == 404


def test_the_scope_is_orders(site: Site, paid: Any) -> None:
    for scope, status in (("orders", 200), ("orders.read", 200), ("customers", 403)):
        caller = make_caller(site, name=scope, scopes=[scope])
        assert caller.get(f"{FLAT}/{paid['a']['id']}").status_code == status


def test_one_by_its_id(api: ApiCaller, paid: Any) -> None:
    expected = {name: value for name, value in paid["a"].items() if name != "warnings"}
    assert api.get(f"{FLAT}/{paid['a']['id']}").json() == expected
    assert api.get(f"{FLAT}/{paid['a']['id'].upper()}").json() == expected
