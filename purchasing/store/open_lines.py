"""What customers still wait for: the open lines of all their orders, product by product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core import sql
from core.ids import PURCHASE

# $1 site, $2 numbers of customers, $3 limit, $4 offset, $5 today, $6 words that are sought, $7 of how many orders at
# most, NULL: of all. Two look-ups of orders instead of one with OR: each has an index that holds open orders only, by
# their time. Packages and lines are looked up order by order: PostgreSQL, which takes them for more than they are,
# would read all packages of the site.
_OPEN_LINES = f"""
WITH waiting AS MATERIALIZED (
    SELECT id, ordered_at FROM (
        (
            SELECT id, ordered_at FROM purchasing_purchase
            WHERE site_id = $1 AND customer_id = ANY($2::bigint[]) AND deleted_at IS NULL AND open_quantity > 0
            AND type IN ('order', 'order_unconfirmed')
            ORDER BY ordered_at, id LIMIT $7
        )
        UNION
        (
            SELECT id, ordered_at FROM purchasing_purchase
            WHERE site_id = $1 AND child_id = ANY($2::bigint[]) AND deleted_at IS NULL AND open_quantity > 0
            AND type IN ('order', 'order_unconfirmed')
            ORDER BY ordered_at, id LIMIT $7
        )
    ) AS found ORDER BY ordered_at, id LIMIT $7
), item AS (
    SELECT waiting.id AS purchase_id, waiting.ordered_at, line.sku, line.quantity,
        line.name_parent || CASE WHEN line.name_child <> '' THEN ' ' || line.name_child ELSE '' END AS name,
        package.state = 'processing' AS is_open, package.state = 'shipped' AS is_shipped,
        (package.position, line.position) AS place,
        COALESCE(NULLIF(package.ship_to, ''), first_value(package.ship_to) OVER (
            PARTITION BY package.purchase_id ORDER BY package.ship_to = '', package.position, line.position
        )) AS ship_to
    FROM waiting
    CROSS JOIN LATERAL (
        SELECT id, purchase_id, state, position, ship_to FROM purchasing_package
        WHERE site_id = $1 AND purchase_id = waiting.id AND state <> 'cancelled' OFFSET 0
    ) AS package
    CROSS JOIN LATERAL (
        SELECT sku, quantity, name_parent, name_child, position FROM purchasing_lineitem
        WHERE site_id = $1 AND package_id = package.id OFFSET 0
    ) AS line
), of_purchase AS (
    SELECT purchase_id, ordered_at, sku, ship_to, CASE WHEN sku = '' THEN name ELSE '' END AS known_as,
        (array_agg(name ORDER BY is_open DESC, place))[1] AS name,
        sum(quantity) FILTER (WHERE is_open) AS open, sum(quantity) AS ordered,
        COALESCE(sum(quantity) FILTER (WHERE is_shipped), 0) AS shipped
    FROM item GROUP BY 1, 2, 3, 4, 5
    HAVING sum(quantity) FILTER (WHERE is_open) > 0
), waited_for AS (
    SELECT sku, known_as, (array_agg(name ORDER BY ordered_at DESC, purchase_id DESC))[1] AS name, ship_to,
        sum(open)::bigint AS open, sum(ordered)::bigint AS ordered, sum(shipped)::bigint AS shipped,
        array_agg(purchase_id ORDER BY ordered_at, purchase_id) AS numbers,
        array_agg(open ORDER BY ordered_at, purchase_id) AS open_of_each
    FROM of_purchase GROUP BY sku, known_as, ship_to
), page AS (
    SELECT * FROM waited_for
    WHERE NOT EXISTS (
        SELECT FROM unnest($6::text[]) AS word
        WHERE strpos(lower(concat_ws(' ', sku, name, ship_to)), lower(word)) = 0
    )
    ORDER BY sku, known_as, ship_to LIMIT $3 OFFSET $4
)
SELECT sku, name, ship_to, open, ordered, shipped, (
    SELECT min(restock_date)::text FROM catalog_stock AS stock
    WHERE stock.site_id = $1 AND stock.sku = page.sku AND stock.restock_date >= $5
), (
    SELECT json_agg(json_build_object(
        'id', '{PURCHASE}' || id,
        'purchase_identifiers', json_build_object(
            'sparklayer', spark_id, 'platform', platform_id, 'internal', internal_id, 'visible', visible_id
        ),
        'customer_reference', customer_reference,
        'open', still
    ) ORDER BY place)::text
    FROM unnest(page.numbers, page.open_of_each) WITH ORDINALITY AS waits (number, still, place)
    JOIN purchasing_purchase ON site_id = $1 AND id = waits.number
)
FROM page ORDER BY sku, known_as, ship_to
"""  # noqa: S608  # fixed parts

# $3 how many are counted at most.
_MORE_THAN = """
SELECT count(*) FROM (
    (
        SELECT id FROM purchasing_purchase
        WHERE site_id = $1 AND customer_id = ANY($2::bigint[]) AND deleted_at IS NULL AND open_quantity > 0
        AND type IN ('order', 'order_unconfirmed') LIMIT $3
    )
    UNION
    (
        SELECT id FROM purchasing_purchase
        WHERE site_id = $1 AND child_id = ANY($2::bigint[]) AND deleted_at IS NULL AND open_quantity > 0
        AND type IN ('order', 'order_unconfirmed') LIMIT $3
    )
) AS waiting
"""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A product that is still to come to an address.

    `ordered` is what was not cancelled of it, `shipped` what has left and not come back, `open` what has not left yet;
    the rest of `ordered` came back.
    `expected_at`: the first day for which a stock location expects the SKU; None when none does. `purchases`: the
    orders as JSON text, oldest first, with how much of it each waits for.
    """

    sku: str
    name: str
    ship_to: str
    open: int
    ordered: int
    shipped: int
    expected_at: str | None
    purchases: str


def open_lines(
    *,
    site_id: int,
    customer_ids: list[int],
    limit: int,
    offset: int,
    today: date,
    words: Sequence[str] = (),
    most_orders: int | None = None,
) -> list[OpenLine]:
    """Everything that is still to come to these customers, by SKU (without one by name) and address. One query.

    Of orders, confirmed or not, which have something of it open. A package without address goes where the order's
    first one does. Restock dates before `today` say nothing. `words`: each occurs in SKU, name or address, in
    whatever letter case. `most_orders`: of how many orders, oldest first; None: of all.
    """
    rows = sql.fetch(_OPEN_LINES, [site_id, customer_ids, limit, offset, today, list(words), most_orders])
    return [OpenLine(*row) for row in rows]


def waits_for_more_than(*, site_id: int, customer_ids: list[int], orders: int) -> bool:
    """Whether these customers wait for more orders than so many. Reads no more than it needs, from indexes."""
    [(found,)] = sql.fetch(_MORE_THAN, [site_id, customer_ids, orders + 1])
    return int(found) > orders
