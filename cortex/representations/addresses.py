"""Addresses, wherever they stand: in the address book, on a purchase, where goods went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import NotFound
from cortex.envelope import Keys, Link, Node
from cortex.reading import Reading
from cortex.registry import renders
from cortex.representations import loads

NAMES = {
    "street-address": "address_line1",
    "extended-address": "address_line2",
    "locality": "city",
    "region": "region_code",
    "postal-code": "postal_code",
    "country-name": "country_code",
    "phone-number": "phone",
    "organization": "company",
}
"""By Cortex's names: the members of an address of ours."""


def address_properties(address: Mapping[str, Any] | None) -> dict[str, Any]:
    """`name` and `address`; nulls throughout where there is none."""
    stored = address or {}
    given, family = stored.get("first_name"), stored.get("last_name")
    if not given and not family:
        given, _, family = str(stored.get("name") or "").rpartition(" ")
    return {
        "name": {"given-name": given or None, "family-name": family or None},
        "address": {name: stored.get(member) or None for name, member in NAMES.items()},
    }


@renders("addresses", loads.addresses)
def addresses(reading: Reading, keys: Keys) -> Node:
    """The reader's own address book."""
    scope = {"scope": keys["scope"]}
    links = [Link("element", "address", {**scope, "address": key}) for key in reading.addresses]
    profile = {**scope, "profile": str(reading.customer.pk)}
    return Node("addresses", keys, links=[*links, Link("profile", "profile", profile, rev="addresses")])


@renders("address", loads.addresses)
def address(reading: Reading, keys: Keys) -> Node:
    row = reading.addresses.get(keys["address"])
    if row is None:
        raise NotFound
    stored = {name: getattr(row, name) for name in ("first_name", "last_name", *NAMES.values())}
    return Node("address", keys, address_properties(stored), [Link("list", "addresses", {"scope": keys["scope"]})])
