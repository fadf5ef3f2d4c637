"""The newest of a company's purchases, buyer by buyer: the same rows in the same order as of all at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.pages import newest
from purchasing.pages.newest import newest_of
from tests.cast import make_customer, make_order


@pytest.mark.parametrize("most", [200, 0])
def test_it_is_the_page_that_sorting_everything_gives(
    site: Site, buyer: Customer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(newest, "MOST_BUYERS", most)
    colleague = make_customer(site, parent=buyer)
    for number in range(7):
        placed = {"placed_at": f"2026-03-0{1 + number % 3}T10:00:00Z"}
        child = colleague if number % 2 else None
        make_order(site, buyer, child=child, type="quote", quote_status="sent", dates=placed)
    make_order(site, colleague, type="quote", quote_status="draft")
    make_order(site, make_customer(site, "Summit Supplies"), type="quote", quote_status="sent")
    rows = Purchase.objects.visible_to(buyer).undecided(timezone.now())
    whole = list(rows.newest_first())

    pages = [list(newest_of(rows, buyers=[buyer.pk, colleague.pk], limit=3, offset=offset)) for offset in (0, 3, 6, 9)]

    assert len(whole) == 7
    assert pages == [whole[:3], whole[3:6], whole[6:], []]
    assert list(newest_of(rows.none(), buyers=[buyer.pk], limit=3, offset=0)) == []


@pytest.mark.django_db
def test_an_index_has_what_is_undecided_of_each_in_order() -> None:
    """Whoever reads it reads no more than he shows."""
    rows = Purchase.objects.filter(site=1, deleted_at=None, customer=1).undecided(timezone.now()).newest_first()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = rows.only("id")[:1].explain()

    assert "Index Scan using undecided_of_customer" in plan
    assert "Sort" not in plan
