"""Which price applies: lists are tried in an order, the first with prices for a SKU wins (`docs/pricing.md`).

A list has prices for a SKU when some stand on it, else when one of its rules leads, in their order, to a list that has.
For any number of SKUs the lists with their rules are one query, the prices another, and the site's settings a third
when a price has tax in it and does not say how much. The arithmetic is `pricing.arithmetic`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from core import sql
from core.models import Site
from core.money import plain
from core.site_settings import settings_of
from customers.group_price_lists import group_price_lists
from customers.models import Customer
from pricing.arithmetic import Adjustment, Break, StoredBreak, break_for, discounted, follow, line_total
from pricing.models import Price, PriceListRule

# UNION, not UNION ALL: a circle that came in past every guard ends the walk instead of going round for ever.
_LISTS = """
WITH RECURSIVE reached AS (
    SELECT id FROM pricing_pricelist WHERE site_id = $1 AND slug = ANY($2)
    UNION
    SELECT rule.source_price_list_id
    FROM reached JOIN pricing_pricelistrule AS rule ON rule.site_id = $1 AND rule.price_list_id = reached.id
)
SELECT list.id, list.slug, list.currency_code, rule.source_price_list_id, rule.currency_exchange_rate,
    rule.adjustment_percentage, rule.adjustment_direction
FROM pricing_pricelist AS list
LEFT JOIN pricing_pricelistrule AS rule ON rule.site_id = $1 AND rule.price_list_id = list.id
WHERE list.site_id = $1 AND list.id IN (SELECT id FROM reached)
ORDER BY list.id, rule.position
"""
_PRICES = """
SELECT price_list_id, sku, quantity, price, tax_type, display_tax_rate
FROM pricing_price WHERE site_id = $1 AND price_list_id = ANY($2) AND sku = ANY($3)
ORDER BY price_list_id, sku, quantity
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """The list whose prices for a SKU apply, and these, net, by quantity."""

    price_list_slug: str
    currency_code: str
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """So many pieces of a SKU."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CustomerPrice:
    """What a customer pays for an item, and why: `price.steps`.

    `choice` is None when no list of his has prices for the SKU; `price` also when the list that has begins at more
    pieces.
    """

    item: Item
    choice: Choice | None
    price: Break | None
    line_total: Decimal | None


def choose_prices(*, site: Site, price_list_slugs: Sequence[str], skus: Iterable[str]) -> dict[str, Choice]:
    """The choice for each SKU; those without prices are left out, lists that are not there passed over."""
    skus = list(dict.fromkeys(skus))
    table = _Table(site, price_list_slugs, skus)
    chosen = {sku: table.choice(sku) for sku in skus}
    return {sku: choice for sku, choice in chosen.items() if choice is not None}


def lists_with_prices(*, site: Site, price_list_slugs: Sequence[str], sku: str) -> set[str]:
    """Those of the lists that have prices for a SKU, their own or by their rules; each as if there were no other."""
    table = _Table(site, price_list_slugs, [sku])
    priced = table.prices[sku].keys()
    return {slug for slug in price_list_slugs if priced & _places(table.lists, [slug]).keys()}


def prices_for_customer(*, site: Site, customer: Customer, items: Sequence[Item]) -> list[CustomerPrice]:
    """What a customer pays for each item, in their order: by his lists, less his discount."""
    chosen = choose_prices(
        site=site, price_list_slugs=price_lists_of(customer, site=site), skus=(item.sku for item in items)
    )
    return [_priced(item, chosen.get(item.sku), customer.discount_percentage) for item in items]


def price_lists_of(customer: Customer, *, site: Site) -> list[str]:
    """The slugs of the lists that are tried for a customer, in order: his own, else those of his group."""
    return list(customer.price_lists) or group_price_lists(site=site, group_id=customer.group_id)


def _priced(item: Item, choice: Choice | None, percentage: Decimal | None) -> CustomerPrice:
    price = break_for(choice.breaks, item.quantity) if choice else None
    if choice is None or price is None:
        return CustomerPrice(item, choice, None, None)
    code = choice.currency_code
    price = discounted(price, percentage=percentage, currency_code=code, slug=choice.price_list_slug)
    return CustomerPrice(item, choice, price, line_total(price.price, item.quantity, code))


@dataclass(frozen=True, slots=True)
class _List:
    """A list with its rules: each with the list that it leads to."""

    slug: str
    currency_code: str
    rules: list[tuple[int, Adjustment]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where prices may be found: how late it is looked at, for which list that was asked for, by what chain of rules.

    The chain begins at the place and ends at the list that was asked for.
    """

    rank: int
    asked: int
    chain: tuple[Adjustment, ...]


class _Table:
    """Lists and prices as they stand, read once, that any number of choices are made from."""

    def __init__(self, site: Site, slugs: Sequence[str], skus: Sequence[str]) -> None:
        self.site = site
        self.lists = _lists(site, slugs)
        self.places = _places(self.lists, slugs)
        self.prices: dict[str, dict[int, list[StoredBreak]]] = defaultdict(lambda: defaultdict(list))
        rows = sql.fetch(_PRICES, [site.pk, list(self.places), list(skus)]) if self.places and skus else []
        for number, sku, quantity, price, tax_type, rate in rows:
            stored = StoredBreak(quantity, plain(price), self._contained(tax_type, rate), rate)
            self.prices[sku][number].append(stored)

    def choice(self, sku: str) -> Choice | None:
        """Of the first place that has prices for a SKU."""
        if sku not in self.prices:
            return None
        found = min(self.prices[sku], key=lambda number: self.places[number].rank)
        place, at = self.places[found], self.lists[found]
        asked = self.lists[place.asked]
        breaks = (
            follow(stored, at=at.slug, chain=place.chain, currency_code=asked.currency_code)
            for stored in self.prices[sku][found]
        )
        return Choice(asked.slug, asked.currency_code, tuple(breaks))

    def _contained(self, tax_type: str, rate: Decimal | None) -> Decimal:
        """Per cent of tax in a price: its own rate, else the site's; none in a net one."""
        if tax_type == Price.TaxType.NET:
            return Decimal(0)
        return self._default_rate if rate is None else rate

    @cached_property
    def _default_rate(self) -> Decimal:
        return settings_of(self.site).default_tax_rate or Decimal(0)


def _lists(site: Site, slugs: Sequence[str]) -> dict[int, _List]:
    """The lists with these slugs and all that their rules lead to, by our number."""
    rows = sql.fetch(_LISTS, [site.pk, list(slugs)]) if slugs else []
    lists = {row[0]: _List(row[1], row[2], []) for row in rows}
    for number, slug, _, source, rate, percentage, direction in rows:
        if source is not None:
            is_added = direction == PriceListRule.Direction.PLUS
            adjustment = Adjustment(lists[source].slug, slug, plain(rate), plain(percentage), is_added)
            lists[number].rules.append((source, adjustment))
    return lists


def _places(lists: dict[int, _List], slugs: Sequence[str]) -> dict[int, _Place]:
    """Every list that prices may come from, in the order in which they are looked at: a list, then what its first rule
    leads to, and so on.

    A list that is led to twice counts where it came first: had it prices for a SKU, nobody would look further. So a
    circle that came in past every guard ends here, too.
    """
    numbers = {item.slug: number for number, item in lists.items()}
    places: dict[int, _Place] = {}
    for asked in (numbers[slug] for slug in slugs if slug in numbers):
        todo: list[tuple[int, tuple[Adjustment, ...]]] = [(asked, ())]
        while todo:
            number, chain = todo.pop()
            if number not in places:
                places[number] = _Place(len(places), asked, chain)
                todo += [(source, (rule, *chain)) for source, rule in reversed(lists[number].rules)]
    return places
