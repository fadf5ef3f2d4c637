"""What calls of many rows are made on: a site, a program that calls it, and names that nothing has yet.

A function that prepares a call puts on the site what the call needs and answers it; whatever it makes has names of its
own, so that it can be asked again. Lists that answer everything of a site answer what was made before as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from core.models import Site
from tests.callers import ApiCaller

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
V1 = "/api/v1"
ADDRESS = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"}


@dataclass(frozen=True)
class Call:
    """What is sent."""

    method: str
    path: str
    json: Any = None


class Stage:
    """A site, a program that calls it, and names that nothing has yet."""

    def __init__(self, site: Site, api: ApiCaller) -> None:
        self.site = site
        self.api = api
        self._numbers = count(1)

    def name(self) -> str:
        return f"n{next(self._numbers)}"

    def names(self, size: int) -> list[str]:
        return [self.name() for _ in range(size)]


Prepare = Callable[[Stage, int], Call]
Calls = dict[tuple[str, str], Prepare]
"""By method and address, as the description writes it."""
