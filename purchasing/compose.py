"""From a document to what is stored and answered: states, figures, the two JSON texts and the rows beside them.

Pure: values in, values out. Numbers are worked out by `purchasing.totals` and `purchasing.status`; this room brings
them together and writes the document in its one normal form, so that equal content is equal text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.documents import in_utc
from core.errors import Fault, InvalidDocument
from core.ids import PACKAGE, public_id
from core.money import ZERO, money_text, round_money
from purchasing.documents import LineItem, LineTotal, Package, PurchaseDocument, RefundedMoney, TaxLine
from purchasing.normal_form import (
    address_form,
    file_form,
    instant_text,
    line_total_form,
    money_form,
    named_value_form,
    one_line,
    parent_line_form,
    refund_form,
    tax_line_form,
    unit_total_form,
)
from purchasing.parent_lines import faults_of_parents
from purchasing.status import TYPE_WORDS, PackageState, PackageStateConflict, StateOfPackage, package_state
from purchasing.totals import (
    LineAmounts,
    LineFigures,
    NegativeTotal,
    PackageFigures,
    Totals,
    add_up,
    differs,
    gross_of,
    mismatch_of,
)
from purchasing.warnings import PACKAGE_DATE_MISSING, TOTAL_MISMATCH, PurchaseWarning, warn


@dataclass(slots=True)
class PackagePlan:
    """A package of the document with the ids it will have and the state it is in."""

    document: Package
    state: StateOfPackage
    number: int
    spark_id: UUID
    line_numbers: list[int]


@dataclass(slots=True)
class Composed:
    """Everything a document comes to: its normal form, rows, figures and warnings."""

    contents: dict[str, Any]
    package_rows: list[dict[str, Any]]
    line_rows: list[dict[str, Any]]
    totals: Totals
    warnings: list[PurchaseWarning]
    shipping_address: str


def judge_packages(packages: Sequence[Package]) -> list[StateOfPackage]:
    """The state of each package.

    Raises InvalidDocument naming every package in conflict (`package-state-conflict`), every id that an earlier
    package of the document has too, and every line whose parent line is not one (`purchasing.parent_lines`).
    """
    states, faults = [], []
    seen: set[tuple[str, UUID | str]] = set()
    for index, package in enumerate(packages):
        dates = package.dates
        try:
            states.append(
                package_state(
                    type=package.type,
                    shipped_at=dates.shipped_at,
                    cancelled_at=dates.cancelled_at,
                    returned_at=dates.returned_at,
                    refunded_at=dates.refunded_at,
                )
            )
        except PackageStateConflict as error:
            faults.append(Fault("package-state-conflict", f"packages[{index}]", str(error)))
        for kind, value in package.identifiers:
            if value and (kind, value) in seen:
                path = f"packages[{index}].identifiers.{kind}"
                faults.append(Fault("invalid", path, f"another package has the {kind} id {value}"))
            seen.add((kind, value))
    faults += faults_of_parents(packages)
    if faults:
        raise InvalidDocument(faults=faults)
    return states


def compose(*, document: PurchaseDocument, plans: Sequence[PackagePlan], currency_code: str, zone: tzinfo) -> Composed:
    """Figures, rows and normal form of the packages. Raises InvalidDocument `negative-total`."""
    figures: list[PackageFigures] = []
    forms: list[dict[str, Any]] = []
    package_rows: list[dict[str, Any]] = []
    line_rows: list[dict[str, Any]] = []
    warnings: list[PurchaseWarning] = []
    shipping_address = ""
    for index, plan in enumerate(plans):
        path = f"packages[{index}]"
        line_figures, line_forms = [], []
        for position, (line, number) in enumerate(zip(plan.document.line_items, plan.line_numbers, strict=True)):
            amounts = amounts_of(line.line_total)
            gross = gross_of(amounts, currency_code)
            difference = mismatch_of(amounts, currency_code)
            if difference is not None:
                warnings.append(
                    warn(
                        TOTAL_MISMATCH,
                        f"{path}.line_items[{position}].line_total.total_gross",
                        f"total_gross is {money_text(difference, currency_code)} {currency_code} off net and tax",
                    )
                )
            refund = _refunded(line.refund_total, currency_code)
            line_figures.append(LineFigures(line.quantity, gross, refund))
            line_forms.append(_line_form(line, number, money_text(gross, currency_code), currency_code))
            line_rows.append(_line_row(line, number, plan.number, position, gross, refund))
        shipping_total = plan.document.shipping_method.line_total if plan.document.shipping_method else None
        shipping_gross = gross_of(amounts_of(shipping_total), currency_code) if shipping_total else ZERO
        refund_shipping = _refunded(plan.document.refund_shipping, currency_code)
        figures.append(PackageFigures(plan.state.state, tuple(line_figures), shipping_gross, refund_shipping))
        if plan.state.date_missing:
            warnings.append(
                warn(PACKAGE_DATE_MISSING, f"{path}.dates", f"a {plan.state.state} package without its date")
            )
        ship_to = one_line(plan.document.shipping_address)
        if ship_to and not shipping_address and plan.state.state != "cancelled":
            shipping_address = ship_to
        forms.append(_package_form(plan, line_forms, currency_code, zone, shipping_gross))
        package_rows.append(_package_row(plan, index, zone, shipping_gross, refund_shipping, ship_to))
    try:
        totals = add_up(figures)
    except NegativeTotal as error:
        raise InvalidDocument(str(error), code="negative-total", property="packages") from error
    warnings.extend(_tax_line_warnings(document, figures, currency_code))
    contents = {"packages": forms, "accounting_files": [file_form(item) for item in document.accounting_files]}
    return Composed(contents, package_rows, line_rows, totals, warnings, shipping_address)


def warnings_of(document: PurchaseDocument) -> list[PurchaseWarning]:
    """What there is to say of a stored document; its time zone and ids say nothing of it."""
    assert document.currency_code is not None
    plans = [
        PackagePlan(package, state, 0, UUID(int=0), [0] * len(package.line_items))
        for package, state in zip(document.packages, judge_packages(document.packages), strict=True)
    ]
    return compose(document=document, plans=plans, currency_code=document.currency_code, zone=UTC).warnings


def header_form(
    *,
    document: PurchaseDocument,
    identifiers: dict[str, str],
    customers: dict[str, str | None],
    currency_code: str,
    submitted_at: datetime | None,
    quote_status: str | None,
    zone: tzinfo,
    shipping_address: str,
) -> dict[str, Any]:
    """The document without packages and files, in its normal form."""
    dates = document.dates
    rare = {} if document.spark_billing_chargeable else {"spark_billing_chargeable": False}
    return {
        "type": document.type,
        "purchase_identifiers": identifiers,
        "customer_identifiers": customers,
        "payment_method": document.payment_method,
        "dates": {
            "created_at": instant_text(in_utc(dates.created_at, zone)),
            "updated_at": instant_text(in_utc(dates.updated_at, zone)),
            "placed_at": instant_text(in_utc(dates.placed_at, zone)),
            "calculated_submitted_at": instant_text(submitted_at),
        },
        "customer_reference": document.customer_reference,
        "currency_code": currency_code,
        "quote_status": quote_status,
        "quote_expires_at": instant_text(in_utc(document.quote_expires_at, zone)) if quote_status else None,
        "billing_address": address_form(document.billing_address),
        "custom_fields": [named_value_form(item) for item in document.custom_fields],
        "metadata": [named_value_form(item) for item in document.metadata],
        "total_paid": money_form(document.total_paid),
        "tax_lines": [tax_line_form(item) for item in document.tax_lines],
        "calculated_shipping_address": shipping_address,
        **rare,
    }


def amounts_of(total: LineTotal) -> LineAmounts:
    """The amounts that were sent for a line or for shipping."""
    return LineAmounts(
        net=total.total_net.number if total.total_net else ZERO,
        tax=total.total_tax.number if total.total_tax else None,
        rate=total.tax_rate,
        gross=total.total_gross.number if total.total_gross else None,
    )


def _refunded(refund: RefundedMoney | None, currency_code: str) -> Decimal | None:
    return None if refund is None else round_money(refund.gross.number, currency_code)


def _line_form(line: LineItem, number: int, gross: str, currency_code: str) -> dict[str, Any]:
    rare = {"parent_line": parent_line_form(line.parent_line)} if line.parent_line else {}
    return {
        "id": public_id(PACKAGE, number),
        "identifiers": line.identifiers,
        "name_parent": line.name_parent,
        "name_child": line.name_child,
        "quantity": line.quantity,
        "custom_attributes": [{"key": item.key, "value": item.value} for item in line.custom_attributes],
        "unit_total": unit_total_form(line),
        "line_total": line_total_form(line.line_total, gross, currency_code),
        "tax_lines": [tax_line_form(item) for item in line.tax_lines],
        "refund_total": refund_form(line.refund_total),
        "image_url": line.image_url,
        "product_slug": line.product_slug,
        "rrp": money_form(line.rrp),
        "barcode": line.barcode,
        **rare,
    }


def _line_row(
    line: LineItem, number: int, package_number: int, position: int, gross: Decimal, refund: Decimal | None
) -> dict[str, Any]:
    total = line.line_total
    return {
        "id": number,
        "package_id": package_number,
        "position": position,
        "sku": line.identifiers.get("sku", ""),
        "name_parent": line.name_parent,
        "name_child": line.name_child,
        "quantity": line.quantity,
        "total_net": str(total.total_net.number),
        "discount_net": str(total.discount_net.number) if total.discount_net else "0",
        "gross": str(gross),
        "refund_total": None if refund is None else str(refund),
    }


def _package_form(
    plan: PackagePlan, lines: list[dict[str, Any]], currency_code: str, zone: tzinfo, shipping_gross: Decimal
) -> dict[str, Any]:
    package = plan.document
    dates, identifiers, method = package.dates, package.identifiers, package.shipping_method
    return {
        "id": public_id(PACKAGE, plan.number),
        "type": TYPE_WORDS[plan.state.state],
        "identifiers": {
            "sparklayer_package_id": str(plan.spark_id),
            "platform": identifiers.platform,
            "internal": identifiers.internal,
            "visible": identifiers.visible,
        },
        "line_items": lines,
        "shipping_method": {
            "name": method.name,
            "sku": method.sku,
            "line_total": line_total_form(method.line_total, money_text(shipping_gross, currency_code), currency_code)
            if method.line_total
            else None,
        }
        if method
        else None,
        "shipping_address": address_form(package.shipping_address),
        "shipments": [
            {
                "carrier": item.carrier,
                "carrier_id": item.carrier_id,
                "tracking_number": item.tracking_number,
                "tracking_url": item.tracking_url,
            }
            for item in package.shipments
        ],
        "accounting_files": [file_form(item) for item in package.accounting_files],
        "dates": {
            "created_at": instant_text(in_utc(dates.created_at, zone)),
            "shipped_at": instant_text(in_utc(dates.shipped_at, zone)),
            "cancelled_at": instant_text(in_utc(dates.cancelled_at, zone)),
            "returned_at": instant_text(in_utc(dates.returned_at or dates.refunded_at, zone)),
        },
        "refund_shipping": refund_form(package.refund_shipping),
    }


def _package_row(
    plan: PackagePlan,
    position: int,
    zone: tzinfo,
    shipping_gross: Decimal,
    refund_shipping: Decimal | None,
    ship_to: str,
) -> dict[str, Any]:
    package = plan.document
    dates, identifiers, method = package.dates, package.identifiers, package.shipping_method
    net = method.line_total.total_net if method and method.line_total else None
    return {
        "id": plan.number,
        "position": position,
        "spark_package_id": str(plan.spark_id),
        "platform_id": identifiers.platform,
        "internal_id": identifiers.internal,
        "visible_id": identifiers.visible,
        "state": plan.state.state.value,
        "created_at": instant_text(in_utc(dates.created_at, zone)),
        "shipped_at": instant_text(in_utc(dates.shipped_at, zone)),
        "cancelled_at": instant_text(in_utc(dates.cancelled_at, zone)),
        "returned_at": instant_text(in_utc(dates.returned_at or dates.refunded_at, zone)),
        "shipping_name": method.name if method else "",
        "shipping_net": str(net.number) if net else "0",
        "shipping_gross": str(shipping_gross),
        "refund_shipping": None if refund_shipping is None else str(refund_shipping),
        "ship_to": ship_to,
        "tracking": [
            {"carrier": item.carrier, "number": item.tracking_number, "url": item.tracking_url}
            for item in package.shipments
        ],
    }


def _tax_line_warnings(
    document: PurchaseDocument, figures: Sequence[PackageFigures], currency_code: str
) -> list[PurchaseWarning]:
    """`tax_lines` of a line compared with its tax, those of the purchase with the taxes of its live lines."""
    warnings = []
    line_taxes = shipping_taxes = ZERO
    for index, (package, package_figures) in enumerate(zip(document.packages, figures, strict=True)):
        live = package_figures.state is not PackageState.CANCELLED
        for position, (line, line_figures) in enumerate(zip(package.line_items, package_figures.lines, strict=True)):
            tax = line_figures.gross - line.line_total.total_net.number
            line_taxes += tax if live else ZERO
            if line.tax_lines:
                path = f"packages[{index}].line_items[{position}].tax_lines"
                warnings.extend(_compare_tax(line.tax_lines, [tax], path, currency_code))
        method = package.shipping_method
        if live and method and method.line_total:
            shipping_taxes += package_figures.shipping_gross - amounts_of(method.line_total).net
    if document.tax_lines:
        candidates = [line_taxes, line_taxes + shipping_taxes]
        warnings.extend(_compare_tax(document.tax_lines, candidates, "tax_lines", currency_code))
    return warnings


def _compare_tax(
    tax_lines: Sequence[TaxLine], candidates: Sequence[Decimal], path: str, currency_code: str
) -> list[PurchaseWarning]:
    """A warning when the tax lines sum to none of the candidates, by more than one minor unit."""
    named = sum((item.amount.number for item in tax_lines), ZERO)
    differences = [named - candidate for candidate in candidates]
    if any(not differs(difference, currency_code) for difference in differences):
        return []
    nearest = money_text(min(differences, key=abs), currency_code)
    return [warn(TOTAL_MISMATCH, path, f"tax lines differ by {nearest} {currency_code} from the taxes")]
