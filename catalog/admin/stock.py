"""Stock and the locations that hold it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.saving import save_location, save_stock
from catalog.imports import StockImporter
from catalog.models import Stock, StockLocation
from core.admin import ImportAdmin, SiteAdmin


@admin.register(StockLocation)
class StockLocationAdmin(SiteAdmin):
    list_display = ("name", "external_id", "public_number")
    list_filter = ("site",)
    search_fields = ("name", "external_id")
    readonly_fields = ("public_number",)
    fields = ("name", "external_id", "public_number")
    add_fields = ("site", "name", "external_id")

    def get_fields(self, request: HttpRequest, obj: StockLocation | None = None) -> Any:
        return self.fields if obj else self.add_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: StockLocation, form: Any, change: bool) -> None:
        obj.pk = save_location(form, change=change).pk

    @display(description=_("our id"))
    def public_number(self, location: StockLocation) -> str:
        return location.public_id


@admin.register(Stock)
class StockAdmin(ImportAdmin):
    importer = StockImporter
    list_display = ("sku", "location", "stock_level", "min_stock_level", "restock_date", "updated_at")
    list_filter = ("location", "site")
    list_filter_sheet = False
    list_select_related = ("location",)
    search_fields = ("sku", "location__name", "location__external_id")
    search_help_text = _("SKU or location")
    autocomplete_fields = ("location",)
    fields = ("sku", "location", ("stock_level", "min_stock_level", "restock_date"), "updated_at")
    add_fields = ("sku", "location", ("stock_level", "min_stock_level", "restock_date"))

    def get_fields(self, request: HttpRequest, obj: Stock | None = None) -> Any:
        return self.fields if obj else self.add_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Stock | None = None) -> list[str]:
        """What a level is of is settled when it is first counted."""
        return [*super().get_readonly_fields(request, obj), *(("sku", "location") if obj else ())]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Stock, form: Any, change: bool) -> None:
        obj.pk = save_stock(obj, now=timezone.now()).pk
