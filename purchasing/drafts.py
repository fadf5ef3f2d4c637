"""A document on its way into the store: what it continues, when it counts from, and which numbers it needs for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuid7

from core.documents import in_utc
from core.ids import PACKAGE, number_of
from core.site_settings import Settings
from purchasing.compose import PackagePlan
from purchasing.documents import PurchaseDocument
from purchasing.dollars import day_of_rate_sought
from purchasing.matching import match_lines, match_packages
from purchasing.resolve import Parties
from purchasing.status import StateOfPackage
from purchasing.store import Needs, StoredPurchase

SUBMITTED_TYPES = frozenset({"order", "order_unconfirmed", "awaiting_approval"})


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


@dataclass(frozen=True, slots=True)
class Draft:
    """A document with whom and what it refers to. `made_of_stored`: whoever made it said what its packages and lines
    continue. `needs`: what has to be taken or found before it can be worked out.
    """

    site_id: int
    document: PurchaseDocument
    states: Sequence[StateOfPackage]
    stored: StoredPurchase | None
    identifiers: dict[str, UUID | str]
    parties: Parties
    currency_code: str
    settings: Settings
    now: datetime
    created_at: datetime | None
    placed_at: datetime | None
    submitted_at: datetime | None
    ordered_at: datetime
    matched: Matched
    made_of_stored: bool
    needs: Needs

    @property
    def stored_at(self) -> datetime:
        return self.stored.stored_at if self.stored else self.now


def draft_of(
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
) -> Draft:
    """`matched`: what the packages and lines continue, when whoever made the document knows it."""
    zone = settings.time_zone
    created_at = in_utc(document.dates.created_at, zone)
    placed_at = in_utc(document.dates.placed_at, zone)
    submitted_at = stored.submitted_at if stored else None
    if submitted_at is None and document.type in SUBMITTED_TYPES:
        submitted_at = now
    ordered_at = placed_at or submitted_at or created_at or (stored.stored_at if stored else now)
    continued = matched or _recognised(document, states, stored)
    missing = continued.packages.count(None) + sum(lines.count(None) for lines in continued.lines)
    day = day_of_rate_sought(currency_code=currency_code, placed_at=placed_at, ordered_at=ordered_at, stored=stored)
    return Draft(
        site_id=site_id,
        document=document,
        states=states,
        stored=stored,
        identifiers=identifiers,
        parties=parties,
        currency_code=currency_code,
        settings=settings,
        now=now,
        created_at=created_at,
        placed_at=placed_at,
        submitted_at=submitted_at,
        ordered_at=ordered_at,
        matched=continued,
        made_of_stored=matched is not None,
        needs=Needs(new=stored is None, parts=missing, currency_code=currency_code, day=day),
    )


def package_plans(draft: Draft, fresh: Sequence[int]) -> tuple[list[PackagePlan], list[UUID]]:
    """Each package with its ids, and which package ids are ours to give. `fresh`: numbers for the new parts."""
    given = frozenset(draft.stored.given_package_ids) if draft.stored else frozenset()
    numbers = iter(fresh)
    plans, given_ids = [], []
    for package, state, match, lines in zip(
        draft.document.packages, draft.states, draft.matched.packages, draft.matched.lines, strict=True
    ):
        spark_id, ours = _package_id(package.identifiers.sparklayer_package_id, match, given)
        if ours:
            given_ids.append(spark_id)
        own = (number_of(PACKAGE, match["id"]) if match else None) or next(numbers)
        plans.append(PackagePlan(package, state, own, spark_id, [line or next(numbers) for line in lines]))
    return plans, given_ids


def _recognised(document: PurchaseDocument, states: Sequence[StateOfPackage], stored: StoredPurchase | None) -> Matched:
    if stored is None:
        return Matched([None] * len(document.packages), [[None] * len(one.line_items) for one in document.packages])
    matches = match_packages(
        packages=document.packages,
        states=[state.state for state in states],
        stored=orjson.loads(stored.contents)["packages"],
        given_ids=frozenset(stored.given_package_ids),
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
