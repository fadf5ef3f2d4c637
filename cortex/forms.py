"""What comes of a form that is submitted: a number looked up, an order placed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from core.errors import InvalidDocument
from cortex.bodies import read_members, text_of
from cortex.envelope import Keys
from cortex.looking_up import purchase_with_number
from cortex.pages import asks_for_page
from cortex.reading import Reading
from purchasing.identity import Lookup
from purchasing.submission import submit_purchase

_OF_PAGES = ("application/x-www-form-urlencoded", "multipart/form-data")
"""How browsers send a form."""


def submit(request: HttpRequest, reading: Reading, resource: str, keys: Keys) -> tuple[str, Keys]:
    """The resource that came of it. Raises NotFound, InvalidDocument, Conflict."""
    members = _members(request)
    if resource == "lookup-form":
        return _look_up(reading, keys, members)
    return _place(reading, keys)


def _members(request: HttpRequest) -> Mapping[str, Any]:
    """Of the JSON body; from a page, of its form."""
    if asks_for_page(request) and request.content_type in _OF_PAGES:
        fields = {name: value for name, value in request.POST.items() if isinstance(value, str)}
        if any("\0" in value for value in fields.values()):
            raise InvalidDocument("The form holds a NUL character.", code="nul-character")
        return fields
    return read_members(request)


def _look_up(reading: Reading, keys: Keys, members: Mapping[str, Any]) -> tuple[str, Keys]:
    number = text_of(members, "purchase-number")
    return "purchase", {"scope": keys["scope"], "purchase": purchase_with_number(reading, number)}


def _place(reading: Reading, keys: Keys) -> tuple[str, Keys]:
    """The purchase; of a limited customer the order again, which waits for approval now."""
    reading.load_purchases([keys["order"]])
    shown = reading.order(keys["order"])
    put = submit_purchase(
        site=reading.site,
        lookup=Lookup("sparklayer", shown.stored.spark_id),
        actor=reading.customer.actor,
        reader=reading.customer,
        now=reading.now,
    )
    if put.purchase.type == "order":
        return "purchase", {"scope": keys["scope"], "purchase": keys["order"]}
    return "order", keys
