"""How the members of a purchase are written: one form for equal content. Pure functions, shared by header and packages.

Amounts have the currency's digits, or as many more as were sent; instants are in UTC with `+00:00`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from core.countries import place_line
from core.documents import Money
from core.money import EXPONENTS, LINE_DECIMALS, ZERO, plain, round_to
from purchasing.documents import (
    AccountingFile,
    LineItem,
    LineTotal,
    NamedValue,
    ParentLine,
    PurchaseAddress,
    RefundedMoney,
    TaxLine,
)


def amount_text(number: Decimal, currency_code: str) -> str:
    """`10` GBP → `10.00`, `1.2345` GBP → `1.2345`, `1500` JPY → `1500`."""
    digits = EXPONENTS[currency_code]
    text = f"{number:f}"
    if digits and text[-digits - 1 : -digits] == "." and number:
        return text  # sent with the currency's digits, as nearly all are
    rounded = round_to(number + ZERO, digits)  # no negative zero
    return f"{rounded if rounded == number else plain(number):f}"


def money_form(money: Money | None) -> dict[str, str] | None:
    if money is None:
        return None
    return {"number": amount_text(money.number, money.currency), "currency": money.currency}


@cache
def _nothing(currency_code: str) -> dict[str, str]:
    return {"number": amount_text(ZERO, currency_code), "currency": currency_code}


def rate_form(rate: Decimal | None) -> int | float | None:
    """A percentage as a JSON number: by its shortest decimal, so it reads back as the same value."""
    if rate is None:
        return None
    return int(rate) if rate == rate.to_integral_value() else float(rate)


def instant_text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def line_total_form(total: LineTotal, gross: str, currency_code: str) -> dict[str, Any]:
    """The members that were sent, and beside them what a line comes to."""
    form: dict[str, Any] = {
        "total_net": money_form(total.total_net) or _nothing(currency_code),
        "discount_net": money_form(total.discount_net) or _nothing(currency_code),
    }
    if total.tax_rate is not None:
        form["tax_rate"] = rate_form(total.tax_rate)
    if total.total_tax is not None:
        form["total_tax"] = money_form(total.total_tax)
    if total.total_gross is not None:
        form["total_gross"] = money_form(total.total_gross)
    if total.discount_gross is not None:
        form["discount_gross"] = money_form(total.discount_gross)
    form["calculated_gross"] = {"number": gross, "currency": currency_code}
    return form


def unit_total_form(line: LineItem) -> dict[str, str] | None:
    """Net of one unit, at most 6 decimals, for display only; null for a line of no units."""
    if line.quantity == 0:
        return None
    net = line.line_total.total_net
    if line.quantity == 1:
        return money_form(net)
    return {
        "number": amount_text(round_to(net.number / line.quantity, LINE_DECIMALS), net.currency),
        "currency": net.currency,
    }


def refund_form(refund: RefundedMoney | None) -> dict[str, Any] | None:
    return None if refund is None else {"net": money_form(refund.net), "gross": money_form(refund.gross)}


def parent_line_form(parent: ParentLine) -> dict[str, Any]:
    return {"identifiers": parent.identifiers, "relation": parent.relation}


def tax_line_form(tax: TaxLine) -> dict[str, Any]:
    return {"title": tax.title, "amount": money_form(tax.amount), "rate": rate_form(tax.rate)}


def named_value_form(item: NamedValue) -> dict[str, str | None]:
    return {"name": item.name, "value": item.value}


def file_form(file: AccountingFile) -> dict[str, Any]:
    return {
        "identifiers": {"internal": file.identifiers.internal, "visible": file.identifiers.visible},
        "data": {"type": file.data.type, "uri": file.data.uri},
        "file_type": file.file_type,
    }


def address_form(address: PurchaseAddress | None) -> dict[str, str] | None:
    return None if address is None else address.__dict__.copy()


def one_line(address: PurchaseAddress | None) -> str:
    """Name, company and address in one line, comma-joined, as it is stored and answered."""
    if address is None:
        return ""
    return _joined(address, address.city, address.region_code, address.postal_code)


def letter_line(address: PurchaseAddress) -> str:
    """The same for people: city and postal code stand as on a letter to that country."""
    place = place_line(
        city=address.city,
        region_code=address.region_code,
        postal_code=address.postal_code,
        country_code=address.country_code,
    )
    return _joined(address, place)


def _joined(address: PurchaseAddress, *place: str) -> str:
    parts = (
        address.name or f"{address.first_name} {address.last_name}".strip(),
        address.company,
        address.address_line1,
        address.address_line2,
        *place,
    )
    return ", ".join(part for part in parts if part)
