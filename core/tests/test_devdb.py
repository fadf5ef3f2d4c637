"""The embedded database: one server for all who ask, stopped by the last, whatever happens to the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.devdb import DevDatabaseError, EmbeddedServer, database_at_hand

USER_PROGRAM = """
import sys
import tempfile
from pathlib import Path
from core.devdb import EmbeddedServer

with EmbeddedServer(Path(sys.argv[1]), hasty=True).use() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "a server"


@pytest.fixture
def server(directory: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(directory, hasty=True)
    yield server
    server.stop(even_if_used=True)
    place = server.place
    server.reset()
    assert not place.exists()


@pytest.fixture
def another_user(server: EmbeddedServer, project: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the server, until its standard input ends."""
    words = [sys.executable, "-c", USER_PROGRAM, str(server.directory)]
    process = subprocess.Popen(words, cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline().startswith("postgresql://")
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def server_process(server: EmbeddedServer) -> int:
    return int((server.place / "data" / "postmaster.pid").read_text().split("\n", 1)[0])


def answers(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_starting_twice_gives_the_same_server(server: EmbeddedServer) -> None:
    first, first_process = server.start(), server_process(server)
    second, second_process = server.start(), server_process(server)

    assert (first, first_process) == (second, second_process)
    assert answers(first)


def test_a_started_server_outlives_its_users_until_it_is_stopped(server: EmbeddedServer) -> None:
    url = server.start()
    with server.use():
        pass

    assert server.running_url() == url
    server.stop()
    assert server.running_url() is None


def test_the_last_user_stops_the_server(server: EmbeddedServer) -> None:
    with server.use() as url:
        assert answers(url)

    assert server.running_url() is None


def test_data_is_kept_over_a_stop(server: EmbeddedServer) -> None:
    with server.use() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 31.98 AS total")

    with server.use() as url, psycopg.connect(url) as connection:
        assert str(connection.execute("SELECT total FROM kept").fetchone()) == "(Decimal('31.98'),)"


def test_a_user_does_not_stop_it_under_another(server: EmbeddedServer, another_user: subprocess.Popen[str]) -> None:
    with server.use() as url:
        pass

    assert answers(url)
    with pytest.raises(DevDatabaseError, match="in use"):
        server.stop()
    assert answers(url)


def test_a_killed_user_is_not_counted(server: EmbeddedServer, another_user: subprocess.Popen[str]) -> None:
    another_user.send_signal(signal.SIGKILL)
    another_user.wait()

    with server.use() as url:
        assert answers(url)

    assert server.running_url() is None


def test_a_killed_server_is_started_again(server: EmbeddedServer) -> None:
    with server.use() as url:
        process = server_process(server)
        server.keep_running()
        assert server_process(server) == process

        os.kill(process, signal.SIGKILL)
        while process_lives(process):
            pass
        server.keep_running()

        assert server_process(server) != process
        assert answers(url)


def process_lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_path_too_long_for_a_socket(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.devdb.SOCKET_PATH_BYTES", 10)

    with server.use() as url:
        assert answers(url)
        socket_directory = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
        assert socket_directory != server.place / "run"
        assert socket_directory.stat().st_mode & 0o077 == 0

    assert not socket_directory.exists()


def test_a_project_the_servers_user_cannot_get_to(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmbeddedServer, "_reaches", lambda _server, _path: False)
    with tempfile.TemporaryDirectory() as elsewhere:
        Path(elsewhere).chmod(0o755)
        monkeypatch.setattr("core.devdb.REACHABLE", Path(elsewhere))
        server = EmbeddedServer(directory, hasty=True)

        with server.use() as url:
            assert answers(url)
        assert server.place.parent == Path(elsewhere)
        assert server.programs.is_relative_to(server.place)

        again = EmbeddedServer(directory, hasty=True)
        with again.use() as url:
            assert answers(url)
        assert again.place == server.place


def test_nobody_is_let_in_by_network_or_from_the_next_account(server: EmbeddedServer) -> None:
    with server.use() as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert (server.place / "run").stat().st_mode & 0o077 == 0
    assert (server.place / "data").stat().st_mode & 0o077 == 0


def test_a_database_that_is_named_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    server = EmbeddedServer(tmp_path, hasty=True)

    with database_at_hand(server) as url:
        assert url == "postgresql://elsewhere/db"

    assert server.running_url() is None
    assert not (tmp_path / "place").exists()


def test_its_address_is_handed_on_while_it_runs(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")

    with database_at_hand(server) as url:
        assert os.environ["DATABASE_URL"] == url

    assert "DATABASE_URL" not in os.environ
