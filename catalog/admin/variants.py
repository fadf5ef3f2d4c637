"""One variant with its options, recommended prices and rules of selling; its stock to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.saving import PlainNumbersForm, save_variant
from catalog.finding import MOST_WORDS
from catalog.models import ProductVariant, RetailPrice, SellingRule, Stock, VariantOption
from core.admin import ExportAdmin, SiteInline, SiteModelForm, sites_here
from core.admin.display import page_of
from core.ids import VARIANT, number_of
from core.money import plain

STATUS_LABELS = {"pending": "warning", "live": "success", "suspended": "info", "discontinued": "danger"}


class OptionInline(SiteInline):
    model = VariantOption
    fields = ("group", "value")


class RetailPriceForm(SiteModelForm):
    money_in: ClassVar[Mapping[str, str]] = {"value": "currency_code"}


class RetailPriceInline(SiteInline):
    model = RetailPrice
    form = RetailPriceForm
    fields = ("value", "currency_code")


class SellingRuleInline(SiteInline):
    model = SellingRule
    fields = (
        "customer_group",
        "pack_size",
        "reserve_stock_quantity",
        "min_order_quantity",
        "max_order_quantity",
        "min_order_parent_quantity",
        "max_order_parent_quantity",
        "display",
        "sell",
    )


@admin.register(ProductVariant)
class VariantAdmin(ExportAdmin):
    form = PlainNumbersForm
    list_display = ("sku", "product", "status_shown", "external_id", "place", "updated_at")
    list_filter = ("status", "site")
    list_filter_sheet = False
    list_select_related = ("product",)
    search_fields = ("sku",)  # by the rules of `get_search_results`
    search_help_text = _("SKU, product or id")
    sortable_by = ("sku", "external_id", "place", "updated_at")  # what has an index
    readonly_fields = ("public_number", "product_shown", "stock_shown")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("product_shown", "public_number"),
                    ("sku", "external_id", "status"),
                    ("position", "weight_in_grams", "tax_type"),
                    "cart_image_url",
                    "stock_shown",
                    ("created_at", "updated_at"),
                )
            },
        ),
    )
    inlines = (OptionInline, RetailPriceInline, SellingRuleInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductVariant]:
        rows: QuerySet[ProductVariant] = super().get_queryset(request)
        return rows.select_related("site", "product")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ProductVariant], search_term: str
    ) -> tuple[QuerySet[ProductVariant], bool]:
        """As the API finds them; `pv_5` is one alone."""
        if "\x00" in search_term:  # no text that is kept has it
            return queryset.none(), False
        number = number_of(VARIANT, search_term.strip())
        if number is not None:
            return queryset.filter(pk=number), False
        found = ProductVariant.objects.matching(search_term.split()[:MOST_WORDS], sites=sites_here(request))
        return queryset & found, False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Variants are added on the page of their product."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is no longer sold is discontinued."""
        return False

    def save_model(self, request: HttpRequest, obj: ProductVariant, form: Any, change: bool) -> None:
        """With its lists, in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        save_variant(form, formsets, now=timezone.now())

    @display(description=_("status"), ordering="status", label=STATUS_LABELS)
    def status_shown(self, variant: ProductVariant) -> tuple[str, str]:
        return variant.status, variant.get_status_display()

    @display(description=_("position"), ordering="position")
    def place(self, variant: ProductVariant) -> str | None:
        return None if variant.position is None else number_format(f"{plain(variant.position):f}")

    @display(description=_("our id"))
    def public_number(self, variant: ProductVariant) -> str:
        return variant.public_id

    @display(description=_("product"))
    def product_shown(self, variant: ProductVariant) -> SafeString | str:
        return page_of(variant.product)

    @display(description=_("stock"))
    def stock_shown(self, variant: ProductVariant) -> SafeString:
        """By location, and the way to where it is counted."""
        rows = Stock.objects.for_site(variant.site).filter(sku=variant.sku).select_related("location")
        held = format_html_join("", "{}: {}<br>", ((row.location, row.stock_level) for row in rows))
        address = f"{reverse('admin:catalog_stock_changelist')}?{urlencode({'q': variant.sku})}"
        return format_html('{}<a href="{}">{}</a>', held, address, _("Stock of %(sku)s") % {"sku": variant.sku})
