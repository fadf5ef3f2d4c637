"""What only some may do: take away lines of a purchase, or what an applied payment counts. The rule of every door.

Who takes nothing away (`Actor.takes_away`) still moves goods, cancels them, which leaves a trace, and corrects
quantities and prices. Rules: `docs/back_office.md`, who may do what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import Any

import orjson

from core.actors import Actor
from core.errors import Fault, NotPermitted
from purchasing.store import StoredPurchase

Counted = tuple[Decimal, str, bool]
"""Of a transaction: total, currency, whether it is applied."""


def check_nothing_taken(stored: StoredPurchase, new: StoredPurchase, *, actor: Actor) -> None:
    """Raises NotPermitted for every line that had a quantity and has none any more, unless its goods stand elsewhere.

    On `packages[i].line_items[j].quantity` of the new document, else on `packages.line_items`: the line is not there.
    """
    if actor.takes_away:
        return
    before, after = list(_lines(stored)), list(_lines(new))
    places = {line["id"]: (place, line["quantity"]) for place, line in after}
    had, have = _pieces(before), _pieces(after)
    faults = []
    for _place, line in before:
        place, left = places.get(line["id"], (None, 0))
        goods = _goods_of(line)
        if not line["quantity"] or left or have[goods] >= had[goods]:
            continue
        where = "packages.line_items" if place is None else f"{place}.quantity"
        faults.append(Fault("takes-away", where, f"Your role takes no lines away: {_name(line)}."))
    if faults:
        raise NotPermitted(faults=faults)


def check_still_counts(stored: Counted, new: Counted, *, actor: Actor) -> None:
    """Raises NotPermitted when an applied transaction would be un-applied, or count something else."""
    if actor.takes_away or not stored[2]:
        return
    faults = [
        Fault("takes-away", name, "Of an applied transaction a manager changes it.")
        for name, stands, sent in zip(("total", "currency_code", "apply_to_balance"), stored, new, strict=True)
        if stands != sent
    ]
    if faults:
        raise NotPermitted(faults=faults)


def _lines(purchase: StoredPurchase) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, package in enumerate(orjson.loads(purchase.contents)["packages"]):
        for position, line in enumerate(package["line_items"]):
            yield f"packages[{index}].line_items[{position}]", line


def _pieces(lines: list[tuple[str, dict[str, Any]]]) -> Counter[Hashable]:
    """How many there are of the same goods."""
    pieces: Counter[Hashable] = Counter()
    for _place, line in lines:
        pieces[_goods_of(line)] += line["quantity"]
    return pieces


def _goods_of(line: dict[str, Any]) -> Hashable:
    """What pieces of one line have in common, wherever they stand."""
    kind = {name: line.get(name) for name in ("identifiers", "name_parent", "name_child", "custom_attributes")}
    return orjson.dumps(kind, option=orjson.OPT_SORT_KEYS)


def _name(line: dict[str, Any]) -> str:
    return str(line["identifiers"].get("sku") or line["name_parent"])
