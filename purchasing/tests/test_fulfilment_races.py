"""Writers of one order at once: never more is shipped than there is. The twin shows what the lock is for."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from core import retries
from core.errors import Conflict, DomainError, InvalidDocument
from core.models import Site
from customers.models import Customer
from purchasing import store
from purchasing.fulfilment import cancel_items, create_order, order_lookup, return_items, ship_items
from purchasing.models import LineItem, Package, Purchase
from purchasing.order_documents import CancelDocument, OrderDocument, ReturnDocument, ShipDocument
from purchasing.putting import Outcome, Put
from purchasing.tests.bakers import ERP, stored
from purchasing.tests.orders import goods, item, order_body, parcel
from purchasing.tests.racing import Meeting, together

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8
WHEN = "2026-02-01T15:00:00Z"


def create(site: Site, company: Customer, quantity: int = 10) -> Put:
    body = order_body(company, parcel(item("ROPE", quantity, 100, 120), freight=(5, 6)))
    return create_order(site=site, document=OrderDocument.model_validate(body), actor=ERP)


def ship(site: Site, quantity: int) -> Put:
    document = ShipDocument.model_validate({"shipped_at": WHEN, "items": goods(ROPE=quantity)})
    return ship_items(site=site, lookup=order_lookup("SO-1"), document=document, actor=ERP)


def cancel(site: Site, quantity: int) -> Put:
    document = CancelDocument.model_validate({"cancelled_at": None, "items": goods(ROPE=quantity)})
    return cancel_items(site=site, lookup=order_lookup("SO-1"), document=document, actor=ERP)


def give_back(site: Site, quantity: int) -> Put:
    document = ReturnDocument.model_validate({"returned_at": None, "items": goods(ROPE=quantity)})
    return return_items(site=site, lookup=order_lookup("SO-1"), document=document, actor=ERP)


def test_two_ships_at_once_never_ship_more_than_there_is(site: Site, company: Customer) -> None:
    create(site, company)
    outcomes = together([partial(ship, site, 3) for _ in range(WRITERS)])

    shipped = [outcome for outcome in outcomes if isinstance(outcome, Put)]
    refusals = [outcome for outcome in outcomes if isinstance(outcome, InvalidDocument)]
    assert (len(shipped), len(refusals)) == (3, WRITERS - 3)
    assert {refusal.faults[0].message for refusal in refusals} == {"1 of ROPE is open, not 3."}
    row = stored(site, "SO-1")
    assert (row.shipped_quantity, row.open_quantity, row.revision) == (9, 1, 4)
    assert row.calculated_total == 126


def test_twin_ships_read_the_same_goods_without_the_lock(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them takes the same six of ten; that only one is stored is due to the number of its revision."""
    create(site, company)
    find = store.find_purchases
    monkeypatch.setattr(store, "find_purchases", lambda **how: find(**{**how, "lock": False}))
    monkeypatch.setattr(store, "write_purchases", Meeting(2).before(store.write_purchases))
    monkeypatch.setattr(retries, "ATTEMPTS", 1)
    outcomes = together([partial(ship, site, 6) for _ in range(2)])
    assert not [outcome for outcome in outcomes if isinstance(outcome, InvalidDocument)]
    assert [outcome.title for outcome in outcomes if isinstance(outcome, Conflict)] == ["try-again"]


def test_every_kind_of_move_at_once_loses_nothing(site: Site, company: Customer) -> None:
    create(site, company, quantity=12)
    ship(site, 4)

    def job(writer: int) -> list[Any]:
        done: list[Any] = []
        for move in ((ship, cancel, give_back)[(writer + step) % 3] for step in range(3)):
            try:
                done.append(move(site, 1))
            except DomainError as refusal:
                done.append(refusal)
        return done

    outcomes = [outcome for done in together([partial(job, n) for n in range(WRITERS)]) for outcome in done]
    assert {type(outcome) for outcome in outcomes} <= {Put, InvalidDocument}
    row = stored(site, "SO-1")
    assert row.revision == 2 + sum(isinstance(outcome, Put) for outcome in outcomes)
    quantities = row.open_quantity, row.shipped_quantity, row.returned_quantity, row.cancelled_quantity
    assert sum(quantities) == 12
    lines = LineItem.objects.for_site(site)
    assert sum(lines.values_list("gross", flat=True)) == 120
    assert sum(Package.objects.for_site(site).values_list("shipping_gross", flat=True)) == 6


def test_orders_of_one_external_id_are_one_order(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "write_purchases", Meeting(WRITERS).before(store.write_purchases))
    outcomes = together([partial(create, site, company) for _ in range(WRITERS)])
    assert [outcome.outcome for outcome in outcomes if isinstance(outcome, Put)] == [Outcome.CREATED]
    titles = [outcome.title for outcome in outcomes if isinstance(outcome, Conflict)]
    assert titles == ["resource-already-exists"] * (WRITERS - 1)
    assert Purchase.objects.count() == 1
