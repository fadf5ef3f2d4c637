"""Whether a purchase may become what was sent, whether money may be applied to it, and who owes for it then."""

from __future__ import annotations

import orjson

from core.actors import Actor, ActorKind
from core.errors import Conflict, InvalidDocument
from purchasing.freight import check_credits
from purchasing.resolve import Parties
from purchasing.store import StoredPurchase


def check_change(stored: StoredPurchase, new: StoredPurchase, parties: Parties) -> None:
    """Raises Conflict `type-cannot-go-back` or `has-applied-transactions` (customer or currency would change)."""
    if stored.type == "order" and new.type != "order":
        raise Conflict("An order stays an order.", code="type-cannot-go-back", property="type")
    if not (stored.paid or stored.refunded):
        return
    if new.currency_code != stored.currency_code:
        raise Conflict(
            "The purchase has applied transactions: its currency cannot change.",
            code="has-applied-transactions",
            property="currency_code",
        )
    before, payer = stored.customer_id or stored.child_id, parties.payer
    if before is None or (payer and payer.id == before):
        return
    if payer is None or payer.account_id != stored.account_id:
        raise Conflict(
            "The purchase has applied transactions: it cannot move to another account.",
            code="has-applied-transactions",
            property="customer_identifiers.sparklayer",
        )


def check_freight_credit(stored: StoredPurchase, new: StoredPurchase, *, actor: Actor) -> None:
    """Raises InvalidDocument `too-much-freight` when staff credit more freight than there is.

    What a program puts is what its books say, as every amount of it.
    """
    if actor.kind is ActorKind.STAFF:
        before, after = (orjson.loads(purchase.contents)["packages"] for purchase in (stored, new))
        check_credits(before, after, new.currency_code)


def account_for(parties: Parties, stored: StoredPurchase | None) -> int | None:
    """Who should owe after this write: the posted account while the payer stays, else today's of the new payer."""
    payer = parties.payer
    if payer is None:
        return None
    if stored and stored.account_id is not None and payer.id == (stored.customer_id or stored.child_id):
        return stored.account_id
    return payer.account_id


def check_applicable(purchase: StoredPurchase, *, currency_code: str, apply_to_balance: bool) -> None:
    """Raises InvalidDocument `currency-mismatch` for a transaction that is applied in another currency."""
    if apply_to_balance and currency_code != purchase.currency_code:
        raise InvalidDocument(
            f"an applied transaction has to be in the purchase's {purchase.currency_code}",
            code="currency-mismatch",
            property="currency_code",
        )
