"""The list of orders: what it is asked for, and its pages. An unknown filter or a bad value is refused."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Sequence
from typing import get_args

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from core.api.pagination import COUNT, PAGE_PARAMETERS
from core.api.query import Query
from core.ids import CUSTOMER, number_of
from core.models import Site
from core.site_settings import settings_of
from purchasing.api.filters import Asked, of_currency, read_place, read_search
from purchasing.core_orders import ORDER_TYPES
from purchasing.order_answers import OrderWord
from purchasing.store.listing import ORDERS, Condition, Listing, of_customer

SHOWN = Condition(f"type IN {tuple(sorted(ORDER_TYPES))}")
STATUSES = {
    "incoming": "type = 'order_unconfirmed' AND calculated_fulfilment_status = 'processing'",
    "processing": "type = 'order' AND calculated_fulfilment_status = 'processing'",
    "part_shipped": "calculated_fulfilment_status = 'partially_shipped'",
    "shipped": "calculated_fulfilment_status IN ('shipped', 'partially_returned')",
    "returned": "calculated_fulfilment_status = 'returned'",
    "cancelled": "calculated_fulfilment_status = 'cancelled'",
}
"""What `purchasing.core_orders.order_status` says, as conditions."""
TEXTS = {"external_id": "internal_id", "visible_id": "visible_id", "customer_reference": "customer_reference"}
CREATED = {"created_at[gte]": ">=", "created_at[lte]": "<="}
ORDERED = {"created_at": "placed_at", "visible_id": "visible"}
ORDER_BY = {f"{sign}{name}": ORDERS[f"{sign}{key}"] for name, key in ORDERED.items() for sign in ("", "-")}

PARAMETERS = [
    *(OpenApiParameter(name, str, description="Exactly this.") for name in TEXTS),
    OpenApiParameter("customer_id", str, description="A customer's id or external id."),
    OpenApiParameter("status", str, enum=get_args(OrderWord)),
    OpenApiParameter("currency_code", str, description="ISO 4217, in either letter case."),
    *(
        OpenApiParameter(name, str, description="A date-time, or a date for its first moment in the site's time zone.")
        for name in CREATED
    ),
    OpenApiParameter(
        "search",
        str,
        description="The beginning of an identifier, PO number or SKU, or of each word of product names, companies and "
        "ship-to addresses.",
    ),
    OpenApiParameter(
        "order_by", str, enum=list(ORDER_BY), description="`-created_at` when not given; `-` turns it round."
    ),
    *PAGE_PARAMETERS,
    COUNT,
]
KNOWN = tuple(parameter.name for parameter in PARAMETERS)


def read_order_filters(parameters: QueryDict, *, site: Site, seen: Sequence[Condition] = ()) -> Asked:
    """The filters of `GET /api/v1/orders`; `seen`: what its reader sees at all.

    Raises InvalidDocument naming every unknown or faulty parameter.
    """
    query = Query(parameters, known=KNOWN)
    order = ORDER_BY[query.choice("order_by", ORDER_BY) or "-created_at"]
    page = query.page()
    listing = Listing(
        site_id=site.pk,
        conditions=[*seen, SHOWN, *_named(query, site), *of_currency(query), *_created(query, site)],
        search=read_search(query, site),
        order=order,
        after=read_place(query, order),
        limit=page.limit,
        offset=page.offset,
    )
    count = bool(query.flag("count"))
    query.check()
    return Asked(listing, page, count)


def _named(query: Query, site: Site) -> Iterator[Condition]:
    """A blank text is nobody's."""
    for name, column in TEXTS.items():
        value = query.text(name)
        if value is not None:
            yield Condition(f"({column} = %s AND {column} <> '')", [value])
    customer = query.text("customer_id")
    if customer is not None:
        yield of_customer("customer_id", site_id=site.pk, number=number_of(CUSTOMER, customer), external_id=customer)
    status = query.choice("status", STATUSES)
    if status is not None:
        yield Condition(f"({STATUSES[status]})")


def _created(query: Query, site: Site) -> Iterator[Condition]:
    """An order's `created_at` is when it was placed, else submitted, else created: what lists are ordered by."""
    asked = [name for name in CREATED if name in query.values]
    zone = settings_of(site).time_zone if asked else zoneinfo.ZoneInfo("UTC")
    for name in asked:
        instant = query.instant(name, time_zone=zone)
        if instant is not None:
            yield Condition(f"ordered_at {CREATED[name]} %s", [instant], steady=False)
