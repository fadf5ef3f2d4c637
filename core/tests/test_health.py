"""GET /healthz and GET /readyz."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_liveness_asks_nothing_of_the_database(client: Client) -> None:
    # Without the database mark, a query would fail this test.
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_every_migration_is_applied(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_not_ready_when_a_migration_is_missing(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("core", "0001_initial")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "detail": "The database is not migrated: run `manage.py migrate`.",
    }


@pytest.mark.django_db(transaction=True)
def test_not_ready_when_the_database_is_away(client: Client) -> None:
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "there_is_no_such_database"
    try:
        response = client.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "detail": "The database cannot be reached."}
    assert response["Retry-After"] == "2"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_are_not_kept_by_caches_and_take_no_writes(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
    assert "no-store" in client.head("/healthz")["Cache-Control"]
