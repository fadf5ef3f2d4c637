"""Line items with their options, and with the lines that belong to them."""

from __future__ import annotations

import hashlib

from core.errors import NotFound
from cortex.envelope import Keys, Link, Node
from cortex.ids import encode
from cortex.lines import Line
from cortex.reading import Reading
from cortex.registry import renders
from cortex.representations import loads
from cortex.representations.purchases import of_purchase


def line_link(rel: str, keys: Keys, line: Line, *, rev: str | None = None) -> Link:
    return Link(rel, "line-item", {**of_purchase(keys), "line": line.key}, rev=rev)


def line_of(reading: Reading, keys: Keys) -> Line:
    line = reading.purchase(keys["purchase"]).line(keys["line"])
    if line is None:
        raise NotFound
    return line


@renders("line-items", loads.purchases)
def line_items(reading: Reading, keys: Keys) -> Node:
    """Every line, those that belong to others too."""
    links = [line_link("element", keys, line) for line in reading.purchase(keys["purchase"]).lines.all]
    return Node("line-items", keys, links=[*links, Link("purchase", "purchase", keys, rev="lineitems")])


@renders("line-item", loads.purchases, loads.goods)
def line_item(reading: Reading, keys: Keys) -> Node:
    shown, line = reading.purchase(keys["purchase"]), line_of(reading, keys)
    above, money, code = of_purchase(keys), reading.words.money, shown.currency_code
    goods = reading.goods_of(line.identifiers)
    links = []
    if line.options:
        links.append(Link("options", "options", keys, rev="lineitem"))
    if line.components:
        links.append(Link("components", "components", keys, rev="lineitem"))
    if line.dependents:
        links.append(Link("dependentlineitems", "dependents", keys, rev="lineitem"))
    if line.parent:
        links.append(line_link("parent", keys, line.parent))
    links.append(Link("list", "line-items", above))
    if goods:
        links.append(Link("item", "item", {"scope": keys["scope"], "item": str(goods.number)}))
    return Node(
        "line-item",
        keys,
        {
            "name": line.name,
            "quantity": line.quantity,
            "configuration": line.configuration,
            "line-extension-amount": [money(line.net, code)],
            "line-extension-tax": [money(line.tax, code)],
            "line-extension-total": [money(line.gross, code)],
        },
        links,
    )


@renders("components", loads.purchases)
def components(reading: Reading, keys: Keys) -> Node:
    return _children(keys, "components", line_of(reading, keys).components, rev="components")


@renders("dependents", loads.purchases)
def dependents(reading: Reading, keys: Keys) -> Node:
    return _children(keys, "dependents", line_of(reading, keys).dependents, rev="dependentlineitems")


def _children(keys: Keys, name: str, children: list[Line], *, rev: str) -> Node:
    if not children:
        raise NotFound
    links = [line_link("element", keys, child) for child in children]
    return Node(name, keys, links=[*links, Link("lineitem", "line-item", keys, rev=rev)])


@renders("options", loads.purchases)
def options(reading: Reading, keys: Keys) -> Node:
    line = line_of(reading, keys)
    if not line.options:
        raise NotFound
    links = [Link("element", "option", {**keys, "option": str(place)}) for place in range(len(line.options))]
    return Node("options", keys, links=[*links, Link("lineitem", "line-item", keys, rev="options")])


@renders("option", loads.purchases)
def option(reading: Reading, keys: Keys) -> Node:
    """A custom attribute; its value is one resource further."""
    name, value = _option(reading, keys)
    above = {part: keys[part] for part in ("scope", "purchase", "line")}
    return Node(
        "option",
        keys,
        {
            "name": name,
            "display-name": name,
            "option-id": encode(keys["option"]),
            "selected-value-id": encode(value_key(value)),
        },
        [
            Link("value", "value", {**keys, "value": value_key(value)}, rev="option"),
            Link("list", "options", above),
        ],
    )


@renders("value", loads.purchases)
def option_value(reading: Reading, keys: Keys) -> Node:
    _name, value = _option(reading, keys)
    if keys["value"] != value_key(value):
        raise NotFound
    above = {part: keys[part] for part in ("scope", "purchase", "line", "option")}
    return Node("value", keys, {"name": value, "display-name": value}, [Link("option", "option", above, rev="value")])


def value_key(value: str) -> str:
    """Short, and the same for the same value."""
    return hashlib.blake2b(value.encode(), digest_size=8).hexdigest()


def _option(reading: Reading, keys: Keys) -> tuple[str, str]:
    chosen = dict(enumerate(line_of(reading, keys).options))
    named = {str(place): pair for place, pair in chosen.items()}
    if keys["option"] not in named:
        raise NotFound
    return named[keys["option"]]
