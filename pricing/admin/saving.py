"""From what was changed in a page of prices to the documents that the operations take."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.forms import Field, ModelForm

from core.admin import SiteModelForm
from core.api.documents import validate
from core.money import plain
from pricing.documents import NewPriceList, PriceListChange, VariantPricing
from pricing.models import Price, PriceList
from pricing.operations import create_price_list, patch_price_list, set_prices

_BREAK = ("quantity", "price", "tax_type", "unit_of_measure", "display_tax_rate")
_RULE = ("adjustment_percentage", "adjustment_direction", "currency_exchange_rate")


class PlainFiguresForm(SiteModelForm):
    """Shows 1.5 where the column holds 1.500000."""

    def get_initial_for_field(self, field: Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        return f"{plain(value):f}" if isinstance(value, Decimal) else value


def save_price_list(form: ModelForm[PriceList], *, slug: str | None) -> PriceList:
    """Create the list, or change the one that has been called `slug`. Raises what the operation raises."""
    values = {name: form.cleaned_data[name] for name in form.changed_data if name != "site"}
    site = form.instance.site
    if slug is None:
        return create_price_list(site=site, document=validate(NewPriceList, values))
    return patch_price_list(site=site, slug=slug, document=validate(PriceListChange, values))


def save_rules(price_list: PriceList, formset: Any) -> None:
    """Replace the rules of a list by those of the page, in the order of their positions."""
    rows = [row.cleaned_data for row in formset.forms if row not in formset.deleted_forms and row.cleaned_data]
    rules = [
        {"source_price_list_slug": row["source_price_list"].slug} | {name: row[name] for name in _RULE}
        for row in sorted(rows, key=lambda row: row["position"])
    ]
    document = validate(PriceListChange, {"rules": rules})
    patch_price_list(site=price_list.site, slug=price_list.slug, document=document)


def save_price(price: Price) -> Price:
    """Store one break; the others of its SKU on the list stay as they are."""
    price_list = PriceList.objects.select_for_update(no_key=True).select_related(None).get(pk=price.price_list_id)
    on_list = Price.objects.for_site(price_list.site).filter(price_list=price_list)
    others = on_list.of_skus([price.sku]).exclude(pk=price.pk)
    breaks = [{name: getattr(item, name) for name in _BREAK} for item in (*others, price)]
    row = validate(VariantPricing, {"price_list_slug": price_list.slug, "pricing": breaks})
    set_prices(site=price_list.site, sku=price.sku, rows=[row])
    return on_list.get(sku=price.sku, quantity=price.quantity)
