"""The shipping methods of a site as `purchasing.shipping.choice` takes them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from core.models import Site
from customers.group_chain import chain_of
from purchasing.models import ShippingBand, ShippingMethod
from purchasing.shipping.choice import Band, Goods, Kind, Method, Offer, offers_for


def methods_of(site: Site) -> list[Method]:
    """All of them. Two queries."""
    rows = ShippingMethod.objects.for_site(site).prefetch_related("bands").order_by("priority", "id")
    return [
        Method(
            number=row.pk,
            sku=row.sku,
            title=row.title,
            countries=row.countries,
            priority=row.priority,
            groups=row.groups,
            bands=[_band(band) for band in row.bands.all()],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Offers:
    """The methods of a site for a customer of some group: `groups` are the slugs of that one and those above it."""

    methods: list[Method]
    groups: frozenset[str]

    def of(self, *, country_code: str, grams: Decimal, value: Decimal, currency_code: str) -> list[Offer]:
        """What may be chosen for these goods (`choice.Goods`)."""
        return offers_for(Goods(country_code, self.groups, grams, value, currency_code), self.methods)


def offers_to(*, site: Site, group_id: int) -> Offers:
    """What customers of this group may choose from, for any number of parcels. Three queries."""
    groups = frozenset(group.slug for group in chain_of(site=site, group_id=group_id))
    return Offers(methods_of(site), groups)


def _band(row: ShippingBand) -> Band:
    return Band(
        name=row.name,
        sku=row.sku,
        priority=row.priority,
        requirement=cast("Kind", row.requirement),
        minimum=row.minimum,
        maximum=row.maximum,
        amount=row.amount,
        currency_code=row.currency_code,
    )
