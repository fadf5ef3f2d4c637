"""Bars with their figures, as `templates/admin/_plot.html` shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.admin.display import figure_text
from core.money import ZERO


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot: what it is of, its figure as text and plain, and how long it is of the longest, in percent."""

    name: str
    figure: str
    value: str
    length: int


@dataclass(frozen=True, slots=True)
class Plot:
    currency_code: str
    bars: list[Bar]


def plot_of(currency_code: str, figures: Iterable[tuple[str, Decimal]]) -> Plot:
    """A bar for each figure; what is below 0 has its figure and no length."""
    figures = list(figures)
    longest = max((amount for _, amount in figures), default=ZERO)
    scale = longest if longest > 0 else Decimal(1)
    bars = [
        Bar(name, figure_text(amount, currency_code), f"{amount:f}", max(0, int(amount * 100 / scale)))
        for name, amount in figures
    ]
    return Plot(currency_code, bars)
