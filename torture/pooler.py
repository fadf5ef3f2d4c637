"""A PgBouncer in transaction mode before a database of the run's own. Debian's package is `pgbouncer`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from core.devdb import NAME
from torture.database import Database
from torture.outcome import pgbouncer

CONNECTIONS = 3
"""To the database: far fewer than threads, so that one after the other gets the same."""
PORT = 6432


class Pooler:
    """Runs for as long as the block lasts; `url` leads through it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner = database.server.owner  # it refuses to run as root, as PostgreSQL does

    def __enter__(self) -> Self:
        self._directory = tempfile.TemporaryDirectory(prefix="pooler-", dir="/tmp")
        directory = Path(self._directory.name)
        self.url = f"postgresql://{NAME}@/{NAME}?host={directory}&port={PORT}"
        (directory / "users").write_text(f'"{NAME}" ""\n')
        behind = psycopg.conninfo.conninfo_to_dict(self._database.url)["host"]
        (directory / "pgbouncer.ini").write_text(
            f"[databases]\n{NAME} = host={behind} pool_size={CONNECTIONS}\n"
            f"[pgbouncer]\npool_mode = transaction\nauth_type = trust\nauth_file = {directory}/users\n"
            f"listen_addr =\nlisten_port = {PORT}\nunix_socket_dir = {directory}\nmax_client_conn = 200\n"
            "log_connections = 0\nlog_disconnections = 0\n"
        )
        if self._owner is not None:
            for path in (directory, *directory.iterdir()):
                shutil.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        self._process = subprocess.Popen(
            [str(pgbouncer()), "--quiet", str(directory / "pgbouncer.ini")],
            user=self._owner and self._owner.pw_uid,
            group=self._owner and self._owner.pw_gid,
            extra_groups=self._owner and [],
            stderr=subprocess.DEVNULL,
        )
        limit = time.monotonic() + 30
        while not (directory / f".s.PGSQL.{PORT}").exists():
            if time.monotonic() > limit or self._process.poll() is not None:
                raise SystemExit("torture: PgBouncer did not start.")
            time.sleep(0.02)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        self._directory.cleanup()
