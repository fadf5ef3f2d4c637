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
class WrittenVariant:
    """A variant as it is stored now, with what was sent for it; `is_changed` when it was not so before."""

    meant: Meant
    variant: ProductVariant
    is_changed: bool


def write_variants(*, product: Product, meant: Sequence[Meant], now: datetime) -> list[WrittenVariant]:
    """Store the new ones and the changed ones of a product, with the lists that were sent.

    One that stands as it was sent is left alone, its time too. As many statements for one variant as for many.
    Raises IntegrityError when another writer took one of the names meanwhile.
    """
    lists = {name: _sent_lists(product.site_id, name, model, meant) for name, model in _LISTS.items()}
    with_other_lists = {id(item) for changed in lists.values() for item in changed}
    _let_go_of_names(meant)
    written = [_changed(product, item, now, also=id(item) in with_other_lists) for item in meant]
    sql_rows = [_row(item.variant) for item in written if item.variant.pk and item.is_changed]
    if sql_rows:
        sql.run(_UPDATE, [product.site_id, orjson.dumps(sql_rows, default=str).decode()])
    ProductVariant.objects.bulk_create(item.variant for item in written if not item.variant.pk)
    variants = {id(item.meant): item.variant for item in written}
    for name, model in _LISTS.items():
        _replace_list(product.site_id, name, model, [(item, variants[id(item)]) for item in lists[name]])
    return written


def _changed(product: Product, item: Meant, now: datetime, *, also: bool) -> WrittenVariant:
    """`also`: one of its lists changes."""
    variant = item.stored or ProductVariant(site=product.site, product=product, created_at=now)
    is_changed = also or item.stored is None
    for name in item.document.model_fields_set & _COLUMNS.keys():
        value = getattr(item.document, name)
        # Null clears a text.
        value = "" if name == "cart_image_url" and value is None else value
        is_changed = is_changed or getattr(variant, name) != value
        setattr(variant, name, value)
    if is_changed:
        variant.updated_at = now
    return WrittenVariant(item, variant, is_changed)


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


def _sent_lists(site_id: int, name: str, model: Any, meant: Sequence[Meant]) -> list[Meant]:
    """Those whose list was sent and is another than the stored one."""
    sent = [item for item in meant if name in item.document.model_fields_set]
    stored: dict[int, list[dict[str, Any]]] = {}
    if numbers := [item.stored.pk for item in sent if item.stored]:
        for row in model.objects.filter(site=site_id, variant__in=numbers).order_by("pk"):
            stored.setdefault(row.variant_id, []).append(row.__dict__)
    return [item for item in sent if not _is_list(stored.get(item.stored.pk, []) if item.stored else [], item, name)]


def _is_list(stored: Sequence[dict[str, Any]], item: Meant, name: str) -> bool:
    sent = [entry.model_dump() for entry in getattr(item.document, name)]
    return len(stored) == len(sent) and all(
        entry.items() <= row.items() for row, entry in zip(stored, sent, strict=True)
    )


def _replace_list(site_id: int, name: str, model: Any, replaced: Sequence[tuple[Meant, ProductVariant]]) -> None:
    if not replaced:
        return
    if numbers := [variant.pk for item, variant in replaced if item.stored]:
        model.objects.filter(site=site_id, variant__in=numbers).delete()
    model.objects.bulk_create(
        model(site_id=site_id, variant=variant, **entry.model_dump())
        for item, variant in replaced
        for entry in getattr(item.document, name)
    )
