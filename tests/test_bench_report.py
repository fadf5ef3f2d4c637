"""`make bench`: that each target is judged, that nothing else on the page is touched, and what is drawn."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest

from bench.cpu import Memory
from bench.figures import BARE, OURS, Run, keep_run, moved, p95, read_run, spread
from bench.plot import COSTS, PEERS, place, plot
from bench.report import as_markdown, as_text, memory_rows, write_block
from bench.scenarios import (
    ACCOUNT,
    BULK,
    BULK_FEW,
    DEEP,
    NEW,
    OFFICE,
    OPERATIONS,
    PRICES,
    PRICES_FEW,
    REPLACED,
    SAME,
    large_purchase,
    put_new,
    put_replaced,
)
from bench.targets import SEARCHING, TARGETS, grown, judged, linear


def run(**costs: float) -> Run:
    """A run in which ours costs as much as bare and each target holds, but for what is named."""
    ours = {operation.name: [1.0, 1.0, 1.0] for operation in OPERATIONS} | {SAME: [0.5], BULK: [0.5], BULK_FEW: [0.5]}
    bare = {operation.name: [1.0] for operation in OPERATIONS if operation.on_bare}
    return Run(
        purchases=2_000,
        entries=1_234,
        calls=60,
        measured_on="26 November 2026",
        machine="2 cores",
        postgresql="18.4",
        costs={BARE: bare, OURS: ours | {name: [cost] for name, cost in costs.items()}},
        statements={PRICES: (4, 4), OFFICE: (16, 16), ACCOUNT: (10, 10)},
        memory={BARE: [Memory("master", 26, 11.4)], OURS: [Memory("master", 146, None)]},
    )


def verdicts(of: Run) -> list[str]:
    return [row[-1] for row in judged(of)]


def test_every_target_has_a_row_and_holds_where_it_does() -> None:
    assert verdicts(run()) == ["holds"] * len(TARGETS) == ["holds"] * 13


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.operation)
def test_a_target_is_missed_by_what_costs_more(target: Any) -> None:
    name = "search: a SKU" if target.operation == SEARCHING else target.operation
    at_limit = verdicts(run(**{name: target.limit if target.beside else target.limit - 0.01}))
    assert at_limit.count("missed") == 0
    rows = [row for row in judged(run(**{name: target.limit + 0.01})) if row[-1] == "missed"]
    assert [row[0].startswith(name) for row in rows] == [True]


@pytest.mark.parametrize(("operation", "counted"), [(PRICES, (4, 5)), (OFFICE, (16, 30)), (ACCOUNT, (10, 12))])
def test_a_target_is_missed_by_what_asks_more(operation: str, counted: tuple[int, int]) -> None:
    asked = dataclasses.replace(run(), statements={**run().statements, operation: counted})
    assert [row[0] for row in judged(asked) if row[-1] == "missed"] == [operation]


def test_what_grows_by_more_than_three_tenths_is_missed() -> None:
    few, many = run(), run(**{NEW: 1.31, DEEP: 1.3, "search: a PO": 49})
    assert [row[0] for row in grown(few, many) if row[-1] == "missed"] == [NEW]
    assert [row[3] for row in grown(few, many)][:2] == ["1.31 ×", "1.00 ×"]
    slow = run(**{"search: a PO": 50})
    [row] = [row for row in grown(slow, slow) if row[-1] == "missed"]
    assert row[0] == "search: a PO (the slowest kind), elapsed p95"


def test_each_of_many_costs_what_each_of_few_does() -> None:
    costs = run(**{BULK_FEW: 0.4, PRICES: 6.4, PRICES_FEW: 1.0})
    assert [row[2:] for row in linear(costs)] == [("1.25 ×", "≤ 1.3 ×", "holds"), ("1.28 ×", "≤ 1.3 ×", "holds")]
    assert [row[-1] for row in linear(run(**{BULK_FEW: 0.3, PRICES: 6.6}))] == ["missed", "missed"]


def test_two_runs_disagree_where_each_is_outside_of_the_other() -> None:
    before = run()
    before.costs[OURS][NEW] = [4.0, 4.2, 4.4]
    for values, expected in (
        ([4.3, 4.4, 4.6], {}),
        ([4.1, 4.9, 5.0], {}),
        ([4.5, 4.9, 5.0], {(OURS, NEW): (4.2, 4.9)}),
        ([3.0, 3.1], {(OURS, NEW): (4.2, 3.05)}),
    ):
        after = run()
        after.costs[OURS][NEW] = values
        assert moved(before, after) == expected


def test_a_run_is_kept(tmp_path: Path) -> None:
    assert read_run(tmp_path / "none.json") is None
    keep_run(tmp_path / "kept" / "run.json", run())
    assert read_run(tmp_path / "kept" / "run.json") == run()
    (tmp_path / "old.json").write_text('{"purchases": 1}')
    assert read_run(tmp_path / "old.json") is None


def test_how_figures_are_written() -> None:
    assert spread([4.2, 6, 4.304]) == "4.30 (4.20–6.00)"
    assert spread([1_400, 321, 340.4]) == "340 (321–1,400)"
    assert [p95(range(1, count + 1)) for count in (1, 6, 20, 100)] == [1, 6, 19, 95]
    table = [("a", "bc"), ("defg", "")]
    assert as_text(table) == "a     bc\ndefg"
    assert as_markdown(table) == "| a | bc |\n| --- | --- |\n| defg |  |"
    assert list(memory_rows(run())) == [("bare handler", "master", "26", "11"), ("ours", "master", "146", "")]


def test_only_what_is_measured_changes_on_the_page(tmp_path: Path, project: Path) -> None:
    page = tmp_path / "page.md"
    original = (project / "docs" / "performance.md").read_text()
    page.write_text(original)
    for name in ("figures", "growth"):
        write_block(page, name, f"new {name}")
        assert f"<!-- measured: {name} -->\n\nnew {name}\n\n<!-- end: {name} -->" in page.read_text()
    by_hand = re.compile(r"(<!-- measured: (\w+) -->).*?(<!-- end: \2 -->)", re.DOTALL)
    assert by_hand.sub(r"\1\3", page.read_text()) == by_hand.sub(r"\1\3", original)
    with pytest.raises(SystemExit, match="has no block"):
        write_block(page, "weather", "")


def test_the_picture_holds_ours_the_targets_and_the_others() -> None:
    picture = ET.fromstring(plot(run(**{NEW: 3.456})))
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert [words.count(name) for name in ("bare handler", "ours", *PEERS)] == [4] * 8
    assert [title for title in words if title in {title for title, _costs in COSTS.values()}] == [
        title for title, _costs in COSTS.values()
    ]
    assert {"3.46", "11.6", "379", "cannot"} <= set(words)
    paths = [path.get("class") for path in picture.iter("{http://www.w3.org/2000/svg}path")]
    assert paths.count("target") == 5  # one of each operation, and the legend's
    assert place(1) - place(0.1) == pytest.approx(place(1_000) - place(100))
    assert (place(0.01), place(10_000)) == (place(0.1), place(1_000))


def documents(calls: list[Any]) -> list[Any]:
    return [orjson.loads(call.body) for call in calls]


def test_a_put_that_changes_something_changes_item_pieces_and_amount_of_every_line() -> None:
    cast: Any = SimpleNamespace(customers=["cu_1", "cu_2", "cu_3"])
    numbers = range(900_000_000, 900_000_008)
    for new, replaced in zip(documents(put_new(numbers, cast)), documents(put_replaced(numbers, cast)), strict=True):
        assert {**new, "packages": []} == {**replaced, "packages": []}
        for before, after in zip(lines(new), lines(replaced), strict=True):
            for member in ("identifiers", "quantity", "line_total"):
                assert before[member] != after[member]


def test_the_page_of_the_back_office_is_of_200_lines() -> None:
    [body] = documents([large_purchase(1, "cu_1", packages=20, lines=10)])
    assert [len(package["line_items"]) for package in body["packages"]] == [10] * 20
    assert len(lines(documents([large_purchase(1, "cu_1", packages=1, lines=1)])[0])) == 1


def lines(body: Any) -> list[Any]:
    return [line for package in body["packages"] for line in package["line_items"]]


def test_changing_operations_come_in_this_order() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert names[:3] == [NEW, REPLACED, SAME]
