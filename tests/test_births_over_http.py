"""Twenty programs send the same new purchase at one moment, each under an identifier of its own choice."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.models import Site
from customers.models import AccountEntry
from purchasing.models import LineItem, Package, Purchase, PurchaseRevision
from purchasing.tests.bodies import PURCHASES, order
from tests.callers import make_caller
from tests.cast import line, make_customer, package

PROGRAMS = 20
ALL = {"sparklayer": "63428136-658f-48a6-beb7-7f333dfd9686", "platform": "P-1", "internal": "I-1", "visible": "V-1"}
KINDS = ["sparklayer", "platform", "internal", "visible"]


def send(url: str, headers: dict[str, str], body: Any, start: threading.Barrier) -> tuple[int, Any]:
    """PUT over a connection of its own, once everybody is ready."""
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {**headers, "Content-Type": "application/json"},
        method="PUT",
    )
    start.wait()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


def all_at_once(live_server: Any, site: Site, calls: list[tuple[str, Any]]) -> list[tuple[int, Any]]:
    """The answers to (path, body), all sent at one moment."""
    headers = make_caller(site).headers
    start = threading.Barrier(len(calls))
    with ThreadPoolExecutor(len(calls)) as threads:
        answers = [threads.submit(send, f"{live_server.url}{path}", headers, body, start) for path, body in calls]
        return [answer.result() for answer in answers]


def document(number: int, identifiers: dict[str, str]) -> dict[str, Any]:
    """What program `number` sends: lines, reference and a total of its own."""
    lines = [line(f"{number}-{position}", net=f"{number + 1}.00") for position in range(3)]
    return order(
        purchase_identifiers=identifiers,
        customer_identifiers={"sparklayer": "HEAD"},
        payment_method="on_account",
        customer_reference=f"program {number}",
        packages=[package(*lines), package(line(f"{number}-last", net=f"{number + 1}.00"))],
    )


@pytest.mark.parametrize(
    "known", [ALL, {kind: ALL[kind] for kind in KINDS[1:]}], ids=["all four", "without sparklayer"]
)
def test_one_purchase_is_born(live_server: Any, site: Site, known: dict[str, str]) -> None:
    make_customer(site, external_id="HEAD")
    kinds = list(known)
    paths = [f"{kinds[number % len(kinds)]}/{known[kinds[number % len(kinds)]]}" for number in range(PROGRAMS)]
    calls = [(f"{PURCHASES}/{path}", document(number, known)) for number, path in enumerate(paths)]

    answers = all_at_once(live_server, site, calls)

    assert Counter(status for status, _ in answers) == {200: PROGRAMS}
    assert len({answer["id"] for _, answer in answers}) == 1
    assert sorted(answer["revision"] for _, answer in answers) == list(range(1, PROGRAMS + 1))
    purchase = Purchase.objects.get()
    assert PurchaseRevision.objects.count() == PROGRAMS
    # Whole: every line is the one writer's who came last, and the charge is his.
    [last] = [answer for _, answer in answers if answer["revision"] == PROGRAMS]
    number = int(last["customer_reference"].removeprefix("program "))
    assert purchase.customer_reference == last["customer_reference"]
    assert (Package.objects.count(), LineItem.objects.count()) == (2, 4)
    assert {sku.partition("-")[0] for sku in LineItem.objects.values_list("sku", flat=True)} == {str(number)}
    assert sum(entry.amount for entry in AccountEntry.objects.all()) == purchase.calculated_total == 4 * (number + 1)


def test_the_same_document_has_one_effect(live_server: Any, site: Site) -> None:
    make_customer(site, external_id="HEAD")
    calls = [(f"{PURCHASES}/{kind}/{ALL[kind]}", document(0, ALL)) for kind in KINDS] * (PROGRAMS // len(KINDS))
    answers = all_at_once(live_server, site, calls)
    assert Counter((status, answer["revision"]) for status, answer in answers) == {(200, 1): PROGRAMS}
    assert (Purchase.objects.count(), PurchaseRevision.objects.count(), AccountEntry.objects.count()) == (1, 1, 1)


def test_unrelated_ones_are_all_born(live_server: Any, site: Site) -> None:
    """The twin: what the tests above count would show a split."""
    make_customer(site, external_id="HEAD")
    calls = [(f"{PURCHASES}/internal/I-{number}", document(number, {})) for number in range(PROGRAMS)]
    answers = all_at_once(live_server, site, calls)
    assert Counter((status, answer["revision"]) for status, answer in answers) == {(200, 1): PROGRAMS}
    assert len({answer["id"] for _, answer in answers}) == Purchase.objects.count() == PROGRAMS


def test_identifiers_that_cross_never_split_nor_fail(live_server: Any, site: Site) -> None:
    """Each program knows two of the three identifiers, so that any two programs share one."""
    make_customer(site, external_id="HEAD")
    pairs = [("internal", "visible"), ("visible", "platform"), ("platform", "internal")]
    calls = []
    for number in range(PROGRAMS):
        path_kind, other = pairs[number % 3]
        body = document(number, {path_kind: ALL[path_kind], other: ALL[other]})
        calls.append((f"{PURCHASES}/{path_kind}/{ALL[path_kind]}", body))
    answers = all_at_once(live_server, site, calls)
    assert Counter(status for status, _ in answers) == {200: PROGRAMS}
    assert Purchase.objects.count() == 1
