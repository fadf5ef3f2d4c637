"""The drives by their names."""

from __future__ import annotations

from collections.abc import Callable

from torture.drives.births import births
from torture.drives.dump import dump
from torture.drives.hostile import hostile
from torture.drives.kills import kills
from torture.drives.sites import sites
from torture.drives.soak import soak
from torture.drives.toggles import toggles
from torture.drives.upgrade import upgrade
from torture.outcome import Outcome
from torture.stage import Stage

DRIVERS: dict[str, Callable[[Stage, int], Outcome]] = {
    "hostile": hostile,
    "toggles": toggles,
    "births": births,
    "kills": kills,
    "sites": sites,
    "soak": soak,
    "dump": dump,
    "upgrade": upgrade,
}
