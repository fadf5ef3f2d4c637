"""Orders of the Core API as they are answered (`purchasing.order_answers`), from the purchase's stored document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

import orjson

from core.api.renderer import core_instant, json_number
from core.ids import PURCHASE, public_id
from core.money import LINE_DECIMALS, plain, round_to
from purchasing.core_orders import ORDER, PACKAGE_WORDS, Form, Price, order_form, order_status, sum_of


class ShownOrder(Protocol):
    """The columns of a purchase that an order is answered from."""

    id: int
    type: str
    currency_code: str
    ordered_at: datetime
    header: str
    contents: str
    calculated_fulfilment_status: str | None


def order_answered(purchase: ShownOrder) -> dict[str, Any]:
    """The whole order. Orders without a date of their own are answered with the time they were stored by."""
    code = purchase.currency_code
    document = orjson.loads(purchase.header) | orjson.loads(purchase.contents)
    form = order_form(ORDER, document, code)
    placed = form["created_at"] = form["created_at"] or core_instant(purchase.ordered_at)
    subs, shipping = [], []
    for package, stored in zip(form["packages"], document["packages"], strict=True):
        package["status"] = PACKAGE_WORDS[stored["type"]]
        package["created_at"] = package["created_at"] or placed
        sub, freight = sum_of(item["line_total"] for item in package["items"]), package["total_shipping"]
        if stored["type"] != "cancelled":
            subs.append(sub)
            shipping.append(freight)
        for item in package["items"]:
            item["unit_total"] = _unit_form(item["line_total"], item["quantity"], code)
            item["line_total"] = _price_form(item["line_total"], code)
        _set_totals(package, sub, freight, code)
    _set_totals(form, sum_of(subs), sum_of(shipping), code)
    status = order_status(type=purchase.type, fulfilment=purchase.calculated_fulfilment_status)
    return {"id": public_id(PURCHASE, purchase.id), **form, "status": status}


def _set_totals(form: Form, sub: Price, shipping: Price, code: str) -> None:
    form["total_sub"] = _price_form(sub, code)
    form["total_shipping"] = _price_form(shipping, code)
    form["total"] = _price_form(sum_of([sub, shipping]), code)


def _price_form(price: Price, code: str) -> Form:
    return {
        "tax_rate": json_number(plain(price.tax_rate)),
        "net": json_number(plain(price.net)),
        "gross": json_number(plain(price.gross)),
        "currency_code": code.lower(),
    }


def _unit_form(price: Price, quantity: int, code: str) -> Form | None:
    if quantity == 0:
        return None
    net, gross = (round_to(amount / quantity, LINE_DECIMALS) for amount in (price.net, price.gross))
    return _price_form(Price(net, gross, price.tax_rate), code)
