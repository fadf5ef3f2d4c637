"""What customers still wait for: the open lines of all their orders, product by product."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from core import sql
from core.ids import PURCHASE

# $1 site, $2 numbers of customers, $3 limit, $4 offset, $5 today.
# Two look-ups of orders instead of one with OR: each has an index that holds open orders only.
_OPEN_LINES = f"""
WITH waiting AS (
    SELECT id FROM purchasing_purchase
    WHERE site_id = $1 AND customer_id = ANY($2::bigint[]) AND deleted_at IS NULL AND open_quantity > 0
    AND type IN ('order', 'order_unconfirmed')
    UNION
    SELECT id FROM purchasing_purchase
    WHERE site_id = $1 AND child_id = ANY($2::bigint[]) AND deleted_at IS NULL AND open_quantity > 0
    AND type IN ('order', 'order_unconfirmed')
), item AS (
    SELECT line.purchase_id, line.sku, line.quantity,
        line.name_parent || CASE WHEN line.name_child <> '' THEN ' ' || line.name_child ELSE '' END AS name,
        package.state = 'processing' AS is_open, (package.position, line.position) AS place,
        COALESCE(NULLIF(package.ship_to, ''), first_value(package.ship_to) OVER (
            PARTITION BY package.purchase_id ORDER BY package.ship_to = '', package.position, line.position
        )) AS ship_to
    FROM waiting
    JOIN purchasing_package AS package
    ON package.site_id = $1 AND package.purchase_id = waiting.id AND package.state <> 'cancelled'
    JOIN purchasing_lineitem AS line ON line.site_id = $1 AND line.package_id = package.id
), of_purchase AS (
    SELECT purchase_id, sku, ship_to, CASE WHEN sku = '' THEN name ELSE '' END AS known_as,
        (array_agg(name ORDER BY is_open DESC, place))[1] AS name,
        sum(quantity) FILTER (WHERE is_open) AS open, sum(quantity) AS ordered
    FROM item GROUP BY 1, 2, 3, 4
    HAVING sum(quantity) FILTER (WHERE is_open) > 0
), page AS (
    SELECT sku, known_as, (array_agg(name ORDER BY ordered_at DESC, id DESC))[1] AS name, ship_to,
        sum(open)::bigint AS open, sum(ordered)::bigint AS ordered, sum(ordered - open)::bigint AS shipped,
        json_agg(json_build_object(
            'id', '{PURCHASE}' || id,
            'purchase_identifiers', json_build_object(
                'sparklayer', spark_id, 'platform', platform_id, 'internal', internal_id, 'visible', visible_id
            ),
            'customer_reference', customer_reference,
            'open', open
        ) ORDER BY ordered_at, id)::text AS purchases
    FROM of_purchase JOIN purchasing_purchase ON site_id = $1 AND id = purchase_id
    GROUP BY sku, known_as, ship_to
    ORDER BY sku, known_as, ship_to LIMIT $3 OFFSET $4
)
SELECT sku, name, ship_to, open, ordered, shipped, (
    SELECT min(restock_date)::text FROM catalog_stock AS stock
    WHERE stock.site_id = $1 AND stock.sku = page.sku AND stock.restock_date >= $5
), purchases
FROM page ORDER BY sku, known_as, ship_to
"""  # noqa: S608  # fixed parts


def open_lines(*, site_id: int, customer_ids: list[int], limit: int, offset: int, today: date) -> list[dict[str, Any]]:
    """Everything that is still to come to these customers, by SKU (without one by name) and address. One query.

    Of orders, confirmed or not, which have something of it open: `ordered` is what was not cancelled of it, `shipped`
    what has left, returned or not, and `open` the rest. A package without address goes where the order's first one
    does. `expected_at`: the first day from `today` on for which a stock location expects the SKU; None when none does.
    """
    names = ("sku", "name", "ship_to", "open", "ordered", "shipped", "expected_at")
    rows = sql.fetch(_OPEN_LINES, [site_id, customer_ids, limit, offset, today])
    return [dict(zip(names, row, strict=False)) | {"purchases": orjson.Fragment(row[-1])} for row in rows]
