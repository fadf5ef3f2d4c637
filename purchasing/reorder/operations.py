"""Placing an order once more: the door, which makes one purchase however often it is asked for by the same id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.actors import Actor
from core.errors import Conflict, DomainError
from core.models import Site
from core.retries import in_transaction
from core.site_settings import Settings
from customers.models import Customer
from purchasing import effects, store
from purchasing.credit import check_credit
from purchasing.documents import PurchaseDates, PurchaseIdentifiers
from purchasing.identity import Lookup
from purchasing.operations import create_purchase
from purchasing.order_minimum import check_order_minimum
from purchasing.reorder.plan import LeftOut, Plan, plan_reorder


@dataclass(frozen=True, slots=True)
class Placed:
    """`is_new`: whether this call made it; else an earlier one did. `left_out`: what the new one was made without."""

    spark_id: UUID
    is_new: bool
    left_out: Sequence[LeftOut] = ()


def place_reorder(
    *,
    site: Site,
    lookup: Lookup,
    reader: Customer,
    settings: Settings,
    spark_id: UUID,
    digest: str,
    customer_reference: str = "",
    actor: Actor,
    now: datetime,
) -> Placed:
    """Order once more, under this `spark_id`, what the reader was shown (`Plan.digest`): unconfirmed, or awaiting
    approval for a limited customer.

    A purchase that has or had that id is never made again, be it asked for at the same moment: answers which it is.
    Raises NotFound; Conflict `reorder-changed` when it would come to something else by now, `nothing-to-reorder`,
    `order-minimum`, `credit-exceeded`; and InvalidDocument. Refused: nothing is written.
    """

    def work() -> Placed:
        if _is_placed(site, spark_id):
            return Placed(spark_id, is_new=False)
        plan = plan_reorder(site=site, lookup=lookup, reader=reader, settings=settings, now=now)
        _check(plan, digest)
        document = plan.document.model_copy(
            update={
                "purchase_identifiers": PurchaseIdentifiers(sparklayer=spark_id),
                "dates": PurchaseDates(created_at=now, placed_at=now),
                "customer_reference": customer_reference,
            }
        )
        purchase = create_purchase(site=site, document=document, actor=actor, now=now).purchase
        check_order_minimum(purchase, site=site)
        account_id, known = effects.account_of(purchase)
        assert account_id is not None  # it names whom it is ordered for
        check_credit(purchase, account_id=account_id, settings=known)
        return Placed(spark_id, is_new=True, left_out=plan.left_out)

    try:
        return in_transaction(work)
    except DomainError:
        # Of two at once the second is refused the id that the first has taken.
        if _is_placed(site, spark_id):
            return Placed(spark_id, is_new=False)
        raise


def _is_placed(site: Site, spark_id: UUID) -> bool:
    """Whether a purchase has this id, or had it and was deleted."""
    return bool(store.known_spark_ids(site_id=site.pk, spark_ids=[spark_id]))


def _check(plan: Plan, digest: str) -> None:
    if plan.digest != digest:
        raise Conflict("It would come to something else by now.", code="reorder-changed")
    if not plan.has_lines:
        raise Conflict("None of it can be ordered.", code="nothing-to-reorder")
