"""Quantities that are lowered before a purchase is approved: the rest keeps its ids and its share of the money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidDocument
from core.models import Site
from purchasing.models import Purchase
from purchasing.revisions import document_of
from purchasing.tests.bakers import line, order, package, put
from purchasing.trimming import trim


def money(number: str) -> dict[str, str]:
    return {"number": number, "currency": "GBP"}


def a_line(number: int, quantity: int, gross: str = "10.00", **members: Any) -> dict[str, Any]:
    """A line in its stored form."""
    return {
        "id": f"oli_{number}",
        "identifiers": {"sku": f"S{number}"},
        "quantity": quantity,
        "line_total": {"total_net": money(gross), "discount_net": money("0"), "calculated_gross": money(gross)},
        "tax_lines": [],
        "refund_total": None,
        **members,
    }


def a_package(number: int, *lines: dict[str, Any], type: str = "processing", freight: str = "") -> dict[str, Any]:
    total = {"total_net": money(freight), "discount_net": money("0"), "calculated_gross": money(freight)}
    return {
        "id": f"orp_{number}",
        "type": type,
        "dates": {"created_at": None},
        "line_items": list(lines),
        "accounting_files": [f"file of {number}"],
        "refund_shipping": None,
        "shipping_method": {"name": "Van", "sku": "", "line_total": total} if freight else None,
    }


def a_document(*packages: dict[str, Any]) -> dict[str, Any]:
    return {"currency_code": "GBP", "packages": list(packages), "tax_lines": ["of the sender"]}


def quantities_in(document: dict[str, Any]) -> list[dict[str, int]]:
    return [{line["id"]: line["quantity"] for line in item["line_items"]} for item in document["packages"]]


def test_lines_are_lowered_or_go() -> None:
    document = a_document(a_package(1, a_line(1, 3), a_line(2, 2), a_line(3, 1)))

    trimmed = trim(document, quantities={"oli_1": 1, "oli_2": 0})

    assert quantities_in(trimmed) == [{"oli_1": 1, "oli_3": 1}]
    assert quantities_in(document) == [{"oli_1": 3, "oli_2": 2, "oli_3": 1}]
    assert trimmed["packages"][0]["line_items"][0]["line_total"]["total_gross"] == money("3.33")
    assert trimmed["tax_lines"] == []


def test_an_emptied_package_leaves_its_freight_and_files() -> None:
    document = a_document(a_package(1, a_line(1, 3), freight="5.00"), a_package(2, a_line(2, 2), freight="1.00"))

    trimmed = trim(document, quantities={"oli_1": 0})

    [left] = trimmed["packages"]
    assert left["shipping_method"]["line_total"]["total_gross"] == money("6.00")
    assert left["accounting_files"] == ["file of 2", "file of 1"]


def test_parts_go_with_what_they_belong_to() -> None:
    def part(number: int, of: str) -> dict[str, Any]:
        return a_line(number, 1, parent_line={"identifiers": {"sku": of}, "relation": "bundle"})

    document = a_document(a_package(1, a_line(1, 1), part(2, "S1"), part(3, "S2"), part(4, "S5"), a_line(5, 1)))

    assert quantities_in(trim(document, quantities={"oli_1": 0})) == [{"oli_4": 1, "oli_5": 1}]


@pytest.mark.parametrize(
    ("quantities", "code"),
    [
        ({"oli_1": 4}, "not-enough"),
        ({"oli_1": -1}, "not-enough"),
        ({"oli_9": 0}, "not-enough"),
        ({"oli_3": 0}, "not-enough"),
        ({"oli_1": 3}, "nothing-lowered"),
        ({}, "nothing-lowered"),
        ({"oli_1": 0, "oli_2": 0}, "nothing-left"),
    ],
)
def test_what_cannot_be_is_refused(quantities: dict[str, int], code: str) -> None:
    gone = [] if code == "nothing-left" else [a_package(2, a_line(3, 1), type="shipment")]
    document = a_document(a_package(1, a_line(1, 3), a_line(2, 2)), *gone)

    with pytest.raises(InvalidDocument) as refusal:
        trim(document, quantities=quantities)

    assert refusal.value.faults[0].code == code


@given(
    lines=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10**6)), min_size=1, max_size=6),
    data=st.data(),
)
def test_nothing_is_lost_but_what_is_taken_out(lines: list[tuple[int, int]], data: st.DataObject) -> None:
    """Each line keeps its share to the cent, whatever the others do."""
    document = a_document(
        a_package(1, *(a_line(n, quantity, f"{Decimal(cents) / 100:.2f}") for n, (quantity, cents) in enumerate(lines)))
    )
    wanted = {f"oli_{n}": data.draw(st.integers(0, quantity)) for n, (quantity, _) in enumerate(lines)}
    if not any(wanted.values()) or all(wanted[f"oli_{n}"] == quantity for n, (quantity, _) in enumerate(lines)):
        return

    [left] = trim(document, quantities=wanted)["packages"]

    assert {item["id"]: item["quantity"] for item in left["line_items"]} == {
        name: quantity for name, quantity in wanted.items() if quantity
    }
    for item in left["line_items"]:
        quantity, cents = lines[int(item["id"][4:])]
        exact = Decimal(cents) / 100 * item["quantity"] / quantity
        assert abs(Decimal(item["line_total"]["calculated_gross"]["number"]) - exact) < Decimal("0.01")


def test_a_stored_purchase_can_be_trimmed(site: Site) -> None:
    put(site, order(package(line(quantity=3), line(sku="B", quantity=1)), type="awaiting_approval"))
    stored = Purchase.objects.get()
    [first, second] = document_of(stored)["packages"][0]["line_items"]

    trimmed = trim(document_of(stored), quantities={first["id"]: 2, second["id"]: 0})

    assert quantities_in(trimmed) == [{first["id"]: 2}]
