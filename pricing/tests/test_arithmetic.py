"""What a price becomes: the tables of docs/pricing.md, and what holds for every chain of rules."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.arithmetic import (
    Adjustment,
    Break,
    StoredBreak,
    break_for,
    discounted,
    follow,
    line_total,
    price_text,
)

D = Decimal


def adjustment(rate: str = "1", percentage: str = "0", *, is_added: bool = False) -> Adjustment:
    return Adjustment("source", "target", D(rate), D(percentage), is_added)


def made(price: str, *chain: Adjustment, currency: str = "GBP", tax: str = "0") -> Break:
    return follow(StoredBreak(1, D(price), D(tax)), at="base", chain=chain, currency_code=currency)


@pytest.mark.parametrize(
    ("price", "chain", "currency", "tax", "result"),
    [
        ("10.49", [], "GBP", "0", "10.49"),
        ("2.333", [], "GBP", "0", "2.333"),  # stands on the list: not touched
        ("10.49", [("1", "0.15", False)], "GBP", "0", "8.92"),
        ("10.49", [("1", "0.15", True)], "GBP", "0", "12.06"),
        ("0.10", [("1", "0.05", True)], "GBP", "0", "0.11"),  # 0.105, half up
        ("100", [("1.17", "0", False)], "EUR", "0", "117"),
        ("100", [("1.17", "0.10", False)], "EUR", "0", "105.3"),
        ("98.50", [("190.5", "0.15", False)], "JPY", "0", "15950"),  # 15949.6125
        ("1.005", [("1", "0", False)], "GBP", "0", "1.01"),
        ("1.005", [("1", "0", False)], "KWD", "0", "1.005"),
        ("0.333", [("1", "0.5", False), ("1", "0.1", True)], "GBP", "0", "0.18"),  # 0.18315; rounded between: 0.19
        ("1.004", [("1", "0", False), ("1.5", "0", False)], "GBP", "0", "1.51"),  # 1.506; rounded between: 1.50
        ("10", [("1", "1", False)], "GBP", "0", "0"),
        ("12", [], "GBP", "20", "10"),
        ("10", [], "GBP", "20", "8.33"),
        ("10", [("1", "0.1", False)], "GBP", "20", "7.5"),
    ],
)
def test_a_chain_is_rounded_once(
    price: str, chain: list[tuple[str, str, bool]], currency: str, tax: str, result: str
) -> None:
    rules = [adjustment(rate, percentage, is_added=is_added) for rate, percentage, is_added in chain]
    assert made(price, *rules, currency=currency, tax=tax).price == D(result)


def test_every_figure_on_the_way_is_told() -> None:
    steps = made("12", adjustment("1.17", "0.15"), currency="EUR", tax="20").steps
    assert [(step.what, step.price_list_slug, step.figure, step.by) for step in steps] == [
        ("stored", "base", D(12), None),
        ("net", "base", D(10), D(20)),
        ("exchanged", "target", D("11.7"), D("1.17")),
        ("adjusted", "target", D("9.945"), D("0.85")),
        ("rounded", "target", D("9.95"), None),
    ]


@pytest.mark.parametrize(
    ("price", "percentage", "result"),
    [
        ("10.49", None, "10.49"),
        ("2.333", "0", "2.333"),
        ("10.49", "10", "9.44"),
        ("10.50", "2.5", "10.24"),
        ("7", "100", "0"),
    ],
)
def test_a_discount_comes_off_the_price(price: str, percentage: str | None, result: str) -> None:
    given_off = None if percentage is None else D(percentage)
    assert discounted(made(price), percentage=given_off, currency_code="GBP", slug="base").price == D(result)


@pytest.mark.parametrize(
    ("quantity", "price"), [(1, None), (4, None), (5, "9"), (9, "9"), (10, "8"), (99, "8"), (100, "7"), (10**9, "7")]
)
def test_the_highest_break_that_has_begun_counts(quantity: int, price: str | None) -> None:
    breaks = [Break(10, D(8), ()), Break(100, D(7), ()), Break(5, D(9), ())]
    found = break_for(breaks, quantity)
    assert (found and found.price) == (None if price is None else D(price))


@pytest.mark.parametrize(
    ("price", "quantity", "currency", "total"),
    [("2.333", 3, "GBP", "7.00"), ("0.005", 1, "GBP", "0.01"), ("10.5", 3, "JPY", "32"), ("1.005", 1, "KWD", "1.005")],
)
def test_a_line_is_rounded_once(price: str, quantity: int, currency: str, total: str) -> None:
    assert line_total(D(price), quantity, currency) == D(total)


@pytest.mark.parametrize(
    ("price", "currency", "text"),
    [
        ("10.5", "GBP", "10.50"),
        ("2.333", "GBP", "2.333"),
        ("1500", "JPY", "1500"),
        ("0", "KWD", "0.000"),
        ("100.000000", "GBP", "100.00"),
    ],
)
def test_a_price_is_written_with_all_its_digits(price: str, currency: str, text: str) -> None:
    assert price_text(D(price), currency) == text


def decimals(lowest: int, highest: int, places: int) -> st.SearchStrategy[Decimal]:
    """Decimals of so many places between so many units of the last of them."""
    return st.integers(lowest, highest).map(lambda units: Decimal(units).scaleb(-places))


prices = decimals(0, 10**17, 6)
rules = st.builds(
    Adjustment,
    st.just("source"),
    st.just("target"),
    decimals(1, 10**16 - 1, 10),
    decimals(0, 10**6, 6),
    st.booleans(),
)


@given(price=prices, chain=st.lists(rules, min_size=1, max_size=9), currency=st.sampled_from(["JPY", "GBP", "KWD"]))
def test_any_chain_is_the_exact_product_rounded_once(price: D, chain: list[Adjustment], currency: str) -> None:
    exact = Fraction(price)
    for rule in chain:
        part = Fraction(rule.percentage)
        exact *= Fraction(rule.rate) * (1 + part if rule.is_added else 1 - part)
    places = {"JPY": 0, "GBP": 2, "KWD": 3}[currency]
    units = exact * 10**places
    half_up = units.numerator * 2 // units.denominator  # twice the figure, rounded down
    expected = Fraction((half_up + 1) // 2, 10**places)
    result = follow(StoredBreak(1, price), at="base", chain=chain, currency_code=currency)
    assert Fraction(result.price) == expected


@given(price=prices, tax=decimals(1, 99_900, 2))
def test_tax_is_taken_out_and_rounded_once(price: D, tax: D) -> None:
    net = follow(StoredBreak(1, price, tax), at="base", chain=[], currency_code="GBP").price
    exact = Fraction(price) / (1 + Fraction(tax) / 100)
    assert abs(Fraction(net) - exact) <= Fraction(1, 200)
    assert net == net.quantize(D("0.01"), rounding=ROUND_HALF_UP)


@given(quantities=st.sets(st.integers(1, 1000), max_size=8), quantity=st.integers(1, 1200))
def test_breaks_agree_with_a_plain_search(quantities: set[int], quantity: int) -> None:
    found = break_for([Break(start, D(start), ()) for start in quantities], quantity)
    begun = [start for start in quantities if start <= quantity]
    assert (found.quantity if found else None) == (max(begun) if begun else None)
