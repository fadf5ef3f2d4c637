"""Prices: what a SKU costs on a list from a quantity on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import ImportAdmin
from core.admin.display import Money, price
from core.money import price_text
from pricing.admin.asking import AskedFromPrices
from pricing.admin.saving import PlainFiguresForm, save_price
from pricing.imports import PriceImporter
from pricing.models import Price


class PriceForm(PlainFiguresForm):
    def get_initial_for_field(self, field: Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        if field_name != "price" or value is None or self.instance._state.adding:
            return value
        return price_text(Decimal(value), self.instance.price_list.currency_code)


@admin.register(Price)
class PriceAdmin(AskedFromPrices, ImportAdmin):
    """A break is known by list, SKU and quantity, which are settled when it is made."""

    importer = PriceImporter
    form = PriceForm
    money_columns = ("figure",)
    list_display = ("sku", "price_list", "quantity", "figure", "tax_type", "unit_of_measure")
    list_filter = ("price_list", "tax_type", "site")
    list_filter_sheet = False
    actions_detail = ("why",)
    list_select_related = ("price_list",)
    search_fields = ("sku",)
    sortable_by = ("sku",)  # no other order has an index: it would read and sort every price
    search_help_text = _("SKU")
    autocomplete_fields = ("price_list",)
    fields = (
        "price_list",
        ("sku", "quantity", "price"),
        ("tax_type", "display_tax_rate", "unit_of_measure"),
    )

    def get_fields(self, request: HttpRequest, obj: Price | None = None) -> Any:
        """Who only reads sees the price as money."""
        if self.has_change_permission(request, obj):
            return self.fields
        return (self.fields[0], ("sku", "quantity", "figure"), *self.fields[2:])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        rows: QuerySet[Price] = super().get_queryset(request)
        return rows.select_related("site", "price_list")

    def get_readonly_fields(self, request: HttpRequest, obj: Price | None = None) -> list[str]:
        settled = ("price_list", "sku", "quantity") if obj else ()
        return [*super().get_readonly_fields(request, obj), "figure", *settled]

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        obj.pk = save_price(obj).pk

    def response_change(self, request: HttpRequest, obj: Price) -> HttpResponse:
        """Breaks of a SKU are replaced as one, so the row has a new number: the way on leads there."""
        request.path = reverse("admin:pricing_price_change", args=[obj.pk])
        return super().response_change(request, obj)

    @display(description=_("price"), ordering="price")
    def figure(self, row: Price) -> Money:
        return price(row.price, row.price_list.currency_code)
