"""Staff do everything that the back office lets them, at random: no page breaks, and the books stay right.

The pages are asked in this process; rows, sessions and jobs are the served product's.
"""

from __future__ import annotations

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from core.models import Site
from core.site_settings import set_setting
from purchasing.dollars import fill_missing_dollars
from tests.office_walk import Deed, Walk, begin
from torture.outcome import Outcome
from torture.stage import Stage, wrong_books

SLUG = "torture-office"
ENOUGH = 10
"""Turns after which every deed has been carried out once."""


def office(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("office")
    site = Site.objects.create(slug=SLUG, name=SLUG)
    set_setting(site=site, key="default_currency", value="GBP")
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        walk, todo = begin(site, stage.random.randrange(2**32))
        turns = 0
        while walk.steps < size and not outcome.faults:
            turns += 1
            _turn(walk, outcome, todo if size - walk.steps >= len(todo) else todo[: size - walk.steps])
    outcome.figures = {
        "actions": walk.steps,
        "of kinds": len(todo),
        "carried out": sum(walk.done.values()),
        "never": len(walk.undone(todo)),
    }
    if turns >= ENOUGH:
        outcome.faults += [f"never carried out: {name}" for name in walk.undone(todo)]
    fill_missing_dollars(now=timezone.now(), progress=int)  # of the rates that the furniture put there nobody was told
    outcome.faults += wrong_books()
    connection.close()
    return outcome


def _turn(walk: Walk, outcome: Outcome, todo: list[Deed]) -> None:
    """A turn; what breaks ends the drive and is told with the deed it broke in."""
    try:
        walk.turn(todo)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what is looked for
        outcome.faults.append("; ".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())]))
    outcome.faults += walk.differences()
