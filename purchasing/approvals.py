"""Deciding on a purchase: a quote is accepted, what waits for approval is approved or trimmed, either is rejected.

Operations like those of `purchasing.operations`, whose door they use: what becomes an order becomes one as by a PUT of
its own document with another type. Each locks the purchase, then asks whether it may be done. Rules: `docs/api.md`,
quotes and approvals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.utils import timezone

from core.actors import Actor
from core.documents import Money
from core.errors import Conflict, NotFound, NotPermitted
from core.models import Site
from core.money import money_text
from core.retries import in_transaction
from core.site_settings import Settings
from customers.models import Customer
from purchasing import effects, store
from purchasing.compose import judge_packages
from purchasing.credit import check_credit
from purchasing.decision import AWAITING, DecisionStatus, decision_text, status_of
from purchasing.documents import read_document
from purchasing.drafts import SUBMITTED_TYPES
from purchasing.identity import Lookup
from purchasing.mail_events import tell
from purchasing.operations import NO_PRECONDITIONS, Preconditions
from purchasing.order_minimum import check_order_minimum
from purchasing.putting import Outcome, Put, put_locked
from purchasing.revisions import document_of
from purchasing.store import StoredPurchase
from purchasing.trimming import trim
from purchasing.visibility import is_visible


def accept_quote(
    *,
    site: Site,
    lookup: Lookup,
    revision: int,
    actor: Actor,
    reader: Customer | None = None,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Make a sent quote, as it stands in this revision, the order; for a limited customer, what waits for approval.

    `reader`: the customer who accepts; None for a program or staff, who see the whole site and whom neither credit nor
    order minimums bind (programs: unless the site says so). Raises NotFound, VersionMismatch, and Conflict:
    `already-accepted`, `not-a-quote`, `quote-not-open`, `quote-expired`, `revision-stale`, `order-minimum`,
    `credit-exceeded`.
    """

    def work() -> Put:
        moment = now or timezone.now()
        quote = locked_purchase(site, lookup, reader)
        preconditions.check(quote, reader=reader)
        check_quote_open(quote, moment)
        _check_revision(quote, revision)
        if reader is not None:
            check_order_minimum(quote, site=site)
        _check_credit(quote, reader)
        return become(quote, {"type": type_placed_by(reader)}, site=site, actor=actor, now=moment)

    return in_transaction(work)


def approve_purchase(
    *,
    site: Site,
    lookup: Lookup,
    revision: int,
    total: Decimal | Money,
    actor: Actor,
    reader: Customer | None = None,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Approve what waits for approval, named by its revision and total, and place it.

    With the site's `approval_places_order` off it waits on, approved, until somebody places it. `reader`: the customer
    who approves, a main user of the company and not who placed it; None for a program or staff. Raises NotFound,
    NotPermitted (`not-an-approver`, `own-purchase`), VersionMismatch, and Conflict: `already-approved`,
    `already-rejected`, `not-awaiting-approval`, `approval-stale`, `credit-exceeded`.
    """

    def work() -> Put:
        moment = now or timezone.now()
        purchase = locked_purchase(site, lookup, reader)
        _check_approver(purchase, reader)
        preconditions.check(purchase, reader=reader)
        _check_undecided(purchase)
        _check_seen(purchase, revision, total)
        _check_credit(purchase, reader)
        _decide(purchase, DecisionStatus.APPROVED, actor=actor, now=moment)
        _account_id, settings = effects.account_of(purchase)
        if settings.approval_places_order:
            return become(purchase, {"type": "order"}, site=site, actor=actor, now=moment)
        return _wait_on(purchase, settings, now=moment)

    return in_transaction(work)


def reject_purchase(
    *,
    site: Site,
    lookup: Lookup,
    reason: str,
    actor: Actor,
    revision: int | None = None,
    reader: Customer | None = None,
    preconditions: Preconditions = NO_PRECONDITIONS,
    now: datetime | None = None,
) -> Put:
    """Turn down a sent quote, or what waits for approval, be it approved already; as it stands in this `revision`.

    It stays what it is until its content is changed. `reader` as for accepting and approving. Raises NotFound,
    NotPermitted, VersionMismatch, and Conflict: `already-rejected`, `already-accepted`, `already-approved`,
    `quote-not-open`, `quote-expired`, `nothing-to-reject`; `revision-stale` when another revision stands.
    """

    def work() -> Put:
        moment = now or timezone.now()
        purchase = locked_purchase(site, lookup, reader)
        if purchase.type == AWAITING:
            _check_approver(purchase, reader)
        preconditions.check(purchase, reader=reader)
        if purchase.type == AWAITING:
            if status_of(purchase.approval) is DecisionStatus.REJECTED:
                raise _already_rejected()
            _check_revision(purchase, revision)
            _decide(purchase, DecisionStatus.REJECTED, actor=actor, now=moment, reason=reason)
            _account_id, settings = effects.account_of(purchase)
            return _wait_on(purchase, settings, now=moment)
        if purchase.type != "quote":
            _refuse_to_reject(purchase)
        if orjson.loads(purchase.header)["quote_status"] == "rejected":
            raise _already_rejected()
        check_quote_open(purchase, moment)
        _check_revision(purchase, revision)
        _decide(purchase, DecisionStatus.REJECTED, actor=actor, now=moment, reason=reason)
        return become(purchase, {"quote_status": "rejected"}, site=site, actor=actor, now=moment)

    return in_transaction(work)


def trim_purchase(
    *,
    site: Site,
    lookup: Lookup,
    revision: int,
    total: Decimal | Money,
    quantities: Mapping[str, int],
    actor: Actor,
    reader: Customer | None = None,
    now: datetime | None = None,
) -> Put:
    """Lower quantities of what waits for approval, by the ids of its lines (0 takes a line out); it waits on.

    Named by the revision and total that somebody saw, and by whom it may be approved. Raises NotFound, NotPermitted,
    Conflict as `approve_purchase` does, and InvalidDocument as `purchasing.trimming.trim`, or as a PUT.
    """

    def work() -> Put:
        moment = now or timezone.now()
        purchase = locked_purchase(site, lookup, reader)
        _check_approver(purchase, reader)
        _check_undecided(purchase)
        _check_seen(purchase, revision, total)
        trimmed = trim(document_of(purchase), quantities=quantities)
        return become(purchase, trimmed, site=site, actor=actor, now=moment)

    return in_transaction(work)


def type_placed_by(reader: Customer | None) -> str:
    """What comes of what somebody places: the order; of a limited customer, what waits for approval."""
    limited = reader is not None and reader.role == Customer.Role.LIMITED
    return AWAITING if limited else "order"


def locked_purchase(site: Site, lookup: Lookup, reader: Customer | None) -> StoredPurchase:
    """The purchase, whole and locked. Raises NotFound when there is none that the reader may see."""
    found = store.find_purchases(site_id=site.pk, identifiers={lookup.kind: lookup.value}, lock=True)
    if not found or not is_visible(found[0], reader=reader):
        raise NotFound
    return found[0]


def become(purchase: StoredPurchase, changes: dict[str, Any], *, site: Site, actor: Actor, now: datetime) -> Put:
    """The purchase with these members of its document changed, as by a PUT."""
    document = read_document(document_of(purchase) | changes)
    return put_locked(
        site,
        document,
        judge_packages(document.packages),
        stored=purchase,
        sought={"sparklayer": purchase.spark_id},
        actor=actor,
        now=now,
        matched=None,
    )


def _wait_on(purchase: StoredPurchase, settings: Settings, *, now: datetime) -> Put:
    """Store the decision: a change that is no revision."""
    purchase.changes += 1
    purchase.changed_at = now
    store.write_payment(purchase, items=[])
    tell(purchase, before=purchase, settings=settings, now=now)
    return Put(purchase, Outcome.UPDATED, orjson.loads(purchase.warnings))


def _decide(purchase: StoredPurchase, status: DecisionStatus, *, actor: Actor, now: datetime, reason: str = "") -> None:
    purchase.approval = decision_text(
        status,
        revision=purchase.revision,
        total=purchase.calculated_total,
        currency_code=purchase.currency_code,
        by=str(actor),
        at=now,
        reason=reason,
    )


def check_quote_open(purchase: StoredPurchase, now: datetime) -> None:
    """Raises Conflict unless it is a quote that was sent, has not expired and nobody has answered."""
    header = orjson.loads(purchase.header)
    word, expires_at = header["quote_status"], header["quote_expires_at"]
    if purchase.type != "quote":
        if purchase.type in SUBMITTED_TYPES and store.was_quote(purchase):
            raise Conflict("This quote was accepted before.", code="already-accepted")
        raise Conflict("This purchase is not a quote.", code="not-a-quote", property="type")
    if word == "accepted":
        raise Conflict("This quote was accepted before.", code="already-accepted")
    if word == "expired" or (word == "sent" and expires_at and now > datetime.fromisoformat(expires_at)):
        raise Conflict("This quote has expired.", code="quote-expired", property="quote_expires_at")
    if word != "sent":
        raise Conflict(f"This quote is not open: it is {word}.", code="quote-not-open", property="quote_status")


def _check_undecided(purchase: StoredPurchase) -> None:
    """Raises Conflict unless it waits for approval and nobody has decided."""
    status = status_of(purchase.approval)
    if status is DecisionStatus.APPROVED:
        raise Conflict("This purchase was approved before.", code="already-approved")
    if purchase.type != AWAITING:
        raise Conflict("This purchase does not wait for approval.", code="not-awaiting-approval", property="type")
    if status is DecisionStatus.REJECTED:
        raise _already_rejected()


def _refuse_to_reject(purchase: StoredPurchase) -> None:
    """Raises Conflict: the purchase is neither a quote nor does it wait for approval."""
    if status_of(purchase.approval) is DecisionStatus.APPROVED:
        raise Conflict("This purchase was approved and is an order.", code="already-approved")
    if purchase.type in SUBMITTED_TYPES and store.was_quote(purchase):
        raise Conflict("This quote was accepted before.", code="already-accepted")
    raise Conflict(
        "Neither a quote nor waiting for approval: there is nothing to reject.",
        code="nothing-to-reject",
        property="type",
    )


def _check_approver(purchase: StoredPurchase, reader: Customer | None) -> None:
    """Raises NotPermitted for a customer who is not a main user of the company, or who placed the purchase himself."""
    if reader is None:
        return
    if not reader.is_main_user:  # nor is a sales agent one
        raise NotPermitted("A main user of the company has to decide on this.", code="not-an-approver")
    if reader.pk == (purchase.child_id or purchase.customer_id):
        raise NotPermitted("Somebody else has to decide on what you placed.", code="own-purchase")


def _check_revision(purchase: StoredPurchase, revision: int | None) -> None:
    """Raises Conflict `revision-stale` when another revision stands."""
    if revision not in (None, purchase.revision):
        raise _stale(purchase, "revision-stale", "revision")


def _check_seen(purchase: StoredPurchase, revision: int, total: Decimal | Money) -> None:
    """Raises Conflict `approval-stale` when another revision or total stands."""
    if purchase.revision != revision:
        raise _stale(purchase, "approval-stale", "revision")
    if not _is_total_of(purchase, total):
        raise _stale(purchase, "approval-stale", "total")


def _check_credit(purchase: StoredPurchase, reader: Customer | None) -> None:
    """Raises Conflict `credit-exceeded` when a customer buys on account more than there is credit for."""
    if reader is None:
        return
    account_id, settings = effects.account_of(purchase)
    assert account_id is not None  # whom a customer sees it of
    check_credit(purchase, account_id=account_id, settings=settings)


def _is_total_of(purchase: StoredPurchase, total: Decimal | Money) -> bool:
    if isinstance(total, Money):
        return (total.number, total.currency) == (purchase.calculated_total, purchase.currency_code)
    return total == purchase.calculated_total


def _stale(purchase: StoredPurchase, code: str, property: str) -> Conflict:
    """A refusal that tells what stands."""
    total = {
        "number": money_text(purchase.calculated_total, purchase.currency_code),
        "currency": purchase.currency_code,
    }
    return Conflict(
        f"This is not the {property} that stands.",
        code=code,
        property=property,
        revision=purchase.revision,
        total=total,
    )


def _already_rejected() -> Conflict:
    return Conflict("This was rejected before. It waits for another content.", code="already-rejected")
