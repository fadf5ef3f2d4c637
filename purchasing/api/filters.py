"""What a list of purchases is asked for: filters, paging, cursor. An unknown filter or a bad value is refused."""

from __future__ import annotations

import base64
import binascii
import zoneinfo
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from django.http import QueryDict

from core.api.query import Page, Query
from core.ids import CUSTOMER, number_of
from core.models import Site
from core.site_settings import settings_of
from purchasing.documents import PurchaseType
from purchasing.store.listing import Condition, Place, of_customer

CUSTOMER_FILTERS = {
    "customer_identifiers[sparklayer]": "customer_id",
    "customer_identifiers[sparklayer_impersonator]": "impersonator_id",
    "customer_identifiers[sparklayer_child]": "child_id",
}
DATE_FILTERS = {
    "dates[last_updated][gte]": "changed_at >= %s",
    "dates[last_updated][lte]": "changed_at <= %s",
    "dates[placed][gte]": "placed_at >= %s",
    "dates[placed][lte]": "placed_at <= %s",
}
ALIASES = {
    "customer_identifiers[sparklayer_sales_rep]": "customer_identifiers[sparklayer_impersonator]",
    "dates[last_updated[gte]": "dates[last_updated][gte]",
    "dates[last_updated[lte]": "dates[last_updated][lte]",
}
KNOWN = (*CUSTOMER_FILTERS, *DATE_FILTERS, "type", "limit", "offset", "cursor")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the query parameters come to."""

    conditions: list[Condition]
    page: Page
    after: Place | None
    by_offset: bool


def read_filters(parameters: QueryDict, *, site: Site) -> Asked:
    """The filters of `GET /api/v1/purchases`. Raises InvalidDocument naming every unknown or faulty parameter."""
    query = Query(parameters, known=KNOWN, aliases=ALIASES)
    conditions: list[Condition] = []
    for name, column in CUSTOMER_FILTERS.items():
        value = query.text(name)
        if value is not None:
            conditions.append(
                of_customer(column, site_id=site.pk, number=number_of(CUSTOMER, value), external_id=value)
            )
    type_ = query.choice("type", get_args(PurchaseType))
    if type_ is not None:
        conditions.append(Condition("type = %s", [type_]))
    conditions.extend(_dates(query, site))
    page = query.page()
    after = _place(query)
    if "cursor" in query.values and "offset" in query.values:
        query.refuse("cursor", "Give a cursor or an offset, not both.")
    query.check()
    return Asked(conditions, page, after, "offset" in query.values)


def cursor_of(ordered_at: datetime, number: int) -> str:
    """The opaque `cursor` that continues behind this purchase."""
    return base64.urlsafe_b64encode(f"{ordered_at.isoformat()} {number}".encode()).decode().rstrip("=")


def _dates(query: Query, site: Site) -> list[Condition]:
    asked = [name for name in DATE_FILTERS if name in query.values]
    zone = settings_of(site).time_zone if asked else zoneinfo.ZoneInfo("UTC")
    found = []
    for name in asked:
        instant = query.instant(name, time_zone=zone)
        if instant is not None:
            found.append(Condition(DATE_FILTERS[name], [instant]))
    return found


def _place(query: Query) -> Place | None:
    value = query.text("cursor")
    if value is None:
        return None
    try:
        text = base64.urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4)).decode("ascii")
        instant, number = text.rsplit(" ", 1)
        place = Place(datetime.fromisoformat(instant), int(number))
        if place.ordered_at.tzinfo is None or not 0 < place.id < 2**63:
            raise ValueError(value)
    except (ValueError, binascii.Error):
        query.refuse("cursor", "Give a cursor as a Link header named it.")
        return None
    return place
