"""The shipping methods of a site as `purchasing.shipping.choice` takes them."""

from __future__ import annotations

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


def offers_to(
    *, site: Site, group_id: int, country_code: str, grams: Decimal, value: Decimal, currency_code: str
) -> list[Offer]:
    """What a customer of this group may choose for these goods (`choice.Goods`). Three queries."""
    groups = frozenset(group.slug for group in chain_of(site=site, group_id=group_id))
    goods = Goods(country_code, groups, grams, value, currency_code)
    return offers_for(goods, methods_of(site))


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
