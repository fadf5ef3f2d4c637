"""`python -m bench.pages`: what the pages of My account cost a very large customer. Prints a table.

Against the database of DATABASE_URL, filled by `manage.py demo --scale`, which it leaves as it was. The reader is the
main user of the company that has the most ledger entries. Elapsed time of each call; and the time this process and the
one PostgreSQL process that serves it were on a processor, waiting for a disk or a busy machine not counted.
"""

from __future__ import annotations

import os
import secrets
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

CALLS = int(os.environ.get("BENCH_CALLS", "50"))
HEADINGS = ("page", "queries", "p50, ms", "p95, ms", "CPU of Python, ms", "CPU of PostgreSQL, ms")


def main() -> None:
    os.environ.update(HTTPS="0", DEBUG="0", LOG_LEVEL="WARNING", STATIC_MANIFEST="0")
    os.environ.update(DJANGO_SETTINGS_MODULE="sparkproject.settings", SECRET_KEY=secrets.token_urlsafe(60))
    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415  # these need settings

    with transaction.atomic():
        browser, pages = _largest()
        print(f"load of the machine {os.getloadavg()[0]:.1f}, {CALLS} calls each", flush=True)
        print(*HEADINGS, sep=" | ")
        for name, address in pages:
            if all(word in name for word in sys.argv[1:]):
                print(name, *_figures(browser, address, connection), sep=" | ", flush=True)
        transaction.set_rollback(True)
    connection.close()


def _largest() -> tuple[Any, list[tuple[str, str]]]:
    """A browser in which the largest company's main user has signed in, and the pages with what he looks for."""
    from django.db.models import Count  # noqa: PLC0415  # these need settings

    from bench.cast import sign_in_buyer  # noqa: PLC0415
    from customers.models import AccountEntry, Customer  # noqa: PLC0415
    from purchasing.models import Purchase  # noqa: PLC0415
    from purchasing.models.package import LineItem  # noqa: PLC0415

    most = AccountEntry.objects.values("account__customer").annotate(rows=Count("*")).order_by("-rows")[0]
    customer = Customer.objects.select_related("site").get(pk=most["account__customer"])
    browser = sign_in_buyer(customer)
    orders = Purchase.objects.for_site(customer.site).present().placed().filter(customer=customer)
    old = orders.order_by("ordered_at", "id")[100]
    sku = LineItem.objects.for_site(customer.site).filter(purchase=old).exclude(sku="").order_by("-id")[0].sku
    return browser, [
        *_pages(old.visible_id, old.customer_reference, sku),
        ("one order", f"/account/orders/{old.spark_id}/"),
    ]


def _pages(number: str, reference: str, sku: str) -> Iterator[tuple[str, str]]:
    orders = "/account/orders/"
    yield "orders", orders
    yield "orders, page 20", f"{orders}?page=20"
    for name, text in (
        ("a whole PO, old", reference),
        ("the beginning of a PO", reference[:-2]),
        ("the beginning of very many POs", reference[:4]),
        ("a SKU", sku),
        ("the beginning of SKUs", sku.rpartition("-")[0] or sku[:4]),
        ("a number", number),
        ("a word that all have", "rope"),
        ("two words", "climbing rope"),
        ("a PO and a word", f"{reference.rpartition(' ')[2]} rope"),
        ("nothing found", "zzzz"),
    ):
        yield f"orders, search: {name}", f"{orders}?search={text}"
    for query in (
        "type=order",
        "type=awaiting_approval",
        "fulfilment=shipped",
        "fulfilment=cancelled",
        "payment=paid",
        "payment=partially_paid",
        "outstanding=on",
        "since=2026-01-01&until=2026-01-31",
        "until=2025-01-31",
        "sort=oldest",
        "sort=number",
        "sort=total",
    ):
        yield f"orders, {query}", f"{orders}?{query}"
    statement = "/account/statement/"
    yield "statement, this month", statement
    yield "statement, a year", f"{statement}?from=2025-01-01&to=2025-12-31"
    yield "statement, a year, page 100", f"{statement}?from=2025-01-01&to=2025-12-31&page=100"
    yield "statement, everything, as CSV, first bytes", "/account/statement.csv?from=2024-01-01&to=2026-12-31"
    yield "credit", "/account/credit/"
    yield "to come", "/account/to-come/"
    yield "to come, a word", "/account/to-come/?search=rope"
    yield "quotes", "/account/quotes/"
    yield "quotes, all", "/account/quotes/?show=all"


def _figures(browser: Any, address: str, connection: Any) -> tuple[str, ...]:
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415  # needs settings

    backend = connection.connection.info.backend_pid
    with CaptureQueriesContext(connection) as queries:
        _get(browser, address)
    asked = len(queries)
    elapsed: list[float] = []
    own: list[float] = []
    database: list[float] = []
    for _call in range(CALLS):
        before = time.perf_counter(), time.thread_time(), _on_processor(backend)
        _get(browser, address)
        after = time.perf_counter(), time.thread_time(), _on_processor(backend)
        for figures, start, end in zip((elapsed, own, database), before, after, strict=True):
            figures.append((end - start) * 1_000)
    p95 = sorted(elapsed)[max(0, round(CALLS * 0.95) - 1)]
    shown = (statistics.median(elapsed), p95, statistics.median(own), statistics.median(database))
    return str(asked), *(f"{figure:.0f}" for figure in shown)


def _get(browser: Any, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    if answer.streaming:
        chunks = iter(answer.streaming_content)
        for _chunk in range(2):
            next(chunks, b"")


def _on_processor(process: int) -> float:
    """Seconds that this process was on a processor."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


if __name__ == "__main__":
    main()
