"""Prices: what a SKU costs on a list from a quantity on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import ImportAdmin
from core.money import plain
from pricing.admin.asking import AskedFromPrices
from pricing.admin.saving import PlainFiguresForm, save_price
from pricing.imports import PriceImporter
from pricing.models import Price


@admin.register(Price)
class PriceAdmin(AskedFromPrices, ImportAdmin):
    """A break is known by list, SKU and quantity, which are settled when it is made."""

    importer = PriceImporter
    form = PlainFiguresForm
    list_display = ("sku", "price_list", "quantity", "figure", "currency", "tax_type", "unit_of_measure")
    list_filter = ("price_list", "tax_type", "site")
    list_filter_sheet = False
    actions_detail = ("why",)
    list_select_related = ("price_list",)
    search_fields = ("sku",)
    search_help_text = _("SKU")
    autocomplete_fields = ("price_list",)
    fields = (
        "price_list",
        ("sku", "quantity", "price"),
        ("tax_type", "display_tax_rate", "unit_of_measure"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        rows: QuerySet[Price] = super().get_queryset(request)
        return rows.select_related("site", "price_list")

    def get_readonly_fields(self, request: HttpRequest, obj: Price | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(("price_list", "sku", "quantity") if obj else ())]

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        obj.pk = save_price(obj).pk

    def response_change(self, request: HttpRequest, obj: Price) -> HttpResponse:
        """Breaks of a SKU are replaced as one, so the row has a new number: the way on leads there."""
        request.path = reverse("admin:pricing_price_change", args=[obj.pk])
        return super().response_change(request, obj)

    @display(description=_("price"), ordering="price")
    def figure(self, price: Price) -> str:
        return f"{plain(price.price):f}"

    @display(description=_("currency"), ordering="price_list__currency_code")
    def currency(self, price: Price) -> str:
        return price.price_list.currency_code
