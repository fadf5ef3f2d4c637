"""What resources need loaded, by the part of their address that names it."""

from __future__ import annotations

from collections.abc import Sequence

from cortex.envelope import Keys
from cortex.reading import Reading


def purchases(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_purchases([keys["purchase"] for keys in all_keys])


def orders(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_purchases([keys["order"] for keys in all_keys])


def payments(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_payments([keys["purchase"] for keys in all_keys])


def people(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_people([keys["purchase"] for keys in all_keys])


def people_of_orders(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_people([keys["order"] for keys in all_keys])


def goods(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_goods([keys["purchase"] for keys in all_keys])


def items(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_items([keys["item"] for keys in all_keys])


def addresses(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_addresses([keys.get("address", "") for keys in all_keys])


def hindrances(reading: Reading, all_keys: Sequence[Keys]) -> None:
    reading.load_hindrances([keys["order"] for keys in all_keys])
