"""The contents of one package of a stored purchase, replaced by what is named. Pure functions.

Items that are recognised take the named quantity and money, others are added, lines that are not named go. Rules:
`docs/money.md`, 10.
"""

from __future__ import annotations

import copy
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Conflict, NotFound
from core.ids import PACKAGE, is_uuid
from purchasing.freight import Amounts, Form, amounts_in, plain_total, set_freight
from purchasing.moving import NamedItem, key_of, keys_of_line


@dataclass(frozen=True, slots=True)
class PricedItem:
    """An item with what it is called and what it comes to."""

    item: NamedItem
    name: str
    total: Amounts


def package_named(packages: Sequence[Form], name: str) -> Form:
    """The package with our id (`orp_12`), its SparkLayer id or its external id. Raises NotFound."""
    if name.startswith(PACKAGE):
        found = [package for package in packages if package["id"] == name]
    else:
        spark_id = name.lower() if is_uuid(name) else None
        by_id = [package for package in packages if package["identifiers"]["sparklayer_package_id"] == spark_id]
        found = by_id or [package for package in packages if name and package["identifiers"]["internal"] == name]
    if not found:
        raise NotFound
    return found[0]


def repack(document: Form, *, package: str, items: Sequence[PricedItem], freight: Amounts | None) -> Form:
    """The document with these items in that package; `freight` None keeps what its shipping costs.

    Raises NotFound for an unknown package, Conflict `package-is-cancelled`.
    """
    document = copy.deepcopy(document)
    chosen, currency_code = package_named(document["packages"], package), document["currency_code"]
    if chosen["type"] == "cancelled":
        raise Conflict("The package is cancelled: it cannot be changed.", code="package-is-cancelled")
    free: dict[tuple[str, str], deque[Form]] = defaultdict(deque)
    for line in chosen["line_items"]:
        for key in keys_of_line(line):
            free[key].append(line)
    taken: set[int] = set()
    lines = []
    for named in items:
        line = _next_free(free, key_of(named.item, free), taken)
        if line is None:
            line = _new_line(named)
        line["quantity"] = named.item.quantity
        if amounts_in(line.get("line_total")) != named.total or "line_total" not in line:
            line["line_total"] = plain_total(named.total, currency_code)
            line.pop("tax_lines", None)
        lines.append(line)
    chosen["line_items"] = lines
    if freight is not None:
        set_freight(chosen, freight, currency_code)
    return document


def _next_free(free: dict[tuple[str, str], deque[Form]], key: tuple[str, str] | None, taken: set[int]) -> Form | None:
    """The first line with this key that no other item has taken."""
    while key and free[key]:
        line = free[key].popleft()
        if id(line) not in taken:
            taken.add(id(line))
            return line
    return None


def _new_line(named: PricedItem) -> Form:
    identifiers = {"variant_id": named.item.variant_id, "sku": named.item.sku}
    return {
        "identifiers": {kind: value for kind, value in identifiers.items() if value},
        "name_parent": named.name or named.item.name,
    }
