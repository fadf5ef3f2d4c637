"""What was sent, where to, how, and what was in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.errors import NotFound
from cortex.envelope import Keys, Link, Node
from cortex.reading import Reading
from cortex.registry import renders
from cortex.representations import loads
from cortex.representations.addresses import address_properties
from cortex.representations.lines import line_link
from cortex.representations.purchases import of_purchase
from cortex.shown_purchase import Form, freight_of


@renders("shipments", loads.purchases)
def shipments(reading: Reading, keys: Keys) -> Node:
    sent = reading.purchase(keys["purchase"]).shipments
    if not sent:
        raise NotFound
    links = [Link("element", "shipment", {**keys, "shipment": _key(package)}) for package, _place in sent]
    return Node("shipments", keys, links=[*links, Link("purchase", "purchase", keys, rev="shipments")])


@renders("shipment", loads.purchases)
def shipment(reading: Reading, keys: Keys) -> Node:
    package, _place = _sent(reading, keys)
    shipped_at = package["dates"]["shipped_at"]
    return Node(
        "shipment",
        keys,
        {
            "ship-date": reading.words.instant(datetime.fromisoformat(shipped_at)) if shipped_at else None,
            "tracking": [
                {
                    "carrier": parcel["carrier"] or None,
                    "tracking-number": parcel["tracking_number"] or None,
                    "tracking-url": parcel["tracking_url"] or None,
                }
                for parcel in package["shipments"]
            ],
        },
        [
            Link("destination", "destination", keys, rev="shipment"),
            Link("shippingoption", "shipping-option", keys, rev="shipment"),
            Link("lineitems", "shipment-lines", keys, rev="shipment"),
            Link("list", "shipments", of_purchase(keys)),
        ],
    )


@renders("destination", loads.purchases)
def destination(reading: Reading, keys: Keys) -> Node:
    package, _place = _sent(reading, keys)
    back = Link("shipment", "shipment", keys, rev="destination")
    return Node("destination", keys, address_properties(package["shipping_address"]), [back])


@renders("shipping-option", loads.purchases)
def shipping_option(reading: Reading, keys: Keys) -> Node:
    package, _place = _sent(reading, keys)
    code = reading.purchase(keys["purchase"]).currency_code
    back = Link("shipment", "shipment", keys, rev="shippingoption")
    return Node("shipping-option", keys, option_properties(reading, package, code), [back])


@renders("shipment-lines", loads.purchases)
def shipment_lines(reading: Reading, keys: Keys) -> Node:
    _package, place = _sent(reading, keys)
    lines = reading.purchase(keys["purchase"]).lines.by_package[place]
    links = [line_link("element", keys, line) for line in lines]
    return Node("shipment-lines", keys, links=[*links, Link("shipment", "shipment", keys, rev="lineitems")])


def option_properties(reading: Reading, package: Form, currency_code: str) -> dict[str, Any]:
    """How a package is sent. `cost`: gross, 0 where shipping costs nothing or stands on another package."""
    method = package["shipping_method"] or {"name": "", "sku": ""}
    carriers = [parcel["carrier"] for parcel in package["shipments"] if parcel["carrier"]]
    name = method["name"] or method["sku"] or (carriers[0] if carriers else None)
    return {
        "carrier": carriers[0] if carriers else None,
        "cost": [reading.words.money(freight_of(package), currency_code)],
        "name": method["sku"] or name,
        "display-name": name,
    }


def _key(package: Form) -> str:
    return str(package["id"][4:])


def _sent(reading: Reading, keys: Keys) -> tuple[Form, int]:
    for package, place in reading.purchase(keys["purchase"]).shipments:
        if _key(package) == keys["shipment"]:
            return package, place
    raise NotFound
