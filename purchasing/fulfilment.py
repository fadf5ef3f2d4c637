"""Orders of the Core API: created, shipped, cancelled, returned, repacked. Each is one put of the purchase it is.

The goods are moved by `purchasing.moving`; what follows (revision, status, charge) follows as after every PUT. Quotes,
carts and what waits for approval are unknown here: NotFound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from core.actors import Actor
from core.errors import Conflict, DomainError, Fault, NotFound
from core.ids import PACKAGE, PURCHASE, number_of
from core.models import Site
from purchasing.core_orders import (
    ORDER,
    ORDER_TYPES,
    Form,
    order_path,
    purchase_form,
    with_invoice,
)
from purchasing.core_orders import (
    PACKAGE as PACKAGE_TWINS,
)
from purchasing.documents import read_document
from purchasing.drafts import Changed, Matched
from purchasing.freight import Amounts
from purchasing.identity import Lookup, read_lookup
from purchasing.moving import NamedItem, move
from purchasing.operations import NO_PRECONDITIONS, Preconditions, change_purchase, create_purchase
from purchasing.order_documents import (
    ActionItem,
    CancelDocument,
    OrderChange,
    OrderCredit,
    OrderDocument,
    OrderPrice,
    PackageDocument,
    ReturnDocument,
    ShipDocument,
)
from purchasing.order_references import complete_items, resolve_addresses
from purchasing.putting import Put
from purchasing.repacking import PricedItem, repack
from purchasing.revisions import document_of
from purchasing.status import PackageState
from purchasing.store import StoredPurchase

Change = Callable[[Form, datetime], Form]


def order_lookup(identifier: str) -> Lookup:
    """How a path names an order: our id (`o_12`), else the caller's external id. Raises NotFound."""
    if not identifier.startswith(PURCHASE):
        return read_lookup("internal", identifier, reading=True)
    number = number_of(PURCHASE, identifier)
    if number is None:
        raise NotFound
    return Lookup("number", number)


def create_order(*, site: Site, document: OrderDocument, actor: Actor, now: datetime | None = None) -> Put:
    """Create an order. Raises InvalidDocument with every fault, Conflict `resource-already-exists` for a taken
    `external_id` or `visible_id`.
    """
    order = document.model_dump()
    packages = [(f"packages[{index}].", package) for index, package in enumerate(order["packages"])]
    resolve_addresses(site=site, billing=order, shipping=packages, required=True)
    complete_items(site=site, items=[item for _, package in packages for item in package["items"]])
    with in_the_order_s_words():
        form = purchase_form(ORDER, order, document.currency_code)
        return create_purchase(site=site, document=read_document({**form, "type": "order"}), actor=actor, now=now)


def ship_items(
    *,
    site: Site,
    lookup: Lookup,
    document: ShipDocument,
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Move open goods into one new package that was shipped.

    Raises InvalidDocument naming each item that is unknown or of which less is open.
    """
    sent = document.model_dump(include={"shipping_address", "shipping_address_id"})
    resolve_addresses(site=site, billing={}, shipping=[("", sent)], required=False)
    stamp = {
        **_stamp(document),
        "shipped_at": document.shipped_at,
        "shipment_tracking": [item.model_dump() for item in document.shipment_tracking],
        "shipping_address": sent["shipping_address"],
    }
    freight = _amounts(document.total_shipping)
    change = _moving(_named(document.items), PackageState.PROCESSING, stamp, freight=freight)
    return _change(site, lookup, change, actor, preconditions, now)


def ship_lines(
    *,
    site: Site,
    lookup: Lookup,
    lines: Sequence[NamedItem],
    shipped_at: datetime,
    tracking: Form | None,
    external_id: str = "",
    visible_id: str = "",
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """As `ship_items`, for goods that somebody points at by their line. `tracking`: company, url and reference."""
    stamp = {
        "external_id": external_id,
        "visible_id": visible_id,
        "shipped_at": shipped_at,
        "shipment_tracking": [tracking] if tracking else [],
    }
    return _change(site, lookup, _moving(lines, PackageState.PROCESSING, stamp), actor, preconditions, now)


def cancel_items(
    *,
    site: Site,
    lookup: Lookup,
    document: CancelDocument,
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Move open goods into one new cancelled package. Raises as `ship_items`."""
    stamp = {**_stamp(document), "cancelled_at": document.cancelled_at or _NOW}
    return _change(
        site, lookup, _moving(_named(document.items), PackageState.PROCESSING, stamp), actor, preconditions, now
    )


def cancel_lines(
    *,
    site: Site,
    lookup: Lookup,
    lines: Sequence[NamedItem],
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """As `cancel_items`, for goods that somebody points at by their line."""
    stamp = {"external_id": "", "visible_id": "", "cancelled_at": _NOW}
    return _change(site, lookup, _moving(lines, PackageState.PROCESSING, stamp), actor, preconditions, now)


def return_lines(
    *,
    site: Site,
    lookup: Lookup,
    lines: Sequence[NamedItem],
    refund_shipping: Decimal = Decimal(0),
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """As `return_items`, for goods that somebody points at by their line. `refund_shipping`: gross, in the currency."""
    stamp = {
        "external_id": "",
        "visible_id": "",
        "returned_at": _NOW,
        "refund_shipping": {"net": None, "gross": refund_shipping},
    }
    return _change(site, lookup, _moving(lines, PackageState.SHIPPED, stamp), actor, preconditions, now)


def return_items(
    *,
    site: Site,
    lookup: Lookup,
    document: ReturnDocument,
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Move shipped goods into one new returned package; freight is credited only when named. Raises as `ship_items`."""
    credited = document.refund_shipping
    stamp = {
        **_stamp(document),
        "returned_at": document.returned_at or _NOW,
        "refund_shipping": credited.model_dump() if credited else {"net": None, "gross": 0},
    }
    items = [
        replace(named, refund=_amounts(item.refund_total))
        for named, item in zip(_named(document.items), document.items, strict=True)
    ]
    return _change(site, lookup, _moving(items, PackageState.SHIPPED, stamp), actor, preconditions, now)


def update_package(
    *,
    site: Site,
    lookup: Lookup,
    package: str,
    document: PackageDocument,
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Replace what a package holds. Raises NotFound for an unknown one, Conflict `package-is-cancelled`."""
    items = [
        PricedItem(
            NamedItem(item.variant_id, item.sku, item.quantity),
            item.name,
            Amounts(item.line_total.net, item.line_total.gross),
        )
        for item in document.items
    ]

    def change(stored: Form, _now: datetime) -> Form:
        return repack(stored, package=package, items=items, freight=_amounts(document.total_shipping))

    return _change(site, lookup, change, actor, preconditions, now)


def set_invoice_url(
    *,
    site: Site,
    lookup: Lookup,
    document: OrderChange,
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """The order's invoice is at this http or https address; None removes it, not named keeps it. Other files stay."""

    def change(stored: Form, _now: datetime) -> Form:
        if "invoice_url" not in document.model_fields_set:
            return stored
        return {**stored, "accounting_files": with_invoice(stored["accounting_files"], document.invoice_url)}

    return _change(site, lookup, change, actor, preconditions, now)


@contextmanager
def in_the_order_s_words() -> Iterator[None]:
    """Faults of the purchase are named as the order has their members."""
    try:
        yield
    except DomainError as refusal:
        refusal.faults = [
            replace(fault, property=order_path(fault.property) if fault.property else None) for fault in refusal.faults
        ]
        raise


_NOW: Any = object()
"""Our time, which is known under the lock."""


def _change(
    site: Site, lookup: Lookup, change: Change, actor: Actor, preconditions: Preconditions, now: datetime | None
) -> Put:
    def changed(stored: StoredPurchase, moment: datetime) -> Changed:
        form = change(document_of(stored), moment)
        before = {package["id"]: package for package in orjson.loads(stored.contents)["packages"]}
        packages = form["packages"]
        lines = [[number_of(PACKAGE, line.get("id", "")) for line in package["line_items"]] for package in packages]
        return Changed(read_document(form), Matched([before.get(package.get("id")) for package in packages], lines))

    with in_the_order_s_words():
        return change_purchase(
            site=site,
            lookup=lookup,
            change=changed,
            actor=actor,
            types=ORDER_TYPES,
            preconditions=preconditions,
            now=now,
        )


def _moving(items: Sequence[NamedItem], source: PackageState, stamp: Form, *, freight: Amounts | None = None) -> Change:
    """The move of these goods into a package with this stamp, in the order's words."""

    def change(stored: Form, now: datetime) -> Form:
        told = {name: now if value is _NOW else value for name, value in stamp.items()}
        package = purchase_form(PACKAGE_TWINS, {"created_at": now, **told}, stored["currency_code"])
        moved = move(stored, items=items, source=source, package=package, freight=freight)
        _check_package_ids(moved["packages"])
        return moved

    return change


def _check_package_ids(packages: Sequence[Form]) -> None:
    """Raises Conflict `resource-already-exists` when another package of the order has an id of the new one."""
    *others, new = packages
    taken = [
        Fault("resource-already-exists", member, f"Another package of this order has the {member} {value}.")
        for member, kind in (("external_id", "internal"), ("visible_id", "visible"))
        if (value := new["identifiers"].get(kind)) and any(other["identifiers"][kind] == value for other in others)
    ]
    if taken:
        raise Conflict(faults=taken)


def _stamp(document: ShipDocument | CancelDocument | ReturnDocument) -> Form:
    return {"external_id": document.external_id, "visible_id": document.visible_id}


def _named(items: Sequence[ActionItem]) -> list[NamedItem]:
    return [NamedItem(item.variant_id, item.sku, item.quantity) for item in items]


def _amounts(price: OrderPrice | OrderCredit | None) -> Amounts | None:
    return Amounts(price.net, price.gross) if price else None
