"""Line items over all packages: equal lines are one, whatever became of their pieces. Pure functions.

What makes lines equal: identifiers, names, attributes, parent and what one unit costs. A split divides a line's net to
the minor unit, so two pieces of one line need not cost the same per unit: they are one line as long as rounding
explains the difference. Cancelled pieces are told of, and count in no amount.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.money import ZERO, quantum_of

Form = dict[str, Any]
CANCELLED, RETURNED = "cancelled", "refund"


@dataclass(slots=True, eq=False)
class Line:
    """One thing that was bought. `quantity` and amounts: of what is not cancelled; `key`: the same as long as it is."""

    key: str
    name: str
    variant: str
    identifiers: Mapping[str, str]
    options: Sequence[tuple[str, str]]
    parent_form: Form | None
    quantity: int = 0
    returned: int = 0
    cancelled: int = 0
    net: Decimal = ZERO
    gross: Decimal = ZERO
    parent: Line | None = None
    components: list[Line] = field(default_factory=list)
    dependents: list[Line] = field(default_factory=list)
    all_quantity: int = 0
    all_net: Decimal = ZERO

    @property
    def tax(self) -> Decimal:
        return self.gross - self.net

    @property
    def configuration(self) -> dict[str, str]:
        """What there is to say beside the properties that every line has."""
        told = {
            "variant": self.variant,
            "returned-quantity": str(self.returned or ""),
            "cancelled-quantity": str(self.cancelled or ""),
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of a purchase, and which of them each package holds, in the packages' order."""

    all: Sequence[Line]
    by_package: Sequence[Sequence[Line]]


def lines_of(packages: Sequence[Form], currency_code: str) -> Lines:
    """The lines, in the order in which they are met first."""
    known: dict[Hashable, list[Line]] = defaultdict(list)
    lines: list[Line] = []
    by_package: list[list[Line]] = []
    minor_unit = quantum_of(currency_code)
    for package in packages:
        held: dict[str, Line] = {}
        for form in package["line_items"]:
            identity = _identity(form)
            net, quantity = Decimal(form["line_total"]["total_net"]["number"]), form["quantity"]
            line = next((one for one in known[identity] if _costs_the_same(one, net, quantity, minor_unit)), None)
            if line is None:
                line = _new_line(form, _key(identity, len(known[identity])))
                known[identity].append(line)
                lines.append(line)
            _add(line, form, package["type"], net, quantity)
            held[line.key] = line
        by_package.append(list(held.values()))
    _find_parents(lines)
    return Lines(lines, by_package)


def _identity(form: Form) -> Hashable:
    parent = form.get("parent_line")
    return (
        tuple(sorted(form["identifiers"].items())),
        form["name_parent"],
        form["name_child"],
        tuple((item["key"], item["value"]) for item in form["custom_attributes"]),
        (parent["relation"], tuple(sorted(parent["identifiers"].items()))) if parent else None,
    )


def _key(identity: Hashable, number: int) -> str:
    """Short and the same for the same line, so that an address of it stays good while its pieces are moved about."""
    return hashlib.blake2b(repr((identity, number)).encode(), digest_size=8).hexdigest()


def _new_line(form: Form, key: str) -> Line:
    return Line(
        key=key,
        name=form["name_parent"],
        variant=form["name_child"],
        identifiers=form["identifiers"],
        options=[(item["key"], item["value"]) for item in form["custom_attributes"]],
        parent_form=form.get("parent_line"),
    )


def _costs_the_same(line: Line, net: Decimal, quantity: int, minor_unit: Decimal) -> bool:
    """Whether both can be parts of one line, each rounded by less than a minor unit."""
    if quantity == line.all_quantity == 0:
        return net == line.all_net
    apart = abs(net * line.all_quantity - line.all_net * quantity)
    return apart < minor_unit * (quantity + line.all_quantity)


def _add(line: Line, form: Form, state: str, net: Decimal, quantity: int) -> None:
    line.all_quantity += quantity
    line.all_net += net
    if state == CANCELLED:
        line.cancelled += quantity
        return
    line.quantity += quantity
    line.net += net
    line.gross += Decimal(form["line_total"]["calculated_gross"]["number"])
    if state == RETURNED:
        line.returned += quantity


def _find_parents(lines: Iterable[Line]) -> None:
    """Each line with a parent is told which that is: of lines that differ in price alone, the first."""
    children = [line for line in lines if line.parent_form]
    if not children:
        return
    having: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        for pair in line.identifiers.items():
            having[pair].append(line)
    for line in children:
        assert line.parent_form
        first, *others = line.parent_form["identifiers"].items()
        for parent in having[first]:
            if all(parent.identifiers.get(name) == value for name, value in others):
                line.parent = parent
                siblings = parent.components if line.parent_form["relation"] == "component" else parent.dependents
                siblings.append(line)
                break
