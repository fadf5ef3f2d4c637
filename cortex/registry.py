"""What renders each resource of the table, and what has to be loaded before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cortex.envelope import Keys, Node
from cortex.reading import Reading
from cortex.table import TABLE

Render = Callable[[Reading, Keys], Node]
Load = Callable[[Reading, Sequence[Keys]], None]


@dataclass(frozen=True, slots=True)
class Family:
    """`load`: reads at once whatever all resources of these addresses need; `render`: asks the database nothing."""

    render: Render
    loads: tuple[Load, ...]


FAMILIES: dict[str, Family] = {}


def renders(resource: str, *loads: Load) -> Callable[[Render], Render]:
    """Register what renders this resource, after these loads in this order."""
    assert resource in TABLE, resource

    def register(render: Render) -> Render:
        FAMILIES[resource] = Family(render, loads)
        return render

    return register


def nodes_of(reading: Reading, wanted: Sequence[tuple[str, Keys]]) -> list[Node]:
    """These resources, each table read once for all of them. Raises NotFound."""
    by_resource: dict[str, list[Keys]] = {}
    for resource, keys in wanted:
        by_resource.setdefault(resource, []).append(keys)
    for resource, all_keys in by_resource.items():
        for load in FAMILIES[resource].loads:
            load(reading, all_keys)
    return [FAMILIES[resource].render(reading, keys) for resource, keys in wanted]


def node_of(reading: Reading, resource: str, keys: Keys) -> Node:
    """One resource. Raises NotFound."""
    return nodes_of(reading, [(resource, keys)])[0]
