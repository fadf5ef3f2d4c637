"""What a purchase becomes when a document replaces it: ids kept, figures worked out, the row made ready.

Decides nothing about who may do it and writes nothing; `purchasing.operations` does both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuid7

from core.documents import in_utc
from core.ids import PACKAGE, number_of
from core.money import ZERO
from core.site_settings import Settings
from pricing.rates import UsdRate
from purchasing import store
from purchasing.compose import PackagePlan, compose, header_form
from purchasing.decision import still_standing
from purchasing.documents import PurchaseDocument
from purchasing.dollars import rate_day, rate_of_replaced, set_dollars
from purchasing.matching import match_lines, match_packages
from purchasing.resolve import Parties
from purchasing.search import lexemes_of
from purchasing.status import StateOfPackage, fulfilment_status
from purchasing.store import StoredPurchase
from purchasing.warnings import PurchaseWarning

SUBMITTED_TYPES = frozenset({"order", "order_unconfirmed", "awaiting_approval"})


@dataclass(slots=True)
class Replacement:
    """The purchase as it will be stored, its rows, and whether it differs from what stands."""

    purchase: StoredPurchase
    package_rows: list[dict[str, Any]]
    line_rows: list[dict[str, Any]]
    lexemes: list[str]
    document_warnings: list[PurchaseWarning]
    changed: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """Which stored package, and the number of which stored line, each of the new ones continues; None: none."""

    packages: list[dict[str, Any] | None]
    lines: list[list[int | None]]


@dataclass(frozen=True, slots=True)
class Changed:
    """A document made of the stored one, and what became of its packages and lines (None: to be recognised)."""

    document: PurchaseDocument
    matched: Matched | None = None


def replacement(
    *,
    site_id: int,
    document: PurchaseDocument,
    states: Sequence[StateOfPackage],
    stored: StoredPurchase | None,
    identifiers: dict[str, UUID | str],
    parties: Parties,
    currency_code: str,
    settings: Settings,
    now: datetime,
    matched: Matched | None = None,
) -> Replacement:
    """The purchase after this document. Raises InvalidDocument `negative-total`.

    `matched`: what the packages and lines continue, when whoever made the document knows it.
    """
    zone = settings.time_zone
    created_at = in_utc(document.dates.created_at, zone)
    placed_at = in_utc(document.dates.placed_at, zone)
    submitted_at = stored.submitted_at if stored else None
    if submitted_at is None and document.type in SUBMITTED_TYPES:
        submitted_at = now
    stored_at = stored.stored_at if stored else now
    ordered_at = placed_at or submitted_at or created_at or stored_at
    purchase_number, plans, given_ids, rate = _plan(
        document, states, stored, matched, currency_code=currency_code, day=rate_day(ordered_at)
    )
    composed = compose(document=document, plans=plans, currency_code=currency_code, zone=zone)
    totals = composed.totals
    header = header_form(
        document=document,
        identifiers={kind: str(value) for kind, value in identifiers.items()},
        customers=parties.identifiers(),
        currency_code=currency_code,
        submitted_at=submitted_at,
        quote_status=_quote_status(document, stored),
        zone=zone,
        shipping_address=composed.shipping_address,
    )
    contents = orjson.dumps(composed.contents).decode()
    purchase = StoredPurchase(
        id=purchase_number,
        site_id=site_id,
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
        currency_code=currency_code,
        created_at=created_at,
        placed_at=placed_at,
        updated_at=in_utc(document.dates.updated_at, zone),
        submitted_at=submitted_at,
        ordered_at=ordered_at,
        stored_at=stored_at,
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
        warnings += set_dollars(purchase, rate_of_replaced(purchase, stored) if stored else rate)
        lexemes = lexemes_of(
            site_id=site_id,
            number=purchase.id,
            header=header,
            contents=composed.contents,
            companies=parties.companies,
        )
    return Replacement(purchase, composed.package_rows, composed.line_rows, lexemes, warnings, changed)


def _plan(
    document: PurchaseDocument,
    states: Sequence[StateOfPackage],
    stored: StoredPurchase | None,
    matched: Matched | None,
    *,
    currency_code: str,
    day: date,
) -> tuple[int, list[PackagePlan], list[UUID], UsdRate | None]:
    """The purchase's number, each package with its ids, which package ids are ours to give, and a new one's rate."""
    given = frozenset(stored.given_package_ids) if stored else frozenset()
    if matched is None:
        matched = _recognised(document, states, stored, given)
    matches, line_matches = matched.packages, matched.lines
    missing = sum(match is None for match in matches) + sum(lines.count(None) for lines in line_matches)
    rate = None
    if stored:
        number, fresh = stored.id, store.take_part_numbers(missing) if missing else []
    else:
        number, fresh, rate = store.take_numbers(parts=missing, currency_code=currency_code, day=day)
    numbers = iter(fresh)
    plans, given_ids = [], []
    for package, state, match, lines in zip(document.packages, states, matches, line_matches, strict=True):
        spark_id, ours = _package_id(package.identifiers.sparklayer_package_id, match, given)
        if ours:
            given_ids.append(spark_id)
        own = (number_of(PACKAGE, match["id"]) if match else None) or next(numbers)
        plans.append(PackagePlan(package, state, own, spark_id, [line or next(numbers) for line in lines]))
    return number, plans, given_ids, rate


def _recognised(
    document: PurchaseDocument,
    states: Sequence[StateOfPackage],
    stored: StoredPurchase | None,
    given: frozenset[UUID],
) -> Matched:
    matches = match_packages(
        packages=document.packages,
        states=[state.state for state in states],
        stored=orjson.loads(stored.contents)["packages"] if stored else [],
        given_ids=given,
    )
    lines = [
        match_lines(lines=package.line_items, stored=match["line_items"] if match else [])
        for package, match in zip(document.packages, matches, strict=True)
    ]
    return Matched(matches, lines)


def _package_id(sent: UUID | str, match: dict[str, Any] | None, given: frozenset[UUID]) -> tuple[UUID, bool]:
    """The package's id and whether it is ours to give: as sent, else the one we gave before, else a new one."""
    if isinstance(sent, UUID):
        return sent, sent in given
    if match is not None:
        before = UUID(match["identifiers"]["sparklayer_package_id"])
        if before in given:
            return before, True
    return uuid7.uuid7(), True


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
