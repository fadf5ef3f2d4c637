"""One record, two faces: which member of a Core order is which of the purchase. Pure functions.

The tables below are the only place that says so. They are read from left to right when an order is written, from right
to left when one is answered, and once more to name a fault of the purchase in the order's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from core.money import ZERO, round_to
from customers.documents import NewAddress

Form = dict[str, Any]
Convert = Callable[[Any, str], Any]

ORDER_TYPES = frozenset({"order", "order_unconfirmed"})
"""What the Core face shows; other types of purchases are unknown to it."""

PACKAGE_WORDS = {"processing": "processing", "shipment": "shipped", "refund": "returned", "cancelled": "cancelled"}
STATUS_WORDS = {
    "cancelled": "cancelled",
    "processing": "processing",
    "partially_shipped": "part_shipped",
    "returned": "returned",
    "partially_returned": "shipped",
    "shipped": "shipped",
}
_PAYMENT_METHODS = {
    "upfrontPayment": "platform_upfront",
    "paymentByInvoice": "invoice",
    "paymentOnAccount": "on_account",
    "hokodoPayment": "hokodo",
    "other": "other",
}
_METHODS_READ = {word.lower(): method for method, name in _PAYMENT_METHODS.items() for word in (method, name)}


def order_status(*, type: str, fulfilment: str | None) -> str:
    """The order's `status`: `incoming` until it is confirmed and something has happened to its goods."""
    word = STATUS_WORDS[fulfilment or "processing"]
    return "incoming" if type == "order_unconfirmed" and word == "processing" else word


@dataclass(frozen=True, slots=True)
class Price:
    """Net and gross, and the rate that was supplied for them (None: it follows from the two)."""

    net: Decimal
    gross: Decimal
    rate: Decimal | None = None

    @property
    def tax_rate(self) -> Decimal:
        """In percent: as supplied, else what gross says, to 2 decimals; 0 when there is no net."""
        if self.rate is not None:
            return self.rate
        return round_to((self.gross - self.net) * 100 / self.net, 2) if self.net else ZERO


NOTHING = Price(ZERO, ZERO)


def price_in(total: Form | None) -> Price:
    """The price that a line total of the purchase comes to."""
    if total is None:
        return NOTHING
    rate = total.get("tax_rate")
    net, gross = (Decimal(total[name]["number"]) for name in ("total_net", "calculated_gross"))
    return Price(net, gross, None if rate is None else Decimal(str(rate)))


def sum_of(prices: Iterable[Price]) -> Price:
    """Their sum; the rate that was supplied for all of them stays."""
    parts = [price for price in prices if price.net or price.gross]
    rates = {price.rate for price in parts}
    rate = rates.pop() if len(rates) == 1 else None
    return Price(sum((part.net for part in parts), ZERO), sum((part.gross for part in parts), ZERO), rate)


@dataclass(frozen=True, slots=True)
class Twin:
    """A member of the order and its path in the purchase.

    `write` and `read` turn the one value into the other; without them the value is the same, or `parts` say how what
    is in it is paired, in each of `many`.
    """

    order: str
    purchase: str
    write: Convert | None = None
    read: Convert | None = None
    parts: tuple[Twin, ...] = ()
    many: bool = False
    answered: bool = True


def purchase_form(twins: Sequence[Twin], order: Mapping[str, Any], currency_code: str) -> Form:
    """The purchase's members for those of the order; members that are None say nothing."""
    form: Form = {}
    for twin in twins:
        value = order.get(twin.order)
        if value is None:
            continue
        if twin.write:
            value = twin.write(value, currency_code)
        elif twin.many:
            value = [purchase_form(twin.parts, item, currency_code) for item in value]
        elif twin.parts:
            value = purchase_form(twin.parts, value, currency_code)
        *parents, last = _names(twin.purchase)
        node = form
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = value
    return form


def order_form(twins: Sequence[Twin], purchase: Form, currency_code: str) -> Form:
    """The order's members for those of the purchase in its stored form."""
    form: Form = {}
    for twin in twins:
        if not twin.answered:
            continue
        value: Any = purchase
        for name in _names(twin.purchase):
            value = value.get(name) if value else None
        if twin.read:
            value = twin.read(value, currency_code)
        elif twin.many:
            value = [order_form(twin.parts, item, currency_code) for item in value]
        form[twin.order] = value
    return form


@cache
def _names(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def order_path(purchase_path: str, twins: Sequence[Twin] | None = None) -> str:
    """Where in the order it is what stands at this path of the purchase: `packages[0].line_items[1].name_parent` is
    `packages[0].items[1].name`. A path that has no twin is answered as it is.
    """
    for twin in sorted(ORDER if twins is None else twins, key=lambda twin: -len(twin.purchase)):
        rest = re.fullmatch(rf"{re.escape(twin.purchase)}(\[\d+\])?(?:\.(.+))?", purchase_path)
        if rest is None:
            continue
        here = twin.order + ((rest[1] or "") if twin.many else "")
        deeper = order_path(rest[2], twin.parts) if rest[2] and twin.parts else ""
        return f"{here}.{deeper}" if deeper else here
    return purchase_path


def invoice_in(files: Sequence[Form]) -> str | None:
    """The address of the order's invoice: that of the first invoice without identifiers."""
    return next((file["data"]["uri"] for file in files if _is_invoice(file)), None)


def with_invoice(files: Sequence[Form], url: str | None) -> list[Form]:
    """The files with this invoice in place of the order's own; None removes it. The same one changes nothing."""
    if url and url == invoice_in(files):
        return list(files)
    others = [file for file in files if not _is_invoice(file)]
    return (
        [*others, {"file_type": "invoice", "identifiers": {}, "data": {"type": "uri", "uri": url}}] if url else others
    )


def _is_invoice(file: Form) -> bool:
    return file["file_type"] == "invoice" and bool(file["data"]["uri"]) and not any(file["identifiers"].values())


def _or_null(value: Any, _code: str) -> Any:
    return value or None


def _text(value: Any, _code: str) -> str:
    return value or ""


def _lower(value: Any, _code: str) -> str:
    return str(value).lower()


def _money(value: Any, code: str) -> Form:
    return {"number": value, "currency": code}


def _with_z(value: str | None, _code: str) -> str | None:
    return value and value.replace("+00:00", "Z")


def _method_read(value: str, _code: str) -> str:
    return _METHODS_READ.get(value.lower(), "other")


def _pairs(value: Mapping[str, Any], _code: str) -> list[Form]:
    """A value that is no string as its JSON text; null stays null."""
    return [
        {"name": name, "value": item if item is None or isinstance(item, str) else json.dumps(item, ensure_ascii=False)}
        for name, item in value.items()
    ]


def _object(pairs: Sequence[Form], _code: str) -> Form | None:
    """Of pairs with one name the last; null when there are none."""
    return {pair["name"]: pair["value"] for pair in pairs} or None


def _price(value: Form | None, _code: str) -> Price:
    return price_in(value)


def _address_written(address: Mapping[str, Any], code: str) -> Form:
    """Beside first and last name the purchase has both in one."""
    form = purchase_form(ADDRESS, address, code)
    return {**form, "name": f"{form.get('first_name', '')} {form.get('last_name', '')}".strip()}


def _address_read(address: Form | None, code: str) -> Form | None:
    """An address that came with one name has its last word as the last name."""
    if address is None:
        return None
    form = order_form(ADDRESS, address, code)
    if not form["first_name"] and not form["last_name"]:
        form["first_name"], _, form["last_name"] = address["name"].rpartition(" ")
    return form


ADDRESS_TEXTS = tuple(NewAddress.model_fields)
_TOTAL = (
    Twin("net", "total_net", _money),
    Twin("gross", "total_gross", _money),
)
_CREDITED = (
    Twin("net", "net", _money),
    Twin("gross", "gross", _money),
)
ADDRESS = (Twin("id", "sparklayer_id", read=_or_null), *(Twin(name, name) for name in ADDRESS_TEXTS))
TRACKING = (
    Twin("company", "carrier"),
    Twin("url", "tracking_url"),
    Twin("reference", "tracking_number"),
)
ITEM = (
    Twin("id", "id"),
    Twin("external_id", "identifiers.external_id", read=_or_null),
    Twin("variant_id", "identifiers.variant_id", read=_or_null),
    Twin("sku", "identifiers.sku", read=_text),
    Twin("name", "name_parent"),
    Twin("child_name", "name_child"),
    Twin("image_url", "image_url"),
    Twin("slug", "product_slug"),
    Twin("quantity", "quantity"),
    Twin("line_total", "line_total", read=_price, parts=_TOTAL),
    Twin("refund_total", "refund_total", parts=_CREDITED, answered=False),
)
PACKAGE = (
    Twin("id", "id"),
    Twin("created_at", "dates.created_at", read=_with_z),
    Twin("external_id", "identifiers.internal", read=_or_null),
    Twin("visible_id", "identifiers.visible", read=_or_null),
    Twin("shipped_at", "dates.shipped_at", read=_with_z),
    Twin("cancelled_at", "dates.cancelled_at", read=_with_z),
    Twin("returned_at", "dates.returned_at", read=_with_z),
    Twin("shipment_tracking", "shipments", parts=TRACKING, many=True),
    Twin("items", "line_items", parts=ITEM, many=True),
    Twin("shipping_address", "shipping_address", _address_written, _address_read, ADDRESS),
    Twin("shipping_address_id", "shipping_address.sparklayer_id", read=_or_null),
    Twin("shipping_name", "shipping_method.name", read=_text),
    Twin("shipping_sku", "shipping_method.sku", read=_text),
    Twin("total_shipping", "shipping_method.line_total", read=_price, parts=_TOTAL),
    Twin("refund_shipping", "refund_shipping", parts=_CREDITED, answered=False),
)
ORDER = (
    Twin("external_id", "purchase_identifiers.internal", read=_or_null),
    Twin("visible_id", "purchase_identifiers.visible", read=_or_null),
    Twin("customer_id", "customer_identifiers.sparklayer"),
    Twin("created_at", "dates.placed_at", read=_with_z),
    Twin("payment_method", "payment_method", lambda value, _code: _PAYMENT_METHODS[value], _method_read),
    Twin("currency_code", "currency_code", lambda value, _code: value.upper(), _lower),
    Twin("customer_reference", "customer_reference", read=_or_null),
    Twin("billing_address", "billing_address", _address_written, _address_read, ADDRESS),
    Twin("billing_address_id", "billing_address.sparklayer_id", answered=False),
    Twin("packages", "packages", parts=PACKAGE, many=True),
    Twin("metadata", "metadata", _pairs, _object),
    Twin(
        "invoice_url",
        "accounting_files",
        lambda value, _code: with_invoice([], value),
        lambda value, _code: invoice_in(value),
    ),
    Twin("custom_fields", "custom_fields"),
    Twin("spark_billing_chargeable", "spark_billing_chargeable", read=lambda value, _code: value is not False),
)
