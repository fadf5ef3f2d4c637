"""Stock: of one SKU, and in batches of many."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import operations
from catalog.api.answers import SkuStocks, StockAnswers, stock_answered
from catalog.api.examples import (
    STOCK,
    STOCK_ASKED,
    STOCK_BATCH,
    STOCK_FETCHED,
    STOCK_PATCHED,
    STOCK_REMOVED,
)
from catalog.api.products import STOCK_SCOPE
from catalog.documents import StockFilter, StockLevels, StockQuestion, StockRemoval, StockRows
from catalog.models import DEFAULT_LOCATION, StockLocation
from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.views import ApiView
from core.models import Site
from core.scopes import read_scope


class VariantStockView(ApiView):
    required_scopes = (STOCK_SCOPE,)
    body_is_array = True

    @extend_schema(
        operation_id="variants_stock_list",
        summary="Read the stock of a SKU",
        responses={200: StockAnswers},
        examples=[STOCK],
    )
    def get(self, request: Request, sku: str) -> Response:
        """By location. 404 for a SKU that neither a variant has nor any stock."""
        operations.require_sku(site=self.site, sku=sku)
        return Response(stock_answered(self.site, [sku]).get(sku, []))

    @extend_schema(
        operation_id="variants_stock_update",
        summary="Set the stock of a SKU",
        request=StockLevels,
        responses={204: None},
        examples=[STOCK_PATCHED],
    )
    def patch(self, request: Request, sku: str) -> Response:
        """Overwrites what the named locations hold; others stay as they are."""
        levels = validate(StockLevels, self.body()).root
        operations.set_stock(site=self.site, sku=sku, levels=levels, now=timezone.now())
        return Response(status=204)


class BatchFetchStockView(ApiView):
    required_scopes = (STOCK_SCOPE, read_scope(STOCK_SCOPE))  # it asks by POST and changes nothing

    @extend_schema(
        operation_id="stock_batch_fetch",
        summary="Read the stock of many SKUs",
        request=StockQuestion,
        responses={200: SkuStocks},
        examples=[STOCK_ASKED, STOCK_FETCHED],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """At the location whose external id is `default`, unless the filter says where. SKUs without are left out."""
        question = validate(StockQuestion, self.body())
        location_ids = _locations_asked_for(self.site, question.filter)
        stock = stock_answered(self.site, question.skus, location_ids=location_ids)
        skus = [sku for sku in dict.fromkeys(question.skus) if sku in stock]
        return Response([{"sku": sku, "stock": stock[sku]} for sku in skus])


class BatchUpdateStockView(ApiView):
    required_scopes = (STOCK_SCOPE,)
    body_is_array = True

    @extend_schema(
        operation_id="stock_batch_update",
        summary="Set the stock of many SKUs",
        request=StockRows,
        responses={204: None},
        examples=[STOCK_BATCH],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Overwrites each pair of SKU and location that is named; others stay. All or nothing."""
        rows = validate(StockRows, self.body()).root
        operations.update_stock(site=self.site, rows=rows, now=timezone.now())
        return Response(status=204)


class BatchDeleteStockView(ApiView):
    required_scopes = (STOCK_SCOPE,)

    @extend_schema(
        operation_id="stock_batch_delete",
        summary="Take away the stock of many SKUs",
        request=StockRemoval,
        responses={204: None},
        examples=[STOCK_REMOVED],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """At every location. SKUs without stock are ignored."""
        removal = validate(StockRemoval, self.body())
        operations.delete_stock(site=self.site, skus=removal.skus)
        return Response(status=204)


def _locations_asked_for(site: Site, asked: StockFilter) -> list[int] | None:
    """Our numbers of the locations; None: all of them."""
    if asked.all_stock_locations:
        return None
    named = asked.stock_location_ids or [DEFAULT_LOCATION]
    return list(StockLocation.objects.for_site(site).numbers_of(named).values())
