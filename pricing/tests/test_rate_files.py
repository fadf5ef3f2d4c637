"""Files of rates: what is read of them, and what is said of every row that cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.money import EXPONENTS
from pricing.rate_files import ECB_HISTORY, BadRow, PublishedRate, RateFile, UnreadableFile, read_rate_file

TABLE = """Date,USD,JPY,CYP,GBP,IDR,
2026-01-05,1.2500,200,N/A,0.8,20000,
2026-01-02,1.2000,N/A,0.58,0.75,,
2026-01-01,N/A,199,N/A,0.76,20000,
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rates.csv"


def read(path: Path, text: str) -> RateFile:
    path.write_text(text)
    return read_rate_file(path)


def test_the_banks_table_is_turned_from_euros_into_dollars(path: Path) -> None:
    file = read(path, TABLE)

    first, second = date(2026, 1, 5), date(2026, 1, 2)
    assert file == RateFile(
        of_ecb=True,
        rates=[
            PublishedRate("EUR", first, Decimal("1.25")),
            PublishedRate("JPY", first, Decimal("0.00625")),
            PublishedRate("GBP", first, Decimal("1.5625")),
            PublishedRate("IDR", first, Decimal("0.0000625")),
            PublishedRate("EUR", second, Decimal("1.2")),
            PublishedRate("GBP", second, Decimal("1.6")),
        ],
        bad_rows=[],
    )


def test_its_figures_are_rounded_at_the_last_digit_that_is_stored(path: Path) -> None:
    (_, rate) = read(path, "Date,USD,GBP\n2026-01-05,2,0.3\n").rates
    assert rate.usd_per_unit == Decimal("6.6666666666666667")


def test_the_sheet_of_one_day_as_the_bank_zips_it(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("eurofxref.csv", "Date, USD, GBP, \n30 October 2026, 1.1172, 0.8338, \n")
    file = read_rate_file(path)
    assert [(rate.currency_code, rate.date) for rate in file.rates] == [
        ("EUR", date(2026, 10, 30)),
        ("GBP", date(2026, 10, 30)),
    ]


def test_the_history_that_ships_with_the_program() -> None:
    file = read_rate_file(ECB_HISTORY)
    known = {(rate.currency_code, rate.date): rate.usd_per_unit for rate in file.rates}

    assert file.bad_rows == []
    assert len(known) == len(file.rates) > 180_000
    assert {code for code, _ in known} <= EXPONENTS.keys() - {"USD"}
    assert known["EUR", date(1999, 1, 4)] == Decimal("1.1789")
    assert known["GBP", date(1999, 1, 4)] == Decimal("1.6578540289692026")  # 1.1789 / 0.7111
    assert all(rate > 0 for rate in known.values())


def test_an_own_list(path: Path) -> None:
    file = read(path, "\ufeffcurrency_code, date, usd_per_unit\naed,2026-01-05,0.2723\n\nGBP , 2026-01-05 , 1.3\n")
    assert file == RateFile(
        of_ecb=False,
        rates=[
            PublishedRate("AED", date(2026, 1, 5), Decimal("0.2723")),
            PublishedRate("GBP", date(2026, 1, 5), Decimal("1.3")),
        ],
        bad_rows=[],
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("AED,2026-01-05", "has 2 columns instead of 3"),
        ("AED,2026-01-05,1,x", "has 4 columns instead of 3"),
        ("XXX,2026-01-05,1", "currency_code 'XXX': not an ISO 4217 currency code with a minor unit"),
        ("USD,2026-01-05,1", "a dollar is a dollar: USD has no rate of its own"),
        ("AED,5.1.2026,1", "date '5.1.2026': not a day such as 2026-01-31"),
        ("AED,2026-02-30,1", "date '2026-02-30': not a day such as 2026-01-31"),
        ("AED,2026-01-05,0", "usd_per_unit '0': 0 is not more than 0"),
        ("AED,2026-01-05,-1", "usd_per_unit '-1': -1 is not more than 0"),
        ("AED,2026-01-05,NaN", "usd_per_unit 'NaN': must be ASCII digits with one optional sign and point"),
        ("AED,2026-01-05,1e3", "usd_per_unit '1e3': must be ASCII digits with one optional sign and point"),
        ("AED,2026-01-05,10000", "usd_per_unit '10000': has more than 4 digits before the point"),
        ("AED,2026-01-05,0.12345678901234567", "usd_per_unit '0.12345678901234567': has more than 16 decimals"),
        ("GBP,2026-01-05,1.4", "says again what line 2 says"),
    ],
)
def test_a_bad_row_of_an_own_list_is_named(path: Path, row: str, reason: str) -> None:
    file = read(path, f"currency_code,date,usd_per_unit\nGBP,2026-01-05,1.3\n{row}\nEUR,2026-01-05,1.1\n")
    assert file.bad_rows == [BadRow(3, reason)]
    assert len(file.rates) == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("5.1.2026,1.2,0.8", "time data '5.1.2026' does not match format '%d %B %Y'"),
        ("2026-01-06,x,0.8", "must be ASCII digits with one optional sign and point"),
        ("2026-01-06,1.2,-0.8", "-0.8 is not more than 0"),
        ("2026-01-06,1.2,0.00000001", "1E-8 for a euro is no rate that can be stored"),
        ("2026-01-05,1.2,0.8", "says again what line 2 says"),
    ],
)
def test_a_bad_row_of_the_banks_table_is_named(path: Path, row: str, reason: str) -> None:
    file = read(path, f"Date,USD,GBP\n2026-01-05,1.25,0.8\n{row}\n")
    assert file.bad_rows == [BadRow(3, reason)]
    assert len(file.rates) == 2


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "währung".encode("latin-1"), b"PK\x05\x06" + bytes(18)])
def test_what_is_no_list_of_rates_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_rate_file(path)


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_rate_file(path)
