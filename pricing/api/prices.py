"""Prices: of one SKU, of one list, and in batches; bulk writes are JSON or CSV."""

from __future__ import annotations

import re

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.bodies import BULK_BODY_LIMIT, read_body
from core.api.documents import validate
from core.api.query import Query
from core.api.schema import Problem
from core.api.views import ApiView
from core.errors import NotFound
from core.money import plain
from pricing import operations
from pricing.api.answers import (
    FlatPricesAnswer,
    RowFaultAnswers,
    VariantPricesAnswer,
    flat_prices_answered,
    variant_prices_answered,
)
from pricing.api.examples import (
    BATCH,
    BATCH_CSV,
    LIST_PRICES,
    LIST_PRICES_CSV,
    LIST_PRICES_PATCHED,
    LIST_PRICES_PATCHED_CSV,
    PRICING,
    PRICING_PATCHED,
    ROW_FAULTS,
)
from pricing.documents import ListedSkuPrices, SkuPrices, VariantPrices
from pricing.models import Price, PriceList
from pricing.price_files import read_prices, write_prices
from pricing.sent_prices import FaultyRows, SentPrices, read_rows

CSV = "text/csv"
PRICING_SCOPE = "products.pricing"
_CSV = re.compile(r"\s*text/csv\s*(?:;.*)?", re.ASCII | re.IGNORECASE | re.DOTALL)
_FLAT = ("sku", "quantity", "price", "unit_of_measure", "tax_type", "display_tax_rate")


class VariantPricingView(ApiView):
    required_scopes = (PRICING_SCOPE,)
    body_is_array = True

    @extend_schema(
        operation_id="pricing_retrieve",
        summary="Read the prices of a SKU",
        responses={200: VariantPricesAnswer},
        examples=[PRICING],
    )
    def get(self, request: Request, sku: str) -> Response:
        """Those that stand on a list, by its slug; not what rules make of them. A SKU need not be a variant's."""
        Query(request.query_params, known=()).check()
        return Response(variant_prices_answered(self.site, sku))

    @extend_schema(
        operation_id="pricing_update",
        summary="Set the prices of a SKU",
        request=VariantPrices,
        responses={200: VariantPricesAnswer},
        examples=[PRICING_PATCHED, PRICING],
    )
    def patch(self, request: Request, sku: str) -> Response:
        """On each list that is named, what is sent is all it costs; other lists stay. Answers all prices of the SKU."""
        rows = validate(VariantPrices, self.body()).root
        operations.set_prices(site=self.site, sku=sku, rows=rows)
        return Response(variant_prices_answered(self.site, sku))


@extend_schema_view(
    get=extend_schema(operation_id="variants_pricing_retrieve", summary="Read the prices of a SKU, older address"),
    patch=extend_schema(operation_id="variants_pricing_update", summary="Set the prices of a SKU, older address"),
)
class OlderVariantPricingView(VariantPricingView):
    """The same under the address that the first reference seems to have had."""


class BulkPricesView(ApiView):
    """An address that takes many rows, as JSON or CSV, and answers a bare array of what is wrong with them."""

    required_scopes = (PRICING_SCOPE,)
    body_is_array = True
    body_limit = BULK_BODY_LIMIT
    rows_model: type[SkuPrices | ListedSkuPrices]
    names_lists = False

    @property
    def is_csv(self) -> bool:
        return _CSV.fullmatch(self.http_request.META.get("CONTENT_TYPE", "")) is not None

    def sent(self) -> list[SentPrices]:
        """The rows of the body. Raises FaultyRows and the refusals of `core.api.bodies`."""
        if self.is_csv:
            return read_prices(read_body(self.http_request, limit=self.body_limit), names_lists=self.names_lists)
        return read_rows(self.rows_model, self.body())

    def handle_exception(self, exc: Exception) -> Response:
        """Lines at fault are answered bare, as the reference does."""
        response = super().handle_exception(exc)
        if isinstance(exc, FaultyRows):
            response.data = [{"line": row.line, "field": row.field, "message": row.message} for row in exc.rows]
        return response


class PriceListPricingView(BulkPricesView):
    rows_model = SkuPrices

    @extend_schema(
        operation_id="price_list_pricing_list",
        summary="Read the prices of a list",
        responses={(200, "application/json"): FlatPricesAnswer, (200, CSV): str, 204: None},
        examples=[LIST_PRICES, LIST_PRICES_CSV],
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Those that stand on it, by SKU and quantity; not what its rules make. 204 when there are none.

        CSV when the request has `Content-Type: text/csv`; what is answered can be sent back.
        """
        Query(request.query_params, known=()).check()
        price_list = PriceList.objects.for_site(self.site).filter(slug=slug).first()
        if price_list is None:
            raise NotFound
        prices = Price.objects.for_site(self.site).filter(price_list=price_list).order_by("sku", "quantity")
        rows = list(prices.values_list(*_FLAT))
        if not rows:
            return Response(status=204)
        if not self.is_csv:
            return Response(flat_prices_answered(rows))
        cells = (
            (sku, quantity, f"{plain(price):f}", unit, tax_type, None if rate is None else f"{plain(rate):f}")
            for sku, quantity, price, unit, tax_type, rate in rows
        )
        return HttpResponse(write_prices(cells), content_type=f"{CSV}; charset=utf-8")

    @extend_schema(
        operation_id="price_list_pricing_update",
        summary="Set the prices of SKUs on a list",
        request={"application/json": SkuPrices, CSV: str},
        responses={204: None, 400: RowFaultAnswers},
        examples=[LIST_PRICES_PATCHED, LIST_PRICES_PATCHED_CSV, ROW_FAULTS],
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Of each SKU that is named, what is sent is all it costs here; other SKUs stay. All or nothing.

        CSV: columns `sku`, `price`, `quantity` or `qty`, `unit_of_measure`, `tax_type`, `display_tax_rate`, one line
        for each break; a SKU with neither quantity nor price is taken off the list.
        """
        operations.update_price_list(site=self.site, slug=slug, sent=self.sent())
        return Response(status=204)

    @extend_schema(
        operation_id="price_list_pricing_delete", summary="Empty a price list", request=None, responses={204: None}
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Its prices go, its rules stay."""
        operations.empty_price_list(site=self.site, slug=slug)
        return Response(status=204)


class BatchUpdatePricingView(BulkPricesView):
    rows_model = ListedSkuPrices
    names_lists = True

    @extend_schema(
        operation_id="pricing_batch_update",
        summary="Set the prices of SKUs on several lists",
        request={"application/json": ListedSkuPrices, CSV: str},
        responses={204: None, 400: RowFaultAnswers, 404: Problem},
        examples=[BATCH, BATCH_CSV, ROW_FAULTS],
    )
    def patch(self, request: Request) -> Response:
        """Of each pair of SKU and list that is named, what is sent is all it costs; others stay. All or nothing.

        A list that is not there: 404. CSV as for one list, with a column `price_list_slug`.
        """
        operations.update_prices(site=self.site, sent=self.sent())
        return Response(status=204)
