"""What the merchants of the demo sell, as their catalogue and their stock: written by the catalogue's operations."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.text import slugify

from catalog.documents import NewLocation, NewProduct, StockRow
from catalog.models import DEFAULT_LOCATION
from catalog.operations import create_location, create_product, update_stock
from core.models import Site
from core.money import round_money
from purchasing.demo.cast import Merchant
from purchasing.demo.catalogue import PRICE_LEVEL, Item

LOCATIONS = ((DEFAULT_LOCATION, "Main warehouse"), ("shop", "Shop floor"))
"""External id and name; the first one holds most."""
MARK_UP = Decimal("1.85")
"""From the net price to the recommended one, which has tax in it."""
IN_PACKS = {"CHK-300": 6, "CHK-BALL": 12, "TAPE-38": 24, "GAS-230": 12, "SOC-MER": 5, "MAP-25": 10}
KEPT_BACK = {"CAM-SET-5": 2, "ROPE-98-70": 4, "TENT-3P": 1, "BAG-DOWN-L": 2}
"""Pieces that are not for business customers."""
SOLD_AHEAD = {"MAT-FOLD": 15, "STV-GAS": 20}
"""Pieces that may be sold before they are there."""
EMPTY = {"SHO-43": 12, "HRN-01-L": 5, "NUT-SET-11": 33, "MAT-FOLD": 9, "STV-GAS": 14, "JKT-RAIN-L": 21, "POL-CRB": 6}
"""Sold out; days until more come."""
STATUSES = {
    "HLM-02-R": "pending",
    "ROPE-HALF-50": "suspended",
    "CHK-BAG": "discontinued",
    "TRP-3X3": "pending",
    "POT-15": "discontinued",
}
"""What is not live."""


def fill_shelves(*, site: Site, merchant: Merchant, today: datetime) -> None:
    """Products with their variants, two locations, and what each holds."""
    for external_id, name in LOCATIONS:
        create_location(site=site, document=NewLocation(name=name, external_id=external_id))
    for name, items in groupby(merchant.shelf.values(), key=lambda item: item.name):
        document = NewProduct.model_validate(_product(name, list(items), merchant))
        create_product(site=site, document=document, now=today)
    rows = [row for place, item in enumerate(merchant.shelf.values()) for row in _levels(place, item, today)]
    update_stock(site=site, rows=rows, now=today)


def _product(name: str, items: list[Item], merchant: Merchant) -> dict[str, Any]:
    slug = slugify(name)
    variants = [_variant(place, item, merchant) for place, item in enumerate(items, start=1)]
    return {"title": name, "slug": slug, "external_id": f"{merchant.slug[:2].upper()}-{slug}", "variants": variants}


def _variant(place: int, item: Item, merchant: Merchant) -> dict[str, Any]:
    currencies = dict.fromkeys((merchant.currency_code, "EUR", "USD"))
    return {
        "sku": item.sku,
        "external_id": item.barcode,
        "status": STATUSES.get(item.sku, "live"),
        "position": place,
        "weight_in_grams": item.grams,
        "options": [{"group": group, "value": value} for group, value in item.options],
        "rrp": [
            {"value": round_money(item.price * MARK_UP * PRICE_LEVEL[code], code), "currency_code": code}
            for code in currencies
        ],
        "settings": [
            {
                "customer_group": "default",
                "pack_size": IN_PACKS.get(item.sku, 1),
                "reserve_stock_quantity": KEPT_BACK.get(item.sku),
            }
        ],
    }


def _levels(place: int, item: Item, today: datetime) -> list[StockRow]:
    """Much in the warehouse, a little in the shop; what is sold out says when more come."""
    empty = item.sku in EMPTY
    return [
        StockRow(
            stock_location_external_id=location,
            sku=item.sku,
            stock_level=0 if empty else (place * 37 + 11) % 90 // share + 1,
            restock_date=(today + timedelta(days=EMPTY[item.sku])).date() if empty and share == 1 else None,
            min_stock_level=-SOLD_AHEAD.get(item.sku, 0) if share == 1 else 0,
        )
        for (location, _), share in zip(LOCATIONS, (1, 12), strict=True)
    ]
