"""The time zones that somebody chooses from: those of places, without the other names that many of them have."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

UTC = "UTC"


@cache
def zones_of_places() -> tuple[str, ...]:
    """Their names, as `Europe/London`, in their order, and then UTC. From the table of the `tzdata` package."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return (*sorted({row[2] for row in rows}), UTC)
