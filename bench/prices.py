"""`python -m bench.prices`: what storing many prices in one call costs, as JSON and as CSV, on one list and on ten.

Prints a table; uses a database of its own. CPU of the server and of PostgreSQL.
"""

from __future__ import annotations

import contextlib
import os

from bench.cpu import seconds_of_tree
from bench.figures import spread
from bench.load import Call, Client
from bench.pricing import LISTS, ONE, SEVERAL, fill_prices, price_body
from bench.report import as_text
from bench.servers import fresh_database, product
from bench.stage import settle

ROWS = int(os.environ.get("BENCH_ROWS", "5000"))
STORED = int(os.environ.get("BENCH_PRICES", "500000"))
"""Prices that stand on the lists beforehand."""
ROUNDS = 5
HEADINGS = ("rows in one call", "first time, CPU ms", "replaced, CPU ms", "of which PostgreSQL")
KINDS = (
    ("a list, JSON", ONE, "application/json"),
    ("a list, CSV", ONE, "text/csv"),
    (f"a batch over {LISTS} lists, JSON", SEVERAL, "application/json"),
    (f"a batch over {LISTS} lists, CSV", SEVERAL, "text/csv"),
)


def main() -> None:
    with contextlib.ExitStack() as stack:
        url, postmaster = stack.enter_context(fresh_database())
        settle(url)
        from bench.fill import migrate, sign_in  # noqa: PLC0415  # needs settings

        migrate()
        server = stack.enter_context(product(postmaster))
        program = Client(server, sign_in(server))
        stack.callback(program.close)
        fill_prices(program, STORED)
        print(as_text([HEADINGS, *(_figures(program, *kind) for kind in KINDS)]))


def _figures(program: Client, name: str, path: str, content_type: str) -> tuple[str, ...]:
    first: list[float] = []
    again: list[float] = []
    inside: list[float] = []
    for number in range(ROUNDS):
        for price, costs in enumerate((first, again), start=1):
            body = price_body(content_type, prefix=f"{name} {number}".replace(",", ""), rows=ROWS, price=price)
            before = seconds_of_tree(program.server.postmaster)
            costs.append(program.measure([Call("PATCH", path, body, {"Content-Type": content_type})]))
        inside.append((seconds_of_tree(program.server.postmaster) - before) * 1000)
    return name, *map(spread, (first, again, inside))


if __name__ == "__main__":
    main()
