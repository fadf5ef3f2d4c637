"""Stock as it is sent, with its locations found; and stored, in one statement for any number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from catalog.documents import StockLevel, StockRow
from catalog.models import StockLocation
from core import sql
from core.errors import Fault
from core.ids import STOCK_LOCATION
from core.models import Site
from core.written import Written

LOCATION = "stock_location_id"
MOST_FAULTS = 1_000
"""That are listed; more nobody reads."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A level that was sent for a SKU. `place`: the property that names its location."""

    sku: str
    location: str
    place: str
    level: StockLevel | StockRow
    by_external_id: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a location, by our number, is to hold of a SKU."""

    sku: str
    location_id: int
    stock_level: int
    restock_date: date | None
    min_stock_level: int


def sent_for(sku: str, levels: Iterable[StockLevel], *, place: str) -> list[Sent]:
    """The levels of one SKU; `place` is the property of the body that they are in, `""` for the body itself.

    In a body that is nothing but levels a location is named as the reference prints it: `stock_location_id`.
    """
    return [
        Sent(sku, level.stock_location_id, f"{place}[{index}].{LOCATION}" if place else LOCATION, level)
        for index, level in enumerate(levels)
    ]


def sent_in(rows: Iterable[StockRow]) -> list[Sent]:
    """The levels of a batch."""
    return [
        Sent(row.sku, row.stock_location_id, f"[{index}].{LOCATION}", row)
        if row.stock_location_id is not None
        else Sent(
            row.sku,
            row.stock_location_external_id or "",
            f"[{index}].stock_location_external_id",
            row,
            by_external_id=True,
        )
        for index, row in enumerate(rows)
    ]


def located(*, site: Site, sent: Sequence[Sent]) -> tuple[list[Held], list[Fault]]:
    """The levels with their locations found: `resource-not-found` for those that are not, `repeated` for a pair that
    comes twice. One query.
    """
    numbers = StockLocation.objects.for_site(site).numbers_of({item.location for item in sent})
    held: dict[tuple[str, int], Held] = {}
    faults: list[Fault] = []
    for item in sent:
        number = (
            None if item.by_external_id and item.location.startswith(STOCK_LOCATION) else numbers.get(item.location)
        )
        if number is None:
            member = item.place.rpartition(".")[2]
            faults.append(Fault("resource-not-found", item.place, f"{member} not found: {item.location}"))
        elif (item.sku, number) in held:
            faults.append(Fault("repeated", item.place, f"{item.sku} is named more than once at {item.location}."))
        else:
            level = item.level
            held[item.sku, number] = Held(
                item.sku, number, level.stock_level, level.restock_date, level.min_stock_level
            )
    return list(held.values()), faults[:MOST_FAULTS]


# Written in the order of their keys, as every writer does, so that two of them wait for each other and never in a ring.
_STORE = """
INSERT INTO catalog_stock AS stored
    (site_id, sku, location_id, stock_level, restock_date, min_stock_level, updated_at)
SELECT $1, sent.*, $3 FROM json_to_recordset($2::json)
    AS sent(sku text, location_id bigint, stock_level integer, restock_date date, min_stock_level integer)
ORDER BY sent.sku COLLATE "C", sent.location_id
ON CONFLICT (site_id, sku, location_id) DO UPDATE
SET stock_level = EXCLUDED.stock_level, restock_date = EXCLUDED.restock_date,
    min_stock_level = EXCLUDED.min_stock_level, updated_at = EXCLUDED.updated_at
WHERE (stored.stock_level, stored.restock_date, stored.min_stock_level)
    IS DISTINCT FROM (EXCLUDED.stock_level, EXCLUDED.restock_date, EXCLUDED.min_stock_level)
RETURNING sku, location_id, stored.xmax = 0
"""
_REMOVE = """
DELETE FROM catalog_stock WHERE id IN (
    SELECT id FROM catalog_stock WHERE site_id = $1 AND sku = ANY($2)
    ORDER BY sku COLLATE "C", location_id FOR UPDATE
)
"""


def store(*, site: Site, held: Sequence[Held], now: datetime) -> list[Written]:
    """Insert or overwrite these levels; one that says what stands already is left alone. One statement.

    Answers what was done, in their order. (A row that was inserted has not been locked by an update before: `xmax`.)
    """
    if not held:
        return []
    rows = sql.fetch(_STORE, [site.pk, orjson.dumps(held).decode(), now])
    done = {(sku, number): Written.of(is_new=is_new, is_changed=True) for sku, number, is_new in rows}
    return [done.get((level.sku, level.location_id), Written.UNCHANGED) for level in held]


def remove(*, site: Site, skus: Sequence[str]) -> None:
    """Take away what every location holds of these SKUs. One statement."""
    sql.run(_REMOVE, [site.pk, list(skus)])
