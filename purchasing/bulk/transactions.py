"""Record many transactions in one call.

Those of one purchase that follow each other are written at once, past the signal; the effect that the signal would
have run for each runs once for all of them (`purchasing.effects.settle`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

import uuid_utils.compat as uuid7
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, InvalidDocument
from core.models import Site
from core.retries import in_transaction, rehearse
from purchasing import effects, store
from purchasing.bulk.items import BulkOutcome, Item, accepted, or_rejected, rejected
from purchasing.bulk.pieces import lock_in_order, pieces
from purchasing.bulk.sent import SentTransaction
from purchasing.documents import TransactionDocument
from purchasing.guards import check_applicable
from purchasing.identity import Lookup
from purchasing.store import Name, StoredPurchase
from purchasing.taking_away import check_still_counts


def record_transactions(
    *,
    site: Site,
    sent: Sequence[SentTransaction],
    actor: Actor,
    dry_run: bool = False,
    together: bool = False,
    now: datetime | None = None,
) -> list[Item]:
    """Record each transaction as `record_transaction` would, in the order sent; one that is refused leaves the others
    alone.

    Those of one purchase that follow each other share a transaction of the database. `together` and `dry_run` as of
    `purchasing.bulk.put_purchases`. Without `full_transaction` the stored one is kept.
    """
    call = _Call(site, sent, actor, now)
    if not dry_run:
        if together:
            lock_in_order(site_id=site.pk, names=[name for one in sent for name in _names_of(one)])
        return call.record(range(len(sent)))
    items: dict[int, Item] = {}
    for piece in pieces(site_id=site.pk, named=[_names_of(one) for one in sent]):
        for item in rehearse(partial(call.record, piece)):
            items[item.index] = item
    return [items[index] for index in range(len(sent))]


def _names_of(one: SentTransaction) -> list[Name]:
    return [(one.lookup.kind, str(one.lookup.value))] if one.lookup else []


class _Call:
    def __init__(self, site: Site, sent: Sequence[SentTransaction], actor: Actor, now: datetime | None) -> None:
        self.site, self.sent, self.actor, self.now = site, sent, actor, now

    def record(self, indexes: Sequence[int]) -> list[Item]:
        items: list[Item] = []
        for _names, run in groupby(indexes, key=lambda index: _names_of(self.sent[index])):
            same_purchase = list(run)
            named = [(index, self.sent[index].identifiers) for index in same_purchase]
            items += or_rejected(partial(self._record_run, same_purchase), sent=named)
        return items

    def _record_run(self, indexes: list[int]) -> list[Item]:
        """Transactions that name the same purchase, or none at all."""
        first = self.sent[indexes[0]]
        if first.lookup is None:
            return [rejected(index, self.sent[index].identifiers, _refusal(self.sent[index])) for index in indexes]
        return in_transaction(partial(self._work, indexes, first.lookup, first.named_by))

    def _work(self, indexes: list[int], lookup: Lookup, named_by: str) -> list[Item]:
        identifiers = {lookup.kind: lookup.value}
        found = store.find_purchases(site_id=self.site.pk, identifiers=identifiers, lock=True, whole=False)
        if not found:
            raise InvalidDocument("There is no such purchase.", code="resource-not-found", property=named_by)
        [purchase] = found
        run = _Run(self, purchase)
        run.read(indexes)
        items = [run.judge(index) for index in indexes]
        run.write()
        return items


class _Run:
    """Transactions of one purchase, whose lock is held: judged one after the other, written together."""

    def __init__(self, call: _Call, purchase: StoredPurchase) -> None:
        self.call, self.purchase = call, purchase
        self.rows: dict[str, dict[str, Any]] = {}

    def read(self, indexes: list[int]) -> None:
        """What stands of those that are sent."""
        platform_ids = {_document(self.call.sent[index]).platform_id for index in indexes}
        self.stands = store.find_transactions(
            site_id=self.purchase.site_id, purchase_id=self.purchase.id, platform_ids=platform_ids
        )

    def judge(self, index: int) -> Item:
        """What becomes of this one; what it changes waits to be written."""
        one = self.call.sent[index]
        identifiers = {**one.identifiers, "purchase_spark_id": str(self.purchase.spark_id)}
        document = _document(one)
        stands = self.stands.get(document.platform_id)
        counted = (document.total, document.currency_code, document.apply_to_balance)
        try:
            check_applicable(
                self.purchase, currency_code=document.currency_code, apply_to_balance=document.apply_to_balance
            )
            if stands:
                check_still_counts(stands[:3], counted, actor=self.call.actor)
        except DomainError as refusal:
            return rejected(index, identifiers, refusal)
        text = document.full_transaction
        if text is None:
            text = stands[3] if stands else ""
        facts = (*counted, text)
        if facts == stands:
            return accepted(index, identifiers, BulkOutcome.UNCHANGED, self.purchase.revision)
        self.stands[document.platform_id] = facts
        # The id, the first time and who it was count only where none stands.
        self.rows[document.platform_id] = {
            "id": uuid7.uuid7(),
            "platform_id": document.platform_id,
            "total": document.total,
            "currency_code": document.currency_code,
            "apply_to_balance": document.apply_to_balance,
            "full_transaction": text,
            "at": self.call.now or timezone.now(),
            "recorded_by": str(self.call.actor)[:255],
        }
        outcome = BulkOutcome.UPDATED if stands else BulkOutcome.CREATED
        return accepted(index, identifiers, outcome, self.purchase.revision)

    def write(self) -> None:
        if self.rows:
            site_id, purchase_id = self.purchase.site_id, self.purchase.id
            store.write_transactions(site_id=site_id, purchase_id=purchase_id, rows=list(self.rows.values()))
            effects.settle(
                site_id=site_id,
                purchase_id=purchase_id,
                author=self.call.actor,
                locked=self.purchase,
                now=self.call.now,
            )


def _document(one: SentTransaction) -> TransactionDocument:
    assert one.document is not None  # it names a purchase, so it could be read
    return one.document


def _refusal(one: SentTransaction) -> DomainError:
    assert one.refusal is not None
    return one.refusal
