"""Submitting what waits: a quote, what was approved, an unconfirmed order. The customer's own way to place it.

It becomes the order as by a PUT of its own document with another type, exactly once; of a limited customer what waits
for approval. What is in the way is told before (`hindrances`) and asked again under the purchase's lock. The last
attempt that failed is kept until one succeeds. Rules: `docs/cortex.md`, submitting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone

from core.actors import Actor
from core.errors import Conflict, NotFound
from core.models import Site
from core.retries import in_transaction
from core.site_settings import Settings
from customers.models import Customer
from purchasing import effects, store
from purchasing.approvals import become, check_quote_open, locked_purchase, type_placed_by
from purchasing.credit import Credit, credit_refusal
from purchasing.decision import AWAITING, DecisionStatus, status_of
from purchasing.identity import Lookup
from purchasing.models import FailedSubmission
from purchasing.order_minimum import Minimums, minimum_refusal
from purchasing.putting import Put
from purchasing.store import StoredPurchase

WAITING_TYPES = frozenset({"quote", AWAITING, "order_unconfirmed"})
"""What can be submitted; an order was, and a cart is nothing yet."""
ALREADY_PLACED = "order-already-placed"


def submit_purchase(*, site: Site, lookup: Lookup, actor: Actor, reader: Customer, now: datetime | None = None) -> Put:
    """Place what waits, for a customer who sees it. Raises NotFound, Conflict with all that is in the way."""

    def work() -> Put:
        moment = now or timezone.now()
        purchase = locked_purchase(site, lookup, reader)
        refusals = hindrances(purchase, site=site, now=moment, lock=True)
        if refusals:
            raise all_of(refusals)
        FailedSubmission.objects.for_site(site).filter(purchase_id=purchase.id).delete()
        becomes = "order" if purchase.type == AWAITING else type_placed_by(reader)
        return become(purchase, {"type": becomes}, site=site, actor=actor, now=moment)

    try:
        return in_transaction(work)
    except Conflict as refusal:
        _keep(refusal, site=site, lookup=lookup, actor=actor, now=now or timezone.now())
        raise


@dataclass(slots=True)
class Known:
    """What was asked for one purchase and says the same of others: for many that are shown at once."""

    buyers: dict[int, bool] = field(default_factory=dict)
    minimums: Minimums = field(default_factory=dict)
    accounts: dict[int | None, tuple[int | None, Settings]] = field(default_factory=dict)
    credits: dict[int, Credit] = field(default_factory=dict)


def hindrances(
    purchase: StoredPurchase, *, site: Site, now: datetime, lock: bool = False, known: Known | None = None
) -> list[Conflict]:
    """Everything that keeps the purchase from being submitted. Raises NotFound for a cart.

    `lock`: the purchase is locked already, and the account's credit is too, so that what is said holds. `known`: what
    was asked for other purchases just now.
    """
    known = known or Known()
    if purchase.type == "order":
        return [Conflict("This order has been placed.", code=ALREADY_PLACED)]
    if purchase.type not in WAITING_TYPES:
        raise NotFound
    found = [*_of_decision(purchase, now), *_of_contents(purchase), *_of_buyer(purchase, site, known.buyers)]
    below = minimum_refusal(purchase, site=site, known=known.minimums)
    payer = purchase.customer_id or purchase.child_id
    if purchase.account_id is not None:  # where something stands posted, whoever pays today
        account_id, settings = effects.account_of(purchase)
    else:
        if payer not in known.accounts:
            known.accounts[payer] = effects.account_of(purchase)
        account_id, settings = known.accounts[payer]
    assert account_id is not None  # whom a customer sees it of
    read = None if lock else known.credits
    beyond = credit_refusal(purchase, account_id=account_id, settings=settings, lock=lock, known=read)
    return [*found, *(refusal for refusal in (below, beyond) if refusal is not None)]


def all_of(refusals: Iterable[Conflict]) -> Conflict:
    """One refusal with all their faults and members."""
    faults = [fault for refusal in refusals for fault in refusal.faults]
    members: dict[str, Any] = {}
    for refusal in refusals:
        members |= refusal.members
    return Conflict(faults=faults, **members)


def _of_decision(purchase: StoredPurchase, now: datetime) -> list[Conflict]:
    if purchase.type == "quote":
        try:
            check_quote_open(purchase, now)
        except Conflict as refusal:
            return [refusal]
    if purchase.type != AWAITING:
        return []
    match status_of(purchase.approval):
        case DecisionStatus.APPROVED:
            return []
        case DecisionStatus.REJECTED:
            return [Conflict("It was rejected. It needs another content, and then an approval.", code=APPROVAL)]
    return [Conflict("A main user of the company has to approve it first.", code=APPROVAL)]


APPROVAL = "approval-required"


def _of_contents(purchase: StoredPurchase) -> list[Conflict]:
    header = orjson.loads(purchase.header)
    live = [package for package in orjson.loads(purchase.contents)["packages"] if package["type"] != "cancelled"]
    missing = []
    if not any(line["quantity"] for package in live for line in package["line_items"]):
        missing.append(Conflict("There is nothing in it.", code="cart-empty"))
    if header["billing_address"] is None:
        missing.append(Conflict("It has no billing address.", code="need-billing-address"))
    if not purchase.payment_method:
        missing.append(Conflict("It does not say how it will be paid.", code="need-payment-method"))
    if not any(package["shipping_address"] for package in live):
        missing.append(Conflict("It does not say where to send it.", code="need-shipping-address"))
    if not any(package["shipping_method"] for package in live):
        missing.append(Conflict("It does not say how to send it.", code="need-shipping-option"))
    return missing


def _of_buyer(purchase: StoredPurchase, site: Site, known: dict[int, bool]) -> list[Conflict]:
    number = purchase.child_id or purchase.customer_id or 0
    if number not in known:
        known[number] = Customer.objects.for_site(site).present().filter(pk=number).exclude(email="").exists()
    if known[number]:
        return []
    return [Conflict("Whoever buys has no e-mail any more.", code="need-email")]


def _keep(refusal: Conflict, *, site: Site, lookup: Lookup, actor: Actor, now: datetime) -> None:
    """Remember the attempt, unless the purchase has gone or was placed since."""

    def work() -> None:
        found = store.find_purchases(site_id=site.pk, identifiers={lookup.kind: lookup.value}, lock=True, whole=False)
        if not found or found[0].type not in WAITING_TYPES:
            return
        faults = [{"code": fault.code, "message": fault.message} for fault in refusal.faults]
        values = {"at": now, "author": str(actor), "faults": faults}
        FailedSubmission.objects.update_or_create(site=site, purchase_id=found[0].id, defaults=values)

    in_transaction(work)
