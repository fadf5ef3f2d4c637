"""Rates arrive while a purchase is being replaced: neither write is lost."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from core.models import Site
from pricing.publishing import announce
from pricing.tests.rates import FRIDAY, publish
from purchasing import books, store
from purchasing.books.repair import repair
from purchasing.tests.bakers import get, line, money, order, package, put
from purchasing.tests.racing import read_without_locks, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

PLACED = {"placed_at": f"{FRIDAY}T10:00:00Z"}


def fill() -> int:
    """On a connection of its own."""
    try:
        return announce(now=timezone.now())
    finally:
        connections.close_all()


def test_filling_waits_for_a_put_and_fills_what_it_wrote(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site, order(dates=PLACED))
    publish("1.25")
    write = store.write_purchases
    filling: list[Future[int]] = []

    with ThreadPoolExecutor(1) as pool:

        def when_filling_waits(*args: Any, **options: Any) -> None:
            filling.append(pool.submit(fill))
            until_blocked()
            write(*args, **options)

        monkeypatch.setattr(store, "write_purchases", when_filling_waits)
        put(site, order(package(line("200")), dates=PLACED))
        assert filling[0].result() == 1

    answer = get(site)
    assert answer["calculated_total"] == money("200.00")
    assert answer["calculated_total_usd"] == money("250.00", "USD")
    assert answer["warnings"] == []


def test_twin_without_the_lock_what_was_filled_is_lost(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site, order(dates=PLACED))
    publish("1.25")
    write = store.write_purchases
    read_without_locks(monkeypatch)

    with ThreadPoolExecutor(1) as pool:

        def after_filling(*args: Any, **options: Any) -> None:
            assert pool.submit(fill).result() == 1
            write(*args, **options)

        monkeypatch.setattr(store, "write_purchases", after_filling)
        put(site, order(package(line("200")), dates=PLACED))

    assert get(site)["calculated_total_usd"] is None
    repair(books.verify(sites=[site.pk]))
    assert get(site)["calculated_total_usd"] == money("250.00", "USD")
