"""Products, each with its variants in a table."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.saving import PlainNumbersForm, save_product, save_variants
from catalog.finding import MOST_WORDS
from catalog.imports import ProductImporter
from catalog.models import Product, ProductVariant
from core.admin import ImportAdmin, SiteInline, sites_here
from core.admin.display import page_of
from core.ids import PRODUCT, number_of


class VariantInline(SiteInline):
    model = ProductVariant
    form = PlainNumbersForm
    fields = ("sku", "status", "position", "external_id", "weight_in_grams", "page")
    readonly_fields = ("page",)
    show_count = True

    @display(description=_("options, prices, rules"), empty_value="—")
    def page(self, variant: ProductVariant) -> SafeString | str | None:
        return page_of(variant, str(_("Open"))) if variant.pk else None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is no longer sold is discontinued."""
        return False


@admin.register(Product)
class ProductAdmin(ImportAdmin):
    importer = ProductImporter
    list_display = ("title", "slug", "external_id", "variants_shown", "updated_at")
    list_filter = ("variants__status", "site")
    list_filter_sheet = False
    search_fields = ("title",)  # by the rules of `get_search_results`
    search_help_text = _("Title, SKU or id")
    sortable_by = ("title", "slug", "external_id", "updated_at")  # `variants_shown` would count those of all products
    readonly_fields = ("public_number",)
    fieldsets = ((None, {"fields": ("title", ("slug", "external_id", "public_number"), ("created_at", "updated_at"))}),)
    add_fieldsets = ((None, {"fields": ("site", "title", ("slug", "external_id"))}),)
    inlines = (VariantInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        rows: QuerySet[Product] = super().get_queryset(request)
        of_product = ProductVariant.objects.filter(site=OuterRef("site"), product=OuterRef("pk"))
        count = of_product.order_by().values("product").annotate(count=Count("pk")).values("count")
        # Of each product that is shown: joined, the variants of all would be read and grouped before the first is.
        return rows.select_related("site").annotate(variant_count=Coalesce(Subquery(count), 0))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        """As the API finds them; `pp_5` is one alone."""
        if "\x00" in search_term:  # no text that is kept has it
            return queryset.none(), False
        number = number_of(PRODUCT, search_term.strip())
        if number is not None:
            return queryset.filter(pk=number), False
        found = Product.objects.matching(search_term.split()[:MOST_WORDS], sites=sites_here(request))
        return queryset & found, False

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Products stay: what is no longer sold is discontinued."""
        return False

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        obj.pk = save_product(form, change=change, now=timezone.now()).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            save_variants(form.instance, formset, now=timezone.now())

    @display(description=_("variants"), ordering="variant_count")
    def variants_shown(self, product: Any) -> int:
        return int(product.variant_count)

    @display(description=_("our id"))
    def public_number(self, product: Product) -> str:
        return product.public_id
