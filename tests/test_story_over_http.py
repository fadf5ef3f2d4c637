"""The main job, told by a program that has nothing but HTTP: token, order, payment, second thoughts."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from core.models import Site
from purchasing.tests.bodies import payment, sample
from tests.callers import make_client
from tests.cast import make_customer

Answer = tuple[Any, str | None]


class Program:
    """Sends JSON to a server and takes nothing but success."""

    def __init__(self, url: str, site_id: str) -> None:
        self.url = url
        self.headers = {"Site-Id": site_id, "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, content, self.headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer), answer.headers["ETag"]

    def get(self, path: str) -> Any:
        return self.call("GET", path)[0]


def test_an_order_is_stored_paid_and_taken_back(live_server: Any, site: Site) -> None:
    customer = make_customer(site)
    client, secret = make_client(site)
    program = Program(live_server.url, site.slug)
    credentials = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    token, _ = program.call("POST", "/api/auth/token", credentials)
    program.headers["Authorization"] = f"Bearer {token['access_token']}"
    path = "/api/v1/purchases/sparklayer/63428136-658f-48a6-beb7-7f333dfd9686"

    program.call("PUT", path, sample())
    stored, tag = program.call("PUT", path, sample() | {"customer_identifiers": {"sparklayer": customer.public_id}})
    read, tag_read = program.call("GET", path)
    assert (read, tag_read) == (stored, tag)
    assert read["calculated_total"] == {"number": "31.98", "currency": "GBP"}
    assert (read["calculated_fulfilment_status"], read["calculated_payment_status"]) == ("processing", "unpaid")
    again, tag_again = program.call("PUT", path, read)
    assert (tag_again, again["revision"]) == (tag, 2)

    def balance() -> str | None:
        balances = program.get(f"/api/v1/customers/{customer.public_id}")["balances"]
        return balances[0]["amount"] if balances else None

    assert balance() is None
    program.call("PUT", f"{path}/transactions", payment("10.00"))
    assert program.get(path)["calculated_payment_status"] == "partially_paid"
    assert [item["total"] for item in program.get(f"{path}/history")] == ["10.00"]
    assert balance() == "-10.00"

    program.call("PUT", f"{path}/transactions", payment("10.00", apply_to_balance=False))
    assert program.get(path)["calculated_payment_status"] == "unpaid"
    assert program.get(f"{path}/history") == []
    assert balance() == "0.00"
    ledger = program.get(f"/api/v1/customers/{customer.public_id}/ledger")
    assert [(entry["kind"], entry["amount"]) for entry in ledger] == [("transaction", "-10.00"), ("reversal", "10.00")]
    assert len(program.get(f"{path}/revisions")) == 2
