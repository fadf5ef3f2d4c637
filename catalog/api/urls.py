"""Routes of the catalogue; mounted by `sparkproject.api_urls`."""

from __future__ import annotations

from django.urls import path

from catalog.api.products import ProductsView, ProductView
from catalog.api.stock import BatchDeleteStockView, BatchFetchStockView, BatchUpdateStockView, VariantStockView
from catalog.api.stock_locations import StockLocationsView, StockLocationView
from catalog.api.variants import VariantsView, VariantView

urlpatterns = [
    path("v1/products", ProductsView.as_view(), name="products"),
    path("v1/products/<segment:id>", ProductView.as_view(), name="product"),
    path("v1/variants", VariantsView.as_view(), name="variants"),
    path("v1/variants/<segment:id>", VariantView.as_view(), name="variant"),
    path("v1/variants/<segment:sku>/stock", VariantStockView.as_view(), name="variant-stock"),
    path("v1/batch-fetch-stock", BatchFetchStockView.as_view(), name="batch-fetch-stock"),
    path("v1/batch-update-stock", BatchUpdateStockView.as_view(), name="batch-update-stock"),
    path("v1/batch-delete-stock", BatchDeleteStockView.as_view(), name="batch-delete-stock"),
    path("v1/stock-locations", StockLocationsView.as_view(), name="stock-locations"),
    path("v1/stock-locations/<segment:id>", StockLocationView.as_view(), name="stock-location"),
]
