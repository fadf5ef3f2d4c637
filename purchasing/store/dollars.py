"""Purchases that lack an exchange rate, brought up to date set-based when rates arrive."""

from __future__ import annotations

from datetime import datetime

from core import sql
from pricing.rates import rate_sql
from purchasing.warnings import USD_RATE_MISSING

_DAY = "(purchase.ordered_at AT TIME ZONE 'UTC')::date"
_RATE = rate_sql("purchase.currency_code", _DAY)
# $1 site, $2 the last number that was seen, $3 how many
_LOCK = (
    "SELECT purchase.id FROM purchasing_purchase AS purchase "  # noqa: S608  # fixed parts
    "WHERE purchase.site_id = $1 AND purchase.id > $2 AND purchase.usd_rate IS NULL AND purchase.deleted_at IS NULL "
    f"AND EXISTS ({_RATE}) ORDER BY purchase.id LIMIT $3 FOR NO KEY UPDATE"
)
# $1 site, $2 purchases, $3 now
_FILL = f"""
UPDATE purchasing_purchase AS stored SET
    calculated_total_usd = round(stored.calculated_total * found.usd_per_unit, 2),
    usd_rate = found.usd_per_unit,
    usd_rate_date = found.date,
    usd_rate_source = found.source,
    warnings = COALESCE((
        SELECT jsonb_agg(item ORDER BY place)
        FROM jsonb_array_elements(stored.warnings) WITH ORDINALITY AS warning(item, place)
        WHERE item ->> 'code' <> '{USD_RATE_MISSING}'
    ), '[]'),
    changes = stored.changes + 1,
    changed_at = $3::timestamptz
FROM (
    SELECT purchase.id, rate.* FROM purchasing_purchase AS purchase CROSS JOIN LATERAL ({_RATE}) AS rate
    WHERE purchase.site_id = $1 AND purchase.id = ANY($2::bigint[]) AND purchase.usd_rate IS NULL
) AS found
WHERE stored.site_id = $1 AND stored.id = found.id
"""  # noqa: S608  # fixed parts


def lock_without_dollars(*, site_id: int, after: int, limit: int) -> list[int]:
    """Numbers, in their order, of purchases behind `after` that have no rate though there is one; locked."""
    return [number for (number,) in sql.fetch(_LOCK, [site_id, after, limit])]


def fill_dollars(*, site_id: int, purchase_ids: list[int], now: datetime) -> None:
    """Give locked purchases their rate and total: a change that is no revision."""
    sql.run(_FILL, [site_id, purchase_ids, now])
