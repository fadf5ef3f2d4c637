"""Routes of price lists and prices; mounted by `sparkproject.api_urls`."""

from __future__ import annotations

from django.urls import path

from pricing.api.price_lists import PriceListPagesView, PriceListsView, PriceListView
from pricing.api.prices import BatchUpdatePricingView, OlderVariantPricingView, PriceListPricingView, VariantPricingView
from pricing.api.questions import CalculatePricingView, FetchCustomerPricingView

urlpatterns = [
    path("v1/price-lists", PriceListsView.as_view(), name="price-lists"),
    path("v2/price-lists", PriceListPagesView.as_view(), name="price-list-pages"),
    path("v1/price-lists/<segment:slug>", PriceListView.as_view(), name="price-list"),
    path("v1/price-lists/<segment:slug>/pricing", PriceListPricingView.as_view(), name="price-list-pricing"),
    path("v1/pricing/<segment:sku>", VariantPricingView.as_view(), name="pricing"),
    path("v1/variants/<segment:sku>/pricing", OlderVariantPricingView.as_view(), name="variant-pricing"),
    path("v1/batch-update-pricing", BatchUpdatePricingView.as_view(), name="batch-update-pricing"),
    path("v1/calculate-pricing", CalculatePricingView.as_view(), name="calculate-pricing"),
    path("v1/fetch-customer-pricing", FetchCustomerPricingView.as_view(), name="fetch-customer-pricing"),
]
