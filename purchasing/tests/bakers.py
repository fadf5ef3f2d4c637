"""Purchases by state, and the customers they belong to: what a test needs before it acts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson

from core.actors import SYSTEM, Actor, ActorKind
from core.models import Site
from customers.models import Customer, CustomerGroup
from purchasing import approvals, operations, store
from purchasing.documents import read_document
from purchasing.identity import Lookup, read_lookup
from purchasing.models import Purchase, PurchaseTransaction, ShippingMethod
from purchasing.putting import Put
from purchasing.rendering import purchase_json
from purchasing.shipping.documents import NewMethod
from purchasing.shipping.operations import create_method
from purchasing.store import StoredPurchase

ERP = Actor(ActorKind.CLIENT, "erp")
SENT = "2026-03-02T09:00:00+00:00"


def make_customer(
    site: Site, name: str = "Tom Jones Climbing", *, parent: Customer | None = None, **values: Any
) -> Customer:
    """A company, or with `parent` somebody who buys for it."""
    group, _ = CustomerGroup.objects.get_or_create(site=site, slug="default", defaults={"name": "Default"})
    values = {"email": f"{uuid4().hex}@example.com", **values}
    return Customer.objects.create(
        site=site, group=group, company_name=name, first_name="Tom", last_name="Jones", parent=parent, **values
    )


def money(number: object, currency: str = "GBP") -> dict[str, str]:
    return {"number": str(number), "currency": currency}


def line(
    net: object = "100", *, quantity: int = 1, sku: str = "ROPE-60", currency: str = "GBP", **members: Any
) -> dict[str, Any]:
    """A line; `total` adds members of its `line_total`, `refund` is what was credited for it."""
    total, refund = members.pop("total", {}), members.pop("refund", None)
    item = {
        "identifiers": {"sku": sku},
        "name_parent": f"Item {sku}",
        "quantity": quantity,
        "line_total": {"total_net": money(net, currency), **total},
        **members,
    }
    if refund is not None:
        item["refund_total"] = {"gross": money(refund, currency)}
    return item


def package(
    *lines: dict[str, Any], type: str = "", shipping: object = None, currency: str = "GBP", **members: Any
) -> dict[str, Any]:
    """A package whose date goes with its type, unless `dates` says otherwise."""
    date = {"shipment": "shipped_at", "refund": "returned_at", "cancelled": "cancelled_at"}.get(type)
    sent: dict[str, Any] = {"type": type, "line_items": list(lines), "dates": {date: SENT} if date else {}}
    if shipping is not None:
        sent["shipping_method"] = {"name": "Courier", "line_total": {"total_net": money(shipping, currency)}}
    return {**sent, **members}


def order(*packages: dict[str, Any], customer: Customer | str | None = None, **members: Any) -> dict[str, Any]:
    """The body of a PUT: an order of one line of 100 GBP, unless said otherwise."""
    named = customer.public_id if isinstance(customer, Customer) else customer
    return {
        "type": "order",
        "customer_identifiers": {"sparklayer": named} if named else {},
        "dates": {"placed_at": SENT},
        "packages": list(packages) if packages else [package(line())],
        **members,
    }


def on_account(*packages: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The same, to be paid later."""
    return order(*packages, **{"payment_method": "on_account", **members})


def internal(name: str) -> Lookup:
    return read_lookup("internal", name)


def put(
    site: Site,
    body: dict[str, Any],
    name: str = "A-1",
    *,
    lookup: Lookup | None = None,
    actor: Actor = SYSTEM,
    **options: Any,
) -> Put:
    """Store a body as a PUT does; under the internal id `name` unless a look-up is given."""
    document = read_document(body, has_nulls=True)
    return operations.put_purchase(
        site=site, lookup=lookup or internal(name), document=document, actor=actor, **options
    )


def pay(
    site: Site,
    total: object,
    name: str = "A-1",
    *,
    id: str = "t1",
    applied: bool = True,
    currency: str = "GBP",
    actor: Actor = SYSTEM,
    lookup: Lookup | None = None,
) -> PurchaseTransaction:
    """Record money (negative: a refund) on the purchase of that name, and answer the transaction."""
    return operations.record_transaction(
        site=site,
        lookup=lookup or internal(name),
        platform_id=id,
        total=Decimal(str(total)),
        currency_code=currency,
        apply_to_balance=applied,
        actor=actor,
    )


def delete(site: Site, name: str = "A-1", *, unapply: bool = False, actor: Actor = SYSTEM) -> None:
    operations.delete_purchase(site=site, lookup=internal(name), actor=actor, unapply=unapply)


def accept(site: Site, name: str = "A-1", *, revision: int = 1, actor: Actor = SYSTEM, **options: Any) -> Put:
    """Accept the quote of that name."""
    return approvals.accept_quote(site=site, lookup=internal(name), revision=revision, actor=actor, **options)


def approve(
    site: Site, name: str = "A-1", *, revision: int = 1, total: object = "100", actor: Actor = SYSTEM, **options: Any
) -> Put:
    """Approve the purchase of that name: of 100 GBP, as `order` makes it, unless said otherwise."""
    return approvals.approve_purchase(
        site=site, lookup=internal(name), revision=revision, total=Decimal(str(total)), actor=actor, **options
    )


def reject(site: Site, name: str = "A-1", *, reason: str = "too dear", actor: Actor = SYSTEM, **options: Any) -> Put:
    """Reject the purchase of that name."""
    return approvals.reject_purchase(site=site, lookup=internal(name), reason=reason, actor=actor, **options)


def stored(site: Site, name: str = "A-1") -> Purchase:
    """The purchase of that name as its row is now."""
    return Purchase.objects.for_site(site).present().get(internal_id=name)


def answer(purchase: StoredPurchase) -> dict[str, Any]:
    """What is answered for it."""
    document: dict[str, Any] = orjson.loads(purchase_json(purchase))
    return document


def get(site: Site, name: str = "A-1") -> dict[str, Any]:
    """What a GET of the purchase of that name answers."""
    (purchase,) = store.find_purchases(site_id=site.pk, identifiers={"internal": name})
    return answer(purchase)


def by_spark_id(spark_id: UUID) -> Lookup:
    return read_lookup("sparklayer", str(spark_id))


def make_shipping_method(site: Site, sku: str = "VAN", **members: Any) -> ShippingMethod:
    """A method to Britain for everybody, free, unless `members` of its document say otherwise."""
    free = {"name": "All", "cost": {"type": "free"}}
    body = {"sku": sku, "title": sku.title(), "countries": ["GB"], "bands": [free], **members}
    return create_method(site=site, document=NewMethod.model_validate(body), now=datetime(2026, 3, 1, tzinfo=UTC))
