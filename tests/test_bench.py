"""The bare handler that `make bench` measures against: small, and doing the same work."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from core.models import Site
from purchasing.demo.ten_lines import ten_lines, visible_id
from purchasing.tests.bakers import make_customer
from tests.callers import ApiCaller

Ask = Callable[..., Any]


@pytest.fixture
def bare(transactional_db: None, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Calls the bare handler on tables of its own."""
    monkeypatch.setenv("DATABASE_URL", "")
    from bench import baseline  # noqa: PLC0415  # it reads its database's address when it is imported

    with connection.cursor() as cursor:
        cursor.execute((project / "bench" / "baseline.sql").read_text())
    parameters = {
        name: connection.get_connection_params()[name]
        for name in ("dbname", "user", "host", "port")
        if name in connection.get_connection_params()
    }
    with ConnectionPool(make_conninfo(**parameters), min_size=1, max_size=1, open=True) as pool:
        monkeypatch.setattr(baseline, "pool", pool)

        def ask(method: str, path: str, body: Any = None, query: str = "") -> Any:
            data = orjson.dumps(body) if body else b""
            environ = {
                "REQUEST_METHOD": method,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "wsgi.input": io.BytesIO(data),
            }
            answer = baseline.application({**environ, "CONTENT_LENGTH": str(len(data))}, lambda *_args: None)
            return orjson.loads(b"".join(answer))

        yield ask
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_payment, bare_line, bare_package, bare_order, bare_account")


def test_the_bare_handler_has_at_most_150_lines(project: Path) -> None:
    assert len((project / "bench" / "baseline.py").read_text().splitlines()) <= 150


def test_both_come_to_the_same_for_the_same_body(bare: Ask, api: ApiCaller, site: Site) -> None:
    customer = make_customer(site).public_id
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare_account (customer) VALUES (%s)", [customer])
    paths = [f"/api/v1/purchases/visible/{visible_id(number)}" for number in range(3)]
    placed = "2026-03-02T09:00:00+00:00"
    for variant in (0, 1):
        for number, path in enumerate(paths):
            body = ten_lines(number, customer=customer, placed_at=placed, variant=variant + number)
            ours = api.put(path, json=body).json()
            assert bare("PUT", path, body)["calculated_total"] == ours["calculated_total"]["number"]
            stored = bare("GET", path)["contents"]["packages"]
            assert [len(package["line_items"]) for package in stored] == [5, 5]
    payment = {"platform_id": "PAY-1", "total": "10.00", "currency_code": "GBP", "apply_to_balance": True}
    assert bare("PUT", f"{paths[0]}/transactions", payment)["total"] == "10.00"
    assert api.put(f"{paths[0]}/transactions", json=payment).status_code == 200
    name = "customer_identifiers[sparklayer]"
    totals = [
        row["calculated_total"]["number"] for row in api.get(f"/api/v1/purchases?{name}={customer}&limit=50").json()
    ]
    rows = bare("GET", "/api/v1/purchases", query=f"{name}={customer}&limit=50")
    assert [f"{Decimal(row['calculated_total']):.2f}" for row in rows] == totals
    paid = api.get(paths[0]).json()["calculated_payment"]["paid"]["number"]
    assert f"{Decimal(bare('GET', paths[0])['paid']):.2f}" == paid == "10.00"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bare_line")
        assert cursor.fetchone() == (30,)


def test_the_measured_body_is_the_one_the_targets_speak_of() -> None:
    body = ten_lines(900_000_001, customer="cu_123", placed_at="2026-06-01T09:00:00+00:00", payment_method="on_account")
    assert [len(package["line_items"]) for package in body["packages"]] == [5, 5]
    assert 2800 <= len(orjson.dumps(body)) <= 3000
