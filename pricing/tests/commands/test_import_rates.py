"""manage.py import_rates: whole or not at all, told line by line, and nothing the second time."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pricing.models import ExchangeRate
from pricing.rate_files import ECB_HISTORY, read_rate_file
from pricing.tests.rates import FRIDAY, publish

pytestmark = pytest.mark.django_db

HEADINGS = "currency_code,date,usd_per_unit\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rates.csv"


def run(*words: object) -> str:
    out = StringIO()
    call_command("import_rates", *map(str, words), stdout=out, stderr=StringIO())
    return out.getvalue()


def rows() -> list[tuple[object, ...]]:
    """Every rate, with the version of its row: a row that is written again differs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT currency_code, date, usd_per_unit::text, source, ctid::text FROM pricing_exchangerate ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_the_banks_history_is_imported_once() -> None:
    count = len(read_rate_file(ECB_HISTORY).rates)
    assert run().startswith(f"{count} rates added, 0 changed, 0 unchanged.\n")
    before = rows()
    assert ExchangeRate.objects.get(currency_code="EUR", date=date(2026, 10, 30)).source == "ECB"

    assert run().startswith(f"0 rates added, 0 changed, {count} unchanged.\n")
    assert rows() == before


def test_own_rates_are_added_changed_and_left(path: Path) -> None:
    publish("1.25", "AED", source="a bank")
    publish("1.50", "BHD", source="a bank")
    path.write_text(f"{HEADINGS}AED,{FRIDAY},1.25\nBHD,{FRIDAY},1.51\nKWD,{FRIDAY},3.3\n")

    assert run(path, "--source", "a bank").startswith("1 rates added, 1 changed, 1 unchanged.\n")

    assert [(row[0], row[2]) for row in rows()] == [
        ("AED", "1.2500000000000000"),
        ("BHD", "1.5100000000000000"),
        ("KWD", "3.3000000000000000"),
    ]
    before = rows()
    assert run(path, "--source", "a bank").startswith("0 rates added, 0 changed, 3 unchanged.\n")
    assert rows() == before


def test_own_rates_take_the_banks_place_and_never_the_other_way_round(path: Path) -> None:
    publish("1.25")
    path.write_text(f"{HEADINGS}GBP,{FRIDAY},1.30\n")
    assert run(path, "--source", "treasury").startswith("0 rates added, 1 changed")

    path.write_text(f"Date,USD,GBP\n{FRIDAY},1.25,1\n")
    assert run(path).startswith("1 rates added, 0 changed, 1 unchanged.\n")

    assert [(row[0], row[3]) for row in rows()] == [("EUR", "ECB"), ("GBP", "treasury")]


def test_what_the_bank_corrects_is_corrected(path: Path) -> None:
    publish("1.24", "EUR")
    path.write_text(f"Date,USD\n{FRIDAY},1.25\n")
    assert run(path).startswith("0 rates added, 1 changed")


def test_a_dry_run_counts_and_writes_nothing(path: Path) -> None:
    publish("1.25")
    before = rows()
    path.write_text(f"{HEADINGS}GBP,{FRIDAY},1.30\nEUR,{FRIDAY},1.1\n")

    assert (
        run(path, "--source", "treasury", "--dry-run") == "1 rates would be added, 1 would be changed, 0 unchanged.\n"
    )

    assert rows() == before


def test_a_file_with_bad_rows_is_refused_whole_and_every_row_named(path: Path) -> None:
    path.write_text(f"{HEADINGS}GBP,{FRIDAY},1.30\nXXX,{FRIDAY},1\nEUR,never,1\n")
    said = StringIO()

    with pytest.raises(CommandError, match="2 rows cannot be read"):
        call_command("import_rates", str(path), source="treasury", stdout=StringIO(), stderr=said)

    assert said.getvalue() == (
        "line 3: currency_code 'XXX': not an ISO 4217 currency code with a minor unit\n"
        "line 4: date 'never': not a day such as 2026-01-31\n"
    )
    assert rows() == []


def test_of_many_bad_rows_some_are_named_and_the_rest_counted(path: Path) -> None:
    path.write_text(HEADINGS + "XXX,2026-01-01,1\n" * 60)
    said = StringIO()
    with pytest.raises(CommandError, match="60 rows"):
        call_command("import_rates", str(path), source="treasury", stdout=StringIO(), stderr=said)
    assert said.getvalue().count("line ") == 50
    assert said.getvalue().endswith("… and 10 more\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "Say with --source who published these rates"),
        (("--source", "x" * 65), "Say with --source who published these rates"),
        (("--source", "ecb"), "ECB is the source of the European Central Bank's own table"),
    ],
)
def test_own_rates_say_who_published_them(path: Path, words: tuple[str, ...], reason: str) -> None:
    path.write_text(f"{HEADINGS}GBP,{FRIDAY},1.30\n")
    with pytest.raises(CommandError, match=reason):
        run(path, *words)
    assert rows() == []


def test_what_is_no_list_of_rates_is_refused(path: Path) -> None:
    path.write_text("a,b\n")
    with pytest.raises(CommandError, match="does not begin with the headings"):
        run(path, "--source", "treasury")
