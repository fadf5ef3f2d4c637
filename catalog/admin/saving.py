"""From what was changed in a page of the catalogue to the documents that its operations take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model
from django.forms import Field, ModelForm

from catalog.documents import LocationChange, NewLocation, NewProduct, ProductChange, StockRow, VariantChange
from catalog.models import Product, ProductVariant, RetailPrice, SellingRule, Stock, StockLocation, VariantOption
from catalog.operations import (
    create_location,
    create_product,
    patch_location,
    patch_product,
    patch_variant,
    update_stock,
)
from core.admin import SiteModelForm
from core.api.documents import validate
from core.money import plain

Row = TypeVar("Row", bound=Model)

LISTS: dict[type[Model], tuple[str, tuple[str, ...]]] = {
    VariantOption: ("options", ("group", "value")),
    RetailPrice: ("rrp", ("value", "currency_code")),
    SellingRule: (
        "settings",
        (
            "customer_group",
            "pack_size",
            "reserve_stock_quantity",
            "min_order_quantity",
            "max_order_quantity",
            "min_order_parent_quantity",
            "max_order_parent_quantity",
            "display",
            "sell",
        ),
    ),
}
"""The lists of a variant's page: member of the document, and what each row of it says."""


class PlainNumbersForm(SiteModelForm):
    """Shows 1.5 where the column holds 1.500000."""

    def get_initial_for_field(self, field: Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        return plain(value) if isinstance(value, Decimal) else value


def save_product(form: ModelForm[Product], *, change: bool, now: datetime) -> Product:
    """Create or change the product as the API does; its variants follow. Raises what the operation raises."""
    values, site = _changed(form), form.instance.site
    if not change:
        values.pop("site", None)
        return create_product(site=site, document=validate(NewProduct, values), now=now)
    document = validate(ProductChange, values)
    return patch_product(site=site, product_id=form.instance.public_id, document=document, now=now)


def save_variants(product: Product, formset: Any, *, now: datetime) -> None:
    """Add and change the variants of the page as the API does."""
    formset.save(commit=False)
    sent = [
        _changed(form) | ({} if form.instance._state.adding else {"id": form.instance.public_id})
        for form in formset.forms
        if form.has_changed()
    ]
    if sent:
        document = validate(ProductChange, {"variants": sent})
        patch_product(site=product.site, product_id=product.public_id, document=document, now=now)


def save_variant(form: ModelForm[ProductVariant], formsets: Iterable[Any], *, now: datetime) -> None:
    """Change a variant and replace those of its lists that were changed."""
    values = _changed(form)
    for formset in formsets:
        formset.save(commit=False)
        member, names = LISTS[formset.model]
        if formset.has_changed():
            rows = [row.cleaned_data for row in formset.forms if row not in formset.deleted_forms and row.cleaned_data]
            values[member] = [{name: row[name] for name in names} for row in rows]
    variant = form.instance
    document = validate(VariantChange, values)
    patch_variant(site=variant.site, variant_id=variant.public_id, document=document, now=now)


def save_location(form: ModelForm[StockLocation], *, change: bool) -> StockLocation:
    values, location = _changed(form), form.instance
    values.pop("site", None)
    if not change:
        return create_location(site=location.site, document=validate(NewLocation, values))
    document = validate(LocationChange, values)
    return patch_location(site=location.site, location_id=location.public_id, document=document)


def save_stock(stock: Stock, *, now: datetime) -> Stock:
    """Overwrite what the location holds of the SKU."""
    level = {name: getattr(stock, name) for name in ("sku", "stock_level", "restock_date", "min_stock_level")}
    row = validate(StockRow, level | {"stock_location_id": stock.location.public_id})
    update_stock(site=stock.location.site, rows=[row], now=now)
    return Stock.objects.for_site(stock.location.site).get(sku=stock.sku, location=stock.location)


def _changed(form: ModelForm[Row]) -> dict[str, Any]:
    """What was changed; a text that was emptied says so."""
    return {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
