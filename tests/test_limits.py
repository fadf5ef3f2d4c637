"""Each limit of each member of each body, at its edge and past it, over HTTP: what is past it is 400 and named."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction

from tests.callers import ApiCaller
from tests.description import description
from tests.limits import Case, Schema, cases, members, with_value
from tests.test_every_address import KNOWN
from tests.test_hostile_bodies import WRITES, good_call

FORM = {"invalid", "required", "too-long", "too-short", "too-many", "too-few"}
"""Codes of faults that lie in a value itself."""

CALLS = [call for call in WRITES if not call[0].startswith("api/v1/purchase")]
"""Purchases and transactions have files of their own (`purchasing/tests/api/test_purchase_put_faults.py`, …)."""

NEEDED_HERE = {
    "bands[0].cost.amount",  # of a fixed cost
    "bands[0].cost.currency_code",
    "rules[0].currency_exchange_rate",  # between two currencies
    "customer_id",  # by a program: a customer asks for himself
}
"""Members that need not be sent, but beside the rest of the good body."""

Fault = tuple[str, str]


def described(route: str, method: str) -> Schema:
    """What the description says of the body."""
    path = "/" + re.sub(r"<segment:(\w+)>", r"{\1}", route)
    operation = description()["paths"][path][method.lower()]
    schema: Schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema


def faults(answer: Any) -> list[Fault]:
    """Code and place of each fault; those of bulk prices come as a bare array."""
    if answer.status_code < 400:
        return []
    said = answer.json()
    if isinstance(said, list):
        return [("invalid", f"[{row['line'] - 1}]." + row["field"] if row["line"] else "") for row in said]
    return [(fault["code"], fault["property"] or "") for fault in said["errors"] or ()]


def send(caller: ApiCaller, method: str, path: str, body: Any) -> Any:
    """The answer, of which nothing remains."""
    with transaction.atomic():
        answer = caller.request(method, path, json=body)
        transaction.set_rollback(True)
    return answer


@pytest.fixture
def caller(db: None, furnished: ApiCaller) -> ApiCaller:
    return ApiCaller(furnished.headers)


def wrong_with(case: Case, answer: Any) -> str | None:
    """What the answer should not have said."""
    found = faults(answer)
    name = case.member.name
    if case.what == "null" and name in NEEDED_HERE:
        return None if found == [("required", name)] else f"not missed: {found}"
    if case.fits:
        named = [fault for fault in found if fault[0] in FORM and fault[1] == name]
        return f"refused: {named}" if named else None
    if answer.status_code != 400:
        return f"{answer.status_code}"
    is_named = any(place == name or place.startswith((f"{name}.", f"{name}[")) for _code, place in found)
    return None if is_named or not name else f"not named: {found[:5]}"


@pytest.mark.parametrize(("route", "method"), CALLS)
def test_every_limit_of_every_member(caller: ApiCaller, route: str, method: str) -> None:
    path, good = good_call(caller, route, method)
    schema = described(route, method)
    wrong = []
    for member in members(schema):
        for case in cases(member):
            answer = send(caller, method, path, with_value(schema, good, member.path, case.value))
            assert answer.status_code < 500, case
            if said := wrong_with(case, answer):
                wrong.append(f"{case}: {said}")
    assert wrong == []


def test_every_body_is_walked() -> None:
    assert set(WRITES) == {(route, verb) for route, verbs in KNOWN.items() for verb in verbs - {"GET", "DELETE"}}
