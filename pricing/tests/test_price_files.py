"""Prices as CSV: what is read, what is named by its line, and that what is written can be read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pricing.price_files import read_prices, write_prices
from pricing.sent_prices import FaultyRows


def read(text: str | bytes, *, names_lists: bool = False) -> list[tuple[object, ...]]:
    sent = read_prices(text if isinstance(text, bytes) else text.encode(), names_lists=names_lists)
    return [
        (item.line, item.price_list_slug, item.sku, *((price.quantity, f"{price.price:f}") for price in item.breaks))
        for item in sent
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("sku,price,quantity\nA,10.49,5\n", [(2, "", "A", (5, "10.49"))]),
        ("sku,price,qty\r\nA,10.49,5\r\n", [(2, "", "A", (5, "10.49"))]),
        ("﻿SKU, Price \nA,1\n", [(2, "", "A", (1, "1"))]),
        ("price,sku\n 1.5 , A \n", [(2, "", " A ", (1, "1.5"))]),  # an SKU is exact
        ("sku,price,qty\nA,,\n", [(2, "", "A")]),
        ("sku,price\n\nA,1\n,\nB,2\n", [(3, "", "A", (1, "1")), (5, "", "B", (1, "2"))]),
        ('sku,price\n"A\nB",1\nC,2\n', [(2, "", "A\nB", (1, "1")), (4, "", "C", (1, "2"))]),
        ("sku,price,colour\nA,1,red\n", [(2, "", "A", (1, "1"))]),
        ("sku,price,qty\nA,1,5.0\n", [(2, "", "A", (5, "1"))]),
        ("sku,price\n", []),
    ],
)
def test_files_are_read(text: str, rows: list[tuple[object, ...]]) -> None:
    assert read(text) == rows


def test_a_file_of_several_lists_names_them() -> None:
    text = "price_list_slug,sku,price\nbase,A,1\ntrade,A,2\n"
    assert read(text, names_lists=True) == [(2, "base", "A", (1, "1")), (3, "trade", "A", (1, "2"))]


@pytest.mark.parametrize(
    ("text", "names_lists", "faults"),
    [
        ("", False, [(1, "")]),
        ("sku,qty\nA,1\n", False, [(1, "price")]),
        ("name\n", True, [(1, "sku"), (1, "price"), (1, "price_list_slug")]),
        ("sku,price,qty,quantity\nA,1,1,1\n", False, [(1, "quantity")]),
        ("sku,price\nA,x\nB,1\nC,-1\n", False, [(2, "price"), (4, "price")]),
        ("sku,price\n,1\n", False, [(2, "sku")]),
        ("sku,price,qty\nA,,5\n", False, [(2, "price")]),
        ("sku,price,qty\nA,1,0\nB,1,many\nC,1,1.5\n", False, [(2, "quantity"), (3, "quantity"), (4, "quantity")]),
        ("sku,price,tax_type\nA,1,vat\n", False, [(2, "tax_type")]),
        ("sku,price\nA,1,2\n", False, [(2, "")]),
        ("sku,price,price_list_slug\nA,1,\n", True, [(2, "price_list_slug")]),
        (f"sku,price\n{'x' * 101},1\n", False, [(2, "sku")]),
        ("sku,price\nA,1e5\n", False, [(2, "price")]),
        ("sku,price\nA,1.1234567\n", False, [(2, "price")]),
        ('sku,price\nA,1\n"B,2\n', False, [(3, "")]),
        ("sku,price\nA,\0\n", False, [(2, "")]),
        (b"sku,price\nA,1\n\xff,2\n", False, [(3, "")]),
    ],
)
def test_every_bad_line_is_named(text: str | bytes, names_lists: bool, faults: list[tuple[int, str]]) -> None:
    with pytest.raises(FaultyRows) as refusal:
        read(text, names_lists=names_lists)
    assert [(row.line, row.field) for row in refusal.value.rows] == faults
    assert all(row.message for row in refusal.value.rows)


def test_what_is_written_can_be_read() -> None:
    rows = [('A "1", x', 1, "10.49", None, "net", None), ("B", 10, "2.333", "each", "gross", "20")]
    sent = read_prices(write_prices(rows).encode(), names_lists=False)
    assert [
        (item.sku, price.quantity, str(price.price), price.unit_of_measure, price.tax_type, price.display_tax_rate)
        for item in sent
        for price in item.breaks
    ] == [
        ('A "1", x', 1, "10.49", None, "net", None),
        ("B", 10, "2.333", "each", "gross", Decimal(20)),
    ]


def test_many_bad_lines_are_not_all_listed() -> None:
    with pytest.raises(FaultyRows) as refusal:
        read("sku,price\n" + "A,x\n" * 3_000)
    assert len(refusal.value.rows) == 1_000
