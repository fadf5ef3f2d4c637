"""manage.py import_stock: levels by SKU and location, in as many statements for a thousand as for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Stock
from catalog.tests.cast import make_location, put_in_stock
from core.models import Site
from core.tests.imports.runs import EXAMPLES, Told, counts, run_command

HEADINGS = "sku,stock_location_external_id,stock_level,restock_date,min_stock_level"

pytestmark = pytest.mark.django_db


def run(site: Site, path: Path, *words: str) -> Told:
    return run_command("import_stock", site, path, *words)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stock.csv"


def stored(site: Site) -> list[tuple[Any, ...]]:
    values = ("sku", "location__external_id", "stock_level", "min_stock_level", "updated_at")
    return list(Stock.objects.for_site(site).order_by("sku", "location").values_list(*values))


@pytest.mark.parametrize(("name", "rows"), [("stock.csv", 4), ("stock.jsonl", 2)])
def test_the_example_is_stored_and_a_second_run_changes_nothing(site: Site, name: str, rows: int) -> None:
    make_location(site)
    first = run(site, EXAMPLES / name)
    before = stored(site)
    second = run(site, EXAMPLES / name)

    assert first == Told([counts(rows, "Stock levels", created=rows)], is_well=True)
    assert second == Told([counts(rows, "Stock levels", unchanged=rows)], is_well=True)
    assert stored(site) == before
    row = Stock.objects.get(sku="MJ-RED-M")
    assert (row.stock_level, str(row.restock_date), row.min_stock_level) == (0, "2027-02-01", -10)


def test_each_row_has_its_outcome(site: Site, other_site: Site, path: Path) -> None:
    location = make_location(site)
    make_location(other_site, "theirs")
    put_in_stock(location, A=1, B=2)
    path.write_text(
        f"{HEADINGS}\n"
        "A,default,1,,\n"
        "B,default,3,,\n"
        "C,default,4,,\n"
        "D,nowhere,5,,\n"
        "E,theirs,5,,\n"
        "F,,5,,\n"
        "G,default,many,,\n"
        "H,default,,,\n"
        "I,default,9999999999,,\n"
        "J,default,1,2026-02-30,\n"
        "A,default,7,,\n"
        ",default,7,,\n"
    )

    told = run(site, path)

    assert told.lines == [
        "line 5: stock_location_external_id: stock_location_external_id not found: nowhere",
        "line 6: stock_location_external_id: stock_location_external_id not found: theirs",
        "line 7: needs exactly one of stock_location_id and stock_location_external_id.",
        "line 8: stock_level: must be a whole number.",
        "line 9: stock_level: This member is required.",
        "line 10: stock_level: Input should be less than or equal to 2147483647.",
        "line 11: restock_date: is not a day that exists.",
        "line 12: This is about the same as line 2. Rows about the same follow each other.",
        "line 13: sku: This member is required.",
        counts(12, "Stock levels", created=1, updated=1, unchanged=1, rejected=9),
    ]
    assert [row[:3] for row in stored(site)] == [("A", "default", 1), ("B", "default", 3), ("C", "default", 4)]


def test_a_location_may_be_said_once_for_the_file(site: Site, path: Path) -> None:
    make_location(site, "shop")
    path.write_text("article;qty\nA;1\n".replace("article", "sku"))

    told = run(site, path, "--stock-location-external-id", "shop")

    assert told.last == counts(1, "Stock levels", created=1)
    assert [row[:3] for row in stored(site)] == [("A", "shop", 1)]


def test_one_location_under_two_names_is_one(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.imports.stock.StockImporter.piece", 1)
    location = make_location(site)
    path = tmp_path / "stock.jsonl"
    rows = [
        {"sku": "A", "stock_location_external_id": "default", "stock_level": 1},
        {"sku": "A", "stock_location_id": location.public_id, "stock_level": 2},
    ]
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))

    told = run(site, path)

    assert told.lines == [
        "line 2: This is about the same SKU and location as line 1.",
        counts(2, "Stock levels", created=1, rejected=1),
    ]


def test_neither_of_two_rows_about_the_same_is_stored(site: Site, path: Path) -> None:
    make_location(site)
    path.write_text(f"{HEADINGS}\nA,default,1,,\nA,default,2,,\nB,default,3,,")

    told = run(site, path)

    assert told.lines == [
        "line 3: This is about the same SKU and location as line 2.",
        counts(3, "Stock levels", created=1, rejected=1),
    ]
    assert [row[:3] for row in stored(site)] == [("B", "default", 3)]


def test_a_piece_costs_as_many_statements_as_a_row(site: Site, path: Path) -> None:
    make_location(site)
    figures = []
    for size in (1, 1000):
        path.write_text("\n".join([HEADINGS, *(f"{size}-{number},default,1,," for number in range(size))]))
        with CaptureQueriesContext(connection) as queries:
            told = run(site, path)
        assert told.last == counts(size, "Stock levels", created=size)
        figures.append(len(queries))
    # the site; a piece in its savepoint: locations, the operation's savepoint with locations and levels; constraints
    assert figures == [10, 10]
