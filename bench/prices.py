"""`python -m bench.prices`: what storing many prices in one call costs. Prints a table; uses a database of its own.

CPU of this process, in which the whole application runs (address, token, reading, validating, answering), and of the
one PostgreSQL process that serves it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import statistics
import time
from collections.abc import Iterator
from typing import Any

import django
import orjson
import psutil

from bench.servers import fresh_database

ROWS = int(os.environ.get("BENCH_ROWS", "5000"))
STORED = int(os.environ.get("BENCH_PRICES", "500000"))
"""Prices that stand on the lists beforehand."""
ROUNDS = 5
HEADINGS = ("rows in one call", "first time, CPU s", "replaced, CPU s", "of which PostgreSQL")
ONE = "/api/v1/price-lists/list-0/pricing"
SEVERAL = "/api/v1/batch-update-pricing"
LISTS = 10
"""That a batch is spread over."""
FILL = """
INSERT INTO pricing_price (site_id, price_list_id, sku, quantity, price, tax_type)
SELECT list.site_id, list.id, 'OLD-' || number, 1, 9.99, 'net'
FROM pricing_pricelist AS list, generate_series(1, %s) AS number
"""


def main() -> None:
    with contextlib.ExitStack() as stack:
        print("Starting an empty database …", flush=True)
        url, _postmaster = stack.enter_context(fresh_database())
        os.environ.update(DATABASE_URL=url, HTTPS="0", DEBUG="0", LOG_LEVEL="WARNING", STATIC_MANIFEST="0")
        os.environ.update(DJANGO_SETTINGS_MODULE="sparkproject.settings", SECRET_KEY=secrets.token_urlsafe(60))
        django.setup()
        rows = list(_measure())
        widths = [max(len(row[column]) for row in (HEADINGS, *rows)) for column in range(len(HEADINGS))]
        for row in (HEADINGS, *rows):
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _measure() -> Iterator[tuple[str, ...]]:
    """One row for each kind of call; the database's connection is closed in the end."""
    from django.core.management import call_command  # noqa: PLC0415  # all of these need settings
    from django.db import connection  # noqa: PLC0415

    from core.models import Site  # noqa: PLC0415
    from tests.callers import make_caller  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    site = Site.objects.create(slug="bench", name="Benchmark")
    program = make_caller(site)
    for number in range(LISTS):
        body = {"slug": f"list-{number}", "name": f"List {number}", "currency_code": "GBP"}
        program.post("/api/v1/price-lists", json=body)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [STORED // LISTS])
        cursor.execute("VACUUM ANALYZE")
    backend = psutil.Process(connection.connection.info.backend_pid)
    try:
        for name, path, content_type in (
            ("a list, JSON", ONE, "application/json"),
            ("a list, CSV", ONE, "text/csv"),
            (f"a batch over {LISTS} lists, JSON", SEVERAL, "application/json"),
            (f"a batch over {LISTS} lists, CSV", SEVERAL, "text/csv"),
        ):
            yield (name, *_figures(program, backend, path, content_type, name))
    finally:
        connection.close()


def _figures(program: Any, backend: psutil.Process, path: str, content_type: str, name: str) -> tuple[str, str, str]:
    first: list[float] = []
    again: list[float] = []
    inside: list[float] = []
    for number in range(ROUNDS):
        for cost in (first, again):
            body = _body(content_type, prefix=f"{name} {number}", price=1 if cost is first else 2)
            here, there = time.process_time(), _cpu(backend)
            answer = program.patch(path, body=body, content_type=content_type)
            here, there = time.process_time() - here, _cpu(backend) - there
            if answer.status_code != 204:
                raise SystemExit(f"bench: {path} answered {answer.status_code}.")
            cost.append(here + there)
            if cost is again:
                inside.append(there)
    return _text(first), _text(again), _text(inside)


def _body(content_type: str, *, prefix: str, price: int) -> bytes:
    """So many SKUs of one price each."""
    prefix = prefix.replace(",", "")
    rows = [(f"{prefix} {number:06}", f"list-{number % LISTS}", f"{price}.{number % 100:02}") for number in range(ROWS)]
    if content_type == "text/csv":
        lines = ["sku,price_list_slug,quantity,price", *(f"{sku},{slug},1,{figure}" for sku, slug, figure in rows)]
        return "\n".join(lines).encode()
    return orjson.dumps(
        [
            {
                "sku": sku,
                "price_list_slug": slug,
                "pricing": [{"quantity": 1, "price": float(figure), "tax_type": "net", "unit_of_measure": None}],
            }
            for sku, slug, figure in rows
        ]
    )


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _text(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


if __name__ == "__main__":
    main()
