"""manage.py import_prices: what a SKU costs on a list, in as many statements for a thousand as for one."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from core.tests.imports.runs import EXAMPLES, Told, counts, run_command
from pricing.models import Price
from pricing.tests.cast import make_price_list, stored

HEADINGS = "sku,price_list_slug,quantity,price"

pytestmark = pytest.mark.django_db


def run(site: Site, path: Path, *words: str) -> Told:
    return run_command("import_prices", site, path, *words)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "prices.csv"


@pytest.mark.parametrize(("name", "rows", "records"), [("prices.csv", 4, 3), ("prices.jsonl", 2, 2)])
def test_the_example_is_stored_and_a_second_run_changes_nothing(site: Site, name: str, rows: int, records: int) -> None:
    make_price_list(site, "base-list")
    make_price_list(site, "trade")
    first = run(site, EXAMPLES / name)
    before = list(Price.objects.order_by("pk").values())
    second = run(site, EXAMPLES / name)

    assert first == Told([counts(rows, "Prices", created=records)], is_well=True)
    assert second == Told([counts(rows, "Prices", unchanged=records)], is_well=True)
    assert list(Price.objects.order_by("pk").values()) == before
    assert ("base-list", "MJ-RED-S", 10, "27.5") in stored(site)


def test_each_sku_has_its_outcome(site: Site, other_site: Site, path: Path) -> None:
    make_price_list(site, "base", A=["1"], B=["2", (10, "1.5")], C=["3"], D=["4"])
    make_price_list(other_site, "theirs")
    path.write_text(
        f"{HEADINGS}\n"
        "A,base,1,1.00\n"
        "B,base,1,2\n"
        "C,base,,\n"
        "E,base,1,5\n"
        "E,base,10,4\n"
        "F,nowhere,1,5\n"
        "G,theirs,1,5\n"
        "H,base,1,6\n"
        "H,base,many,5\n"
        "I,base,1,6\n"
        "I,base,1,5\n"
        "J,base,7,\n"
        "A,base,100,0.50\n"
        ",base,1,1\n"
        "K,,1,1\n"
        "L,base,,\n"
    )

    told = run(site, path)

    assert told.lines == [
        "line 7: price_list_slug: price_list_slug not found: nowhere",
        "line 8: price_list_slug: price_list_slug not found: theirs",
        "line 10: quantity: Input should be a valid integer.",
        "line 12: quantity: I has another price from 1 on.",
        "line 13: price: A quantity without a price; leave out both to take the SKU off the list.",
        "line 14: This is about the same as line 2. Rows about the same follow each other.",
        "line 15: sku: This cell is needed.",
        "line 16: price_list_slug: This cell is needed.",
        counts(16, "Prices", created=1, updated=2, unchanged=2, rejected=8),
    ]
    assert stored(site) == [
        ("base", "A", 1, "1"),
        ("base", "B", 1, "2"),
        ("base", "D", 1, "4"),
        ("base", "E", 1, "5"),
        ("base", "E", 10, "4"),
    ]


def test_a_list_may_be_said_once_for_the_file(site: Site, path: Path) -> None:
    make_price_list(site, "base")
    path.write_text("SKU;Price;Qty\nA;1.5;2\n")

    told = run(site, path, "--price-list-slug", "base")

    assert told.last == counts(1, "Prices", created=1)
    assert stored(site) == [("base", "A", 2, "1.5")]


def test_documents_at_fault_are_named_by_their_line(site: Site, tmp_path: Path) -> None:
    make_price_list(site, "base")
    path = tmp_path / "prices.jsonl"
    rows = [
        {"sku": "A", "price_list_slug": "base", "pricing": [{"price": 1}]},
        {"sku": "B", "price_list_slug": "base", "pricing": [{"price": -1}]},
        {"sku": "C", "price_list_slug": "base"},
        {"sku": ["C"], "price_list_slug": {}, "pricing": {}},
        {"sku": "D", "price_list_slug": "other", "pricing": []},
    ]
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))

    told = run(site, path)

    assert told.last == counts(5, "Prices", created=1, rejected=4)
    assert [line.partition(":")[0] for line in told.lines[:-1]] == [*["line 2", "line 3"], *["line 4"] * 3, "line 5"]
    assert told.lines[0] == "line 2: pricing[0].price: must not be negative."


def test_many_breaks_of_one_piece_are_stored_in_parts(site: Site, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pricing.imports.prices.MAX_ROWS", 3)
    monkeypatch.setattr("pricing.sent_prices.MAX_ROWS", 3)
    make_price_list(site, "base")
    lines = [f"S{number},base,{quantity},1" for number in range(5) for quantity in (1, 2)]
    path.write_text("\n".join([HEADINGS, *lines]))

    assert run(site, path).last == counts(10, "Prices", created=5)
    assert Price.objects.count() == 10


def test_a_piece_costs_as_many_statements_as_a_row(site: Site, path: Path) -> None:
    make_price_list(site, "base")
    figures = []
    for size in (1, 1000):
        path.write_text("\n".join([HEADINGS, *(f"{size}-{number},base,1,1" for number in range(size))]))
        with CaptureQueriesContext(connection) as queries:
            told = run(site, path)
        assert told.last == counts(size, "Prices", created=size)
        figures.append(len(queries))
    # the site; a piece in its savepoint: the operation's savepoint with lists and prices; constraints
    assert figures == [10, 10]
