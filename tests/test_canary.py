"""What is nobody's business is not in the logs, and no secret is in the clear in any table."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import structlog
from django.conf import settings
from django.db import connection
from django.test import Client

from core.models import Site
from customers.models import Customer
from purchasing.tests.bodies import PURCHASES, payment, rich_order
from tests.callers import ApiCaller, make_client
from tests.cast import PASSWORD, make_buyer

CANARY = "canary-5b1e"
TOKEN = "/api/auth/token"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged at any level, as an operator sees it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = settings.LOGGING["formatters"]["structlog"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
        )
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def spoken_of(value: Any) -> Any:
    """The document with the canary behind every text that is not read for its form."""
    texts = ("name", "name_parent", "name_child", "address_line1", "city", "company", "phone", "customer_reference")
    if isinstance(value, dict):
        return {
            key: f"{child} {CANARY}" if key in texts and isinstance(child, str) else spoken_of(child)
            for key, child in value.items()
        }
    return [spoken_of(child) for child in value] if isinstance(value, list) else value


def test_nothing_that_was_sent_is_logged(api: ApiCaller, site: Site, client: Client, logged: io.StringIO) -> None:
    path = f"{PURCHASES}/visible/{CANARY}"
    person = {"first_name": CANARY, "last_name": CANARY, "email": f"{CANARY}@example.com"}
    document = spoken_of(rich_order())
    document["purchase_identifiers"]["visible"] = CANARY
    money = payment(platform_id=CANARY, full_transaction=CANARY)
    answers = [
        api.put(path, json=document),
        api.put(f"{path}/transactions", json=money),
        api.put(f"{path}/transactions", json=money | {"total": CANARY}),
        api.put(path, json=document | {"currency_code": CANARY}),
        api.put(path, body=orjson.dumps(document)[:-1] + CANARY.encode()),
        api.get(f"{PURCHASES}?search={CANARY}"),
        api.post("/api/v1/customers", json=person),
        api.post("/api/v1/customers", json=person),
        api.get(path, headers={"Authorization": f"Bearer {CANARY}"}),
        client.post("/account/login/", {"username": f"{CANARY}@example.com", "password": CANARY}),
        client.get(f"/account/orders/{CANARY}/?search={CANARY}"),
    ]
    assert [answer.status_code for answer in answers[:9]] == [200, 200, 400, 400, 400, 200, 200, 409, 401]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert logged.getvalue().count("request_finished") == len(refused) == 6
    assert CANARY not in logged.getvalue()


def test_what_is_logged_is_looked_at(logged: io.StringIO) -> None:
    logging.getLogger("purchasing").info("heard of %s", CANARY)
    assert CANARY in logged.getvalue()


def everything_stored() -> str:
    """All rows of all tables, as a dump has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT stored::text FROM "{table}" AS stored')
            rows += [text for (text,) in cursor.fetchall()]
    return "\n".join(rows)


def test_no_table_holds_a_secret_in_the_clear(site: Site, anonymous_api: ApiCaller) -> None:
    buyer: Customer = make_buyer(site)
    client, secret = make_client(site)
    body = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    programs = anonymous_api.post(TOKEN, json=body).json()
    person = anonymous_api.post(
        TOKEN, json={"grant_type": "password", "username": buyer.email, "password": PASSWORD}
    ).json()
    browser = Client()
    browser.post("/account/login/", {"username": buyer.email, "password": PASSWORD})
    secrets = [secret, PASSWORD, programs["access_token"], *(v for k, v in person.items() if k.endswith("_token"))]

    stored = everything_stored()

    assert len(secrets) >= 4
    assert buyer.email in stored
    assert client.client_id in stored
    assert [value for value in secrets if value in stored] == []
