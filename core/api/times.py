"""Filters of a list by when its rows were created and changed: `created_at[gte]` and the like."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter

from core.api.query import Query
from core.models import Site
from core.site_settings import settings_of

_TIMES = ("created_at", "updated_at")
_SIDES = ("gte", "lte")
TIME_PARAMETERS = [
    OpenApiParameter(f"{name}[{side}]", str, description="A date-time, or a date for its first moment.")
    for name in _TIMES
    for side in _SIDES
]


def times_asked_for(query: Query, site: Site) -> Iterator[Q]:
    """The conditions that are asked for; naive moments are in the site's time zone, which is read only then."""
    asked = [(name, side) for name in _TIMES for side in _SIDES if query.text(f"{name}[{side}]") is not None]
    if asked:
        time_zone = settings_of(site).time_zone
        for name, side in asked:
            instant = query.instant(f"{name}[{side}]", time_zone=time_zone)
            if instant is not None:
                yield Q(**{f"{name}__{side}": instant})
