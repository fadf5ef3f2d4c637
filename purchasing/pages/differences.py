"""How what a customer saw of a purchase differs from what stands, in what a page shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import ZERO
from purchasing.contents import PackageView, packages_of
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
class _Goods:
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
    freight = sum((item.shipping_gross for item in old), ZERO), sum((item.shipping_gross for item in new), ZERO)
    for what, (was, now_is) in ((_("Shipping"), freight), (_("Total"), (total, now.calculated_total))):
        if was != now_is:
            found.append(Difference(what, "", reader.money(was, code), reader.money(now_is, code)))
    return found


def _of_goods(old: list[PackageView], new: list[PackageView], code: str, reader: Reader) -> Iterator[Difference]:
    was, now = _goods(old), _goods(new)
    for key in dict.fromkeys([*was, *now]):
        before, after = was.get(key, _Goods()), now.get(key, _Goods())
        name = " ".join(part for part in key[:3] if part)
        if before.quantity != after.quantity:
            yield Difference(_("Quantity"), name, reader.number(before.quantity), reader.number(after.quantity))
        elif before.gross != after.gross:
            yield Difference(_("Price"), name, reader.money(before.gross, code), reader.money(after.gross, code))


def _goods(packages: list[PackageView]) -> dict[Key, _Goods]:
    """What is bought, by name, variant, SKU and options."""
    goods: dict[Key, _Goods] = {}
    for package in packages:
        for line in package.lines if package.is_live else ():
            item = goods.setdefault((line.name, line.variant, line.sku, tuple(line.options)), _Goods())
            item.quantity += line.quantity
            item.gross += line.gross
    return goods
