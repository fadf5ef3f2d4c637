"""What the settings refuse, and what they make of DATABASE_URL. Each case in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SECRET = "production-secret-0123456789-abcdefghijklmnopqrstuvwxyz"
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "ENV_FILE": "none",
    "SECRET_KEY": SECRET,
    "DATABASE_URL": "postgresql://app:pw@db.example/books",
    "ALLOWED_HOSTS": "orders.example.com",
}
PROGRAM = """
import json
from sparkproject import settings
print(json.dumps(settings.DATABASES["default"]))
"""


def run(project: Path, *words: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    values = {name: value for name, value in (PRODUCTION | environment).items() if value is not None}
    return subprocess.run(
        [sys.executable, *words], cwd=project, env=values, capture_output=True, text=True, check=False
    )


REPLICAS = """
import json
from sparkproject import settings
print(json.dumps([settings.DATABASES.get("replica"), settings.DATABASE_ROUTERS]))
"""


def replicas(project: Path, **environment: str | None) -> list[Any]:
    result = run(project, "-c", REPLICAS, **environment)
    assert result.returncode == 0, result.stderr
    return list(json.loads(result.stdout))


def database(project: Path, **environment: str | None) -> dict[str, Any]:
    result = run(project, "-c", PROGRAM, **environment)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"DATABASE_URL": None},
            "set DATABASE_URL to a PostgreSQL 15 to 18, or let `make run` or `manage.py devdb start`",
        ),
        ({"DATABASE_URL": ""}, "There is no database"),
        ({"DATABASE_URL": "sqlite:///books.db"}, "must name a PostgreSQL database"),
        ({"SECRET_KEY": None}, "Set SECRET_KEY to a random text of at least 50 characters"),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "x" * 80}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + SECRET}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "change-me-" + SECRET}, "Set SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG shows internals to visitors"),
    ],
)
def test_refused_in_one_sentence(project: Path, environment: dict[str, str | None], sentence: str) -> None:
    result = run(project, "manage.py", "migrate", **environment)

    assert result.returncode == 1
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [["manage.py", "devdb", "status"], ["manage.py", "devdb", "--help"]])
def test_the_embedded_database_is_managed_without_settings(project: Path, command: list[str]) -> None:
    result = run(project, *command, DATABASE_URL=None, SECRET_KEY=None)

    assert (result.returncode, result.stderr) == (0, "")


def test_production_passes_every_deployment_check(project: Path) -> None:
    result = run(project, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout + result.stderr


def test_connections_are_kept_and_statements_prepared(project: Path) -> None:
    config = database(project)

    assert config["CONN_MAX_AGE"] == 60
    assert config["CONN_HEALTH_CHECKS"] is True
    assert config["OPTIONS"] == {
        "options": "-c lock_timeout=5s -c statement_timeout=30s",
        "server_side_binding": True,
        "prepare_threshold": 2,
    }


def test_a_transaction_pooler_leaves_nothing_on_a_connection(project: Path) -> None:
    config = database(project, DATABASE_POOLER="transaction")

    assert config["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert config["OPTIONS"] == {}


def test_commands_go_past_the_pooler(project: Path) -> None:
    beside_a_pooler = {
        "DATABASE_POOLER": "transaction",
        "DATABASE_DIRECT_URL": "postgresql://app:pw@direct.example/books",
    }

    assert database(project, **beside_a_pooler)["HOST"] == "db.example"
    config = database(project, **beside_a_pooler, DATABASE_DIRECT="1")
    assert (config["HOST"], config["OPTIONS"]["prepare_threshold"]) == ("direct.example", 2)


def test_without_a_replica_there_is_one_database_and_no_router(project: Path) -> None:
    assert replicas(project) == [None, []]


def test_a_replica_is_known_to_be_lost_within_seconds(project: Path) -> None:
    config, routers = replicas(project, DATABASE_REPLICA_URL="postgresql://app:pw@copy.example/books")

    assert (config["HOST"], config["CONN_HEALTH_CHECKS"]) == ("copy.example", True)
    assert config["OPTIONS"] == {
        "options": "-c lock_timeout=5s -c statement_timeout=30s",
        "server_side_binding": True,
        "prepare_threshold": 2,
        "connect_timeout": 2,
        "tcp_user_timeout": 5_000,
        "keepalives_idle": 2,
        "keepalives_interval": 1,
        "keepalives_count": 3,
    }
    assert routers == ["core.replica.reading.ReplicaRouter"]


def test_a_pool_of_a_replica_keeps_nobody_waiting(project: Path) -> None:
    urls = {"DATABASE_REPLICA_URL": "postgresql://app:pw@copy.example/books", "DATABASE_POOL": "8"}
    config, _ = replicas(project, **urls)

    assert config["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 8, "timeout": 2}


def test_djangos_pool_takes_the_place_of_kept_connections(project: Path) -> None:
    config = database(project, DATABASE_POOL="8")

    assert config["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 8}
    assert config["CONN_MAX_AGE"] == 0


def test_a_socket_directory_keeps_its_capital_letters_and_spaces(project: Path) -> None:
    config = database(project, DATABASE_URL="postgresql://app@/books?host=/srv/My%20Data/run")

    assert (config["HOST"], config["NAME"], config["USER"]) == ("/srv/My Data/run", "books", "app")


def test_own_connection_options_are_kept(project: Path) -> None:
    config = database(project, DATABASE_URL="postgresql://h/books?options=-c%20search_path%3Dshop&sslmode=require")

    assert config["OPTIONS"]["options"] == "-c search_path=shop -c lock_timeout=5s -c statement_timeout=30s"
    assert config["OPTIONS"]["sslmode"] == "require"
