"""Which room of the house the time of a call is spent in: samples of the stack, counted. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

ROOMS = {
    "1 who asks": (
        *("purchasing/api/", "purchasing/pages/", "core/", "customers/api/"),
        *("django/", "rest_framework/", "corsheaders/"),
    ),
    "2 document": ("purchasing/documents.py", "core/documents.py", "core/api/bodies.py", "pydantic/"),
    "3 operation": ("purchasing/",),
    "4 figures": ("purchasing/totals.py", "purchasing/status.py", "purchasing/payment.py", "core/money.py"),
    "5 store": (
        *("purchasing/store/", "purchasing/search.py", "core/sql.py", "core/postgres/"),
        *("psycopg", "django/db/"),
    ),
    "6 effects": (
        *("purchasing/effects.py", "purchasing/revisions.py", "purchasing/dollars.py"),
        *("customers/", "pricing/"),
    ),
    "answer": (
        *("purchasing/rendering.py", "purchasing/answers.py", "purchasing/money_answers.py"),
        "core/api/renderer.py",
    ),
}
"""As in docs/architecture.md, 3: by the beginnings of paths, of which the longest counts."""
_BEGINNINGS = sorted(((begin, room) for room, of in ROOMS.items() for begin in of), key=lambda pair: -len(pair[0]))

MOST = 0.75
"""Of all samples: what has more is only a door."""
Frame = tuple[str, str]
"""A path from the project's or the libraries' directory, and a function."""


@dataclass(slots=True)
class Samples:
    """In how many samples a room was the innermost, and a function: the innermost (`own`), or on the stack at all."""

    total: int = 0
    of_room: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)
    within: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, stack: Iterable[Frame]) -> None:
        """One sample, the innermost frame first."""
        self.total += 1
        known = [(room_of(path), path, function) for path, function in stack]
        known = [frame for frame in known if frame[0]]
        if known:
            room, path, function = known[0]
            self.of_room[room] += 1
            self.own[f"{path}:{function}"] += 1
        for room, path, function in dict.fromkeys(known):
            self.within.setdefault(room, Counter())[f"{path}:{function}"] += 1

    def rows(self, milliseconds: float, *, functions: int) -> Iterable[tuple[str, ...]]:
        """Of a call that costs so many: each room's part, then its functions with the most, with all they call.

        Those that nearly the whole call goes through are left out.
        """
        each = milliseconds / max(self.total, 1)
        for room in ROOMS:
            own = self.of_room[room]
            yield room, "", f"{own * each:.2f}", "", f"{own / max(self.total, 1):.0%}"
            within = [pair for pair in self.within.get(room, Counter()).most_common() if pair[1] < MOST * self.total]
            for name, count in within[:functions]:
                yield "", name, f"{self.own[name] * each:.2f}", f"{count * each:.2f}", f"{count / self.total:.0%}"


def room_of(path: str) -> str:
    """The room that a file belongs to, or nothing for one that works for whoever calls it."""
    return next((room for begin, room in _BEGINNINGS if path.startswith(begin)), "")
