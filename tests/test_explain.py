"""`python -m bench.explain`: what is read out of a plan, and that nothing a list may be asked for is left out."""

from __future__ import annotations

from typing import Any

import pytest

from bench.explain.asked import LISTS, PAGING, Sample, of_account, of_api
from bench.explain.plans import Read, executed, reads_of, round_figure
from bench.explain.written import page_of
from tests.description import description

SAMPLE = Sample(**dict.fromkeys(Sample.__slots__, "x"))
LARGE = frozenset({"orders", "lines"})


def scan(kind: str, rows: float, members: dict[str, Any], *, loops: int = 1) -> dict[str, Any]:
    return {"Node Type": kind, "Actual Rows": rows, "Actual Loops": loops, **members}


def test_what_a_plan_reads() -> None:
    by_date = scan("Index Scan", 20, {"Relation Name": "orders", "Index Name": "by_date", "Rows Removed by Filter": 5})
    of_order = scan("Index Scan", 2, {"Relation Name": "lines", "Index Name": "of_order"}, loops=20)
    both = scan("BitmapOr", 0, {"Plans": [scan("Bitmap Index Scan", 9, {"Index Name": name}) for name in ("a", "b")]})
    heap = scan("Bitmap Heap Scan", 7, {"Plans": [both], "Relation Name": "lines", "Rows Removed by Index Recheck": 1})
    small = scan("Seq Scan", 900_000, {"Relation Name": "sites"})
    plan = scan("Nested Loop", 1, {"Plans": [by_date, of_order, heap, small, by_date]})
    assert reads_of(plan, LARGE) == [
        Read("orders", "by_date", 50),
        Read("lines", "of_order", 40),
        Read("lines", "a + b", 8),
    ]


def test_a_table_read_from_its_first_row_on_is_named() -> None:
    [read] = reads_of(scan("Seq Scan", 90_000, {"Relation Name": "orders", "Rows Removed by Filter": 10_000}), LARGE)
    assert (read.is_whole, str(read)) == (True, "orders: SEQUENTIAL, ≤ 100,000 rows")
    first = Read("orders", None, 10_001)
    assert (first.is_whole, str(first)) == (False, "orders: its first rows, ≤ 10,000 rows")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (0, "1,000"),
        (1_000, "1,000"),
        (1_001, "10,000"),
        (10_000, "10,000"),
        (10_001, "10,000"),
        (10_002, "100,000"),
        (950_000, "1,000,000"),
    ],
)
def test_rows_are_said_roughly(rows: int, said: str) -> None:
    assert round_figure(rows) == f"≤ {said} rows"


def test_a_statement_is_executed_with_its_values() -> None:
    assert executed("SELECT $1, $2", [b"o'clock", None]) == (
        "PREPARE explained AS SELECT $1, $2",
        "EXECUTE explained('o''clock', NULL)",
    )
    assert executed("SELECT 1", []) == ("PREPARE explained AS SELECT 1", "EXECUTE explained")


def test_every_parameter_of_every_list_is_asked() -> None:
    described = description()
    asked = [each.shown for each in of_api(described, SAMPLE)]
    for path in LISTS:
        names = {row["name"] for row in described["paths"][path]["get"].get("parameters", ()) if row["in"] == "query"}
        missing = {
            name for name in names - PAGING if not any(f"{path}?" in each and f"{name}=" in each for each in asked)
        }
        assert missing == set(), path


def test_every_list_with_parameters_is_one_of_them() -> None:
    files = (".csv", ".pdf")
    paths = {
        path
        for path, methods in description()["paths"].items()
        if any(row["in"] == "query" and row["name"] == "limit" for row in methods.get("get", {}).get("parameters", ()))
        and not path.endswith(files)
    }
    assert paths - set(LISTS) == {"/api/v1/purchases/{lookup_by}/{identifier}/transactions"}


def test_values_of_the_data_are_not_shown() -> None:
    sample = Sample(**{name: f"secret-{name}" for name in Sample.__slots__})
    shown = [each.shown for each in (*of_api(description(), sample), *of_account(sample))]
    assert [each for each in shown if "secret" in each] == []


def test_the_page_tells_what_grows_and_what_is_read_whole() -> None:
    few, many, whole = Read("orders", "by_date", 50), Read("lines", "of_order", 20_000), Read("orders", None, 20_000)
    explained = [("API", "/a", [few, many]), ("API", "/b", [whole]), ("API", "/nothing", [])]
    explained += [("My account", "/c", [few, few]), ("My account", "/d", [few])]
    text, read_whole = page_of(explained, purchases=1_000_123)
    assert read_whole == ["/b"]
    assert "1,000,000 purchases" in text
    tables = [line for line in text.splitlines() if line.startswith("| `")]
    assert tables == [
        "| `/a` | lines: `of_order`, ≤ 100,000 rows |",
        "| `/b` | orders: SEQUENTIAL, ≤ 100,000 rows |",
        "| `/a` | lines: `of_order`, ≤ 100,000 rows; orders: `by_date`, ≤ 1,000 rows |",
        "| `/b` | orders: SEQUENTIAL, ≤ 100,000 rows |",
        "| `/c`, `/d` | orders: `by_date`, ≤ 1,000 rows |",
    ]
