"""Many who submit one order at once. The defence has a twin that shows what happens without it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from core import retries
from core.models import Site
from cortex.tests.test_forms import form_of, whole
from cortex.tests.walker import walker_of
from customers.models import Account, Customer
from purchasing import store
from purchasing.models import FailedSubmission, PurchaseRevision
from purchasing.store import WholePurchase
from purchasing.tests.racing import Meeting, read_without_locks, together
from tests.cast import make_buyer, make_order

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 20


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site, payment_on_account=True)


def submit_all(buyer: Customer) -> list[int]:
    """The statuses of as many submits at once, sorted."""
    api = walker_of(buyer)
    address = form_of(api)["self"]["href"]

    def job() -> int:
        status: int = api.ask("POST", address).status_code
        return status

    return sorted(together([partial(job)] * AT_ONCE))


@pytest.mark.parametrize("type", ["quote", "order_unconfirmed"])
def test_one_of_many_places_the_order(site: Site, buyer: Customer, type: str) -> None:
    make_order(site, buyer, type=type, **whole(payment_method="on_account"))
    assert submit_all(buyer) == [201] + [409] * (AT_ONCE - 1)
    assert PurchaseRevision.objects.count() == 2
    assert Account.objects.get().balance == 100
    assert FailedSubmission.objects.count() == 0


def test_twin_many_place_it_without_the_lock(site: Site, buyer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them find it open; only that a revision is stored once keeps them from placing it again and again."""
    make_order(site, buyer, type="quote", **whole())
    found = store.write_purchases
    reached: list[int] = []

    def noted(wholes: Sequence[WholePurchase], **options: Any) -> None:
        reached.extend(whole.purchase.revision for whole in wholes)
        found(wholes, **options)

    read_without_locks(monkeypatch)
    monkeypatch.setattr(retries, "ATTEMPTS", 1)
    monkeypatch.setattr(store, "write_purchases", Meeting(AT_ONCE).before(noted))
    assert submit_all(buyer).count(201) == 1
    assert reached == [2] * AT_ONCE
