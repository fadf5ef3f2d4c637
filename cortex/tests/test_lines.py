"""Equal lines are one over all packages; and which line belongs to which."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import spread
from cortex.lines import Line, lines_of


def form(
    net: str = "10.00", quantity: int = 1, *, sku: str = "ROPE", gross: str | None = None, **members: Any
) -> dict[str, Any]:
    """A line as it is stored."""
    return {
        "identifiers": {"sku": sku},
        "name_parent": "Rope",
        "name_child": "",
        "quantity": quantity,
        "custom_attributes": [],
        "line_total": {"total_net": {"number": net}, "calculated_gross": {"number": gross or net}},
    } | members


def merged(*packages: tuple[str, list[dict[str, Any]]], currency_code: str = "GBP") -> list[Line]:
    forms = [{"type": state, "line_items": lines} for state, lines in packages]
    return list(lines_of(forms, currency_code).all)


def test_pieces_in_every_state_are_one_line() -> None:
    [line] = merged(
        ("processing", [form("20.00", 2, gross="24.00")]),
        ("shipment", [form("30.00", 3, gross="36.00")]),
        ("refund", [form("10.00", 1, gross="12.00")]),
        ("cancelled", [form("40.00", 4, gross="48.00")]),
    )
    assert (line.quantity, line.net, line.gross, line.tax) == (6, Decimal(60), Decimal(72), Decimal(12))
    assert line.configuration == {"returned-quantity": "1", "cancelled-quantity": "4"}


def test_what_was_cancelled_whole_is_still_a_line() -> None:
    [line] = merged(("cancelled", [form("40.00", 4)]))
    assert (line.quantity, line.net, line.configuration) == (0, Decimal(0), {"cancelled-quantity": "4"})


@pytest.mark.parametrize(
    "other",
    [
        form(sku="AXE"),
        form(name_parent="Cord"),
        form(name_child="red"),
        form(custom_attributes=[{"key": "a", "value": "b"}]),
        form("12.00"),
        form("10.02"),
        form("21.00", 2),
        form(parent_line={"identifiers": {"sku": "ROPE"}, "relation": "component"}),
    ],
)
def test_what_differs_is_another_line(other: dict[str, Any]) -> None:
    lines = merged(("processing", [form()]), ("shipment", [other]))
    assert len(lines) == len({line.key for line in lines}) == 2


@given(
    st.integers(-10_000_00, 10_000_00),
    st.lists(st.integers(1, 2_000), min_size=2, max_size=4),
    st.sampled_from([("GBP", 2), ("JPY", 0), ("KWD", 3)]),
)
def test_however_a_line_is_divided_its_parts_are_one(units: int, pieces: list[int], currency: tuple[str, int]) -> None:
    code, places = currency
    net = Decimal(units).scaleb(-places)
    parts = spread(net, pieces, places=places)
    lines = merged(
        *(("shipment", [form(f"{part:f}", quantity)]) for part, quantity in zip(parts, pieces, strict=True)),
        currency_code=code,
    )
    assert [(line.quantity, line.net) for line in lines] == [(sum(pieces), net)]


def test_the_key_of_a_line_stays_while_its_pieces_are_moved() -> None:
    before = merged(("processing", [form("20.00", 2), form(sku="AXE")]))
    after = merged(("processing", [form(sku="AXE")]), ("shipment", [form("20.00", 2)]))
    assert {line.key for line in before} == {line.key for line in after}


def test_parents_are_found_wherever_they_are() -> None:
    named = {"identifiers": {"sku": "KIT"}}
    lines = merged(
        ("shipment", [form(sku="BAG", parent_line=named | {"relation": "dependent"})]),
        (
            "processing",
            [form(sku="KIT"), form(sku="ROPE", parent_line=named | {"relation": "component"}), form(sku="ROPE")],
        ),
    )
    by_sku = {(line.identifiers["sku"], line.parent is None): line for line in lines}
    kit = by_sku["KIT", True]
    assert [line.identifiers["sku"] for line in kit.components] == ["ROPE"]
    assert [line.identifiers["sku"] for line in kit.dependents] == ["BAG"]
    assert by_sku["ROPE", False].parent is kit
    assert by_sku["ROPE", True].parent is None
