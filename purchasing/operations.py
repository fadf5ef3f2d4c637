"""The only doors that write purchases and transactions. API, back office, pages and commands all come through here.

Each runs in one database transaction, tried again after a lost race; guards run after the purchase's lock is held.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import orjson
from django.utils import timezone

from core.actors import Actor
from core.api.etag import Tags
from core.errors import Conflict, DomainError, NotFound, VersionMismatch
from core.models import Site
from core.retries import in_transaction
from customers import ledger
from customers.models import Customer
from purchasing import effects, store
from purchasing.documents import PurchaseDocument
from purchasing.drafts import Changed
from purchasing.guards import check_applicable
from purchasing.identity import Lookup, check_free, sought_by, the_one_meant
from purchasing.models import PurchaseTransaction
from purchasing.overtaken import what_happened_since
from purchasing.putting import Put, judged, put_locked
from purchasing.resolve import already_read, customers_sought
from purchasing.store import StoredPurchase
from purchasing.taking_away import check_still_counts


@dataclass(frozen=True, slots=True)
class Preconditions:
    """`If-Match` and `If-None-Match` of a request; without them anything goes."""

    if_match: Tags | None = None
    if_none_match: Tags | None = None

    def check(self, stored: StoredPurchase | None, *, reader: Customer | None = None) -> None:
        """Raises VersionMismatch when the version that stands (None: nothing does) is not one that was named.

        `reader`: the customer who is told; who changed what is the merchant's own.
        """
        current = stored.etag if stored else None
        refused = (self.if_match and not self.if_match.match(current)) or (
            self.if_none_match and self.if_none_match.match(current)
        )
        if refused:
            raise VersionMismatch(
                code="version-mismatch", **what_happened_since(None if reader else self.if_match, stored)
            )


NO_PRECONDITIONS = Preconditions()


def put_purchase(
    *,
    site: Site,
    lookup: Lookup,
    document: PurchaseDocument,
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Create the purchase that the identifiers mean, or replace it whole; the same content again changes nothing.

    Raises the DomainErrors of `docs/api.md` (PUT purchase): 400 with every fault, 403, 409, 412. Refused: nothing is
    written.
    """
    sought = sought_by(lookup, document.purchase_identifiers)
    states = judged(document)
    customer_ids, external_ids = customers_sought(document.customer_identifiers)

    def work() -> Put:
        found, context = store.find_with_context(
            site_id=site.pk, identifiers=sought, customer_ids=customer_ids, external_ids=external_ids
        )
        stored = the_one_meant(sought, found)
        preconditions.check(stored)
        return put_locked(
            site,
            document,
            states,
            stored=stored,
            sought=sought,
            actor=actor,
            now=now or timezone.now(),
            matched=None,
            context=already_read(context),
        )

    return in_transaction(work)


def create_purchase(*, site: Site, document: PurchaseDocument, actor: Actor, now: datetime | None = None) -> Put:
    """Create a purchase under identifiers that are free: never replaces one.

    Raises Conflict `resource-already-exists` on each `purchase_identifiers.<kind>` that another purchase has, and what
    a PUT raises.
    """
    sought = {kind: value for kind, value in document.purchase_identifiers if value}
    states = judged(document)

    def work() -> Put:
        if sought:
            check_free(sought, store.find_purchases(site_id=site.pk, identifiers=sought, whole=False))
        return put_locked(
            site, document, states, stored=None, sought=sought, actor=actor, now=now or timezone.now(), matched=None
        )

    return in_transaction(work)


def change_purchase(
    *,
    site: Site,
    lookup: Lookup,
    change: Callable[[StoredPurchase, datetime], Changed],
    actor: Actor,
    types: Collection[str] | None = None,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Put what `change` makes of the purchase as it stands under its lock; the same content changes nothing.

    `change` gets the stored purchase and our time, writes nothing, and may raise a DomainError. Raises NotFound (also
    for a purchase of none of these `types`), VersionMismatch, and what a PUT raises.
    """

    def work() -> Put:
        stored = _locked(site, lookup, whole=True)
        if types is not None and stored.type not in types:
            raise NotFound
        preconditions.check(stored)
        moment = now or timezone.now()
        changed = change(stored, moment)
        return put_locked(
            site,
            changed.document,
            judged(changed.document),
            stored=stored,
            sought={"sparklayer": stored.spark_id},
            actor=actor,
            now=moment,
            matched=changed.matched,
        )

    return in_transaction(work)


def delete_purchase(
    *,
    site: Site,
    lookup: Lookup,
    actor: Actor,
    preconditions: Preconditions = NO_PRECONDITIONS,
    unapply: bool = False,
    now: datetime | None = None,
) -> None:
    """Turn the purchase into a tombstone: its charge is reversed, its identifiers are free, books and staff keep it.

    Raises NotFound, VersionMismatch, and Conflict `has-applied-transactions` unless they are to be un-applied too.
    """

    def work() -> None:
        purchase = _locked(site, lookup)
        preconditions.check(purchase)
        if purchase.paid or purchase.refunded:
            if not unapply:
                raise Conflict(
                    "The purchase has applied transactions. Un-apply them first.", code="has-applied-transactions"
                )
            for transaction in PurchaseTransaction.objects.for_site(site).filter(purchase_id=purchase.id).applied():
                transaction.author, transaction.apply_to_balance = actor, False
                transaction.save(update_fields=["apply_to_balance", "updated_at"])
            purchase = _locked(site, lookup)
        _account_id, settings = effects.account_of(purchase)
        purchase.deleted_at = purchase.changed_at = now or timezone.now()
        purchase.changes += 1
        postings = effects.differences(purchase, [], account_id=purchase.account_id, settings=settings)
        store.write_payment(purchase, items=[])
        ledger.post(site_id=site.pk, postings=postings, author=actor, net_terms_days=settings.net_terms_days)

    in_transaction(work)


def record_transaction(
    *,
    site: Site,
    lookup: Lookup,
    platform_id: str,
    total: Decimal,
    currency_code: str,
    apply_to_balance: bool,
    actor: Actor,
    full_transaction: str | None = None,
    unknown: DomainError | None = None,
) -> PurchaseTransaction:
    """Record what an outside system says of money on a purchase; the same `platform_id` again updates it.

    `total` is not 0, in `currency_code` and with no more decimals than it has. Answers the transaction with the
    purchase's `warnings`. An identical repeat changes nothing; without `full_transaction` the stored one is kept.
    Raises `unknown` (NotFound when not given) for an unknown purchase, InvalidDocument `currency-mismatch` when one
    that is to be applied is not in the purchase's currency, NotPermitted for an actor who takes away what it counts and
    may not.
    """

    def work() -> PurchaseTransaction:
        purchase, transaction = store.find_with_transaction(
            site_id=site.pk, kind=lookup.kind, value=lookup.value, platform_id=platform_id
        )
        if purchase is None:
            raise unknown or NotFound
        check_applicable(purchase, currency_code=currency_code, apply_to_balance=apply_to_balance)
        new = transaction is None
        if transaction is None:
            transaction = PurchaseTransaction(
                site_id=site.pk,
                purchase_id=purchase.id,
                platform_id=platform_id,
                created_at=timezone.now(),
                recorded_by=str(actor)[:255],
            )
        text = transaction.full_transaction if full_transaction is None else full_transaction
        facts = (total, currency_code, apply_to_balance, text)
        stored = (
            transaction.total,
            transaction.currency_code,
            transaction.apply_to_balance,
            transaction.full_transaction,
        )
        if not new:
            check_still_counts(stored[:3], facts[:3], actor=actor)
        if not new and facts == stored:
            transaction.warnings = orjson.loads(purchase.warnings)
        else:
            transaction.total, transaction.currency_code, transaction.apply_to_balance = facts[:3]
            transaction.full_transaction = text
            transaction.author, transaction.locked = actor, purchase
            transaction.save(force_insert=new)
            transaction.locked = None
        transaction.purchase_spark_id = purchase.spark_id
        return transaction

    return in_transaction(work)


def delete_transaction(*, site: Site, transaction_id: UUID, actor: Actor) -> None:
    """Un-apply a transaction, then delete it. Raises NotFound."""

    def work() -> None:
        transaction = PurchaseTransaction.objects.for_site(site).filter(pk=transaction_id).first()
        if transaction is None:
            raise NotFound
        transaction.author = actor
        transaction.delete()

    in_transaction(work)


def _locked(site: Site, lookup: Lookup, *, unknown: DomainError | None = None, whole: bool = False) -> StoredPurchase:
    found = store.find_purchases(site_id=site.pk, identifiers={lookup.kind: lookup.value}, lock=True, whole=whole)
    if not found:
        raise unknown or NotFound
    return found[0]
