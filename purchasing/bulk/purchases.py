"""Create or replace many purchases in one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils import timezone

from core.actors import Actor
from core.models import Site
from core.retries import in_transaction, rehearse
from purchasing import store
from purchasing.bulk.births import Births
from purchasing.bulk.context import SharedContext
from purchasing.bulk.items import Item, accepted, or_rejected, rejected
from purchasing.bulk.pieces import lock_in_order, names_of, pieces
from purchasing.bulk.sent import SentPurchase
from purchasing.identity import identifiers_of, the_one_meant
from purchasing.operations import Outcome, Put, put_locked


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

    Each has its own transaction. `together`: the caller holds one around the call, so what it touches is locked first,
    in the order of locks. `dry_run`: the same is done and taken back, in pieces that do not depend on each other; the
    answer is the one that the call would have without it.
    """
    call = _Call(site, sent, actor, now)
    if not dry_run:
        if together:
            call.lock(range(len(sent)))
        return [call.put(index) for index in range(len(sent))]
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

    def lock(self, indexes: Sequence[int]) -> None:
        names = [name for index in indexes for name in names_of(self.sent[index].sought or {})]
        lock_in_order(site_id=self.site.pk, names=names, owing=self.context.account_ids)

    def put_piece(self, piece: list[int]) -> list[Item]:
        """Items that share a transaction."""
        if len(piece) > 1:
            self.lock(piece)
        return [self.put(index) for index in piece]

    def put(self, index: int) -> Item:
        one = self.sent[index]
        if one.refusal:
            return rejected(index, one.identifiers, one.refusal)
        [item] = or_rejected(partial(self._put, index, one), sent=[(index, one.identifiers)])
        return item

    def _put(self, index: int, one: SentPurchase) -> list[Item]:
        put = in_transaction(partial(self._work, one))
        if put.outcome is Outcome.CREATED:
            self.births.note(put.purchase.spark_id)
        identifiers = {kind: str(value) for kind, value in identifiers_of(put.purchase).items()}
        return [accepted(index, identifiers, put.outcome, put.purchase.revision)]

    def _work(self, one: SentPurchase) -> Put:
        assert one.document is not None
        assert one.sought is not None
        sought = one.sought
        stored = the_one_meant(sought, store.find_purchases(site_id=self.site.pk, identifiers=sought, lock=True))
        if stored is None and "sparklayer" not in sought:
            sought = {**sought, "sparklayer": self.births.spark_id_for(sought)}
        return put_locked(
            self.site,
            one.document,
            one.states,
            stored=stored,
            sought=sought,
            actor=self.actor,
            now=self.now or timezone.now(),
            matched=None,
            context=self.context,
            quiet=True,  # whole books come in this way
        )
