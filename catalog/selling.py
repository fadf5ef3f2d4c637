"""Whether SKUs are sold to a customer group, how many at a time, and what they weigh. Read-only; one query for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from core import sql
from core.models import Site
from customers.models import DEFAULT_GROUP

# $1 site, $2 SKUs, $3 group, $4 the default group
_SELLING = """
SELECT variant.sku, variant.status = 'live' AND COALESCE(own.sell, general.sell, true), variant.weight_in_grams,
    variant.product_id, COALESCE(own.pack_size, general.pack_size, 1),
    COALESCE(own.min_order_quantity, general.min_order_quantity),
    COALESCE(own.max_order_quantity, general.max_order_quantity),
    COALESCE(own.min_order_parent_quantity, general.min_order_parent_quantity),
    COALESCE(own.max_order_parent_quantity, general.max_order_parent_quantity)
FROM catalog_productvariant AS variant
LEFT JOIN catalog_sellingrule AS own
    ON own.site_id = $1 AND own.variant_id = variant.id AND own.customer_group = $3
LEFT JOIN catalog_sellingrule AS general
    ON general.site_id = $1 AND general.variant_id = variant.id AND general.customer_group = $4
WHERE variant.site_id = $1 AND variant.sku = ANY($2)
"""


@dataclass(frozen=True, slots=True)
class Selling:
    """`is_sold`: the variant is live, and no selling rule keeps the group from buying it. `grams`: of one piece.

    In one order `least` to `most` pieces, in multiples of `pack_size`; of all variants of the product together
    `least_of_product` to `most_of_product`. None: no bound.
    """

    is_sold: bool
    grams: Decimal
    product_id: int
    pack_size: int = 1
    least: int | None = None
    most: int | None = None
    least_of_product: int | None = None
    most_of_product: int | None = None


def selling(*, site: Site, skus: Collection[str], customer_group: str = DEFAULT_GROUP) -> dict[str, Selling]:
    """How these SKUs are sold to a group (its slug); one that no variant has is left out. One query."""
    rows = sql.fetch(_SELLING, [site.pk, list(skus), customer_group, DEFAULT_GROUP])
    return {sku: Selling(*told) for sku, *told in rows}
