"""Whether the rules of price lists end somewhere: no list may be made out of itself. Imports no Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


def is_cyclic(edges: Iterable[tuple[int, int]], start: int) -> bool:
    """Whether `start` is reached again by way of (list, source) edges."""
    return start in _reached(_by_first(edges), start)


def levels_through(edges: Iterable[tuple[int, int]], start: int) -> int:
    """How many lists the longest chain through `start` has, it counted; there must be no cycle."""
    edges = list(edges)
    down = _longest(_by_first(edges), start)
    up = _longest(_by_first((source, target) for target, source in edges), start)
    return down + up - 1


def _by_first(edges: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for first, second in edges:
        found[first].append(second)
    return found


def _reached(following: dict[int, list[int]], start: int) -> set[int]:
    reached: set[int] = set()
    todo = list(following.get(start, ()))
    while todo:
        place = todo.pop()
        if place not in reached:
            reached.add(place)
            todo += following.get(place, ())
    return reached


def _longest(following: dict[int, list[int]], start: int) -> int:
    """Level by level: what is reached in so many steps, until nothing is."""
    level, here = 0, {start}
    while here:
        level += 1
        here = {place for origin in here for place in following.get(origin, ())}
    return level
