"""No list and no bulk write of the Core API asks more of the database for many rows than for one.

What has to be in the table the API's description says: whatever answers a list or takes one. An address without a row
fails the walk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.api import access
from core.models import Site
from core.money import EXPONENTS
from pricing.documents import MAX_RULES
from tests.callers import make_caller
from tests.description import description
from tests.many import catalogue, customers, orders, prices
from tests.many.stage import Calls, Stage

MANY = 500
FEWER = {
    ("POST", "/api/v1/price-lists"): MAX_RULES,
    ("GET", "/api/v1/price-lists/{slug}"): MAX_RULES,
    ("PATCH", "/api/v1/price-lists/{slug}"): MAX_RULES,
    ("GET", "/api/v2/price-lists"): 250,
    ("GET", "/api/v1/customer-groups/{slug}/settings"): len(EXPONENTS),
    ("PATCH", "/api/v1/customer-groups/{slug}/settings"): len(EXPONENTS),
}
"""Where so many are not taken, or not answered on one page."""
ELSEWHERE = ("/api/v1/purchases", "/api/v1/purchase-transactions", "/api/auth")
"""The Purchasing API, whose counts its own tests assert."""
FIXED = {("GET", "/api/v1/settings"), ("PATCH", "/api/v1/settings")}
"""As many rows as there are settings, never more."""

TABLE: Calls = {**catalogue.CALLS, **prices.CALLS, **customers.CALLS, **orders.CALLS}


def of_many() -> Iterator[tuple[str, str]]:
    """Every operation that answers a list, or takes one of objects or SKUs."""
    for path, operations in description()["paths"].items():
        if path.startswith(ELSEWHERE):
            continue
        for method, operation in operations.items():
            answered = operation["responses"].get("200", {}).get("content", {}).get("application/json")
            sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if (answered and is_list(answered["schema"], deep=method == "get")) or (sent and is_list(sent["schema"])):
                yield method.upper(), path


def is_list(schema: dict[str, Any], *, deep: bool = True) -> bool:
    """Whether it is an array; `deep`: or an object of which a member is one of objects or of SKUs."""
    resolved = plain(schema)
    if resolved.get("type") == "array":
        return True
    members = {name: plain(member) for name, member in resolved.get("properties", {}).items()} if deep else {}
    return any(
        name == "skus" or plain(member["items"]).get("type") == "object"
        for name, member in members.items()
        if member.get("type") == "array"
    )


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference, or a choice with null, is a schema of."""
    while "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    forms = [form for form in schema.get("anyOf", ()) if form.get("type") != "null"]
    return plain(forms[0]) if len(forms) == 1 else schema


def test_whatever_is_of_many_has_a_row() -> None:
    served = {(method.upper(), path) for path, operations in description()["paths"].items() for method in operations}
    assert set(of_many()) - FIXED - set(TABLE) == set()
    assert (set(TABLE) | FIXED) - served == set()


@pytest.mark.parametrize(("method", "path"), TABLE)
def test_many_rows_take_as_many_statements_as_one(
    site: Site, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    monkeypatch.setattr(access, "CACHE_SECONDS", 3600)  # however long it takes to make many
    api = make_caller(site)
    stage = Stage(site, api)

    def statements(size: int) -> list[str]:
        call = TABLE[method, path](stage, size)
        assert call.method == method
        with CaptureQueriesContext(connection) as queries:
            answer = api.request(method, call.path, **({} if call.json is None else {"json": call.json}))
        assert answer.status_code in (200, 204), answer.content
        assert answer.status_code == 204 or len(answer.content) > 20 * size
        return [query["sql"] for query in queries]

    statements(1)  # what a first call looks up is known
    few, lots = statements(1), statements(FEWER.get((method, path), MANY))

    assert len(few) == len(lots), "\n".join(sql[:150] for sql in lots)
