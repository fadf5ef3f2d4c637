"""Variants and their lists in and out of their tables: a few statements, however many variants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.contrib.postgres.functions import RandomUUID
from django.db.models import CharField, Model
from django.db.models.functions import Cast

from catalog.documents import VariantChange
from catalog.models import Product, ProductVariant, RetailPrice, SellingRule, VariantOption
from catalog.recognition import Meant
from core import sql

_COLUMNS = {
    "sku": "text",
    "external_id": "text",
    "status": "text",
    "position": "numeric",
    "weight_in_grams": "numeric",
    "tax_type": "numeric",
    "cart_image_url": "text",
    "updated_at": "timestamptz",
}
_LISTS: dict[str, type[Model]] = {"options": VariantOption, "rrp": RetailPrice, "settings": SellingRule}
"""Members of the document that are tables of their own, replaced as a whole."""

_UPDATE = f"""
UPDATE catalog_productvariant AS stored SET ({", ".join(_COLUMNS)}) = ROW({", ".join(f"sent.{c}" for c in _COLUMNS)})
FROM json_to_recordset($2::json) AS sent(id bigint, {", ".join(f'"{c}" {kind}' for c, kind in _COLUMNS.items())})
WHERE stored.site_id = $1 AND stored.id = sent.id
"""  # noqa: S608  # fixed parts


@dataclass(frozen=True, slots=True)
class Written:
    """A variant as it is stored now, with what was sent for it."""

    meant: Meant
    variant: ProductVariant


def write_variants(*, product: Product, meant: Sequence[Meant], now: datetime) -> list[Written]:
    """Store the new ones and the changed ones of a product, with the lists that were sent.

    Raises IntegrityError when another writer took one of the names meanwhile.
    """
    _let_go_of_names(meant)
    written = [Written(item, _changed(product, item, now)) for item in meant]
    sql_rows = [_row(item.variant) for item in written if item.variant.pk]
    if sql_rows:
        sql.run(_UPDATE, [product.site_id, orjson.dumps(sql_rows, default=str).decode()])
    ProductVariant.objects.bulk_create(item.variant for item in written if not item.variant.pk)
    for name, model in _LISTS.items():
        _replace_list(product.site_id, name, model, written)
    return written


def _changed(product: Product, item: Meant, now: datetime) -> ProductVariant:
    variant = item.stored or ProductVariant(site=product.site, product=product, created_at=now)
    for name in item.document.model_fields_set & _COLUMNS.keys():
        value = getattr(item.document, name)
        # Null clears a text.
        setattr(variant, name, "" if name == "cart_image_url" and value is None else value)
    variant.updated_at = now
    return variant


def _let_go_of_names(meant: Sequence[Meant]) -> None:
    """Variants may exchange their SKUs and external ids: those that change theirs give them up first."""
    changing = [item.stored.pk for item in meant if item.stored and _changes_names(item.document, item.stored)]
    if len(changing) > 1:
        rows = ProductVariant.objects.filter(pk__in=changing)
        rows.update(sku=Cast(RandomUUID(), CharField()), external_id="")


def _changes_names(document: VariantChange, stored: ProductVariant) -> bool:
    sent = document.model_fields_set & {"sku", "external_id"}
    return any(getattr(document, name) != getattr(stored, name) for name in sent)


def _row(variant: ProductVariant) -> dict[str, Any]:
    return {"id": variant.pk, **{name: getattr(variant, name) for name in _COLUMNS}}


def _replace_list(site_id: int, name: str, model: Any, written: Sequence[Written]) -> None:
    replaced = [item for item in written if name in item.meant.document.model_fields_set]
    if not replaced:
        return
    model.objects.filter(site=site_id, variant__in=[item.variant.pk for item in replaced]).delete()
    model.objects.bulk_create(
        model(site_id=site_id, variant=item.variant, **entry.model_dump())
        for item in replaced
        for entry in getattr(item.meant.document, name)
    )
