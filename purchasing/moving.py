"""Goods of a stored purchase that are shipped, cancelled or returned: named quantities move into one new package.

Pure functions over the document in its stored form. What is left stays where it is and keeps its ids; what moves gets
new ones; an emptied package disappears. No move changes the sum of quantities, net, gross, tax, discount or shipping.
Rules: `docs/money.md`, 10.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Fault, InvalidDocument
from core.money import EXPONENTS, round_money, spread
from purchasing.freight import Amounts, Form, check_credit, hand_on, money, number_in, set_freight, take_off
from purchasing.status import TYPE_WORDS, PackageState

_WORD_OF_STOCK = {PackageState.PROCESSING: "open", PackageState.SHIPPED: "shipped"}
_KINDS = ("variant_id", "external_id", "sku")
_DIVIDED = ("total_net", "discount_net", "total_tax", "discount_gross")


@dataclass(frozen=True, slots=True)
class NamedItem:
    """Goods as an action names them: a variant (our id or the caller's), else a SKU; and how many units.

    `line`: the id of the one line that is meant, where somebody points at it. `refund`: what is credited for them;
    None: their gross.
    """

    variant_id: str
    sku: str
    quantity: int
    refund: Amounts | None = None
    line: str = ""

    @property
    def name(self) -> str:
        return self.sku or self.variant_id or self.line

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """By which identifiers a line can be the one that is meant, the first that any line has."""
        named = (
            ("id", self.line),
            ("variant_id", self.variant_id),
            ("external_id", self.variant_id),
            ("sku", self.sku),
        )
        return tuple((kind, value) for kind, value in named if value)


def key_of(item: NamedItem, known: Any) -> tuple[str, str] | None:
    """The identifier that the item is known by: the variant's internal id, else its external id, else the SKU."""
    return next((key for key in item.keys if key in known), None)


def keys_of_line(line: Form) -> list[tuple[str, str]]:
    """By what a line can be named."""
    named = line["identifiers"]
    return [("id", line["id"]), *((kind, named[kind]) for kind in _KINDS if named.get(kind))]


@dataclass(slots=True)
class _Goods:
    """A line that can be drawn from, and what is left of it."""

    package: Form
    line: Form
    left: int


@dataclass(slots=True)
class _Shelf:
    """The goods of one state, oldest package first, by each identifier they have."""

    goods: dict[tuple[str, str], list[_Goods]] = field(default_factory=lambda: defaultdict(list))
    passed: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    known: set[tuple[str, str]] = field(default_factory=set)

    def draw(self, key: tuple[str, str], quantity: int) -> list[tuple[_Goods, int]]:
        """As much as there is, up to `quantity`; less than that draws nothing after all."""
        goods, start, missing = self.goods.get(key, []), self.passed[key], quantity
        if not quantity:
            return [(item, 0) for item in goods[:1]]
        drawn: list[tuple[_Goods, int]] = []
        for index in range(start, len(goods)):
            taken = min(goods[index].left, missing)
            if taken:
                goods[index].left -= taken
                missing -= taken
                drawn.append((goods[index], taken))
            if not missing:
                self.passed[key] = index
                return drawn
        for item, taken in drawn:
            item.left += taken
        return drawn


def oldest_first(packages: Sequence[Form]) -> list[Form]:
    """By the date they were created, undated ones before, then by our number."""
    return sorted(packages, key=lambda package: (package["dates"]["created_at"] or "", int(package["id"][4:])))


def move(
    document: Form, *, items: Sequence[NamedItem], source: PackageState, package: Form, freight: Amounts | None = None
) -> Form:
    """The document after the named goods have moved from packages of the state `source` into the new `package`.

    `freight`: what shipping of the new package costs, taken off the packages that the goods came from.
    Raises InvalidDocument naming every item that is unknown, or of which there is less, with what remains; and
    `too-much-freight` when goods that come back credit more freight than is left.
    """
    document = copy.deepcopy(document)
    packages, currency_code = document["packages"], document["currency_code"]
    pieces = _draw(packages, items, source)
    touched = {goods.package["id"]: goods.package for drawn in pieces for goods, _ in drawn}
    sources = oldest_first(list(touched.values()))
    if source is PackageState.SHIPPED:
        check_credit(packages, touched, package.get("refund_shipping"), currency_code)
    new = _new_package(package, source, sources)
    gone: set[int] = set()
    for item, drawn in zip(items, pieces, strict=True):
        moved = [take(goods.line, quantity, currency_code, gone) for goods, quantity in drawn]
        if item.refund is not None:
            _credit(moved, item.refund, currency_code)
        new["line_items"].extend(moved)
    for place in sources:
        place["line_items"] = [line for line in place["line_items"] if id(line) not in gone]
    if freight is not None:
        set_freight(new, freight, currency_code)
        for place in sources:
            taken = take_off(place, freight, currency_code)
            freight = Amounts(freight.net - taken.net, freight.gross - taken.gross)
    emptied = [place for place in sources if not place["line_items"]]
    document["packages"] = [place for place in packages if place not in emptied]
    _clear(emptied, [place for place in document["packages"] if place["type"] != "cancelled"], new, currency_code)
    document["packages"].append(new)
    return document


def _draw(packages: list[Form], items: Sequence[NamedItem], source: PackageState) -> list[list[tuple[_Goods, int]]]:
    """For each item the goods that are drawn for it."""
    shelf = _Shelf()
    for package in oldest_first(packages):
        for line in package["line_items"]:
            names = keys_of_line(line)
            shelf.known.update(names)
            if package["type"] == TYPE_WORDS[source]:
                goods = _Goods(package, line, line["quantity"])
                for name in names:
                    shelf.goods[name].append(goods)
    pieces, faults = [], []
    for index, item in enumerate(items):
        key = key_of(item, shelf.known)
        if key is None:
            member = "variant_id" if item.variant_id else "sku"
            faults.append(Fault("resource-not-found", f"items[{index}].{member}", f"{item.name} is not in this order."))
            continue
        drawn = shelf.draw(key, item.quantity)
        there = sum(quantity for _, quantity in drawn)
        if there < item.quantity:
            text = (
                f"{there} of {item.name} {'is' if there == 1 else 'are'} {_WORD_OF_STOCK[source]}, not {item.quantity}."
            )
            faults.append(Fault("not-enough", f"items[{index}].quantity", text))
        pieces.append(drawn)
    if faults:
        raise InvalidDocument(faults=faults)
    return pieces


def _new_package(package: Form, source: PackageState, sources: Sequence[Form]) -> Form:
    """The package as it was asked for; where nothing was said, as the oldest of those its goods came from."""
    oldest = sources[0]
    method = oldest["shipping_method"]
    new: Form = {
        "type": "",
        "identifiers": {},
        "shipments": [],
        "accounting_files": [],
        "refund_shipping": None,
        "shipping_address": oldest["shipping_address"],
        "shipping_method": method and {"name": method["name"], "sku": method["sku"], "line_total": None},
        "line_items": [],
        **{name: value for name, value in package.items() if value is not None},
    }
    if source is PackageState.SHIPPED:
        new["dates"] = {**new["dates"], "shipped_at": oldest["dates"]["shipped_at"]}
        new["shipments"] = list({str(item): item for place in sources for item in place["shipments"]}.values())
    return new


def take(line: Form, quantity: int, currency_code: str, gone: set[int]) -> Form:
    """These units of the line as a line of their own; the stored line keeps the rest, or is `gone`, by identity."""
    piece = copy.deepcopy(line)
    del piece["id"]
    if quantity == line["quantity"]:
        gone.add(id(line))
        return piece
    weights = [quantity, line["quantity"] - quantity]
    piece["quantity"], line["quantity"] = weights
    ours, theirs = line["line_total"], piece["line_total"]
    ours["total_gross"] = ours["calculated_gross"]
    _divide(ours, theirs, "total_gross", weights, places=EXPONENTS[currency_code])
    ours["calculated_gross"], theirs["calculated_gross"] = ours["total_gross"], theirs["total_gross"]
    for name in _DIVIDED:
        _divide(ours, theirs, name, weights)
    for kept, moved in zip(line["tax_lines"], piece["tax_lines"], strict=True):
        _divide(kept, moved, "amount", weights)
    if line["refund_total"]:
        ours, theirs = line["refund_total"], piece["refund_total"]
        ours["gross"] = money(round_money(number_in(ours["gross"]), currency_code), currency_code)
        _divide(ours, theirs, "gross", weights)
        _divide(ours, theirs, "net", weights)
    return piece


def _divide(ours: Form, theirs: Form, name: str, weights: Sequence[int], *, places: int | None = None) -> None:
    """Divide an amount by largest remainder: `theirs` gets the first part. `places`: the amount's own when None."""
    amount = ours.get(name)
    if amount is None:
        return
    number = number_in(amount)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    parts = spread(number, weights, places=max(-exponent, 0) if places is None else places)
    theirs[name], ours[name] = (money(part, amount["currency"]) for part in parts)


def _credit(moved: Sequence[Form], refund: Amounts, currency_code: str) -> None:
    """What is credited for one item, over the lines its goods came from."""
    weights = [line["quantity"] for line in moved]
    exponent = refund.net.as_tuple().exponent
    assert isinstance(exponent, int)
    nets = spread(refund.net, weights, places=max(-exponent, 0))
    grosses = spread(round_money(refund.gross, currency_code), weights, places=EXPONENTS[currency_code])
    for line, net, gross in zip(moved, nets, grosses, strict=True):
        line["refund_total"] = {"net": money(net, currency_code), "gross": money(gross, currency_code)}


def _clear(emptied: Sequence[Form], live: Sequence[Form], new: Form, currency_code: str) -> None:
    """What emptied packages leave: their shipping to the oldest package still live, their files to the new one."""
    receiver = oldest_first(live)[0] if live else new
    for package in emptied:
        hand_on(package, receiver, currency_code)
        new["accounting_files"] = [*new["accounting_files"], *package["accounting_files"]]
