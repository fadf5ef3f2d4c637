"""What would refuse a customer's decision, told to him before he makes it."""

from __future__ import annotations

from uuid import UUID

from core.errors import Conflict
from core.models import Site
from purchasing import effects, store
from purchasing.credit import credit_refusal
from purchasing.order_minimum import minimum_refusal
from purchasing.payment import is_on_account
from purchasing.store import StoredPurchase


def refusals_foreseen(*, site: Site, spark_id: UUID, accepting: bool) -> list[Conflict]:
    """What `accept_quote` (`accepting`) or `approve_purchase` would refuse it for now, though it is open: the order
    minimum, which binds who accepts, and the credit.

    Nothing is locked: the decision itself asks again. Five queries at most.
    """
    found = store.find_purchases(site_id=site.pk, identifiers={"sparklayer": spark_id})
    if not found:  # deleted meanwhile
        return []
    [purchase] = found
    below = minimum_refusal(purchase, site=site) if accepting else None
    return [refusal for refusal in (below, _beyond_credit(purchase)) if refusal is not None]


def _beyond_credit(purchase: StoredPurchase) -> Conflict | None:
    if not is_on_account(purchase.payment_method):
        return None
    account_id, settings = effects.account_of(purchase)
    assert account_id is not None  # whom a customer sees it of
    return credit_refusal(purchase, account_id=account_id, settings=settings)
