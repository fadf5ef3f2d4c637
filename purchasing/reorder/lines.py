"""Which lines of a purchase are ordered once more, for how much, and which are left out. Pure functions.

Rules: `docs/my_account.md`, re-order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from catalog.selling import Selling
from core.money import ZERO, money_text
from purchasing.documents import LineItem, Package
from purchasing.parent_lines import Identity, identity_of

Form = dict[str, Any]
KEPT = ("identifiers", "name_parent", "name_child", "custom_attributes", "image_url", "product_slug", "barcode")
"""What a line has in common with the one it repeats, beside the parent line it names."""


class Reason(StrEnum):
    """Why a line is left out."""

    NO_PRICE = "no-price"
    """No price list of the buyer has one for so many pieces, in the currency of the purchase."""
    NOT_SOLD = "not-sold"
    """Its variant is not live, or not sold to the buyer's group."""
    OUT_OF_STOCK = "out-of-stock"
    """Nothing of it can be sold, and no day is named on which more comes."""
    TOO_FEW = "too-few"
    """The buyer's group has to order more of it at a time."""
    TOO_MANY = "too-many"
    """The buyer's group may order so many at a time, no more."""
    NO_WHOLE_PACKS = "no-whole-packs"
    """It is sold in packs of so many."""
    TOO_FEW_OF_PRODUCT = "too-few-of-product"
    """The buyer's group has to order more of its product, all variants together."""
    TOO_MANY_OF_PRODUCT = "too-many-of-product"
    INCOMPLETE = "incomplete"
    """It is nothing without another line that is left out: the bundle, a part of it, what it was bought along with."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A quantity that a selling rule does not allow, and the figure of the rule."""

    reason: Reason
    bound: int


@dataclass(slots=True)
class Wanted:
    """A line as it is to be repeated: equal lines to one address together. `place`: the number of that address."""

    line: LineItem
    identity: Identity
    place: int
    quantity: int
    net: Decimal
    tax_rate: Decimal | None

    @property
    def sku(self) -> str:
        return self.line.identifiers.get("sku", "")

    @property
    def is_included(self) -> bool:
        """Part of a bundle that cost nothing by itself: it costs nothing again."""
        parent = self.line.parent_line
        return parent is not None and parent.relation == "component" and not self.net


@dataclass(frozen=True, slots=True)
class Price:
    """What a line costs today. `net`: for all its pieces. `tax_rate`: of the price row, where it names one."""

    net: Decimal
    currency_code: str
    tax_rate: Decimal | None


def to_repeat(packages: Sequence[Package], cancelled: Collection[int]) -> list[int]:
    """The numbers of the packages that are repeated: all but the cancelled ones, or these when nothing else was."""
    filled = [number for number, package in enumerate(packages) if any(line.quantity for line in package.line_items)]
    return [number for number in filled if number not in cancelled] or filled


def wanted_of(packages: Sequence[tuple[int, Package]]) -> list[Wanted]:
    """The lines of these packages, each with the number of its address, equal ones together; in their order."""
    found: dict[tuple[int, Identity], Wanted] = {}
    for place, package in packages:
        for line in package.line_items:
            if not line.quantity:
                continue
            identity, total = identity_of(line), line.line_total
            same = found.get((place, identity))
            if same is None:
                net = total.total_net.number
                found[place, identity] = Wanted(line, identity, place, line.quantity, net, total.tax_rate)
                continue
            same.quantity += line.quantity
            same.net += total.total_net.number
            same.tax_rate = total.tax_rate if same.tax_rate is None else same.tax_rate
    return list(found.values())


def out_of_bounds(wanted: Sequence[Wanted], sold: Mapping[str, Selling]) -> dict[int, Bounded]:
    """Which of the lines, by their number, are of a quantity that nobody may order at a time.

    All pieces of a SKU count together, wherever they go; parts of a bundle, which nobody orders by themselves, do not.
    """
    ordered = {
        number: sold[item.sku] for number, item in enumerate(wanted) if item.sku in sold and not item.is_included
    }
    of_sku: dict[str, int] = defaultdict(int)
    of_product: dict[int, int] = defaultdict(int)
    for number, rule in ordered.items():
        of_sku[wanted[number].sku] += wanted[number].quantity
        of_product[rule.product_id] += wanted[number].quantity
    found = {
        number: _bounded(rule, pieces=of_sku[wanted[number].sku], of_product=of_product[rule.product_id])
        for number, rule in ordered.items()
    }
    return {number: bounded for number, bounded in found.items() if bounded is not None}


def _bounded(rule: Selling, *, pieces: int, of_product: int) -> Bounded | None:
    if rule.least is not None and pieces < rule.least:
        return Bounded(Reason.TOO_FEW, rule.least)
    if rule.most is not None and pieces > rule.most:
        return Bounded(Reason.TOO_MANY, rule.most)
    if pieces % rule.pack_size:
        return Bounded(Reason.NO_WHOLE_PACKS, rule.pack_size)
    if rule.least_of_product is not None and of_product < rule.least_of_product:
        return Bounded(Reason.TOO_FEW_OF_PRODUCT, rule.least_of_product)
    if rule.most_of_product is not None and of_product > rule.most_of_product:
        return Bounded(Reason.TOO_MANY_OF_PRODUCT, rule.most_of_product)
    return None


def left_out_of(
    wanted: Sequence[Wanted],
    prices: Sequence[Price | None],
    *,
    currency_code: str,
    not_sold: Collection[str],
    out_of_stock: Collection[str],
    bounded: Mapping[int, Bounded] = MappingProxyType({}),
) -> dict[int, Reason]:
    """Which of the lines, by their number, cannot be ordered.

    `prices`: of each line; `bounded`: `out_of_bounds` of them; SKUs are named in the others.
    """
    reasons: dict[int, Reason] = {}
    for number, (item, price) in enumerate(zip(wanted, prices, strict=True)):
        if item.sku in not_sold:
            reasons[number] = Reason.NOT_SOLD
        elif item.sku in out_of_stock:
            reasons[number] = Reason.OUT_OF_STOCK
        elif number in bounded:
            reasons[number] = bounded[number].reason
        elif not item.is_included and (price is None or price.currency_code != currency_code):
            reasons[number] = Reason.NO_PRICE
    _leave_out_what_is_incomplete(wanted, reasons)
    return reasons


def line_form(item: Wanted, price: Price | None, *, rate: Decimal | None, currency_code: str) -> Form:
    """The new line, as a document sends it."""
    net = ZERO if item.is_included or price is None else price.net
    total: Form = {"total_net": {"number": money_text(net, currency_code), "currency": currency_code}}
    if rate is not None:
        total["tax_rate"] = f"{rate:f}"
    form = item.line.model_dump(include={*KEPT, "parent_line"}, exclude_none=True)
    return {**form, "quantity": item.quantity, "line_total": total}


def _leave_out_what_is_incomplete(wanted: Sequence[Wanted], reasons: dict[int, Reason]) -> None:
    """A line goes when every line that could be its parent does; a bundle goes with any part of it."""
    parents = _parents_of(wanted)
    children: Mapping[int, list[int]] = _turned_round(parents)
    todo = list(reasons)
    while todo:
        gone = todo.pop()
        affected = [child for child in children.get(gone, []) if all(one in reasons for one in parents[child])]
        for number in (*affected, *_bundles_of(gone, wanted, parents)):
            if number not in reasons:
                reasons[number] = Reason.INCOMPLETE
                todo.append(number)


def causes_of(wanted: Sequence[Wanted], reasons: Mapping[int, Reason]) -> dict[int, int]:
    """For each line that is left out, by number, the line that cannot be ordered itself: it, or what it belongs to."""
    parents = _parents_of(wanted)
    children = _turned_round(parents)
    causes = {number: number for number, reason in reasons.items() if reason is not Reason.INCOMPLETE}
    todo = list(causes)
    for gone in todo:  # which grows, so that what is nearest is named
        for number in (*children.get(gone, ()), *_bundles_of(gone, wanted, parents)):
            if number in reasons and number not in causes:
                causes[number] = causes[gone]
                todo.append(number)
    return causes


def _bundles_of(number: int, wanted: Sequence[Wanted], parents: Mapping[int, list[int]]) -> list[int]:
    """The bundles that this line is a part of."""
    parent_line = wanted[number].line.parent_line
    is_part = parent_line is not None and parent_line.relation == "component"
    return parents.get(number, []) if is_part else []


def _parents_of(wanted: Sequence[Wanted]) -> dict[int, list[int]]:
    """For each line that names a parent the lines that this is, wherever they go."""
    naming = [(number, item.line.parent_line) for number, item in enumerate(wanted) if item.line.parent_line]
    if not naming:
        return {}
    having: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, item in enumerate(wanted):
        for pair in item.line.identifiers.items():
            having[pair].add(number)
    return {
        number: sorted(set.intersection(*(having.get(pair, set()) for pair in parent.identifiers.items())))
        for number, parent in naming
    }


def _turned_round(parents: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for child, named in parents.items():
        for parent in named:
            children[parent].append(child)
    return children
