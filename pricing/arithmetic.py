"""What a price becomes on its way to a customer: breaks, rules, rounding, discount. Imports no Django.

Rules: `docs/pricing.md`. Every step keeps its figure, so that a page can say why a price is what it is.

- A price with tax in it is first taken to net, by its rate.
- Each rule of a chain exchanges, then adds or takes off its part; nothing is rounded between rules.
- What rules or tax made is rounded once, half up to the currency of the list, after the last rule. A price that stands
  on the list itself, net, is not touched: it may have more decimals than the currency.
- A customer's discount comes off that price, rounded to the currency; a line's total is price × quantity, rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from core.money import EXPONENTS, plain, round_money

ONE = Decimal(1)
HUNDRED = Decimal(100)
_EXACT = Context(prec=300)
"""Ten rules of 16 digits each on a price of 18: never rounded on the way."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A rule: what is done to a price of the list `source`, on the way to the list `target`."""

    source: str
    target: str
    rate: Decimal
    percentage: Decimal
    """A fraction: 0.15 is 15 %."""
    is_added: bool

    @property
    def factor(self) -> Decimal:
        """What is left of an exchanged price."""
        return ONE + self.percentage if self.is_added else ONE - self.percentage


@dataclass(frozen=True, slots=True)
class StoredBreak:
    """A price as it stands on a list: from `quantity` pieces on. `tax_rate`: per cent that is in it; 0: net.

    `display_tax_rate`: per cent that its row names, whether or not it is in the price.
    """

    quantity: int
    price: Decimal
    tax_rate: Decimal = Decimal(0)
    display_tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a price, and what it was then, exact to the last digit."""

    what: str
    """`stored`, `net`, `exchanged`, `adjusted`, `rounded` or `discounted`."""
    price_list_slug: str
    figure: Decimal
    by: Decimal | None = None
    """The rate, factor or per cent."""


@dataclass(frozen=True, slots=True)
class Break:
    """The price of one piece from `quantity` pieces on, and how it came about; `display_tax_rate` as stored."""

    quantity: int
    price: Decimal
    steps: tuple[Step, ...]
    display_tax_rate: Decimal | None = None


def follow(stored: StoredBreak, *, at: str, chain: Sequence[Adjustment], currency_code: str) -> Break:
    """The price that a chain of rules makes out of one on the list `at`; `chain` begins there.

    `currency_code`: of the list that the chain ends at, whose digits it is rounded to.
    """
    figure = stored.price
    steps = [Step("stored", at, figure)]
    with localcontext(_EXACT):
        if stored.tax_rate:
            figure = figure / (ONE + stored.tax_rate / HUNDRED)
            steps.append(Step("net", at, figure, stored.tax_rate))
        for rule in chain:
            if rule.rate != ONE:
                figure *= rule.rate
                steps.append(Step("exchanged", rule.target, figure, rule.rate))
            if rule.factor != ONE:
                figure *= rule.factor
                steps.append(Step("adjusted", rule.target, figure, rule.factor))
        if chain or stored.tax_rate:
            figure = round_money(figure, currency_code)
            steps.append(Step("rounded", chain[-1].target if chain else at, figure))
    return Break(stored.quantity, plain(figure), tuple(steps), stored.display_tax_rate)


def discounted(price: Break, *, percentage: Decimal | None, currency_code: str, slug: str) -> Break:
    """The price less a customer's discount in per cent, rounded; None or 0 leave it alone."""
    if not percentage:
        return price
    with localcontext(_EXACT):
        figure = round_money(price.price * (ONE - percentage / HUNDRED), currency_code)
    steps = (*price.steps, Step("discounted", slug, figure, percentage))
    return Break(price.quantity, plain(figure), steps, price.display_tax_rate)


def break_for(breaks: Iterable[Break], quantity: int) -> Break | None:
    """The one that counts for so many pieces: of those that begin at or below it the highest."""
    return max((item for item in breaks if item.quantity <= quantity), key=lambda item: item.quantity, default=None)


def line_total(price: Decimal, quantity: int, currency_code: str) -> Decimal:
    """What so many pieces cost, rounded once."""
    with localcontext(_EXACT):
        return round_money(price * quantity, currency_code)


def price_text(price: Decimal, currency_code: str) -> str:
    """A price as a decimal string: the currency's digits, or as many more as it has: `10.50`, `2.333`, `1500`."""
    exponent = plain(price).as_tuple().exponent
    assert isinstance(exponent, int)
    return f"{price:.{max(EXPONENTS[currency_code], -exponent)}f}"
