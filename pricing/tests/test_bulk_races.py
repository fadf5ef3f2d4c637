"""Prices written in bulk at the same moment: nobody waits in a ring, no row is lost, what stands is one writer's."""

from __future__ import annotations

import json
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import OperationalError

from core.errors import Fault
from core.models import Site
from pricing import operations
from pricing.documents import ListedSkuPrices, SkuPrices
from pricing.models import Price, PriceList
from pricing.sent_prices import SentPrices, read_rows
from pricing.tests.cast import make_price_list, put_prices
from pricing.tests.test_races import codes, meet_after_removing, once
from tests.callers import make_client, make_token
from tests.together import MeetingPoint, together

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 6
SKUS = [f"SKU-{number}" for number in range(20)]
Pairs = Sequence[tuple[str, str]]


@pytest.fixture
def lists(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three lists with old prices; whoever loses a race is not tried again."""
    monkeypatch.setattr(operations, "in_transaction", once)
    for slug in "abc":
        put_prices(make_price_list(site, slug), **{sku: ["99"] for sku in SKUS})
    return list("abc")


def breaks_of(writer: int) -> list[dict[str, int]]:
    """Three breaks that tell by quantity and price whose they are."""
    return [{"quantity": quantity, "price": writer} for quantity in (writer, writer + 100, writer + 200)]


def batch(site: Site, writer: int, pairs: Pairs) -> Callable[[], Any]:
    """One writer's prices of these pairs of list and SKU, in this order."""
    rows = [{"price_list_slug": slug, "sku": sku, "pricing": breaks_of(writer)} for slug, sku in pairs]
    sent = read_rows(ListedSkuPrices, rows)
    return lambda: operations.update_prices(site=site, sent=sent)


def of_list(site: Site, writer: int, slug: str, skus: Sequence[str]) -> Callable[[], Any]:
    sent = read_rows(SkuPrices, [{"sku": sku, "pricing": breaks_of(writer)} for sku in skus])
    return lambda: operations.update_price_list(site=site, slug=slug, sent=sent)


def writers_by_pair() -> dict[tuple[str, str], list[int]]:
    """Whose prices stand on each list for each SKU: a writer's number for each of his breaks."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for slug, sku, price in Price.objects.values_list("price_list__slug", "sku", "price"):
        found[slug, sku].append(int(price))
    return found


def orders_of(pairs: Pairs) -> Sequence[Pairs]:
    """The same pairs in as many orders as there are writers: forwards, backwards, and begun somewhere else."""
    turned = [[*pairs[place:], *pairs[:place]] for place in range(0, len(pairs), -(-len(pairs) // (WRITERS - 1)))]
    return [list(reversed(pairs)), *turned][:WRITERS]


# --- one list ---------------------------------------------------------------------------------------------------------


def test_writers_of_different_skus_of_a_list_lose_nothing(site: Site, lists: list[str]) -> None:
    names = {writer: [f"{writer}-{number}" for number in range(20)] for writer in range(1, WRITERS + 1)}

    results = together(*(of_list(site, writer, "a", skus) for writer, skus in names.items()))

    assert codes(results) == ["done"] * WRITERS
    standing = {pair: writers for pair, writers in writers_by_pair().items() if pair[1] not in SKUS}
    assert standing == {("a", sku): [writer] * 3 for writer, skus in names.items() for sku in skus}
    assert Price.objects.filter(sku__in=SKUS).count() == len(lists) * len(SKUS)  # what nobody named is as it was


def test_programs_that_patch_a_list_at_once_lose_nothing(live_server: Any, site: Site) -> None:
    make_price_list(site, "a")
    client, _ = make_client(site)
    headers = {"Site-Id": site.slug, "Content-Type": "application/json"}

    def program(number: int) -> Callable[[], list[int]]:
        own = headers | {"Authorization": f"Bearer {make_token(client)}"}

        def patch(part: int) -> int:
            rows = [{"sku": f"{number}-{part}-{item}", "pricing": [{"price": number}]} for item in range(25)]
            url = f"{live_server.url}/api/v1/price-lists/a/pricing"
            request = urllib.request.Request(url, json.dumps(rows).encode(), own, method="PATCH")
            with urllib.request.urlopen(request, timeout=60) as answer:
                status: int = answer.status
            return status

        return lambda: [patch(part) for part in range(4)]

    results = together(*map(program, range(1, WRITERS + 1)))

    assert results == [[204] * 4] * WRITERS
    assert Price.objects.count() == len(set(Price.objects.values_list("sku", flat=True))) == WRITERS * 4 * 25


def test_without_the_list_s_lock_two_writers_of_a_sku_are_mixed(
    site: Site, lists: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    price_list = PriceList.objects.get(slug="a")
    monkeypatch.setattr(operations, "_locked_list", lambda _site, _slug: price_list)
    meet_after_removing(monkeypatch)

    assert codes(together(*(of_list(site, writer, "a", ["ROPE"]) for writer in (1, 2)))) == ["done", "done"]

    assert sorted(writers_by_pair()["a", "ROPE"]) == [1, 1, 1, 2, 2, 2]


# --- batches ----------------------------------------------------------------------------------------------------------


def test_batches_in_any_order_do_not_wait_in_a_ring_and_are_whole(site: Site, lists: list[str]) -> None:
    pairs = [(slug, sku) for slug in lists for sku in SKUS]

    for _ in range(3):
        jobs = [batch(site, writer, order) for writer, order in enumerate(orders_of(pairs), start=1)]
        assert codes(together(*jobs)) == ["done"] * WRITERS

        standing = writers_by_pair()
        assert set(standing) == set(pairs)
        assert {(len(writers), len(set(writers))) for writers in standing.values()} == {(3, 1)}


def test_batches_that_overlap_leave_each_pair_to_one_writer(site: Site, lists: list[str]) -> None:
    """Each writer names two of the three lists and half of the SKUs, and what others name too."""
    shares = [
        [(slug, sku) for slug in (lists[writer % 3], lists[(writer + 1) % 3]) for sku in SKUS[writer : writer + 10]]
        for writer in range(1, WRITERS + 1)
    ]
    jobs = [batch(site, writer, share[:: (-1) ** writer]) for writer, share in enumerate(shares, start=1)]

    assert codes(together(*jobs)) == ["done"] * WRITERS

    for pair, writers in writers_by_pair().items():
        named_by = {writer for writer, share in enumerate(shares, start=1) if pair in share}
        assert (len(writers), len(set(writers))) == ((3, 1) if named_by else (1, 1))
        assert set(writers) <= (named_by or {99})


def test_without_the_lists_locks_batches_are_mixed(
    site: Site, lists: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = dict(PriceList.objects.values_list("slug", "pk"))
    monkeypatch.setattr(operations, "_locked_lists", lambda _site, _sent: (numbers, []))
    meet_after_removing(monkeypatch)

    results = together(batch(site, 1, [("a", "ROPE"), ("b", "ROPE")]), batch(site, 2, [("b", "ROPE"), ("a", "ROPE")]))

    assert codes(results) == ["done", "done"]
    mixed = {pair: sorted(writers) for pair, writers in writers_by_pair().items() if pair[1] == "ROPE"}
    assert mixed == {("a", "ROPE"): [1, 1, 1, 2, 2, 2], ("b", "ROPE"): [1, 1, 1, 2, 2, 2]}


def test_locked_in_the_order_sent_they_wait_in_a_ring(
    site: Site, lists: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    point = MeetingPoint(2)

    def one_by_one(site: Site, sent: Sequence[SentPrices]) -> tuple[dict[str, int], list[Fault]]:
        numbers: dict[str, int] = {}
        for item in sent:
            row = PriceList.objects.for_site(site).select_for_update(no_key=True).get(slug=item.price_list_slug)
            numbers[row.slug] = row.pk
            point.wait()  # each holds the list that the other one wants next
        return numbers, []

    monkeypatch.setattr(operations, "_locked_lists", one_by_one)

    results = together(batch(site, 1, [("a", "ROPE"), ("b", "ROPE")]), batch(site, 2, [("b", "ROPE"), ("a", "ROPE")]))

    [refusal] = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refusal, OperationalError)
    assert "deadlock detected" in str(refusal)
