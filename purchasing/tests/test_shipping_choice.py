"""Which shipping methods may be chosen: the table, and how it is asked of what is stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Site
from customers.tests.cast import default_group, make_group
from purchasing.shipping.choice import offers_for
from purchasing.shipping.stored import offers_to
from purchasing.tests.bakers import make_shipping_method
from purchasing.tests.shipping_cases import CASES, PARCEL, Case, goods, method


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.said)
def test_the_table(case: Case) -> None:
    offers = offers_for(case.goods, case.methods)

    assert [(offer.method.sku, offer.band.name, f"{offer.cost:f}") for offer in offers] == case.expected


@given(grams=st.decimals(0, 40_000, places=3), number=st.integers(0, 5))
def test_every_weight_within_the_bands_has_one_offer_of_each_method(grams: Decimal, number: int) -> None:
    methods = [method(f"M{place}", *PARCEL, number=place) for place in range(number)]

    offers = offers_for(goods(str(grams)), methods)

    assert [offer.method.number for offer in offers] == (list(range(number)) if grams <= 30_000 else [])
    assert {offer.cost for offer in offers} <= {Decimal("4.90"), Decimal("9.90")}


def test_what_is_stored_is_offered_by_the_group_s_chain(site: Site, other_site: Site) -> None:
    at = make_group(site, "at", parent=make_group(site, "eu"))
    make_shipping_method(other_site, "THEIRS")
    make_shipping_method(site, "ALL", priority=9)
    make_shipping_method(site, "EU", groups=["eu"], bands=[{"name": "any", "cost": {"type": "free"}}])
    make_shipping_method(site, "US", groups=["us"])
    asked: dict[str, Any] = {"country_code": "GB", "grams": Decimal(5), "value": Decimal(5), "currency_code": "GBP"}

    assert [offer.method.sku for offer in offers_to(site=site, group_id=at.pk).of(**asked)] == ["EU", "ALL"]
    others = offers_to(site=site, group_id=default_group(site).pk)
    assert [offer.method.sku for offer in others.of(**asked)] == ["ALL"]


def test_what_a_program_wrote_is_what_is_asked(site: Site, django_assert_num_queries: Any) -> None:
    fixed = {"type": "fixed", "amount": "4.90", "currency_code": "gbp"}
    bands = [
        {"name": "worth it", "requirement": {"type": "price", "min": 250, "currency_code": "gbp"}, "cost": FREE_COST},
        {"name": "light", "priority": 1, "requirement": {"type": "weight", "max": 2000}, "cost": fixed},
    ]
    for number in range(10):
        make_shipping_method(site, f"M{number}", bands=bands, priority=number)

    def costs(grams: int, value: int, currency_code: str = "GBP") -> set[tuple[str, Decimal]]:
        group_id = default_group(site).pk
        with django_assert_num_queries(3):
            offers = offers_to(site=site, group_id=group_id).of(
                country_code="gb",
                grams=Decimal(grams),
                value=Decimal(value),
                currency_code=currency_code,
            )
        return {(offer.band.name, offer.cost) for offer in offers}

    assert costs(1000, 100) == {("light", Decimal("4.90"))}
    assert costs(1000, 250) == {("worth it", Decimal(0))}
    assert costs(2001, 100) == set()
    assert costs(1000, 250, "EUR") == set()


FREE_COST = {"type": "free"}
