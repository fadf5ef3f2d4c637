"""Orders of the Core API: the same purchases under their other face, with the same ETag and the same revisions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.cursors import cursor_of
from core.api.etag import if_match, if_none_match
from core.api.idempotency import idempotent
from core.api.pagination import TOTAL, link_behind
from core.errors import NotFound
from core.models import Site
from customers.api.reader import ReaderApiView
from customers.models import Customer
from purchasing import store
from purchasing.api.order_examples import (
    CANCEL_BODY,
    CHANGE_BODY,
    ORDER_ANSWER,
    ORDER_BODY,
    ORDER_ROWS,
    PACKAGE_BODY,
    RETURN_BODY,
    SHIP_BODY,
)
from purchasing.api.order_list import PARAMETERS as PARAMETERS_OF_LIST
from purchasing.api.order_list import read_order_filters
from purchasing.core_orders import ORDER_TYPES
from purchasing.fulfilment import (
    cancel_items,
    create_order,
    order_lookup,
    return_items,
    set_invoice_url,
    ship_items,
    update_package,
)
from purchasing.operations import Preconditions
from purchasing.order_answers import OrderAnswer, OrderRows
from purchasing.order_documents import (
    CancelDocument,
    OrderChange,
    OrderDocument,
    PackageDocument,
    ReturnDocument,
    ShipDocument,
    read_order_body,
)
from purchasing.order_rendering import order_answered
from purchasing.putting import Put
from purchasing.store import StoredPurchase
from purchasing.store.listing import count_purchases, list_purchases
from purchasing.visibility import is_visible, seen_by

ORDER_PARAMETER = OpenApiParameter(
    "order_id", str, OpenApiParameter.PATH, description="`o_…`, or the caller's external id."
)
PARAMETERS = [
    ORDER_PARAMETER,
    OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="Write only over this version (`*`: any)."),
]
PACKAGE_PARAMETERS = [
    *PARAMETERS,
    OpenApiParameter(
        "package_id",
        str,
        OpenApiParameter.PATH,
        description="`orp_…`, the SparkLayer package id, or the caller's external id.",
    ),
]


class OrderApiView(ReaderApiView):
    """An order: `o_…`, or the caller's external id."""

    required_scopes = ("orders",)

    @property
    def writing(self) -> dict[str, Any]:
        """Who writes where, over which version."""
        return {
            "site": self.site,
            "actor": self.actor,
            "preconditions": Preconditions(if_match(self.http_request), if_none_match(self.http_request)),
        }

    def answer(self, put: Put) -> Response:
        return Response(order_answered(put.purchase), headers={"ETag": put.purchase.etag})


class OrdersView(OrderApiView):
    """Orders of the site; for a customer those that he sees."""

    person_methods = ("GET",)

    @extend_schema(
        operation_id="order_list",
        summary="List orders",
        parameters=[*PARAMETERS_OF_LIST, TOTAL],
        responses={200: OrderRows},
        examples=[ORDER_ROWS],
    )
    def get(self, request: Request) -> Response:
        """Newest first, or as `order_by` says. A `Link` header names the next page; a page with fewer rows than `limit`
        is the last.
        """
        asked = read_order_filters(request.query_params, site=self.site, seen=seen_by(self.reader))
        listed = list_purchases(asked.listing)
        numbers = [row.id for row in listed]
        whole = {row.id: row for row in store.read_purchases(site_id=self.site.pk, numbers=numbers)} if listed else {}
        headers: dict[str, str] = {}
        for row in listed[-1:]:
            cursor = cursor_of(asked.listing.order.name, row.key, row.id)
            headers |= link_behind(self.http_request, page=asked.page, rows=len(listed), cursor=cursor)
        if asked.count:
            headers["X-Total-Count"] = str(count_purchases(asked.listing))
        # One that was deleted between the two reads is told of no more.
        return Response([order_answered(whole[number]) for number in numbers if number in whole], headers=headers)

    @extend_schema(
        operation_id="order_create",
        summary="Create an order",
        request=OrderDocument,
        responses={200: OrderAnswer},
        examples=[ORDER_BODY, ORDER_ANSWER],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """It is a purchase of type `order`. A taken `external_id` or `visible_id`: 409 `resource-already-exists`."""
        document = read_order_body(OrderDocument, self.body())
        return self.answer(create_order(site=self.site, document=document, actor=self.actor))


class OrderView(OrderApiView):
    """One order."""

    person_methods = ("GET",)

    @extend_schema(
        operation_id="order_retrieve",
        summary="Read an order",
        parameters=[ORDER_PARAMETER],
        responses={200: OrderAnswer, 304: OpenApiResponse(description="Not changed since `If-None-Match`.")},
        examples=[ORDER_ANSWER],
    )
    def get(self, request: Request, order_id: str) -> HttpResponseBase:
        """The order with its packages. `ETag` is that of the purchase it is."""
        purchase = find_order(self.site, order_id, reader=self.reader)
        headers = {"ETag": purchase.etag}
        known = if_none_match(self.http_request)
        if known is not None and known.match(purchase.etag):
            return HttpResponse(status=304, headers=headers)
        return Response(order_answered(purchase), headers=headers)

    @extend_schema(
        operation_id="order_update",
        summary="Change an order",
        parameters=PARAMETERS,
        request=OrderChange,
        responses={200: OrderAnswer},
        examples=[CHANGE_BODY, ORDER_ANSWER],
    )
    def patch(self, request: Request, order_id: str) -> Response:
        """Only `invoice_url`; null removes it. Other members are ignored."""
        document = read_order_body(OrderChange, self.body())
        return self.answer(set_invoice_url(lookup=order_lookup(order_id), document=document, **self.writing))


class ShipView(OrderApiView):
    @extend_schema(
        operation_id="order_ship",
        summary="Ship items",
        parameters=PARAMETERS,
        request=ShipDocument,
        responses={200: OrderAnswer},
        examples=[SHIP_BODY, ORDER_ANSWER],
    )
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The named goods move from open packages, oldest first, into a new one that was shipped."""
        document = read_order_body(ShipDocument, self.body())
        return self.answer(ship_items(lookup=order_lookup(order_id), document=document, **self.writing))


@extend_schema_view(post=extend_schema(operation_id="order_ship_items", summary="Ship items (alias)"))
class ShipItemsView(ShipView):
    """The same at its longer name."""


class CancelView(OrderApiView):
    @extend_schema(
        operation_id="order_cancel",
        summary="Cancel items",
        parameters=PARAMETERS,
        request=CancelDocument,
        responses={200: OrderAnswer},
        examples=[CANCEL_BODY, ORDER_ANSWER],
    )
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The named goods move from open packages, oldest first, into a new cancelled one."""
        document = read_order_body(CancelDocument, self.body())
        return self.answer(cancel_items(lookup=order_lookup(order_id), document=document, **self.writing))


@extend_schema_view(post=extend_schema(operation_id="order_cancel_items", summary="Cancel items (alias)"))
class CancelItemsView(CancelView):
    """The same at its longer name."""


class ReturnView(OrderApiView):
    @extend_schema(
        operation_id="order_return",
        summary="Return items",
        parameters=PARAMETERS,
        request=ReturnDocument,
        responses={200: OrderAnswer},
        examples=[RETURN_BODY, ORDER_ANSWER],
    )
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The named goods move from shipped packages, oldest first, into a new one that came back."""
        document = read_order_body(ReturnDocument, self.body())
        return self.answer(return_items(lookup=order_lookup(order_id), document=document, **self.writing))


@extend_schema_view(post=extend_schema(operation_id="order_return_items", summary="Return items (alias)"))
class ReturnItemsView(ReturnView):
    """The same at its longer name."""


class PackageView(OrderApiView):
    @extend_schema(
        operation_id="order_package_update",
        summary="Update a package",
        parameters=PACKAGE_PARAMETERS,
        request=PackageDocument,
        responses={200: OrderAnswer},
        examples=[PACKAGE_BODY, ORDER_ANSWER],
    )
    def patch(self, request: Request, order_id: str, package_id: str) -> Response:
        """Named items take the sent quantity and money, new ones are added, lines that are not named go."""
        document = read_order_body(PackageDocument, self.body())
        return self.answer(
            update_package(lookup=order_lookup(order_id), package=package_id, document=document, **self.writing)
        )

    @extend_schema(
        operation_id="order_package_put",
        summary="Update a package (alias of PATCH)",
        parameters=PACKAGE_PARAMETERS,
        request=PackageDocument,
        responses={200: OrderAnswer},
        examples=[PACKAGE_BODY, ORDER_ANSWER],
    )
    def put(self, request: Request, order_id: str, package_id: str) -> Response:
        """As PATCH."""
        return self.patch(request, order_id, package_id)


def find_order(site: Site, identifier: str, *, reader: Customer | None) -> StoredPurchase:
    """The order a path names. Raises NotFound, also for one that the reader does not see."""
    lookup = order_lookup(identifier)
    found = store.find_purchases(site_id=site.pk, identifiers={lookup.kind: lookup.value})
    if not found or found[0].type not in ORDER_TYPES or not is_visible(found[0], reader=reader):
        raise NotFound
    return found[0]
