"""What changed between two versions of a purchase's document, member by member. Pure functions.

Packages and lines are compared with themselves, by our ids, wherever they stand now. What is calculated is left out:
it follows from the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DERIVED = frozenset({"id", "unit_total"})
"""Besides `calculated_…`."""
_MONEY = {"number", "currency"}


@dataclass(frozen=True, slots=True)
class Change:
    """A member that differs: `packages[0].dates.shipped_at`, before and after; None where it is not there."""

    path: str
    old: Any
    new: Any


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every difference, in the order of the newer document; what is gone comes after what stayed."""
    changes: list[Change] = []
    _compare("", before, after, changes)
    return changes


def _compare(path: str, old: Any, new: Any, changes: list[Change]) -> None:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and set(new) != _MONEY:
        for name in dict.fromkeys([*new, *old]):
            if name not in DERIVED and not name.startswith("calculated_"):
                _compare(f"{path}.{name}" if path else name, old.get(name), new.get(name), changes)
    elif isinstance(old, list) and isinstance(new, list):
        _compare_lists(path, old, new, changes)
    else:
        changes.append(Change(path, old, new))


def _compare_lists(path: str, old: list[Any], new: list[Any], changes: list[Change]) -> None:
    """Items with an id of ours by that id, others by their place."""
    before = {_key(item, index): (index, item) for index, item in enumerate(old)}
    for index, item in enumerate(new):
        _, counterpart = before.pop(_key(item, index), (index, None))
        _compare(f"{path}[{index}]", counterpart, item, changes)
    for index, item in before.values():
        _compare(f"{path}[{index}]", item, None, changes)


def _key(item: Any, index: int) -> Any:
    return item.get("id", index) if isinstance(item, dict) else index
