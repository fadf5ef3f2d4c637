"""What an order names by id: addresses of the site's customers, variants of its catalogue. Found, and copied."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from catalog.models import ProductVariant
from core.errors import Fault, InvalidDocument
from core.ids import ADDRESS, VARIANT, number_of
from core.models import Site
from customers.models import Address
from purchasing.core_orders import ADDRESS_TEXTS, Form


def resolve_addresses(*, site: Site, billing: Form, shipping: Sequence[tuple[str, Form]], required: bool) -> None:
    """Put the addresses that stand behind `billing_address_id` and `shipping_address_id` into their forms.

    An address that was sent is stored as it is, and the id remembered as its origin; one of which only the id was sent
    is copied. `shipping`: forms with the path they stand at, which need an address when `required`. One query.
    Raises InvalidDocument `resource-not-found` for an id that alone names nothing, `required`.
    """
    places = [("", "billing_address", billing), *((path, "shipping_address", form) for path, form in shipping)]
    addresses = Address.objects.for_site(site).present()
    found = _found(addresses, ADDRESS, {form.get(f"{member}_id") or "" for _, member, form in places} - {""})
    faults = []
    for path, member, form in places:
        name = form.pop(f"{member}_id", None) or ""
        address, sent = found.get(name), form.get(member)
        if sent:
            form[member] = {**sent, "id": address.public_id if address else None}
        elif address:
            form[member] = {"id": address.public_id, **{text: getattr(address, text) for text in ADDRESS_TEXTS}}
        elif name:
            faults.append(Fault("resource-not-found", f"{path}{member}_id", f"address {name} not found"))
        elif required and member == "shipping_address":
            faults.append(Fault("required", f"{path}{member}", "Give a shipping_address or a shipping_address_id."))
    if faults:
        raise InvalidDocument(faults=faults)


def complete_items(*, site: Site, items: Sequence[Form]) -> None:
    """Items that name a variant of the catalogue get both its ids, and its SKU and name where none was sent.

    Orders may also be of what the catalogue does not hold: such ids stay as they are. One query.
    """
    variants = ProductVariant.objects.for_site(site).select_related("product")
    found = _found(variants, VARIANT, {item["variant_id"] for item in items} - {""})
    for item in items:
        variant = found.get(item["variant_id"])
        if variant is not None:
            item["variant_id"], item["external_id"] = variant.public_id, variant.external_id or None
            item["sku"] = item["sku"] or variant.sku
            item["name"] = item["name"] or variant.product.title
        item["name"] = item["name"] or item["sku"] or item["variant_id"]


def _found(rows: models.QuerySet[Any], prefix: str, names: Collection[str]) -> dict[str, Any]:
    """The rows by the ids and external ids they were asked for. No query when none was."""
    numbers = {number: name for name in names if (number := number_of(prefix, name)) is not None}
    external_ids = {name for name in names if not name.startswith(prefix)}
    if not numbers and not external_ids:
        return {}
    found: dict[str, Any] = {}
    for row in rows.filter(Q(pk__in=numbers) | Q(external_id__in=external_ids)):
        if row.pk in numbers:
            found[numbers[row.pk]] = row
        if row.external_id in external_ids:
            found[row.external_id] = row
    return found
