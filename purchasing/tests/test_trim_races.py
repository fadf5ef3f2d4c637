"""Approving and trimming at the same moment: what is approved is what was seen. With the twin that shows the lock."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from core import retries, sql
from core.actors import SYSTEM
from core.errors import Conflict
from core.models import Site
from customers.models import Customer
from purchasing import store
from purchasing.approvals import trim_purchase
from purchasing.identity import Lookup
from purchasing.models import Purchase, PurchaseRevision
from purchasing.putting import Put
from purchasing.revisions import document_of
from purchasing.tests.bakers import approve, line, order, package, put
from purchasing.tests.racing import Meeting, read_without_locks, together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


def waiting(site: Site, company: Customer, name: str) -> int:
    """Two lines of 100.00; the number of the first."""
    put(
        site,
        order(package(line("100"), line("100", sku="B")), type="awaiting_approval", customer=company),
        name,
    )
    return Purchase.objects.get(internal_id=name).pk


def trim_by_half(site: Site, name: str, line_id: str) -> Put:
    return trim_purchase(
        site=site,
        lookup=Lookup("internal", name),
        revision=1,
        total=Decimal(200),
        quantities={line_id: 0},
        actor=SYSTEM,
    )


def first_line(number: int) -> str:
    name: str = document_of(Purchase.objects.get(pk=number))["packages"][0]["line_items"][0]["id"]
    return name


def test_one_of_the_two_is_told_that_it_is_stale(site: Site, company: Customer) -> None:
    for number in range(ROUNDS):
        name = f"A-{number}"
        line_id = first_line(waiting(site, company, name))

        approved, trimmed = together(
            [partial(approve, site, name, total="200"), partial(trim_by_half, site, name, line_id)]
        )

        purchase = Purchase.objects.get(internal_id=name)
        if isinstance(approved, Put):
            assert isinstance(trimmed, Conflict)
            assert (trimmed.title, purchase.type, purchase.calculated_total) == ("already-approved", "order", 200)
        else:
            assert (approved.title, purchase.type, purchase.calculated_total) == (
                "approval-stale",
                "awaiting_approval",
                100,
            )
        assert purchase.revision == 2


def test_trimmed_once(site: Site, company: Customer) -> None:
    line_id = first_line(waiting(site, company, "A-1"))

    answers = together([partial(trim_by_half, site, "A-1", line_id)] * 6)

    assert sorted(item.title if isinstance(item, Conflict) else "trimmed" for item in answers) == [
        *["approval-stale"] * 5,
        "trimmed",
    ]
    assert PurchaseRevision.objects.count() == 2


def test_twin_without_the_lock_all_have_seen_the_same(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_id = first_line(waiting(site, company, "A-1"))
    run = sql.run
    read_without_locks(monkeypatch)
    monkeypatch.setattr(sql, "run", lambda text, values: run(text.replace(" FOR NO KEY UPDATE", ""), values))
    monkeypatch.setattr(retries, "ATTEMPTS", 1)
    monkeypatch.setattr(store, "write_purchases", Meeting(6).before(store.write_purchases))

    answers = together([partial(trim_by_half, site, "A-1", line_id)] * 6)

    assert "approval-stale" not in [item.title for item in answers if isinstance(item, Conflict)]
