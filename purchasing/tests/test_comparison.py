"""What changed between two versions of a document."""

from __future__ import annotations

from typing import Any

import pytest

from purchasing.comparison import Change, changes_between

GBP_10 = {"number": "10.00", "currency": "GBP"}
GBP_12 = {"number": "12.00", "currency": "GBP"}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 2}, {"a": 3, "b": 2}, [Change("a", 1, 3)]),
        ({"dates": {"placed_at": None}}, {"dates": {"placed_at": "now"}}, [Change("dates.placed_at", None, "now")]),
        ({"net": GBP_10}, {"net": GBP_12}, [Change("net", GBP_10, GBP_12)]),
        ({"net": GBP_10}, {"net": None}, [Change("net", GBP_10, None)]),
        ({"net": GBP_10}, {}, [Change("net", GBP_10, None)]),
        ({"calculated_total": GBP_10, "unit_total": GBP_10}, {"calculated_total": GBP_12, "unit_total": GBP_12}, []),
        ({"notes": ["a", "b"]}, {"notes": ["a", "c", "d"]}, [
            Change("notes[1]", "b", "c"),
            Change("notes[2]", None, "d"),
        ]),
        ({"notes": ["a", "b"]}, {"notes": ["a"]}, [Change("notes[1]", "b", None)]),
    ],
)  # fmt: skip
def test_members(before: dict[str, Any], after: dict[str, Any], changes: list[Change]) -> None:
    assert changes_between(before, after) == changes


def test_packages_and_lines_are_compared_with_themselves() -> None:
    """Wherever they stand now; what came and what went is told whole."""
    rope, chalk, sling = ({"id": f"orp_{n}", "quantity": n} for n in (1, 2, 3))
    before = {"packages": [{"id": "orp_8", "line_items": [rope, chalk]}]}
    after = {
        "packages": [{"id": "orp_9", "line_items": []}, {"id": "orp_8", "line_items": [sling, {**rope, "quantity": 7}]}]
    }
    assert changes_between(before, after) == [
        Change("packages[0]", None, {"id": "orp_9", "line_items": []}),
        Change("packages[1].line_items[0]", None, sling),
        Change("packages[1].line_items[1].quantity", 1, 7),
        Change("packages[1].line_items[1]", chalk, None),
    ]
