"""What is sold in a load: many versions of the demo's products, of which few are bought very often."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Product, ProductVariant
from core.models import Site
from purchasing.demo.catalogue import CLIMBING

PER_VERSION = 500
"""Purchases for each version of all products."""
FEWEST, MOST = 5, 2_000


@dataclass(frozen=True, slots=True)
class Shelves:
    """`versions`: how many there are of each of the demo's products."""

    versions: int

    def sku(self, base: str, chance: float) -> str:
        """One of the versions, by a number from 0 to 1; the first one comes up far more often than the last."""
        return f"{base}-{int(self.versions * chance * chance):04}"


def fill_load_shelves(site: Site, count: int, *, now: datetime) -> Shelves:
    """Products with variants for `count` purchases, made where they are not there."""
    versions = min(max(FEWEST, count // PER_VERSION), MOST)
    known = set(Product.objects.for_site(site).values_list("slug", flat=True))
    by_name: dict[str, list[str]] = defaultdict(list)
    for item in CLIMBING.values():
        by_name[item.name].append(item.sku)
    skus: dict[str, list[str]] = {}
    products = []
    for version in range(versions):
        for place, (name, bases) in enumerate(by_name.items()):
            slug = f"load-{place}-{version:04}"
            if slug not in known:
                skus[slug] = [f"{base}-{version:04}" for base in bases]
                title = f"{name} {version:04}"
                products.append(Product(site=site, slug=slug, title=title, created_at=now, updated_at=now))
    Product.objects.bulk_create(products, batch_size=2_000)
    variants = [
        ProductVariant(site=site, product=product, sku=sku, status="live", created_at=now, updated_at=now)
        for product in products
        for sku in skus[product.slug]
    ]
    ProductVariant.objects.bulk_create(variants, batch_size=2_000)
    return Shelves(versions)
