"""The bare handler: decode, SQL, encode, and nothing else. What the product's operations are measured against.

It is safe under races, as the product is: a write locks first, then writes, in one pipelined transaction. It knows no
tokens, scopes, error lists, revisions, ledger or history. WSGI under gunicorn's gthread, as the product.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import parse_qs

import orjson
from psycopg_pool import ConnectionPool
from pydantic import BaseModel

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
STORE = """
WITH purchase AS (
    INSERT INTO bare_order AS stored (visible_id, customer, placed_at, total, header, contents)
    VALUES (%(visible)s, %(customer)s, %(placed_at)s, %(total)s, %(header)s::json, %(contents)s::json)
    ON CONFLICT (visible_id) DO UPDATE SET (customer, placed_at, total, header, contents)
    = (EXCLUDED.customer, EXCLUDED.placed_at, EXCLUDED.total, EXCLUDED.header, EXCLUDED.contents)
    RETURNING id
), gone AS (DELETE FROM bare_line USING purchase WHERE order_id = purchase.id),
gone_too AS (DELETE FROM bare_package USING purchase WHERE order_id = purchase.id),
packages AS (
    INSERT INTO bare_package (order_id, position, type)
    SELECT purchase.id, sent.* FROM purchase, json_to_recordset(%(packages)s::json) AS sent (position int, type text)
)
INSERT INTO bare_line (order_id, package, position, sku, name, quantity, net, gross)
SELECT purchase.id, sent.* FROM purchase, json_to_recordset(%(lines)s::json) AS sent (
    package int, position int, sku text, name text, quantity bigint, net numeric, gross numeric)
"""
READ = "SELECT header::text, contents::text, total, paid FROM bare_order WHERE visible_id = %s"
LIST = "SELECT header::text, total, paid FROM bare_order WHERE customer = %s ORDER BY placed_at DESC, id DESC LIMIT %s"
PAY = """
WITH sold AS (SELECT id, customer FROM bare_order WHERE visible_id = %(visible)s FOR NO KEY UPDATE),
owed AS (UPDATE bare_account SET balance = balance - %(total)s FROM sold WHERE bare_account.customer = sold.customer),
paid AS (UPDATE bare_order SET paid = paid + %(total)s FROM sold WHERE bare_order.id = sold.id)
INSERT INTO bare_payment (order_id, platform_id, total) SELECT id, %(platform_id)s, %(total)s FROM sold RETURNING id
"""


class Money(BaseModel):
    number: Decimal
    currency: str


class Total(BaseModel):
    total_net: Money
    tax_rate: Decimal = Decimal(0)

    def gross(self) -> Decimal:
        return (self.total_net.number * (1 + self.tax_rate / 100)).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Line(BaseModel):
    identifiers: dict[str, str] = {}
    name_parent: str = ""
    quantity: int = 0
    line_total: Total


class Package(BaseModel):
    type: str
    line_items: list[Line]
    shipping_method: Line | None = None


class Purchase(BaseModel):
    customer_identifiers: dict[str, str]
    dates: dict[str, str]
    packages: list[Package]


class Payment(BaseModel):
    platform_id: str
    total: Decimal


pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=4, max_size=4, open=False)


def put(visible: str, body: bytes) -> dict[str, Any]:
    sent = Purchase.model_validate_json(body)
    document = orjson.loads(body)
    lines: list[dict[str, Any]] = []
    total = Decimal(0)
    for index, package in enumerate(sent.packages):
        total += package.shipping_method.line_total.gross() if package.shipping_method else 0
        for position, line in enumerate(package.line_items):
            net, gross = line.line_total.total_net.number, line.line_total.gross()
            total += gross
            names = {"sku": line.identifiers.get("sku", ""), "name": line.name_parent}
            amounts = {"quantity": line.quantity, "net": str(net), "gross": str(gross)}
            lines.append({"package": index, "position": position} | names | amounts)
    contents = orjson.dumps({"packages": document.pop("packages")}).decode()
    packages = [{"position": index, "type": package.type} for index, package in enumerate(sent.packages)]
    values = {"visible": visible, "customer": sent.customer_identifiers["sparklayer"], "total": total}
    values |= {"placed_at": sent.dates["placed_at"], "header": orjson.dumps(document).decode(), "contents": contents}
    values |= {"packages": orjson.dumps(packages).decode(), "lines": orjson.dumps(lines).decode()}
    with pool.connection() as connection, connection.pipeline():
        connection.execute(LOCK, [visible])
        connection.execute(STORE, values)
    return {"purchase": document, "contents": orjson.Fragment(contents), "calculated_total": str(total)}


def get(visible: str) -> dict[str, Any]:
    with pool.connection() as connection:
        row = connection.execute(READ, [visible]).fetchone()
    header, contents, *money = row or ()
    return answer_of(header, money) | {"contents": orjson.Fragment(contents)}


def newest(customer: str, limit: int) -> list[dict[str, Any]]:
    with pool.connection() as connection:
        return [answer_of(row[0], row[1:]) for row in connection.execute(LIST, [customer, limit]).fetchall()]


def pay(visible: str, body: bytes) -> dict[str, Any]:
    sent = Payment.model_validate_json(body)
    values = {"visible": visible, "platform_id": sent.platform_id, "total": str(sent.total)}
    with pool.connection() as connection:
        row = connection.execute(PAY, values).fetchone()
    return {"id": row and row[0], **values}


def answer_of(header: str, money: Sequence[Decimal]) -> dict[str, Any]:
    return {"purchase": orjson.Fragment(header), "calculated_total": str(money[0]), "paid": str(money[1])}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    pool.open()
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    match environ["REQUEST_METHOD"], environ["PATH_INFO"].split("/")[4:]:
        case "PUT", [_kind, visible]:
            answer: Any = put(visible, body)
        case "PUT", [_kind, visible, "transactions"]:
            answer = pay(visible, body)
        case "GET", [_kind, visible]:
            answer = get(visible)
        case _:
            query = parse_qs(environ["QUERY_STRING"])
            answer = newest(query["customer_identifiers[sparklayer]"][0], int(query["limit"][0]))
    data = orjson.dumps(answer)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]
