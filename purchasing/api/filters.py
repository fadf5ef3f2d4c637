"""What a list of purchases is asked for: filters, order, place. An unknown filter or a bad value is refused."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from uuid import UUID

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from core.api.cursors import instant_key, read_cursor, running_number, text_key
from core.api.pagination import COUNT, PAGE_PARAMETERS
from core.api.query import Page, Query
from core.ids import CUSTOMER, is_uuid, number_of
from core.models import Site
from core.money import EXPONENTS
from core.site_settings import settings_of
from purchasing.answers import FulfilmentWord, PaymentWord
from purchasing.documents import PurchaseType
from purchasing.search import Search, search_of
from purchasing.store.listing import BY_DELETION, DEFAULT_ORDER, ORDERS, Condition, Listing, Order, Place, of_customer

CUSTOMER_FILTERS = {
    "customer_identifiers[sparklayer]": "customer_id",
    "customer_identifiers[sparklayer_impersonator]": "impersonator_id",
    "customer_identifiers[sparklayer_child]": "child_id",
}
IDENTIFIER_FILTERS = {
    f"purchase_identifiers[{kind}]": f"{kind}_id" for kind in ("sparklayer", "platform", "internal", "visible")
}
STATUS_FILTERS = {
    "calculated_fulfilment_status": get_args(FulfilmentWord),
    "calculated_payment_status": get_args(PaymentWord),
}
PLACED_FILTERS = {"dates[placed][gte]": ">=", "dates[placed][lte]": "<="}
CHANGED_FILTERS = {"dates[last_updated][gte]": ">=", "dates[last_updated][lte]": "<="}
ALIASES = {
    "customer_identifiers[sparklayer_sales_rep]": "customer_identifiers[sparklayer_impersonator]",
    "dates[last_updated[gte]": "dates[last_updated][gte]",
    "dates[last_updated[lte]": "dates[last_updated][lte]",
}
NULL = "null"
"""Finds purchases whose status is null: quotes, carts and the like."""
PAGING = ("limit", "offset", "cursor", "count")
OF_DELETED = (*CHANGED_FILTERS, "deleted", *PAGING)
"""What a list of deleted purchases may be asked for."""

PARAMETERS = [
    *(OpenApiParameter(name, str, description="A customer's id or external id.") for name in CUSTOMER_FILTERS),
    *(OpenApiParameter(name, str, description="Exactly this.") for name in IDENTIFIER_FILTERS),
    OpenApiParameter("customer_reference", str, description="Exactly this PO number."),
    OpenApiParameter("type", str, enum=get_args(PurchaseType)),
    *(
        OpenApiParameter(name, str, enum=[*words, NULL], description=f"`{NULL}`: those that have none.")
        for name, words in STATUS_FILTERS.items()
    ),
    OpenApiParameter("has_outstanding", bool, description="Whether money is still to be paid."),
    OpenApiParameter("currency_code", str, description="ISO 4217, in either letter case."),
    *(
        OpenApiParameter(name, str, description="A date-time, or a date for its first moment in the site's time zone.")
        for name in PLACED_FILTERS
    ),
    *(
        OpenApiParameter(
            name, str, description="Our time of the last change of any kind, payments included; of the deletion."
        )
        for name in CHANGED_FILTERS
    ),
    OpenApiParameter(
        "search",
        str,
        description="The beginning of an identifier, PO number or SKU, or of each word of product names, companies and "
        "ship-to addresses.",
    ),
    OpenApiParameter(
        "order_by", str, enum=list(ORDERS), description="`-placed_at` when not given; `-` turns it round."
    ),
    OpenApiParameter("deleted", bool, description="`true`: what was deleted, oldest deletion first."),
    *PAGE_PARAMETERS,
    COUNT,
]
KNOWN = tuple(parameter.name for parameter in PARAMETERS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the query parameters come to. `listing` has the page's limits already; `count`: the total is wanted."""

    listing: Listing
    page: Page
    count: bool


def read_filters(parameters: QueryDict, *, site: Site, seen: Sequence[Condition] = ()) -> Asked:
    """The filters of `GET /api/v1/purchases`; `seen`: what its reader sees at all.

    Raises InvalidDocument naming every unknown or faulty parameter.
    """
    query = Query(parameters, known=KNOWN, aliases=ALIASES)
    deleted = bool(query.flag("deleted"))
    if deleted:
        for name in query.values.keys() - set(OF_DELETED):
            query.refuse(name, "Deleted purchases are not asked for by this.")
    order = BY_DELETION if deleted else ORDERS[query.choice("order_by", ORDERS) or DEFAULT_ORDER.name]
    page = query.page()
    listing = Listing(
        site_id=site.pk,
        conditions=[
            *seen,
            *_parties(query, site),
            *_texts(query),
            *_states(query),
            *_dates(query, site, deleted=deleted),
        ],
        search=read_search(query, site),
        order=order,
        deleted=deleted,
        after=read_place(query, order),
        limit=page.limit,
        offset=page.offset,
    )
    count = bool(query.flag("count"))
    query.check()
    return Asked(listing, page, count)


def _parties(query: Query, site: Site) -> Iterator[Condition]:
    for name, column in CUSTOMER_FILTERS.items():
        value = query.text(name)
        if value is not None:
            yield of_customer(column, site_id=site.pk, number=number_of(CUSTOMER, value), external_id=value)


def _texts(query: Query) -> Iterator[Condition]:
    """Identifiers and PO number, exactly as they are; a blank one is nobody's."""
    for name, column in {**IDENTIFIER_FILTERS, "customer_reference": "customer_reference"}.items():
        value = query.text(name)
        if value is None:
            continue
        if column != "sparklayer_id":
            yield Condition(f"({column} = %s AND {column} <> '')", [value])
        elif is_uuid(value):
            yield Condition("spark_id = %s", [UUID(value)])
        else:
            query.refuse(name, "Give a UUID written 8-4-4-4-12.")


def _states(query: Query) -> Iterator[Condition]:
    """Words of a few, written into the statement: a plan is made for each, as it depends on how common the word is."""
    type_ = query.choice("type", get_args(PurchaseType))
    if type_ is not None:
        yield Condition(f"type = '{type_}'")
    for name, words in STATUS_FILTERS.items():
        word = query.choice(name, (*words, NULL))
        if word is not None:
            yield Condition(f"{name} IS NULL") if word == NULL else Condition(f"{name} = '{word}'")
    owing = query.flag("has_outstanding")
    if owing is not None:
        yield Condition("outstanding > 0" if owing else "outstanding = 0")
    yield from of_currency(query)


def of_currency(query: Query) -> Iterator[Condition]:
    """Purchases in the currency that `currency_code` names, in either letter case."""
    code = (query.text("currency_code") or "").upper()
    if code in EXPONENTS:
        yield Condition(f"currency_code = '{code}'")
    elif "currency_code" in query.values:
        query.refuse("currency_code", "Give a currency code of ISO 4217.")


def _dates(query: Query, site: Site, *, deleted: bool) -> Iterator[Condition]:
    asked = [name for name in (*PLACED_FILTERS, *CHANGED_FILTERS) if name in query.values]
    zone = settings_of(site).time_zone if asked else zoneinfo.ZoneInfo("UTC")
    for name in asked:
        instant = query.instant(name, time_zone=zone)
        if instant is None:
            continue
        if name in CHANGED_FILTERS:
            column = "deleted_at" if deleted else "changed_at"
            yield Condition(f"{column} {CHANGED_FILTERS[name]} %s", [instant], steady=False)
        else:
            # What was placed is ordered by when: said so, the index of the list serves.
            side = PLACED_FILTERS[name]
            yield Condition(f"(placed_at {side} %s AND ordered_at {side} %s)", [instant, instant], steady=False)


def read_search(query: Query, site: Site) -> Search | None:
    """What `search` looks for; a text without words is refused."""
    text = query.text("search")
    if text is None:
        return None
    search = search_of(text, site_id=site.pk)
    if search is None:
        query.refuse("search", "Give something to search for.")
    return search


def read_place(query: Query, order: Order) -> Place | None:
    """Where `cursor` goes on, in this order."""
    key: Callable[[str], datetime | str] = text_key if order.kind == "text" else instant_key
    place = read_cursor(query, order.name, key=key, number=running_number)
    return Place(*place) if place else None
