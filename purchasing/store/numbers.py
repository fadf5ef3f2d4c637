"""What a purchase takes before it can be worked out: running numbers, which are never used twice, and its rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from core import sql
from pricing.rates import DOLLAR, UsdRate, par, rate_sql


@dataclass(frozen=True, slots=True)
class Needs:
    """What one purchase needs. `new`: a number of its own; `parts`: so many for packages and lines; `day`: the exchange
    rate of that day for its currency, None where none is looked for.
    """

    new: bool
    parts: int
    currency_code: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What it got. `rate`: None where there is none, or none was looked for."""

    purchase: int | None
    parts: list[int]
    rate: UsdRate | None


# As JSON, which PostgreSQL takes for as many rows whatever is in it: it keeps one plan, for one and for many.
_SENT = (
    "ROWS FROM (json_to_recordset($1::json) AS (new boolean, parts integer, currency_code text, day date)) "
    "WITH ORDINALITY AS sent(new, parts, currency_code, day, place)"
)
_TAKEN = (
    "CASE WHEN sent.new THEN nextval('purchasing_purchase_id_seq') END, "
    "ARRAY(SELECT nextval('purchasing_part_number') FROM generate_series(1, sent.parts))"
)
_TAKE = f"SELECT {_TAKEN} FROM {_SENT} ORDER BY sent.place"  # noqa: S608  # fixed parts
_TAKE_WITH_RATES = (
    f"SELECT {_TAKEN}, rate.* FROM {_SENT} "  # noqa: S608  # fixed parts
    f"LEFT JOIN LATERAL ({rate_sql('sent.currency_code', 'sent.day')}) AS rate ON true ORDER BY sent.place"
)


def take_numbers(wanted: Sequence[Needs]) -> list[Numbers]:
    """What each of these needs, in one look-up for all of them; in none when nobody has to ask for anything."""
    days = [None if one.currency_code == DOLLAR else one.day for one in wanted]  # nobody publishes the dollar's own
    if not any(one.new or one.parts for one in wanted) and not any(days):
        return [Numbers(None, [], _rate(one, ())) for one in wanted]
    sent = [
        {"new": one.new, "parts": one.parts, "currency_code": one.currency_code, "day": day}
        for one, day in zip(wanted, days, strict=True)
    ]
    rows = sql.fetch(_TAKE_WITH_RATES if any(days) else _TAKE, [orjson.dumps(sent).decode()])
    return [
        Numbers(number, parts, _rate(one, found)) for one, (number, parts, *found) in zip(wanted, rows, strict=True)
    ]


def _rate(needs: Needs, found: Sequence[Any]) -> UsdRate | None:
    if needs.currency_code == DOLLAR and needs.day is not None:
        return par(needs.day)
    return UsdRate(*found) if found and found[0] is not None else None
