"""Addresses that are stored in one line, as they stand on a letter to their country."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from core.models import Site
from purchasing.documents import PurchaseAddress
from purchasing.models import Purchase
from purchasing.normal_form import letter_line, one_line

BATCH = 500
"""Documents read at a time."""


def as_on_letters(lines: Mapping[str, str], *, site: Site) -> dict[str, str]:
    """Each of these lines as on a letter; one whose address is gone meanwhile is not among them.

    `lines`: with the id of an order of the site that sends something there. One query for 500 orders.
    """
    orders = sorted({spark_id for line, spark_id in lines.items() if line})
    found = {}
    for start in range(0, len(orders), BATCH):
        rows = Purchase.objects.for_site(site).filter(spark_id__in=orders[start : start + BATCH])
        for contents in rows.values_list("contents", flat=True):
            for package in orjson.loads(contents)["packages"]:
                if package["shipping_address"]:
                    address = PurchaseAddress.model_construct(**package["shipping_address"])
                    found[one_line(address)] = letter_line(address)
    return found
