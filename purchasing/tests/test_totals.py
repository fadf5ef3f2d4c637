"""What the lines of a purchase add up to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.status import PackageState, Quantities
from purchasing.totals import (
    LineAmounts,
    LineFigures,
    NegativeTotal,
    PackageFigures,
    Totals,
    add_up,
    gross_of,
    mismatch_of,
)

PROCESSING, SHIPPED = PackageState.PROCESSING, PackageState.SHIPPED
RETURNED, CANCELLED = PackageState.RETURNED, PackageState.CANCELLED


def amounts(net: str, *, tax: str | None = None, rate: str | None = None, gross: str | None = None) -> LineAmounts:
    tax_, rate_, gross_ = (None if text is None else Decimal(text) for text in (tax, rate, gross))
    return LineAmounts(Decimal(net), tax_, rate_, gross_)


@pytest.mark.parametrize(
    ("sent", "currency", "gross"),
    [
        pytest.param(amounts("100", tax="7", rate="20", gross="111"), "GBP", "111.00", id="supplied gross first"),
        pytest.param(amounts("100", tax="7", rate="20"), "GBP", "107.00", id="then net and supplied tax"),
        pytest.param(amounts("100", rate="20"), "GBP", "120.00", id="then net and rate"),
        pytest.param(amounts("100"), "GBP", "100.00", id="then net"),
        pytest.param(amounts("100", tax="0", rate="20"), "GBP", "100.00", id="a supplied tax of 0 is supplied"),
        pytest.param(amounts("100", gross="0"), "GBP", "0.00", id="a supplied gross of 0 is supplied"),
        pytest.param(amounts("9.99", rate="17.5"), "GBP", "11.74", id="rounded once, GBP"),
        pytest.param(amounts("0.005"), "GBP", "0.01", id="half up, GBP"),
        pytest.param(amounts("-0.005"), "GBP", "-0.01", id="half up of a rebate, GBP"),
        pytest.param(amounts("0.004999"), "GBP", "0.00", id="below the half, GBP"),
        pytest.param(amounts("99.5"), "JPY", "100", id="half up, JPY"),
        pytest.param(amounts("100", rate="8.4"), "JPY", "108", id="rounded once, JPY"),
        pytest.param(amounts("1.0005"), "KWD", "1.001", id="half up, KWD"),
        pytest.param(amounts("-10", rate="20"), "GBP", "-12.00", id="a rebate line"),
    ],
)
def test_gross_of_a_line(sent: LineAmounts, currency: str, gross: str) -> None:
    assert str(gross_of(sent, currency)) == gross


@pytest.mark.parametrize(
    ("sent", "currency", "difference"),
    [
        pytest.param(amounts("100", tax="20", gross="120"), "GBP", None, id="agrees with the tax"),
        pytest.param(amounts("100", tax="20", gross="120.01"), "GBP", None, id="one cent off"),
        pytest.param(amounts("100", tax="20", gross="120.02"), "GBP", "0.02", id="two cents off"),
        pytest.param(amounts("100", tax="20", gross="119.98"), "GBP", "-0.02", id="two cents short"),
        pytest.param(amounts("100", rate="20", gross="120.02"), "GBP", "0.02", id="off the rate"),
        pytest.param(
            amounts("100", tax="20.02", rate="20", gross="120.02"), "GBP", "0.02", id="the rate too is compared"
        ),
        pytest.param(amounts("100", tax="20", gross="121"), "JPY", None, id="one yen off"),
        pytest.param(amounts("100", tax="20", gross="122"), "JPY", "2", id="two yen off"),
        pytest.param(amounts("100", gross="150"), "GBP", None, id="nothing to compare with"),
        pytest.param(amounts("100", tax="20", rate="10"), "GBP", None, id="no gross was sent"),
    ],
)
def test_a_supplied_gross_is_compared(sent: LineAmounts, currency: str, difference: str | None) -> None:
    assert mismatch_of(sent, currency) == (None if difference is None else Decimal(difference))


def goods(state: PackageState, *gross: str, shipping: str = "0", refund_shipping: str | None = None) -> PackageFigures:
    """A package of lines of one unit; `20/15` is a line of 20 for which 15 was credited."""
    lines = []
    for text in gross:
        whole, _, refund = text.partition("/")
        lines.append(LineFigures(1, Decimal(whole), Decimal(refund) if refund else None))
    freight = None if refund_shipping is None else Decimal(refund_shipping)
    return PackageFigures(state, tuple(lines), Decimal(shipping), freight)


@pytest.mark.parametrize(
    ("packages", "total", "credited", "due"),
    [
        pytest.param([], "0", "0", "0", id="nothing yet"),
        pytest.param([goods(PROCESSING, "10", "5", shipping="3")], "18", "0", "18", id="lines and shipping"),
        pytest.param([goods(PROCESSING, "10"), goods(SHIPPED, "5", shipping="1")], "16", "0", "16", id="all live ones"),
        pytest.param(
            [goods(SHIPPED, "10"), goods(CANCELLED, "5", shipping="1")], "10", "0", "10", id="cancelled is out"
        ),
        pytest.param(
            [goods(SHIPPED, "80"), goods(RETURNED, "20")], "100", "20", "80", id="returned stays in, as credit"
        ),
        pytest.param([goods(RETURNED, "20/15")], "20", "15", "5", id="credited as named"),
        pytest.param([goods(RETURNED, "20/0")], "20", "0", "20", id="nothing credited"),
        pytest.param([goods(RETURNED, "20", shipping="4")], "24", "24", "0", id="freight credited too"),
        pytest.param([goods(RETURNED, "20", shipping="4", refund_shipping="0")], "24", "20", "4", id="freight kept"),
        pytest.param([goods(RETURNED, "20", shipping="4", refund_shipping="1")], "24", "21", "3", id="freight in part"),
        pytest.param([goods(RETURNED, "20/30")], "20", "30", "0", id="never less than 0 due"),
        pytest.param([goods(SHIPPED, "20/5")], "20", "0", "20", id="a refund of what was not returned is no credit"),
        pytest.param([goods(PROCESSING, "20", "-5")], "15", "0", "15", id="a rebate line"),
        pytest.param([goods(PROCESSING, "20", "-20")], "0", "0", "0", id="down to 0"),
        pytest.param([goods(PROCESSING, "5"), goods(CANCELLED, "-9")], "5", "0", "5", id="a cancelled rebate is out"),
    ],
)
def test_totals(packages: list[PackageFigures], total: str, credited: str, due: str) -> None:
    totals = add_up(packages)
    assert (totals.total, totals.credited, totals.amount_due) == (Decimal(total), Decimal(credited), Decimal(due))


@pytest.mark.parametrize("packages", [[goods(PROCESSING, "20", "-20.01")], [goods(PROCESSING, shipping="-1")]])
def test_a_total_may_not_end_below_0(packages: list[PackageFigures]) -> None:
    with pytest.raises(NegativeTotal):
        add_up(packages)


FIGURES = st.builds(
    PackageFigures,
    st.sampled_from(list(PackageState)),
    st.lists(
        st.builds(
            LineFigures,
            st.integers(0, 9),
            st.decimals(0, 100, places=2),
            st.none() | st.decimals(0, 100, places=2),
        ),
        max_size=4,
    ).map(tuple),
    st.decimals(0, 20, places=2),
    st.none() | st.decimals(0, 20, places=2),
)


@given(st.lists(FIGURES, max_size=5))
def test_the_order_of_packages_and_lines_does_not_matter(packages: list[PackageFigures]) -> None:
    backwards = [
        PackageFigures(item.state, item.lines[::-1], item.shipping_gross, item.refund_shipping)
        for item in packages[::-1]
    ]
    assert add_up(backwards) == add_up(packages)


@given(st.lists(FIGURES, max_size=5))
def test_cancelling_everything_leaves_nothing_due(packages: list[PackageFigures]) -> None:
    cancelled = [PackageFigures(CANCELLED, item.lines, item.shipping_gross) for item in packages]
    units = sum(line.quantity for item in packages for line in item.lines)
    assert add_up(cancelled) == Totals(Decimal(0), Decimal(0), Decimal(0), Quantities(cancelled=units))
