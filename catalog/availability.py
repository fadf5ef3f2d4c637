"""How many pieces of a SKU can be sold to a customer group, and when more come. Read-only; one query for any number.

    available = stock_level − min_stock_level − reserve_stock_quantity

Levels and floors are summed over the locations; the reserve is taken off once. It is the group's own where its selling
rule says one, else that of the group `default`, else 0. Orders never move stock, so nothing is taken off for them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core import sql
from core.models import Site
from customers.models import DEFAULT_GROUP

# $1 site, $2 SKUs, $3 group, $4 the default group, $5 locations or NULL
_AVAILABLE = """
SELECT stock.sku, stock.pieces - COALESCE(own.reserve_stock_quantity, general.reserve_stock_quantity, 0), stock.next
FROM (
    SELECT sku, sum(stock_level::bigint - min_stock_level) AS pieces, min(restock_date) AS next
    FROM catalog_stock
    WHERE site_id = $1 AND sku = ANY($2) AND ($5::bigint[] IS NULL OR location_id = ANY($5))
    GROUP BY sku
) AS stock
LEFT JOIN catalog_productvariant AS variant ON variant.site_id = $1 AND variant.sku = stock.sku
LEFT JOIN catalog_sellingrule AS own
    ON own.site_id = $1 AND own.variant_id = variant.id AND own.customer_group = $3
LEFT JOIN catalog_sellingrule AS general
    ON general.site_id = $1 AND general.variant_id = variant.id AND general.customer_group = $4
"""


@dataclass(frozen=True, slots=True)
class Availability:
    """What can be sold of a SKU."""

    pieces: int
    """Below 0: more is promised than may be sold."""
    restock_date: date | None
    """The earliest that a location names; it may be past."""


def available(
    *,
    site: Site,
    skus: Collection[str],
    customer_group: str = DEFAULT_GROUP,
    location_ids: Collection[int] | None = None,
) -> dict[str, Availability]:
    """What can be sold of these SKUs to a group (its slug), at all locations or at those with these numbers.

    A SKU of which no level is held is left out: nothing is known of it. One query.
    """
    locations = None if location_ids is None else list(location_ids)
    rows = sql.fetch(_AVAILABLE, [site.pk, list(skus), customer_group, DEFAULT_GROUP, locations])
    return {sku: Availability(int(pieces), restock_date) for sku, pieces, restock_date in rows}
