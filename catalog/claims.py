"""Whether the names that are unique on a site are free. Called under the operations' locks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.models import Product, ProductVariant, StockLocation
from catalog.recognition import Meant
from core.errors import Fault
from core.models import Site

UNIQUE = {"external_id": "external id", "sku": "SKU"}
"""What is unique of a variant."""


def product_claims_taken(*, site: Site, product: Product, claims: dict[str, str]) -> list[Fault]:
    """A fault for each of slug and external id (`claims`: those that were sent) that another product has."""
    others = Product.objects.for_site(site).exclude(pk=product.pk)
    return [
        _taken(name, f"Another product has this {name.replace('_', ' ')}.")
        for name, value in claims.items()
        if value and others.filter(**{name: value}).exists()
    ]


def location_claims_taken(*, site: Site, location: StockLocation, external_id: str) -> list[Fault]:
    """A fault when another location has this external id."""
    others = StockLocation.objects.for_site(site).exclude(pk=location.pk)
    if external_id and others.filter(external_id=external_id).exists():
        return [_taken("external_id", "Another stock location has this external id.")]
    return []


def variant_claims_taken(
    *, site: Site, product: Product, stored: Sequence[ProductVariant], meant: Sequence[Meant]
) -> list[Fault]:
    """A fault for each SKU and external id that two variants of the product would have, or that another product has.

    `stored`: all variants of the product. One query.
    """
    claims = {
        name: [(item, value) for item in meant if (value := getattr(item.document, name)) and _claimed(item, name)]
        for name in UNIQUE
    }
    faults = [fault for name in UNIQUE for fault in _taken_within(name, stored=stored, meant=meant)]
    elsewhere = _held_elsewhere(site, product, {name: [value for _, value in items] for name, items in claims.items()})
    for name, items in claims.items():
        faults += [
            _taken(item.member(name), f"A variant of another product has this {UNIQUE[name]}.")
            for item, value in items
            if value in elsewhere[name]
        ]
    return faults


def _claimed(item: Meant, name: str) -> bool:
    """Whether the document says something that the stored variant does not have already."""
    return item.stored is None or getattr(item.stored, name) != getattr(item.document, name)


def _taken_within(name: str, *, stored: Sequence[ProductVariant], meant: Sequence[Meant]) -> Iterator[Fault]:
    named = {item.stored.pk for item in meant if item.stored and name in item.document.model_fields_set}
    holders = {getattr(variant, name) for variant in stored if variant.pk not in named}
    for item in meant:
        value = getattr(item.document, name)
        if value and name in item.document.model_fields_set:
            if value in holders:
                yield _taken(item.member(name), f"Another variant of the product has this {UNIQUE[name]}.")
            holders.add(value)


def _held_elsewhere(site: Site, product: Product, claims: dict[str, list[str]]) -> dict[str, set[str]]:
    if not any(claims.values()):
        return {name: set() for name in claims}
    others = ProductVariant.objects.for_site(site).exclude(product=product.pk)
    rows = others.filter(sku__in=claims["sku"]) | others.filter(external_id__in=claims["external_id"])
    held = list(rows)
    return {name: {getattr(variant, name) for variant in held} for name in claims}


def _taken(member: str, message: str) -> Fault:
    return Fault("resource-already-exists", member, message)
