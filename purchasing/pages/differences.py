"""How what a customer saw of a purchase differs from what stands, in what a page shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import ZERO
from purchasing.contents import Line, PackageView, packages_of
from purchasing.models import Purchase, PurchaseRevision
from purchasing.pages.reader import Reader

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """`name`: of the goods, empty for what concerns the whole. `before` or `after` is empty where there is nothing."""

    what: Promise
    name: str
    before: str
    after: str


@dataclass(slots=True)
class Goods:
    """Equal lines together; `name` is as it is shown."""

    name: str = ""
    quantity: int = 0
    gross: Decimal = ZERO


def differences(before: PurchaseRevision, total: Decimal, now: Purchase, *, reader: Reader) -> list[Difference]:
    """From what was seen (`before`, with its total) to what stands."""
    code = now.currency_code
    old_header, new_header = orjson.loads(before.header), orjson.loads(now.header)
    old, new = packages_of(orjson.loads(before.contents)), packages_of(orjson.loads(now.contents))
    found = [*_of_goods(old, new, code, reader)]
    texts = (
        (_("PO"), old_header["customer_reference"], new_header["customer_reference"]),
        (_("Payment method"), old_header["payment_method"], new_header["payment_method"]),
        (_("Ship to"), old_header["calculated_shipping_address"], new_header["calculated_shipping_address"]),
    )
    found += [Difference(what, "", was or "", now_is or "") for what, was, now_is in texts if was != now_is]
    freight = freight_of(old), freight_of(new)
    for what, (was, now_is) in ((_("Shipping"), freight), (_("Total"), (total, now.calculated_total))):
        if was != now_is:
            found.append(Difference(what, "", reader.money(was, code), reader.money(now_is, code)))
    return found


def goods_changes(
    old: Iterable[PackageView], new: Iterable[PackageView], *, every: bool = False
) -> Iterator[tuple[str, Goods, Goods]]:
    """Name, before and after of all goods whose quantity or money differs over all packages together.

    Of live packages; `every`: of cancelled ones too, so that a cancellation is no change.
    """
    was, now = _goods(old, every=every), _goods(new, every=every)
    for key in dict.fromkeys([*was, *now]):
        before, after = was.get(key, Goods()), now.get(key, Goods())
        if (before.quantity, before.gross) != (after.quantity, after.gross):
            yield after.name or before.name, before, after


def freight_of(packages: Iterable[PackageView]) -> Decimal:
    """What sending all of them costs."""
    return sum((package.shipping_gross for package in packages), ZERO)


def amount_of(packages: Iterable[PackageView]) -> Decimal:
    """What the live ones come to (docs/money.md, 3)."""
    live = [package for package in packages if package.is_live]
    return sum((line.gross for package in live for line in package.lines), freight_of(live))


def _of_goods(
    old: Iterable[PackageView], new: Iterable[PackageView], code: str, reader: Reader
) -> Iterator[Difference]:
    for name, before, after in goods_changes(old, new):
        if before.quantity != after.quantity:
            yield Difference(_("Quantity"), name, reader.number(before.quantity), reader.number(after.quantity))
        else:
            yield Difference(_("Price"), name, reader.money(before.gross, code), reader.money(after.gross, code))


def _goods(packages: Iterable[PackageView], *, every: bool) -> dict[Key, Goods]:
    """What is bought, by SKU (without one by name) and options; called as it was last."""
    goods: dict[Key, Goods] = {}
    for package in packages:
        for line in package.lines if every or package.is_live else ():
            item = goods.setdefault((line.sku or (line.name, line.variant), tuple(line.options)), Goods())
            item.name = " ".join(part for part in (line.name, line.variant, line.sku, _options(line)) if part)
            item.quantity += line.quantity
            item.gross += line.gross
    return goods


def _options(line: Line) -> str:
    return f"({', '.join(f'{key}: {value}' for key, value in line.options)})" if line.options else ""
