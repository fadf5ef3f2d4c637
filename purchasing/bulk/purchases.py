"""Create or replace many purchases in one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import DatabaseError
from django.utils import timezone

from core.actors import Actor
from core.api.problems import domain_error_of
from core.errors import DomainError, TryLater
from core.models import Site
from core.retries import in_transaction, rehearse
from purchasing import store
from purchasing.bulk.births import Births
from purchasing.bulk.context import SharedContext
from purchasing.bulk.items import Item, accepted, or_rejected, rejected
from purchasing.bulk.pieces import lock_in_order, names_of, pieces
from purchasing.bulk.sent import SentPurchase
from purchasing.documents import PurchaseDocument
from purchasing.identity import identifiers_of, the_one_meant
from purchasing.order_minimum import Minimums
from purchasing.putting import Outcome, Put, Wanted, put_all_locked
from purchasing.store import Name

CHUNK = 25
"""Purchases that share a transaction and its locks, at most: what each of them costs hardly falls beyond."""
LINES = 500
"""And all their lines, unless one has more: so many are written in a fraction of a second."""


def put_purchases(
    *,
    site: Site,
    sent: Sequence[SentPurchase],
    actor: Actor,
    dry_run: bool = False,
    together: bool = False,
    now: datetime | None = None,
) -> list[Item]:
    """Put each purchase as `put_purchase` would, in the order sent; one that is refused leaves the others alone.
    Nobody is mailed.

    Those that follow each other and have nothing to do with each other share a transaction, some at a time. `together`:
    the caller holds one around the call, so what it touches is locked first, in the order of locks. `dry_run`: the same
    is done and taken back, in pieces that do not depend on each other; the answer is the one that the call would have
    without it.
    """
    call = _Call(site, sent, actor, now)
    if not dry_run:
        if together:
            call.lock(range(len(sent)))
        return call.put(range(len(sent)))
    items: dict[int, Item] = {}
    named = [names_of(one.sought or {}) for one in sent]
    for piece in pieces(site_id=site.pk, named=named):
        for item in rehearse(partial(call.put_piece, piece)):
            items[item.index] = item
    return [items[index] for index in range(len(sent))]


class _Call:
    """What the items of one call share."""

    def __init__(self, site: Site, sent: Sequence[SentPurchase], actor: Actor, now: datetime | None) -> None:
        self.site, self.sent, self.actor, self.now = site, sent, actor, now
        documents = [one.document for one in sent if one.document]
        self.context = SharedContext(site_id=site.pk, named=[document.customer_identifiers for document in documents])
        self.births = Births(site_id=site.pk, sought=[one.sought for one in sent if one.sought])
        self.minimums: Minimums = {}

    def lock(self, indexes: Sequence[int]) -> None:
        names = [name for index in indexes for name in names_of(self.sent[index].sought or {})]
        lock_in_order(site_id=self.site.pk, names=names, owing=self.context.account_ids)

    def put_piece(self, piece: list[int]) -> list[Item]:
        """Items that share a transaction."""
        if len(piece) > 1:
            self.lock(piece)
        return self.put(piece)

    def put(self, indexes: Sequence[int]) -> list[Item]:
        """In the order sent."""
        items = {}
        readable = []
        for index in indexes:
            one = self.sent[index]
            if one.refusal:
                items[index] = rejected(index, one.identifiers, one.refusal)
            else:
                readable.append(index)
        while readable:
            done = self._put_chunk(self._chunk(readable))
            items.update({item.index: item for item in done})
            readable = readable[len(done) :]
        return [items[index] for index in indexes]

    def _chunk(self, indexes: list[int]) -> list[int]:
        """The first of these, as many as go together; at least one."""
        lines = 0
        for taken, index in enumerate(indexes[:CHUNK]):
            lines += sum(len(package.line_items) for package in self._document(index).packages)
            if taken and lines > LINES:
                return indexes[:taken]
        return indexes[:CHUNK]

    def _put_chunk(self, chunk: list[int]) -> list[Item]:
        """What became of the first of these, at least of one. What the database refuses for all is done one by one."""
        if len(chunk) > 1:
            try:
                return self._items(in_transaction(partial(self._work, chunk)))
            except (DomainError, DatabaseError) as error:
                if isinstance(domain_error_of(error), TryLater):
                    raise
            return [item for index in chunk for item in self._put_chunk([index])]
        sent = [(index, self.sent[index].identifiers) for index in chunk]
        return or_rejected(lambda: self._items(in_transaction(partial(self._work, chunk))), sent=sent)

    def _work(self, chunk: list[int]) -> dict[int, Put | DomainError]:
        """What became of the first of these: up to one that depends on another before it, which has to be seen first.

        Locks all of them, purchases in their order; accounts follow when everything is written, in theirs.
        """
        found = store.lock_named(site_id=self.site.pk, names={name for index in chunk for name in self._names(index)})
        self.context.learn(number for purchase in found.values() for number in purchase.parties)
        answers: dict[int, Put | DomainError] = {}
        wanted: dict[int, Wanted] = {}
        met: set[Name | int] = set()
        for index in chunk:
            one, sought = self.sent[index], dict(self.sent[index].sought or {})
            mine = {found[name].id: found[name] for name in self._names(index) if name in found}
            if not mine and "sparklayer" not in sought:
                sought["sparklayer"] = self.births.spark_id_for(sought)
            touched: set[Name | int] = {*names_of(sought), *mine}
            if not met.isdisjoint(touched):
                break
            met |= touched
            try:
                stored = the_one_meant(sought, [mine[number] for number in sorted(mine)])
                wanted[index] = Wanted(self._document(index), one.states, stored, sought)
            except DomainError as refusal:
                answers[index] = refusal
        puts = put_all_locked(
            self.site,
            list(wanted.values()),
            actor=self.actor,
            now=self.now or timezone.now(),
            context=self.context,
            minimums=self.minimums,
            quiet=True,  # whole books come in this way
        )
        answers.update(zip(wanted, puts, strict=True))
        return answers

    def _names(self, index: int) -> list[Name]:
        return names_of(self.sent[index].sought or {})

    def _document(self, index: int) -> PurchaseDocument:
        document = self.sent[index].document
        assert document is not None  # it could be read
        return document

    def _items(self, answers: dict[int, Put | DomainError]) -> list[Item]:
        return [self._item(index, answers[index]) for index in sorted(answers)]

    def _item(self, index: int, put: Put | DomainError) -> Item:
        if isinstance(put, DomainError):
            return rejected(index, self.sent[index].identifiers, put)
        if put.outcome is Outcome.CREATED:
            self.births.note(put.purchase.spark_id)
        identifiers = {kind: str(value) for kind, value in identifiers_of(put.purchase).items()}
        return accepted(index, identifiers, put.outcome, put.purchase.revision)
