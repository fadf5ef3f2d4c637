"""Which package and line of a new document is which of the stored one: who keeps our ids. Pure functions.

Packages match by `sparklayer_package_id`, then internal, platform, visible id, then, when neither side has ids from
the caller, by position among those of the same state. Lines match within matched packages only: by identity
(identifiers, names, attributes, parent line), then by identifiers, equals by position.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any
from uuid import UUID

from core.ids import PACKAGE, number_of
from purchasing.documents import LineItem, Package
from purchasing.normal_form import parent_line_form
from purchasing.parent_lines import identity_of
from purchasing.status import TYPE_WORDS, PackageState

StoredPackage = dict[str, Any]
StoredLine = dict[str, Any]

_CALLER_KEYS = ("internal", "platform", "visible")


def match_packages(
    *,
    packages: Sequence[Package],
    states: Sequence[PackageState],
    stored: Sequence[StoredPackage],
    given_ids: frozenset[UUID],
) -> list[StoredPackage | None]:
    """For each new package the stored one it continues, or None. `given_ids`: package ids that were ours to give."""
    found: list[StoredPackage | None] = [None] * len(packages)
    free = dict(enumerate(stored))

    def take_by(new_key: Callable[[int], Hashable], stored_key: Callable[[StoredPackage], Hashable]) -> None:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index, package in free.items():
            key = stored_key(package)
            if key:
                waiting[key].append(index)
        for position, match in enumerate(found):
            key = new_key(position) if match is None else None
            if key and waiting.get(key):
                found[position] = free.pop(waiting[key].pop(0))

    take_by(
        lambda position: str(packages[position].identifiers.sparklayer_package_id),
        lambda package: package["identifiers"]["sparklayer_package_id"],
    )
    for kind in _CALLER_KEYS:
        take_by(
            lambda position, kind=kind: getattr(packages[position].identifiers, kind),  # type: ignore[misc]  # bound
            lambda package, kind=kind: package["identifiers"][kind],  # type: ignore[misc]  # bound per round
        )
    take_by(
        lambda position: None if _has_caller_ids(packages[position]) else TYPE_WORDS[states[position]],
        lambda package: None if _stored_with_caller_ids(package, given_ids) else package["type"],
    )
    return found


def match_lines(*, lines: Sequence[LineItem], stored: Sequence[StoredLine]) -> list[int | None]:
    """For each new line the number of the stored one it continues, or None."""
    if len(lines) == len(stored) and all(map(_is_same, lines, stored)):
        return [number_of(PACKAGE, line["id"]) for line in stored]  # nearly always: the lines as they stood
    found: list[int | None] = [None] * len(lines)
    taken: set[int] = set()
    for new_key, stored_key in ((identity_of, _stored_identity), (_identifiers, _stored_identifiers)):
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index, stored_line in enumerate(stored):
            if index not in taken:
                waiting[stored_key(stored_line)].append(index)
        for position, line in enumerate(lines):
            key = new_key(line) if found[position] is None else None
            if key and waiting.get(key):
                index = waiting[key].pop(0)
                taken.add(index)
                found[position] = number_of(PACKAGE, stored[index]["id"])
    return found


def _has_caller_ids(package: Package) -> bool:
    identifiers = package.identifiers
    return bool(
        identifiers.sparklayer_package_id or identifiers.internal or identifiers.platform or identifiers.visible
    )


def _stored_with_caller_ids(package: StoredPackage, given_ids: frozenset[UUID]) -> bool:
    identifiers = package["identifiers"]
    return UUID(identifiers["sparklayer_package_id"]) not in given_ids or any(
        identifiers[kind] for kind in _CALLER_KEYS
    )


def _is_same(line: LineItem, stored: StoredLine) -> bool:
    """Whether the two have one identity."""
    return (
        line.identifiers == stored["identifiers"]
        and line.name_parent == stored["name_parent"]
        and line.name_child == stored["name_child"]
        and len(line.custom_attributes) == len(stored["custom_attributes"])
        and all(
            attribute.key == other["key"] and attribute.value == other["value"]
            for attribute, other in zip(line.custom_attributes, stored["custom_attributes"], strict=True)
        )
        and _parent(line) == stored.get("parent_line")
    )


def _parent(line: LineItem) -> dict[str, Any] | None:
    return parent_line_form(line.parent_line) if line.parent_line else None


def _stored_identity(line: StoredLine) -> Hashable:
    parent = line.get("parent_line")
    return (
        frozenset(line["identifiers"].items()),
        line["name_parent"],
        line["name_child"],
        tuple((attribute["key"], attribute["value"]) for attribute in line["custom_attributes"]),
        (parent["relation"], frozenset(parent["identifiers"].items())) if parent else None,
    )


def _identifiers(line: LineItem) -> Hashable:
    return frozenset(line.identifiers.items())


def _stored_identifiers(line: StoredLine) -> Hashable:
    return frozenset(line["identifiers"].items())
