"""GET /api/v1/purchases/{lookupBy}/{identifier}/diff."""

from __future__ import annotations

from typing import Any

import pytest

from purchasing.tests.bodies import PURCHASES, faults, order, payment
from tests.callers import ApiCaller
from tests.cast import line, package

PATH = f"{PURCHASES}/internal/I-1"
SHIPPED = {"type": "shipment", "dates": {"shipped_at": "2026-03-02T09:00:00+00:00"}}


@pytest.fixture(autouse=True)
def stored(api: ApiCaller) -> None:
    """An order with three revisions: made, one more rope, the rope sent."""
    axe = package(line("AXE"), identifiers={"internal": "AXES"})
    rope = {"identifiers": {"internal": "ROPES"}}
    api.put(PATH, json=order(packages=[package(line("ROPE"), **rope), axe]))
    api.put(PATH, json=order(packages=[package(line("ROPE", quantity=2), **rope), axe], customer_reference="PO"))
    api.put(PATH, json=order(packages=[axe, package(line("ROPE", quantity=2), **rope, **SHIPPED)]))


MORE: list[dict[str, Any]] = [
    {"path": "customer_reference", "old": "", "new": "PO"},
    {"path": "packages[0].line_items[0].quantity", "old": 1, "new": 2},
]
SENT: list[dict[str, Any]] = [
    {"path": "customer_reference", "old": "PO", "new": ""},
    {"path": "packages[1].type", "old": "processing", "new": "shipment"},
    {"path": "packages[1].dates.shipped_at", "old": None, "new": "2026-03-02T09:00:00+00:00"},
]


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        ("", SENT),
        ("?from=2", SENT),
        ("?to=3", SENT),
        ("?from=2&to=3", SENT),
        ("?to=2", MORE),
        ("?from=1&to=2", MORE),
        ("?to=1", []),
        ("?from=3", []),
        ("?from=2&to=2", []),
    ],
)
def test_what_changed_between_two(api: ApiCaller, asked: str, changes: list[Any]) -> None:
    assert api.get(f"{PATH}/diff{asked}").json() == changes


def test_it_can_be_asked_for_backwards(api: ApiCaller) -> None:
    back = [{"path": item["path"], "old": item["new"], "new": item["old"]} for item in MORE]
    assert api.get(f"{PATH}/diff?from=2&to=1").json() == back


def test_packages_are_compared_with_themselves(api: ApiCaller) -> None:
    changes = api.get(f"{PATH}/diff?from=1").json()
    assert [item["path"] for item in changes] == [
        "packages[1].type",
        "packages[1].line_items[0].quantity",
        "packages[1].dates.shipped_at",
    ]


def test_money_is_no_part_of_a_document(api: ApiCaller) -> None:
    api.put(f"{PATH}/transactions", json=payment())
    assert api.get(f"{PATH}/diff").json() == SENT


@pytest.mark.parametrize("value", ["0", "-1", "x", "", "1.0", "%D9%A1", "99999999999999999999"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_what_is_no_number_is_refused(api: ApiCaller, name: str, value: str) -> None:
    answer = api.get(f"{PATH}/diff?{name}={value}")
    assert (answer.status_code, faults(answer)) == (400, [("invalid", name)])


def test_a_revision_that_is_not_there_is_named(api: ApiCaller) -> None:
    answer = api.get(f"{PATH}/diff?from=4&to=2147483647")
    assert (answer.status_code, faults(answer)) == (400, [("resource-not-found", "from"), ("resource-not-found", "to")])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("internal/unknown/diff", 404),
        ("sparklayer/I-1/diff", 404),
        ("number/I-1/diff", 400),
        ("internal/I-1/diff?a=1", 400),
    ],
)
def test_what_names_none(api: ApiCaller, path: str, status: int) -> None:
    assert api.get(f"{PURCHASES}/{path}").status_code == status
