"""Many prices in one call, on lists that hold many already."""

from __future__ import annotations

import orjson
from django.db import connection

from bench.load import Call, Client

LISTS = 10
"""That a batch is spread over."""
ONE, SEVERAL = "/api/v1/price-lists/bench-0/pricing", "/api/v1/batch-update-pricing"
FILL = """
INSERT INTO pricing_price (site_id, price_list_id, sku, quantity, price, tax_type)
SELECT list.site_id, list.id, 'OLD-' || number, 1, 9.99, 'net'
FROM pricing_pricelist AS list, generate_series(1, %s) AS number WHERE list.slug LIKE 'bench-%%'
"""


def fill_prices(program: Client, count: int) -> None:
    """The lists with so many prices, unless they are there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pricing_pricelist WHERE slug = 'bench-0'")
        if cursor.fetchone() is not None:
            return
    for number in range(LISTS):
        body = {"slug": f"bench-{number}", "name": f"Benchmark {number}", "currency_code": "GBP"}
        program.answer(Call("POST", "/api/v1/price-lists", orjson.dumps(body)))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL, [count // LISTS])
        cursor.execute("VACUUM ANALYZE pricing_price")


def price_calls(number: int, rows: int) -> list[Call]:
    """One call that gives as many SKUs one price each, another one for each `number`."""
    body = price_body("application/json", prefix=f"BENCH {rows}", rows=rows, price=number % 997 + 1)
    return [Call("PATCH", ONE, body)]


def price_body(content_type: str, *, prefix: str, rows: int, price: int) -> bytes:
    """So many SKUs of one price each."""
    told = [(f"{prefix} {row:06}", f"bench-{row % LISTS}", f"{price}.{row % 100:02}") for row in range(rows)]
    if content_type == "text/csv":
        lines = ["sku,price_list_slug,quantity,price", *(f"{sku},{slug},1,{figure}" for sku, slug, figure in told)]
        return "\n".join(lines).encode()
    return orjson.dumps(
        [
            {
                "sku": sku,
                "price_list_slug": slug,
                "pricing": [{"quantity": 1, "price": float(figure), "tax_type": "net", "unit_of_measure": None}],
            }
            for sku, slug, figure in told
        ]
    )
