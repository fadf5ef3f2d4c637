"""Decimal money: rounding, spreading, and what is read as a number or a currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import EXPONENTS, money_text, plain, read_currency, read_decimal, round_money, round_to, spread


@pytest.mark.parametrize(
    ("number", "currency", "rounded"),
    [
        ("0.5", "JPY", "1"),
        ("0.49999", "JPY", "0"),
        ("1.5", "JPY", "2"),
        ("2.5", "JPY", "3"),
        ("-0.5", "JPY", "-1"),
        ("-2.5", "JPY", "-3"),
        ("-2.4999", "JPY", "-2"),
        ("0.005", "GBP", "0.01"),
        ("0.004999", "GBP", "0.00"),
        ("1.005", "GBP", "1.01"),
        ("2.675", "GBP", "2.68"),
        ("-0.005", "GBP", "-0.01"),
        ("-1.005", "GBP", "-1.01"),
        ("12", "GBP", "12.00"),
        ("0.0005", "KWD", "0.001"),
        ("0.000499", "KWD", "0.000"),
        ("1.2345", "KWD", "1.235"),
        ("-1.2345", "KWD", "-1.235"),
        ("999999999999.995", "GBP", "1000000000000.00"),
    ],
)
def test_rounds_half_up_to_the_digits_of_the_currency(number: str, currency: str, rounded: str) -> None:
    assert str(round_money(Decimal(number), currency)) == rounded


@given(st.decimals(-(10**12), 10**12, places=6), st.sampled_from(sorted(EXPONENTS)))
def test_rounding_moves_by_half_a_unit_at_most_and_is_symmetric(number: Decimal, currency: str) -> None:
    unit = Decimal(1).scaleb(-EXPONENTS[currency])
    rounded = round_money(number, currency)
    assert abs(rounded - number) <= unit / 2
    assert rounded == -round_money(-number, currency)
    assert round_money(rounded, currency) == rounded


@pytest.mark.parametrize(
    ("number", "currency", "text"),
    [
        ("15.99", "GBP", "15.99"),
        ("1500", "JPY", "1500"),
        ("1.5", "KWD", "1.500"),
        ("-0.001", "GBP", "0.00"),
        ("0", "GBP", "0.00"),
        ("1E+3", "GBP", "1000.00"),
        ("-12.5", "GBP", "-12.50"),
    ],
)
def test_an_amount_is_written_with_the_digits_of_its_currency(number: str, currency: str, text: str) -> None:
    assert money_text(Decimal(number), currency) == text


@pytest.mark.parametrize(
    ("total", "weights", "places", "parts"),
    [
        ("10", [1, 1, 1], 2, ["3.34", "3.33", "3.33"]),
        ("-10", [1, 1, 1], 2, ["-3.34", "-3.33", "-3.33"]),
        ("0.05", [1, 1], 2, ["0.03", "0.02"]),
        ("100", [1, 2, 3], 0, ["17", "33", "50"]),
        ("1.000", [7, 2, 1], 3, ["0.700", "0.200", "0.100"]),
        ("7", [0, 5, 0], 2, ["0.00", "7.00", "0.00"]),
        ("1", [0, 0, 0], 2, ["0.34", "0.33", "0.33"]),
        ("0", [1, 2], 2, ["0.00", "0.00"]),
    ],
)
def test_a_total_is_spread_by_largest_remainder(total: str, weights: list[int], places: int, parts: list[str]) -> None:
    assert [str(part) for part in spread(Decimal(total), weights, places=places)] == parts


@given(
    units=st.integers(-(10**14), 10**14),
    places=st.integers(0, 4),
    weights=st.lists(st.integers(0, 10**9) | st.decimals(0, 10**6, places=4), min_size=1, max_size=12),
)
def test_parts_sum_to_the_whole(units: int, places: int, weights: list[Decimal | int]) -> None:
    total = Decimal(units).scaleb(-places)
    parts = spread(total, weights, places=places)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert all(round_to(part, places) == part for part in parts)
    unit, whole = Decimal(1).scaleb(-places), sum(weights)
    if whole:
        assert all(
            abs(part - total * weight / whole) < unit + Decimal("1e-9")
            for part, weight in zip(parts, weights, strict=True)
        )


def test_nothing_cannot_be_spread_over() -> None:
    with pytest.raises(ValueError, match="nothing to spread over"):
        spread(Decimal(1), [], places=2)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("15.99", "15.99"),
        ("+15.99", "15.99"),
        ("-15.99", "-15.99"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("1.500000000", "1.5"),
        ("1.123456", "1.123456"),
        ("999999999999", "999999999999"),
        ("-0", "0"),
        (5, "5"),
        (15.99, "15.99"),
        (0.1, "0.1"),
        (1e3, "1000"),
        (1e-6, "0.000001"),
        (-2.50, "-2.5"),
        (123456789012.345, "123456789012.345"),
        (100000000000, "100000000000"),
        ("1." + "0" * 60, "1"),
        ("0" * 60 + "1.5", "1.5"),
    ],
)
def test_reads_strings_and_numbers_by_their_shortest_decimal(value: Any, number: str) -> None:
    assert str(read_decimal(value)) == number


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "ASCII digits"),
        (" 1", "ASCII digits"),
        ("1 ", "ASCII digits"),
        ("1\n", "ASCII digits"),
        ("1e3", "ASCII digits"),
        ("1_000", "ASCII digits"),
        ("1,000", "ASCII digits"),
        ("٣", "ASCII digits"),
        ("１", "ASCII digits"),
        ("--1", "ASCII digits"),
        ("+", "ASCII digits"),
        (".", "ASCII digits"),
        ("1.2.3", "ASCII digits"),
        ("0x1", "ASCII digits"),
        ("NaN", "ASCII digits"),
        ("Infinity", "ASCII digits"),
        ("1" * 65, "ASCII digits"),
        ("1.1234567", "more than 6 decimals"),
        (1.1234567, "more than 6 decimals"),
        (1e-7, "more than 6 decimals"),
        ("1000000000000", "more than 12 digits"),
        (1e12, "more than 12 digits"),
        (1e300, "more than 12 digits"),
        (1.7976931348623e308, "more than 12 digits"),
        ("1" + "0" * 40, "more than 12 digits"),
        ("1" * 64, "more than 12 digits"),
        (5e-324, "more than 6 decimals"),
        ("0." + "0" * 40 + "1", "more than 6 decimals"),
        ("999999999999." + "0" * 40 + "1", "more than 6 decimals"),
        (1234567890123.456, "more than 15 significant"),
        (0.1234567890123456, "more than 15 significant"),
        (1234567890123456, "more than 15 significant"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (True, "decimal string or a number"),
        (None, "decimal string or a number"),
        ([], "decimal string or a number"),
        ({}, "decimal string or a number"),
    ],
)
def test_refuses_what_is_no_amount(value: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_decimal(value)


@given(st.decimals(-(10**11), 10**11, places=6))
def test_what_is_written_is_read_back(number: Decimal) -> None:
    assert read_decimal(f"{number:f}") == number
    assert str(plain(number)) == str(read_decimal(f"{number:f}"))


@pytest.mark.parametrize(("code", "exponent"), [("GBP", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_currencies_have_the_decimals_of_the_standard(code: str, exponent: int) -> None:
    assert EXPONENTS[read_currency(code)] == exponent


@pytest.mark.parametrize(("code", "read"), [("GBP", "GBP"), ("gbp", "GBP"), ("Gbp", "GBP")])
def test_currency_codes_come_in_any_letter_case(code: str, read: str) -> None:
    assert read_currency(code) == read


@pytest.mark.parametrize(
    "code", ["XXX", "XAU", "XTS", "xau", "DEM", "", "GB", "GBPP", " GBP", "£", "ＧＢＰ", None, 826, []]
)
def test_refuses_what_is_no_currency_with_a_minor_unit(code: Any) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        read_currency(code)
