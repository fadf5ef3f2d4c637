"""How many pieces can be sold: the formula as a table, its groups and locations, and that it is one query."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.availability import Availability, available
from catalog.documents import StockRow
from catalog.operations import update_stock
from catalog.tests.cast import NOW, make_location, make_product, put_in_stock
from core.models import Site


@pytest.mark.parametrize(
    ("levels", "reserve", "pieces"),
    [
        ([(9, 0)], None, 9),
        ([(9, 0)], 2, 7),
        ([(0, -9)], None, 9),
        ([(9, 4)], 3, 2),
        ([(1, 4)], 3, -6),
        ([(-3, 0)], None, -3),
        ([(4, 1), (6, -2)], 5, 6),
        ([(2**31 - 1, -(2**31)), (2**31 - 1, -(2**31))], 2**31 - 1, 3 * 2**31 - 1),
    ],
)
def test_level_less_floor_less_reserve(
    site: Site, levels: list[tuple[int, int]], reserve: int | None, pieces: int
) -> None:
    settings = [{"customer_group": "default", "reserve_stock_quantity": reserve}]
    make_product(site, variants=[{"sku": "A", "settings": settings}])
    rows = [
        StockRow(
            stock_location_id=make_location(site, f"place-{number}").public_id,
            sku="A",
            stock_level=level,
            min_stock_level=floor,
        )
        for number, (level, floor) in enumerate(levels)
    ]
    update_stock(site=site, rows=rows, now=NOW)

    assert available(site=site, skus=["A"]) == {"A": Availability(pieces, None)}


@pytest.mark.parametrize(
    ("own", "general", "pieces"), [(3, 5, 7), (0, 5, 10), (None, 5, 5), (3, None, 7), (None, None, 10)]
)
def test_the_reserve_is_the_group_s_own_else_the_default_one(
    site: Site, own: int | None, general: int | None, pieces: int
) -> None:
    settings = [
        {"customer_group": "trade", "reserve_stock_quantity": own},
        {"customer_group": "default", "reserve_stock_quantity": general},
        {"customer_group": "club", "reserve_stock_quantity": 9},
    ]
    make_product(site, variants=[{"sku": "A", "settings": settings}])
    put_in_stock(make_location(site), A=10)

    assert available(site=site, skus=["A"], customer_group="trade")["A"].pieces == pieces
    assert available(site=site, skus=["A"], customer_group="unheard-of")["A"].pieces == 10 - (general or 0)


def test_only_at_the_locations_asked_for_and_the_earliest_restock(site: Site) -> None:
    near, far = make_location(site, "near"), make_location(site, "far")
    rows = [
        StockRow(stock_location_id="near", sku="A", stock_level=1, restock_date=date(2026, 6, 1)),
        StockRow(stock_location_id="far", sku="A", stock_level=2, restock_date=date(2026, 5, 1)),
    ]
    update_stock(site=site, rows=rows, now=NOW)

    def found(*location_ids: int) -> dict[str, Availability]:
        return available(site=site, skus=["A"], location_ids=location_ids or None)

    assert found() == {"A": Availability(3, date(2026, 5, 1))}
    assert found(near.pk) == {"A": Availability(1, date(2026, 6, 1))}
    assert found(near.pk, far.pk) == found()
    assert available(site=site, skus=["A"], location_ids=[]) == {}


def test_of_what_nothing_is_held_nothing_is_known(site: Site, other_site: Site) -> None:
    make_product(site, "A")
    put_in_stock(make_location(site), B=1)
    put_in_stock(make_location(other_site), A=5, B=5)
    assert available(site=site, skus=["A", "B", "C"]) == {"B": Availability(1, None)}


def test_thousands_of_skus_are_one_query(site: Site) -> None:
    location = make_location(site)
    skus = [f"S{number}" for number in range(3_000)]
    put_in_stock(location, **dict.fromkeys(skus, 4))
    with CaptureQueriesContext(connection) as queries:
        assert len(available(site=site, skus=skus)) == 3_000
    assert len(queries) == 1
