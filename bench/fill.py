"""What both servers start from: the same purchases of the same customers, and a token for the product."""

from __future__ import annotations

import secrets
from pathlib import Path

import orjson
from django.core.management import call_command
from django.db import connection
from tqdm import tqdm

from bench.load import Call, Client
from bench.servers import Server
from core.models import ApiClient
from core.scopes import WRITE_SCOPES
from purchasing.demo.load import SLUG, add_purchases, load_test_site

COPY_TO_BARE = """
INSERT INTO bare_order (visible_id, customer, placed_at, total, paid, header, contents)
SELECT visible_id, 'cu_' || customer_id, placed_at, calculated_total, paid, header, contents FROM purchasing_purchase;
INSERT INTO bare_package (order_id, position, type)
SELECT bare_order.id, position, state FROM purchasing_package AS package
JOIN purchasing_purchase AS purchase ON purchase.id = package.purchase_id
JOIN bare_order ON bare_order.visible_id = purchase.visible_id;
INSERT INTO bare_line (order_id, package, position, sku, name, quantity, net, gross)
SELECT bare_order.id, package.position, line.position, sku, name_parent, quantity, total_net, gross
FROM purchasing_lineitem AS line JOIN purchasing_package AS package ON package.id = line.package_id
JOIN purchasing_purchase AS purchase ON purchase.id = line.purchase_id
JOIN bare_order ON bare_order.visible_id = purchase.visible_id;
INSERT INTO bare_account (customer, balance)
SELECT 'cu_' || customer.id, COALESCE(account.balance, 0) FROM customers_customer AS customer
LEFT JOIN customers_account AS account ON account.customer_id = customer.id;
"""


def migrate() -> None:
    """The product's tables, as they are by now."""
    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """Add `count` purchases and give them to the bare handler's tables too."""
    with tqdm(total=count, unit="purchase", desc="filling") as progress:
        for size in add_purchases(count, tell=progress.set_postfix_str):
            progress.update(size)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute((Path(__file__).parent / "baseline.sql").read_text())
        cursor.execute(COPY_TO_BARE)
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def sign_in(server: Server) -> dict[str, str]:
    """Headers of a client of the product with all write scopes, its token got as any program gets it."""
    client = ApiClient(site=load_test_site(), name=f"Benchmark {secrets.token_hex(4)}", scopes=list(WRITE_SCOPES))
    secret = client.set_new_secret()
    client.save()
    connection.close()
    caller = Client(server, {"Site-Id": SLUG})
    body = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    token = orjson.loads(caller.answer(Call("POST", "/api/auth/token", orjson.dumps(body))))["access_token"]
    caller.close()
    return {"Site-Id": SLUG, "Authorization": f"Bearer {token}"}
