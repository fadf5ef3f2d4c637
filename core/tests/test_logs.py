"""What the logs say and never say: no address, no document, no personal data, no secret."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

CANARY = "canary-7f3a"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that is logged, as an operator sees it."""
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        f"/nowhere/{CANARY}",
        f"/api/v1/purchases/visible/{CANARY}",
        f"/admin/core/site/{CANARY}/change/?q={CANARY}",
    ],
)
def test_a_request_is_logged_without_its_address(client: Client, lines: io.StringIO, address: str) -> None:
    client.get(address, headers={"Authorization": f"Bearer {CANARY}", "Cookie": f"sessionid={CANARY}"})

    assert "request_finished" in lines.getvalue()
    assert CANARY not in lines.getvalue()


@pytest.mark.django_db
def test_a_password_that_is_refused_is_not_logged(client: Client, lines: io.StringIO) -> None:
    client.post("/admin/login/", {"username": f"{CANARY}@example.com", "password": CANARY})

    assert CANARY not in lines.getvalue()


@pytest.mark.django_db
def test_a_fault_is_logged_without_the_row_it_quotes(lines: io.StringIO) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_site (slug, name, host) VALUES (%s, '', ''), (%s, '', '')", [CANARY] * 2)
    except IntegrityError:
        logging.getLogger("purchasing").exception("could not be stored")

    logged = lines.getvalue()
    assert "could not be stored" in logged
    assert "django.db.utils.IntegrityError" in logged
    assert "psycopg.errors.UniqueViolation [23505]" in logged
    assert "test_logs.py" in logged
    assert CANARY not in logged


@pytest.mark.parametrize("key", ["access_token", "client_secret", "Authorization", "password", "full_transaction"])
def test_values_under_secret_names_are_hidden(lines: io.StringIO, key: str) -> None:
    structlog.stdlib.get_logger("core").info("something happened", **{key: CANARY})

    assert "something happened" in lines.getvalue()
    assert CANARY not in lines.getvalue()
