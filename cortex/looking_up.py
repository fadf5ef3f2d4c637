"""A purchase by the number that people know it by."""

from __future__ import annotations

from core.errors import NotFound
from core.ids import PURCHASE, number_of
from cortex.reading import Reading
from purchasing import store
from purchasing.core_orders import ORDER_TYPES


def purchase_with_number(reading: Reading, number: str) -> str:
    """The key of the purchase: by visible, else internal, else platform id, else as our `o_12`.

    Raises NotFound for an unknown number and for one whose purchase is not the reader's to see.
    """
    if reading.reader is None:
        raise NotFound
    ours = number_of(PURCHASE, number)
    named: list[tuple[str, str | int]] = [("visible", number), ("internal", number), ("platform", number)]
    for kind, value in [*named, *([("number", ours)] if ours is not None else [])]:
        for found in store.find_purchases(site_id=reading.site.pk, identifiers={kind: value}):
            if found.type in ORDER_TYPES and reading.sight.sees(found):
                return str(found.id)
    raise NotFound
