"""Whether SKUs are sold to a customer group, and what they weigh. Read-only; one query for any number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from core import sql
from core.models import Site
from customers.models import DEFAULT_GROUP

# $1 site, $2 SKUs, $3 group, $4 the default group
_SELLING = """
SELECT variant.sku, variant.status = 'live' AND COALESCE(own.sell, general.sell, true), variant.weight_in_grams
FROM catalog_productvariant AS variant
LEFT JOIN catalog_sellingrule AS own
    ON own.site_id = $1 AND own.variant_id = variant.id AND own.customer_group = $3
LEFT JOIN catalog_sellingrule AS general
    ON general.site_id = $1 AND general.variant_id = variant.id AND general.customer_group = $4
WHERE variant.site_id = $1 AND variant.sku = ANY($2)
"""


@dataclass(frozen=True, slots=True)
class Selling:
    """`is_sold`: the variant is live, and no selling rule keeps the group from buying it. `grams`: of one piece."""

    is_sold: bool
    grams: Decimal


def selling(*, site: Site, skus: Collection[str], customer_group: str = DEFAULT_GROUP) -> dict[str, Selling]:
    """How these SKUs are sold to a group (its slug); one that no variant has is left out. One query."""
    rows = sql.fetch(_SELLING, [site.pk, list(skus), customer_group, DEFAULT_GROUP])
    return {sku: Selling(is_sold, grams) for sku, is_sold, grams in rows}
