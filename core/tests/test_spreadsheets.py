"""CSV that runs nothing in the spreadsheet it is opened with."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from core import spreadsheets
from core.spreadsheets import csv_of, harmless


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 117",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "-",
        "--1",
        "-1.",
        "=cmd|' /C calc'!A0",
        "-٣",
    ],
)
def test_what_could_be_a_formula_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-5", "-10.50", "10", "PO 7", "a=b", "Größe", "2026-01-31", "'x", "1e5"])
def test_everything_else_is_left_alone(text: str) -> None:
    assert harmless(text) == text


def test_cells_come_back_as_they_were_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "ROWS_AT_ONCE", 2)
    rows = [("a", 'with "quotes", and\nlines'), (None, Decimal("-1.50")), (date(2026, 1, 31), "靴")]

    pieces = list(csv_of(rows))

    assert len(pieces) == 2
    read = list(csv.reader(io.StringIO(b"".join(pieces).decode(), newline="")))
    assert read == [["a", 'with "quotes", and\nlines'], ["", "-1.50"], ["2026-01-31", "靴"]]


def test_nothing_is_no_piece() -> None:
    assert list(csv_of([])) == []
