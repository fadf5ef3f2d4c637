"""What a purchase becomes when a draft replaces it: ids kept, figures worked out, the row made ready.

Decides nothing about who may do it and writes nothing; `purchasing.putting` does both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from core.documents import in_utc
from core.money import ZERO
from purchasing.compose import compose, header_form
from purchasing.decision import still_standing
from purchasing.documents import PurchaseDocument
from purchasing.dollars import frozen_rate, set_dollars
from purchasing.drafts import Draft, package_plans
from purchasing.search import lexemes_of
from purchasing.status import fulfilment_status
from purchasing.store import Numbers, StoredPurchase
from purchasing.warnings import PurchaseWarning


@dataclass(slots=True)
class Replacement:
    """The purchase as it will be stored, its rows, and whether it differs from what stands."""

    purchase: StoredPurchase
    package_rows: list[dict[str, Any]]
    line_rows: list[dict[str, Any]]
    lexemes: list[str]
    document_warnings: list[PurchaseWarning]
    changed: bool


def replacement(draft: Draft, numbers: Numbers) -> Replacement:
    """The purchase after this document; `numbers` are those that the draft needs. Raises InvalidDocument
    `negative-total`.
    """
    document, stored, parties = draft.document, draft.stored, draft.parties
    identifiers, settings, now = draft.identifiers, draft.settings, draft.now
    zone = settings.time_zone
    number = stored.id if stored else numbers.purchase
    assert number is not None
    plans, given_ids = package_plans(draft, numbers.parts)
    composed = compose(document=document, plans=plans, currency_code=draft.currency_code, zone=zone)
    totals = composed.totals
    header = header_form(
        document=document,
        identifiers={kind: str(value) for kind, value in identifiers.items()},
        customers=parties.identifiers(),
        currency_code=draft.currency_code,
        submitted_at=draft.submitted_at,
        quote_status=_quote_status(document, stored),
        zone=zone,
        shipping_address=composed.shipping_address,
    )
    contents = orjson.dumps(composed.contents).decode()
    purchase = StoredPurchase(
        id=number,
        site_id=draft.site_id,
        spark_id=UUID(str(identifiers["sparklayer"])),
        platform_id=str(identifiers["platform"]),
        internal_id=str(identifiers["internal"]),
        visible_id=str(identifiers["visible"]),
        type=document.type,
        customer_id=parties.customer.id if parties.customer else None,
        child_id=parties.child.id if parties.child else None,
        impersonator_id=parties.impersonator.id if parties.impersonator else None,
        payment_method=document.payment_method,
        customer_reference=document.customer_reference,
        currency_code=draft.currency_code,
        created_at=draft.created_at,
        placed_at=draft.placed_at,
        updated_at=in_utc(document.dates.updated_at, zone),
        submitted_at=draft.submitted_at,
        ordered_at=draft.ordered_at,
        stored_at=draft.stored_at,
        changed_at=now,
        deleted_at=None,
        header=orjson.dumps(header).decode(),
        contents=contents,
        given_package_ids=given_ids,
        revision=stored.revision + 1 if stored else 1,
        revision_at=now,
        changes=stored.changes if stored else 0,
        calculated_total=totals.total,
        credited=totals.credited,
        amount_due=totals.amount_due,
        open_quantity=totals.quantities.open,
        shipped_quantity=totals.quantities.shipped,
        returned_quantity=totals.quantities.returned,
        cancelled_quantity=totals.quantities.cancelled,
        calculated_fulfilment_status=fulfilment_status(type=document.type, quantities=totals.quantities),
        paid=stored.paid if stored else ZERO,
        refunded=stored.refunded if stored else ZERO,
        calculated_payment_status=None,
        outstanding=ZERO,
        credit=ZERO,
        calculated_total_usd=None,
        usd_rate=None,
        usd_rate_date=None,
        usd_rate_source=None,
        warnings="[]",
        approval=None,
        charge_posting=stored.charge_posting if stored else "",
        account_id=stored.account_id if stored else None,
        posted_charge=stored.posted_charge if stored else ZERO,
        posted_currency_code=stored.posted_currency_code if stored else "",
        charge_value_date=stored.charge_value_date if stored else None,
    )
    if document.type == "order" and not purchase.charge_posting:
        purchase.charge_posting = settings.charge_posting
    changed = True
    if stored:
        before = orjson.loads(stored.header)
        same_contents = contents == stored.contents or composed.contents == orjson.loads(stored.contents)
        changed = not same_contents or _differs(header, before)
        purchase.approval = still_standing(stored.approval, before=before, after=header, same_contents=same_contents)
    warnings = composed.warnings
    lexemes: list[str] = []
    if changed:  # what stays as it is asks for nothing
        warnings += set_dollars(purchase, numbers.rate if draft.needs.day else frozen_rate(stored))
        lexemes = lexemes_of(
            site_id=draft.site_id,
            number=purchase.id,
            header=header,
            contents=composed.contents,
            companies=parties.companies,
        )
    return Replacement(purchase, composed.package_rows, composed.line_rows, lexemes, warnings, changed)


def _quote_status(document: PurchaseDocument, stored: StoredPurchase | None) -> str | None:
    """`quote_status` of a quote: as sent, else as stored, else `sent`; null for other types."""
    if document.type != "quote":
        return None
    if document.quote_status:
        return document.quote_status
    before = orjson.loads(stored.header)["quote_status"] if stored else None
    return before or "sent"


def _differs(header: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether the header says something else; `dates.updated_at` alone is not a change."""
    dates = {**header["dates"], "updated_at": before["dates"]["updated_at"]}
    return {**header, "dates": dates} != before
