"""Price lists: set up, read, change, take away, list."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.query import Query
from core.api.views import ApiView
from core.errors import NotFound
from pricing import operations
from pricing.api.answers import PriceListAnswer, PriceListPage, PriceListRows, price_lists_answered
from pricing.api.examples import LIST, LIST_BY_RULE, LIST_CREATED, LIST_PATCHED, LISTS, LISTS_PAGE
from pricing.documents import NewPriceList, PriceListChange
from pricing.models import PriceList, PriceListQuerySet

MOST_LISTS = 25_000
MOST_ON_A_PAGE = 250
ON_A_PAGE = 50
ORDERS = {f"{sign}{name}": (f"{sign}{name}", f"{sign}id") for name in ("name", "slug") for sign in ("", "-")}


class PriceListApiView(ApiView):
    """An address of price lists, which are set-up data and prices alike."""

    required_scopes = ("setup", "products.pricing")

    def price_lists(self) -> PriceListQuerySet:
        return PriceList.objects.for_site(self.site)

    def answer(self, slug: str) -> Response:
        """The list as it stands now. Raises NotFound."""
        answers = price_lists_answered(self.price_lists().filter(slug=slug).for_answer())
        if not answers:
            raise NotFound
        return Response(answers[0])


class PriceListsView(PriceListApiView):
    @extend_schema(
        operation_id="price_lists_list",
        summary="List price lists",
        responses={200: PriceListRows},
        examples=[LISTS],
    )
    def get(self, request: Request) -> Response:
        """All of them, by name; at most 25,000."""
        Query(request.query_params, known=()).check()
        return Response(price_lists_answered(self.price_lists().for_answer().order_by("name", "id")[:MOST_LISTS]))

    @extend_schema(
        operation_id="price_lists_create",
        summary="Set up a price list",
        request=NewPriceList,
        responses={200: PriceListAnswer},
        examples=[LIST_CREATED, LIST_BY_RULE, LIST],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Its slug is free on the site (else 400 `resource-already-exists`), its rules lead to lists of the site.

        A rule that leads back to this list is 400 `rule-cycle`.
        """
        document = validate(NewPriceList, self.body())
        return self.answer(operations.create_price_list(site=self.site, document=document).slug)


class PriceListView(PriceListApiView):
    @extend_schema(
        operation_id="price_lists_retrieve",
        summary="Read a price list",
        responses={200: PriceListAnswer},
        examples=[LIST],
    )
    def get(self, request: Request, slug: str) -> Response:
        """With its rules."""
        return self.answer(slug)

    @extend_schema(
        operation_id="price_lists_update",
        summary="Change a price list",
        request=PriceListChange,
        responses={200: PriceListAnswer},
        examples=[LIST_PATCHED, LIST],
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Changes what is sent and nothing else; `rules` are replaced as a whole. Prices stay as they are."""
        document = validate(PriceListChange, self.body())
        return self.answer(operations.patch_price_list(site=self.site, slug=slug, document=document).slug)

    @extend_schema(
        operation_id="price_lists_delete", summary="Take away a price list", request=None, responses={204: None}
    )
    def delete(self, request: Request, slug: str) -> Response:
        """With its rules and prices. 400 `resource-in-use` while a rule of another list has it as its source."""
        operations.delete_price_list(site=self.site, slug=slug)
        return Response(status=204)


class PriceListPagesView(PriceListApiView):
    @extend_schema(
        operation_id="price_lists_pages",
        tags=["price-lists"],
        summary="List price lists by page",
        parameters=[
            OpenApiParameter("page", int, description="From 1 on."),
            OpenApiParameter("page_size", int, description="1 to 250; 50 when not given."),
            OpenApiParameter("ordering", str, enum=list(ORDERS), description="`name` when not given."),
            OpenApiParameter("source", str, enum=PriceList.Source.values, description="Only of this source."),
        ],
        responses={200: PriceListPage},
        examples=[LISTS_PAGE],
    )
    def get(self, request: Request) -> Response:
        """A page after the last one is empty."""
        query = Query(request.query_params, known=("page", "page_size", "ordering", "source"))
        page = query.whole("page", lowest=1, highest=1_000_000, default=1) or 1
        size = query.whole("page_size", lowest=1, highest=MOST_ON_A_PAGE, default=ON_A_PAGE) or ON_A_PAGE
        order = query.choice("ordering", ORDERS, default="name") or "name"
        source = query.choice("source", PriceList.Source.values)
        query.check()
        rows = self.price_lists()
        if source:
            rows = rows.filter(source=source)
        total = max(1, -(-rows.count() // size))
        found = rows.for_answer().order_by(*ORDERS[order])[(page - 1) * size : page * size]
        pagination = {"current_page": page, "total_pages": total}
        return Response({"data": price_lists_answered(found), "pagination": pagination})
