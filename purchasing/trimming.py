"""What is taken out of a stored purchase before it is approved: lines lowered in quantity, or gone. Pure functions.

What is left keeps its ids and its share of a line's money, divided as when goods are shipped: what stays and what goes
are together what they were. Parts of a line that goes (`parent_line`) go with it. Freight stays as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

from core.errors import Fault, InvalidDocument
from purchasing.freight import Form, hand_on
from purchasing.moving import oldest_first, take
from purchasing.status import TYPE_WORDS, PackageState

_OPEN = TYPE_WORDS[PackageState.PROCESSING]


def trim(document: Form, *, quantities: Mapping[str, int]) -> Form:
    """The document with these lines (by our id) at these quantities; a line at 0 is out, a package without lines too.

    Only what has not left can be taken out; lines that are not named stay. The purchase's own `tax_lines` go: they were
    the sender's sum of what was there. Raises InvalidDocument: `not-enough` for every line that is unknown or of which
    there is less, `nothing-lowered`, `nothing-left`.
    """
    document = copy.deepcopy(document)
    packages = document["packages"]
    lines = {line["id"]: line for package in packages if package["type"] == _OPEN for line in package["line_items"]}
    faults = [
        Fault("not-enough", f"quantities.{name}", "There are not so many of it.")
        for name, wanted in quantities.items()
        if name not in lines or not 0 <= wanted <= lines[name]["quantity"]
    ]
    if faults:
        raise InvalidDocument(faults=faults)
    lowered = {name: wanted for name, wanted in quantities.items() if wanted < lines[name]["quantity"]}
    if not lowered:
        raise InvalidDocument("No quantity is lower.", code="nothing-lowered", property="quantities")
    gone: set[int] = set()
    for name, wanted in lowered.items():
        take(lines[name], lines[name]["quantity"] - wanted, document["currency_code"], gone)
    _take_parts(packages, gone)
    if not any(line["quantity"] for package in packages for line in package["line_items"] if id(line) not in gone):
        raise InvalidDocument("Nothing would be left of it.", code="nothing-left", property="quantities")
    document["packages"] = _without(packages, gone, document["currency_code"])
    document["tax_lines"] = []
    return document


def _take_parts(packages: Sequence[Form], gone: set[int]) -> None:
    """Add to what is gone the open lines whose parent is: those that belong to no line that stays."""
    while True:
        staying = [line for package in packages for line in package["line_items"] if id(line) not in gone]
        orphans = {
            id(line)
            for package in packages
            if package["type"] == _OPEN
            for line in package["line_items"]
            if id(line) not in gone and line.get("parent_line") and not _has_parent(line, staying)
        }
        if not orphans:
            return
        gone |= orphans


def _has_parent(line: Form, lines: Sequence[Form]) -> bool:
    wanted = line["parent_line"]["identifiers"].items()
    return any(wanted <= other["identifiers"].items() for other in lines)


def _without(packages: Sequence[Form], gone: set[int], currency_code: str) -> list[Form]:
    """The packages without these lines. What an emptied one leaves, freight and files, the oldest live one gets."""
    emptied = []
    for package in packages:
        before = package["line_items"]
        package["line_items"] = [line for line in before if id(line) not in gone]
        if before and not package["line_items"]:
            emptied.append(package)
    left = [package for package in packages if package not in emptied]
    receiver = oldest_first([package for package in left if package["type"] != "cancelled"] or left)[0]
    for package in emptied:
        hand_on(package, receiver, currency_code)
        receiver["accounting_files"] = [*receiver["accounting_files"], *package["accounting_files"]]
    return left
