"""The only doors that write purchases and transactions. API, back office, pages and commands all come through here.

Each runs in one database transaction, tried again after a lost race; guards run after the purchase's lock is held.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import orjson
from django.utils import timezone

from core.actors import Actor
from core.api.etag import Tags
from core.errors import Conflict, DomainError, NotFound, TooLarge, VersionMismatch
from core.models import Site
from core.retries import in_transaction
from core.site_settings import Settings
from customers import ledger
from customers.models import Customer
from purchasing import effects, store
from purchasing.compose import judge_packages
from purchasing.documents import MAX_LINES, PurchaseDocument
from purchasing.guards import account_for, check_applicable, check_change, check_freight_credit
from purchasing.identity import Lookup, Sought, check_free, merged_identifiers, sought_by, the_one_meant
from purchasing.mail_events import tell
from purchasing.models import PurchaseTransaction
from purchasing.order_minimum import check_order_minimum_of_program
from purchasing.overtaken import what_happened_since
from purchasing.payment import Applied
from purchasing.replace import Changed, Matched, Replacement, replacement
from purchasing.resolve import ReadContext, already_read, customers_sought, read_context, resolve
from purchasing.status import StateOfPackage
from purchasing.store import StoredPurchase, StoredTransaction
from purchasing.taking_away import check_nothing_taken, check_still_counts
from purchasing.warnings import OF_TRANSACTIONS, STALE_SOURCE_DATE, PurchaseWarning, warn


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Put:
    """What a PUT came to. `warnings`: the purchase's, and those of this request alone."""

    purchase: StoredPurchase
    outcome: Outcome
    warnings: Sequence[PurchaseWarning]


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


def put_locked(
    site: Site,
    document: PurchaseDocument,
    states: Sequence[StateOfPackage],
    *,
    stored: StoredPurchase | None,
    sought: Sought,
    actor: Actor,
    now: datetime,
    matched: Matched | None,
    context: ReadContext = read_context,
    quiet: bool = False,
) -> Put:
    """Store the document in place of `stored`, whose lock is held; without one as a new purchase.

    For operations that decide under that lock what is to be put, within their transaction. `context`: where settings
    and customers come from, when whoever calls has looked them up. `quiet`: nobody is mailed.
    """
    carried = stored.parties if stored else []
    settings, customers = context(site_id=site.pk, named=document.customer_identifiers, carried=carried)
    parties, currency_code = resolve(document, customers, carried, settings)
    new = replacement(
        site_id=site.pk,
        document=document,
        states=states,
        stored=stored,
        identifiers=merged_identifiers(sought, document.purchase_identifiers, stored),
        parties=parties,
        currency_code=currency_code,
        settings=settings,
        now=now,
        matched=matched,
    )
    of_request = _stale(new, stored)
    if stored and not new.changed:
        return Put(stored, Outcome.UNCHANGED, [*orjson.loads(stored.warnings), *of_request])
    if stored:
        check_change(stored, new.purchase, parties)
        if matched is None:  # whoever says what continues what moves goods and takes none away
            check_nothing_taken(stored, new.purchase, actor=actor)
            check_freight_credit(stored, new.purchase, actor=actor)
    check_order_minimum_of_program(new.purchase, before=stored, site=site, settings=settings, actor=actor)
    warnings = _store(new, stored, account_id=account_for(parties, stored), settings=settings, actor=actor)
    if not quiet:
        tell(new.purchase, before=stored, settings=settings, now=now)
    return Put(new.purchase, Outcome.UPDATED if stored else Outcome.CREATED, [*warnings, *of_request])


def judged(document: PurchaseDocument) -> list[StateOfPackage]:
    """The states of the packages. Raises TooLarge, and InvalidDocument as `judge_packages` does."""
    lines = sum(len(package.line_items) for package in document.packages)
    if lines > MAX_LINES:
        raise TooLarge(f"A purchase may have {MAX_LINES} lines; this one has {lines}.", property="packages")
    return judge_packages(document.packages)


def _store(
    new: Replacement, stored: StoredPurchase | None, *, account_id: int | None, settings: Settings, actor: Actor
) -> list[PurchaseWarning]:
    """Write the replacement with what follows from it: payment status, revision, ledger. Answers the warnings."""
    purchase = new.purchase
    applied = Applied(purchase.paid, purchase.refunded)
    payment_warnings = effects.judge(purchase, applied)
    kept = [item for item in orjson.loads(stored.warnings) if item["code"] in OF_TRANSACTIONS] if stored else []
    warnings = [*new.document_warnings, *payment_warnings, *kept]
    purchase.warnings = orjson.dumps(warnings).decode()
    transactions: list[StoredTransaction] = []
    if applied.any:
        transactions = store.read_transactions(site_id=purchase.site_id, purchase_id=purchase.id)
    before = {item.id: item.posted_amount for item in transactions}
    postings = effects.differences(purchase, transactions, account_id=account_id, settings=settings)
    store.write_purchase(
        purchase,
        package_rows=new.package_rows,
        line_rows=new.line_rows,
        lexemes=new.lexemes,
        author=str(actor),
        new=stored is None,
    )
    if any(item.posted_amount != before[item.id] for item in transactions):
        effects.write_followed(purchase, transactions, before=before)
    ledger.post(site_id=purchase.site_id, postings=postings, author=actor, net_terms_days=settings.net_terms_days)
    return warnings


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


def _stale(new: Replacement, stored: StoredPurchase | None) -> list[PurchaseWarning]:
    sent = new.purchase.updated_at
    if stored and sent and stored.updated_at and sent < stored.updated_at:
        return [warn(STALE_SOURCE_DATE, "dates.updated_at", "an earlier dates.updated_at than the stored one")]
    return []
