"""Lines that belong to another line of their purchase: parts of a bundle, and what is bought along with a thing.

A line names its parent by identifiers that the parent has, whatever package that stands in by now: they stay with a
line when it is split, shipped or sent again, where places and ids do not. Pure functions. Rules: `docs/api.md`, parent
lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from core.errors import Fault
from purchasing.documents import LineItem, Package

Identity = tuple[Hashable, ...]

UNKNOWN, AMBIGUOUS, CYCLE = "parent-line-unknown", "parent-line-ambiguous", "parent-line-cycle"


def identity_of(line: LineItem) -> Identity:
    """What pieces of one line have in common, wherever they stand: identifiers, names, attributes and parent."""
    parent = line.parent_line
    return (
        frozenset(line.identifiers.items()),
        line.name_parent,
        line.name_child,
        tuple((attribute.key, attribute.value) for attribute in line.custom_attributes),
        (parent.relation, frozenset(parent.identifiers.items())) if parent else None,
    )


def faults_of_parents(packages: Sequence[Package]) -> list[Fault]:
    """What is wrong with the parents that the lines of one purchase name: unknown, several, or going round."""
    children = [(path, line) for path, line in _lines(packages) if line.parent_line]
    if not children:
        return []
    having: dict[tuple[str, str], set[Identity]] = defaultdict(set)
    for _path, line in _lines(packages):
        identity = identity_of(line)
        for pair in line.identifiers.items():
            having[pair].add(identity)
    parents: dict[Identity, Identity] = {}
    named: list[tuple[str, Identity]] = []
    faults = []
    for path, line in children:
        assert line.parent_line
        wanted = line.parent_line.identifiers
        found = set.intersection(*(having.get(pair, set()) for pair in wanted.items()))
        where = f"{path}.parent_line.identifiers"
        if not found:
            faults.append(Fault(UNKNOWN, where, "No line of the purchase has these identifiers."))
        elif len(found) > 1:
            faults.append(Fault(AMBIGUOUS, where, "More than one line of the purchase has these identifiers."))
        else:
            identity = identity_of(line)
            parents[identity] = found.pop()
            named.append((where, identity))
    round_and_round = _within_cycles(parents)
    faults += [
        Fault(CYCLE, where, "A line does not belong to itself, directly or by others.")
        for where, identity in named
        if identity in round_and_round
    ]
    return faults


def _lines(packages: Sequence[Package]) -> Iterator[tuple[str, LineItem]]:
    for index, package in enumerate(packages):
        for position, line in enumerate(package.line_items):
            yield f"packages[{index}].line_items[{position}]", line


def _within_cycles(parents: dict[Identity, Identity]) -> set[Identity]:
    """Those from which following the parents comes back to where it was. Every line is walked once."""
    done: set[Identity] = set()
    cycles: set[Identity] = set()
    for start in parents:
        walk: dict[Identity, None] = {}
        here: Identity | None = start
        while here is not None and here not in done and here not in walk:
            walk[here] = None
            here = parents.get(here)
        if here is not None and here in walk:
            steps = list(walk)
            cycles.update(steps[steps.index(here) :])
        done.update(walk)
    return cycles
