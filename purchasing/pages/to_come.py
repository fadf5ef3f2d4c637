"""`/account/to-come/`: everything that has not left yet, over all orders that the customer sees, and its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import orjson
from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.downloads import csv_download
from core.errors import InvalidDocument
from core.paging import page_number, page_of
from core.spreadsheets import csv_of
from purchasing.models import Purchase
from purchasing.pages.address_bar import at_address
from purchasing.pages.fields import search_field
from purchasing.pages.letter_lines import as_on_letters
from purchasing.pages.visitor import Visitor, for_customers, is_partial, render_page
from purchasing.store.open_lines import OpenLine, open_lines, waits_for_more_than

PAGE_SIZE = 100
MOST_ORDERS = 2_000
"""Whose goods a page adds up, those that wait longest: it has to read every line of them."""
MOST_ROWS = 100_000
"""Of one file."""
MOST_ORDERS_OF_A_FILE = 20_000
_KNOWN = (
    "spark_id",
    "visible_id",
    "internal_id",
    "platform_id",
    "type",
    "site_id",
    *(f"{party}__{name}" for party in ("customer", "child") for name in ("company_name", "first_name", "last_name")),
)
SHOWN_ORDERS = 3
"""Of one row; the others are behind a fold."""
COLUMNS = (
    "sku",
    "name",
    "ship_to",
    "ordered",
    "shipped",
    "returned",
    "open",
    "not_confirmed",
    "expected_at",
    "orders",
    "companies",
)
"""`not_confirmed`: how much of `open` is of orders that the merchant has not confirmed yet."""


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that waits for something. `open`: how much of it. `confirmed`: whether the merchant has confirmed it."""

    spark_id: str
    number: str
    open: int
    confirmed: bool
    company: str


@dataclass(frozen=True, slots=True)
class ToCome:
    """A product that is still to come to an address, and the orders that wait for it, oldest first."""

    sku: str
    name: str
    ship_to: str
    ordered: int
    shipped: int
    open: int
    expected_on: date | None
    orders: list[WaitingOrder]

    @property
    def returned(self) -> int:
        return self.ordered - self.shipped - self.open

    @property
    def not_confirmed(self) -> int:
        return sum(order.open for order in self.orders if not order.confirmed)

    @property
    def companies(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(order.company for order in self.orders))

    @property
    def shown_orders(self) -> list[WaitingOrder]:
        return self.orders[:SHOWN_ORDERS]

    @property
    def folded_orders(self) -> list[WaitingOrder]:
        return self.orders[SHOWN_ORDERS:]


class ToComeFilters(forms.Form):
    """What narrows the list: words of SKU, product or ship-to."""

    search = search_field(_("Product, SKU or ship-to"))

    @property
    def words(self) -> list[str]:
        return str(self.cleaned_data["search"]).split()

    @property
    def chosen(self) -> dict[str, str]:
        """What is filtered by, for a short address."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}


@require_safe
@vary_on_headers("HX-Request")
@for_customers
def to_come(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The list; to a script that filters as one types, only the part below the filter."""
    form, buyers = ToComeFilters(request.GET), visitor.buyers
    rows = partial(_rows, visitor, buyers, form, most_orders=MOST_ORDERS)
    context = {
        "form": form,
        "page": page_of(rows, number=page_number(request.GET.get("page", "")), size=PAGE_SIZE),
        "query": urlencode(form.chosen),
        "more_than": MOST_ORDERS if _waits_for_more_than(visitor, buyers, MOST_ORDERS) else None,
    }
    if not is_partial(request):
        return render_page(request, visitor, "account/to_come.html", context)
    response = render_page(request, visitor, "account/_to_come.html", {**context, "replaces": True})
    return at_address(request, response, str(context["query"]))


@require_safe
@for_customers
def to_come_csv(request: HttpRequest, visitor: Visitor) -> StreamingHttpResponse:
    """What the page shows under the same filter, on all its pages together.

    Raises InvalidDocument when those are too many.
    """
    form, buyers = ToComeFilters(request.GET), visitor.buyers
    too_many = _waits_for_more_than(visitor, buyers, MOST_ORDERS_OF_A_FILE)
    rows = [] if too_many else _rows(visitor, buyers, form, MOST_ROWS + 1, 0, most_orders=MOST_ORDERS_OF_A_FILE)
    if too_many or len(rows) > MOST_ROWS:
        raise InvalidDocument(f"One file holds {MOST_ROWS} rows.", code="too-many-rows-of-a-file")
    return csv_download(_csv(rows), name=f"to-come-{visitor.today}")


def _waits_for_more_than(visitor: Visitor, buyers: list[int], orders: int) -> bool:
    return waits_for_more_than(site_id=visitor.site.pk, customer_ids=buyers, orders=orders)


def _rows(
    visitor: Visitor, buyers: list[int], form: ToComeFilters, limit: int, offset: int, *, most_orders: int
) -> list[ToCome]:
    """By SKU and ship-to; none while the filter has a fault, which the form then names."""
    if not form.is_valid():
        return []
    lines = open_lines(
        site_id=visitor.site.pk,
        customer_ids=buyers,
        limit=limit,
        offset=offset,
        today=visitor.today,
        words=form.words,
        most_orders=most_orders,
    )
    waiting = [orjson.loads(line.purchases) for line in lines]
    oldest = {line.ship_to: _id(items[0]) for line, items in zip(lines, waiting, strict=True)}
    places = as_on_letters(oldest, site=visitor.site)
    known = _orders(visitor, {_id(item) for items in waiting for item in items})
    return [
        _row(line, places.get(line.ship_to, line.ship_to), items, known)
        for line, items in zip(lines, waiting, strict=True)
    ]


def _id(waiting: dict[str, Any]) -> str:
    spark_id: str = waiting["purchase_identifiers"]["sparklayer"]
    return spark_id


def _orders(visitor: Visitor, spark_ids: set[str]) -> dict[str, Purchase]:
    """These orders by id, with what the open lines do not say of them. One query."""
    rows = Purchase.objects.for_site(visitor.site).filter(spark_id__in=spark_ids).select_related("customer", "child")
    return {str(purchase.spark_id): purchase for purchase in rows.only(*_KNOWN)}


def _row(line: OpenLine, ship_to: str, waiting: list[dict[str, Any]], known: dict[str, Purchase]) -> ToCome:
    return ToCome(
        sku=line.sku,
        name=line.name,
        ship_to=ship_to,
        ordered=line.ordered,
        shipped=line.shipped,
        open=line.open,
        expected_on=date.fromisoformat(line.expected_at) if line.expected_at else None,
        orders=[
            WaitingOrder(
                spark_id=str(order.spark_id),
                number=order.number,
                open=item["open"],
                confirmed=order.type == Purchase.Type.ORDER,
                company=order.company,
            )
            for item in waiting
            if (order := known.get(_id(item)))  # else it has gone in between
        ],
    )


def _csv(rows: list[ToCome]) -> Iterator[bytes]:
    yield from csv_of([COLUMNS])
    yield from csv_of(
        (
            row.sku,
            row.name,
            row.ship_to,
            row.ordered,
            row.shipped,
            row.returned,
            row.open,
            row.not_confirmed,
            row.expected_on,
            " ".join(order.number for order in row.orders),
            ", ".join(row.companies),
        )
        for row in rows
    )
