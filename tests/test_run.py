"""`make run` for real: a copy of the project, in a path with spaces, is served, stopped, and refused when unsafe."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from core.devdb import EmbeddedServer

NOT_COPIED = shutil.ignore_patterns(".*", "staticfiles", "__pycache__", "tests", "node_modules")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project in another place, without anything that was made by running it; its database is removed again."""
    copy = tmp_path_factory.mktemp("run") / "a copy of it"
    shutil.copytree(Path(__file__).resolve().parent.parent, copy, ignore=NOT_COPIED)
    yield copy
    server = embedded_server(copy)
    server.stop(even_if_used=True)
    server.reset()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def embedded_server(copy: Path) -> EmbeddedServer:
    return EmbeddedServer(copy / ".data" / "postgres")


def environment(port: int) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PORT": str(port), "DEMO": "0"}


def run(copy: Path, port: int, *words: str) -> subprocess.Popen[str]:
    """Start a program of the copy; its output is read as it comes."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=copy,
        env=environment(port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def serving(copy: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The copy, from the line that says it serves until its orderly end."""
    process = run(copy, port, "-m", "sparkproject.run")
    assert process.stdout
    with process:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C stops everything" in line:
                break
        else:
            pytest.fail("".join(lines))
        yield process
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    assert process.returncode == 0


def fetch(port: int, path: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
        return response.status, response.read()


def refused(port: int, size: int) -> int:
    """What is answered to a large body without a token, to a program that reads only after it has sent everything."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("PUT", "/api/v1/purchases/internal/1", b"x" * size, {"Content-Type": "application/json"})
        with connection.getresponse() as response:
            return response.status


def test_it_serves_and_keeps_its_data(copy: Path, port: int) -> None:
    with serving(copy, port):
        assert fetch(port, "/readyz") == (200, b'{"status": "ready"}')
        assert b"/static/" in fetch(port, "/admin/login/")[1]
        assert refused(port, 20_000_000) == 401
        secret_key = copy / ".data" / "secret_key"
        first_key = secret_key.read_text()
        assert secret_key.stat().st_mode & 0o077 == 0
        url = embedded_server(copy).running_url()
        assert url
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO core_site (slug, name, host) VALUES ('kept', 'Kept', '')")
            [seeded] = connection.execute("SELECT count(*) FROM pricing_exchangerate").fetchall()
            assert seeded[0] > 180_000
            connection.execute("DELETE FROM pricing_exchangerate WHERE currency_code <> 'GBP'")
    assert embedded_server(copy).running_url() is None

    with serving(copy, port):
        url = embedded_server(copy).running_url()
        assert url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT name FROM core_site WHERE slug = 'kept'").fetchone() == ("Kept",)
            rates = connection.execute("SELECT DISTINCT currency_code FROM pricing_exchangerate").fetchall()
            assert rates == [("GBP",)]  # seeded once, when there were none
        assert secret_key.read_text() == first_key


def test_a_taken_port_is_said(copy: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        process = run(copy, port, "-m", "sparkproject.run")
        output, _ = process.communicate()

    assert process.returncode == 1
    assert output == f"make run: port {port} is taken; choose another, for example `PORT={port + 1} make run`.\n"


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit"])
@pytest.mark.parametrize(
    "words",
    [
        ["-m", "sparkproject.run"],
        ["-m", "gunicorn", "sparkproject.wsgi"],
        ["manage.py", "run_worker"],
    ],
    ids=["make run", "gunicorn", "worker"],
)
def test_nothing_serves_from_a_database_that_may_forget(copy: Path, port: int, setting: str, words: list[str]) -> None:
    server = embedded_server(copy)
    with server.use() as url:
        superuser = url.replace("sparkproject@", "postgres@")
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        try:
            values = environment(port) | {"DATABASE_URL": url, "SECRET_KEY": os.environ["SECRET_KEY"], "HTTPS": "0"}
            result = subprocess.run(
                [sys.executable, *words], cwd=copy, env=values, capture_output=True, text=True, check=False, timeout=120
            )
        finally:
            with psycopg.connect(superuser, autocommit=True) as connection:
                connection.execute(f"ALTER SYSTEM RESET {setting}")
                connection.execute("SELECT pg_reload_conf()")

    assert result.returncode == 1
    assert f"The database has {setting} = off" in result.stderr
    assert "Traceback" not in result.stderr
