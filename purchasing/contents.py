"""What a purchase holds, read from its stored document for a page: packages, lines, files, addresses, sums.

Nothing here is written, and what is the merchant's own (metadata, warnings) is not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from core.countries import country_name, place_line
from core.money import ZERO, round_money
from purchasing.models import Purchase
from purchasing.status import TYPE_WORDS, PackageState

FILE_TYPES = {"invoice": _("Invoice")}
"""In any letter case; another word is shown as it was sent."""
_STATES = {word: state for state, word in TYPE_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A line. `net` and `gross` are for the whole quantity; `unit_net` is None for a line of no units."""

    id: str
    name: str
    variant: str
    sku: str
    options: list[tuple[str, str]]
    quantity: int
    unit_net: Decimal | None
    net: Decimal
    discount: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Parcel:
    """A shipment of a package; `url` is empty unless it is a web address."""

    carrier: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class File:
    """An invoice or another document; `url` is empty unless it is a web address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class PackageView:
    spark_id: str
    state: PackageState
    number: str
    created_at: datetime | None
    shipped_at: datetime | None
    returned_at: datetime | None
    cancelled_at: datetime | None
    lines: list[Line]
    parcels: list[Parcel]
    files: list[File]
    ship_to: list[str]
    shipping_name: str
    shipping_net: Decimal
    shipping_gross: Decimal

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def is_live(self) -> bool:
        return self.state is not PackageState.CANCELLED

    @property
    def state_at(self) -> datetime | None:
        """When it came into its state, where that is known."""
        return {
            PackageState.PROCESSING: self.created_at,
            PackageState.SHIPPED: self.shipped_at,
            PackageState.RETURNED: self.returned_at,
            PackageState.CANCELLED: self.cancelled_at,
        }[self.state]


@dataclass(slots=True)
class Item:
    """One thing that was bought, over all packages: units by what became of them."""

    name: str
    variant: str
    sku: str
    options: list[tuple[str, str]]
    units: dict[PackageState, int] = field(default_factory=lambda: dict.fromkeys(PackageState, 0))

    @property
    def ordered(self) -> int:
        return sum(self.units.values())

    @property
    def to_come(self) -> int:
        return self.units[PackageState.PROCESSING]

    @property
    def shipped(self) -> int:
        """Units that were sent and have not come back, as `calculated_quantities` counts them."""
        return self.units[PackageState.SHIPPED]

    @property
    def returned(self) -> int:
        return self.units[PackageState.RETURNED]

    @property
    def cancelled(self) -> int:
        return self.units[PackageState.CANCELLED]


@dataclass(frozen=True, slots=True)
class Sums:
    """Of live packages, in the purchase's currency; `discount` is taken off the net already."""

    goods_net: Decimal
    shipping_net: Decimal
    discount: Decimal
    tax: Decimal
    gross: Decimal

    @property
    def net(self) -> Decimal:
        return self.goods_net + self.shipping_net


@dataclass(frozen=True, slots=True)
class Contents:
    packages: list[PackageView]
    files: list[File]
    bill_to: list[str]
    notes: list[tuple[str, str]]
    sums: Sums

    @property
    def items(self) -> list[Item]:
        """What was bought, equal lines of several packages together, in the order of the first."""
        return items_of(self.packages)

    @property
    def open_lines(self) -> list[Line]:
        """What has not left yet."""
        return [line for item in self.packages if item.state is PackageState.PROCESSING for line in item.lines]

    @property
    def all_files(self) -> list[File]:
        """Every file once, those of the purchase first."""
        return list(dict.fromkeys([*self.files, *(file for package in self.packages for file in package.files)]))


def contents_of(purchase: Purchase) -> Contents:
    """The stored document of `purchase`, ready to be shown."""
    header, contents = orjson.loads(purchase.header), orjson.loads(purchase.contents)
    packages = packages_of(contents)
    return Contents(
        packages=packages,
        files=[_file(form) for form in contents["accounting_files"]],
        bill_to=address_lines(header["billing_address"]),
        notes=[(item["name"], item["value"]) for item in header["custom_fields"] if item["value"]],
        sums=sums_of(packages, total=purchase.calculated_total, currency_code=purchase.currency_code),
    )


def packages_of(contents: dict[str, Any]) -> list[PackageView]:
    """The packages of a stored document, or of what it was at a revision."""
    return [_package(form) for form in contents["packages"]]


def sums_of(packages: Iterable[PackageView], *, total: Decimal, currency_code: str) -> Sums:
    """Net sums are rounded for display; tax is what `total` (the rounded figures' sum) is above them."""
    live = [package for package in packages if package.is_live]
    lines = [line for package in live for line in package.lines]
    goods_net = round_money(sum((line.net for line in lines), ZERO), currency_code)
    shipping_net = round_money(sum((package.shipping_net for package in live), ZERO), currency_code)
    return Sums(
        goods_net=goods_net,
        shipping_net=shipping_net,
        discount=round_money(sum((line.discount for line in lines), ZERO), currency_code),
        tax=total - goods_net - shipping_net,
        gross=total,
    )


def items_of(packages: Iterable[PackageView]) -> list[Item]:
    items: dict[tuple[Any, ...], Item] = {}
    for package in packages:
        for line in package.lines:
            key = (line.name, line.variant, line.sku, tuple(line.options))
            item = items.setdefault(key, Item(line.name, line.variant, line.sku, line.options))
            item.units[package.state] += line.quantity
    return list(items.values())


def address_lines(form: dict[str, str] | None) -> list[str]:
    """The lines of an address as they stand on a letter."""
    if form is None:
        return []
    name = form["name"] or " ".join(part for part in (form["title"], form["first_name"], form["last_name"]) if part)
    place = place_line(**{part: form[part] for part in ("city", "region_code", "postal_code", "country_code")})
    lines = (
        name,
        form["company"],
        form["address_line1"],
        form["address_line2"],
        place,
        country_name(form["country_code"]),
    )
    return [line for line in lines if line]


def web_address(text: str) -> str:
    """`text` when it is an http or https address, else nothing: a link of any other kind is never shown."""
    return text if text.lower().startswith(("http://", "https://")) else ""


def _package(form: dict[str, Any]) -> PackageView:
    identifiers, dates, method = form["identifiers"], form["dates"], form["shipping_method"]
    shipping = method["line_total"] if method else None
    return PackageView(
        spark_id=identifiers["sparklayer_package_id"],
        state=_STATES[form["type"]],
        number=identifiers["visible"] or identifiers["internal"] or identifiers["platform"],
        **{name: _instant(dates[name]) for name in ("created_at", "shipped_at", "returned_at", "cancelled_at")},
        lines=[_line(line) for line in form["line_items"]],
        parcels=[
            Parcel(item["carrier"], item["tracking_number"], web_address(item["tracking_url"]))
            for item in form["shipments"]
            if item["carrier"] or item["tracking_number"] or item["tracking_url"]
        ],
        files=[_file(file) for file in form["accounting_files"]],
        ship_to=address_lines(form["shipping_address"]),
        shipping_name=method["name"] if method else "",
        shipping_net=_amount(shipping["total_net"]) if shipping else ZERO,
        shipping_gross=_amount(shipping["calculated_gross"]) if shipping else ZERO,
    )


def _line(form: dict[str, Any]) -> Line:
    total = form["line_total"]
    return Line(
        id=form["id"],
        name=form["name_parent"],
        variant=form["name_child"],
        sku=form["identifiers"].get("sku", ""),
        options=[(item["key"], item["value"]) for item in form["custom_attributes"]],
        quantity=form["quantity"],
        unit_net=_amount(form["unit_total"]) if form["unit_total"] else None,
        net=_amount(total["total_net"]),
        discount=_amount(total["discount_net"]),
        gross=_amount(total["calculated_gross"]),
    )


def files_in(document: dict[str, Any]) -> list[File]:
    """Files of the purchase and of its packages, in the order of the stored document."""
    holders = [document, *document["packages"]]
    return [_file(form) for holder in holders for form in holder["accounting_files"]]


def _file(form: dict[str, Any]) -> File:
    kind = form["file_type"]
    words = [str(FILE_TYPES.get(kind.lower(), kind.capitalize())), form["identifiers"]["visible"]]
    return File(" ".join(word for word in words if word), web_address(form["data"]["uri"]))


def _amount(money: dict[str, str]) -> Decimal:
    return Decimal(money["number"])


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
