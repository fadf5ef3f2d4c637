"""`make run` and `make dev`: everything one machine needs to serve, started, watched over and stopped together.

Steps: a secret key, a database (the embedded one unless DATABASE_URL is set), migrations, exchange rates and the demo
where there are none yet, static files, then the web server and one worker. A part that ends by itself is started again;
Ctrl-C or SIGTERM ends all of them and keeps the data.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import FrameType

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from dotenv import dotenv_values
from environs import Env

from core.devdb import PROJECT, DevDatabaseError, EmbeddedServer, database_at_hand, embedded_server
from core.durability import NotDurable, refuse_unless_durable

DATA = PROJECT / ".data"
CREDENTIALS = DATA / "demo.env"
PR_SET_PDEATHSIG = 1


class Part:
    """One process that is kept running: the web server or the worker."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.started_at = 0.0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.started_at = time.monotonic()
        # A session of its own, so that Ctrl-C reaches us alone and we end the parts in order.
        return subprocess.Popen(
            self.words,
            cwd=PROJECT,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  # one thread
        )

    def revive(self) -> None:
        """Start it again if it has ended; exits when it ended at once, as it would every time."""
        if self.process.poll() is None:
            return
        if time.monotonic() - self.started_at < 5:
            sys.exit(f"`{' '.join(self.words[1:4])}` ended at once; its last lines say why.")
        print("A process ended by itself and is started again.", file=sys.stderr)
        self.process = self._start()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _end_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed, so that no part is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> None:
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="serve with autoreload and error pages")
    developing = parser.parse_args().dev
    os.chdir(PROJECT)
    Env().read_env(os.environ.get("ENV_FILE", str(PROJECT / ".env")), recurse=False)
    port = int(os.environ.setdefault("PORT", "8000"))
    _refuse_taken_port(port)
    _set_environment(developing=developing)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    server = embedded_server()
    embedded = not os.environ.get("DATABASE_URL")
    print("Starting the database …" if embedded else "Using the database of DATABASE_URL …", flush=True)
    try:
        with database_at_hand(server):
            _prepare(port=port, static_files=not developing)
            _serve(port=port, developing=developing, server=server if embedded else None)
    except (DevDatabaseError, ImproperlyConfigured, NotDurable) as error:
        sys.exit(f"make run: {error}")


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Leave by an exception, so that every part on the way is ended; a second signal does not cut that short."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"make run: port {port} is taken; choose another, for example `PORT={port + 1} make run`.")


def _set_environment(*, developing: bool) -> None:
    """What the settings need on one's own machine; anything that is set already stays."""
    DATA.mkdir(exist_ok=True)
    defaults = {
        "DJANGO_SETTINGS_MODULE": "sparkproject.settings",
        "HTTPS": "0",
        "DEBUG": "1" if developing else "0",
        "LOG_JSON": "0",
        "LOG_LEVEL": "INFO" if developing else "WARNING",
        "EMAIL_URL": f"file:///{DATA / 'mail'}",
        "WEB_WORKERS": "2",
        "BASE_URL": f"http://127.0.0.1:{os.environ['PORT']}",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _kept_secret(DATA / "secret_key")


def _kept_secret(path: Path) -> str:
    """A random key, made once, readable by its owner alone."""
    if not path.exists():
        unfinished = path.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(60))
        unfinished.rename(path)
    return path.read_text()


def _prepare(*, port: int, static_files: bool) -> None:
    """Database and files, ready to serve. Quick when nothing changed."""
    # For these steps: no limit on a statement, and the database itself even where a pooler stands between.
    steps = {"DATABASE_STATEMENT_TIMEOUT": "0", "DATABASE_DIRECT": "1"}
    os.environ.update(steps)
    django.setup()
    for name in steps:
        del os.environ[name]
    from django.db import connections  # noqa: PLC0415  # needs settings

    from core.models import Site  # noqa: PLC0415
    from pricing.models import ExchangeRate  # noqa: PLC0415

    refuse_unless_durable()
    print("Migrating …", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    if not ExchangeRate.objects.exists():
        print("Storing exchange rates …", flush=True)
        call_command("import_rates", stdout=StringIO())
    base_url = f"http://127.0.0.1:{port}"
    if os.environ.get("DEMO", "1") != "0" and not Site.objects.exists():
        print("Filling the empty database with the demo …", flush=True)
        call_command("demo")
    elif CREDENTIALS.exists():
        _set_base_url(base_url)
    connections.close_all()
    if static_files:
        _collect_static()


def _set_base_url(base_url: str) -> None:
    """The credentials were written by an earlier start, perhaps on another port."""
    lines = CREDENTIALS.read_text().splitlines()
    changed = [f"BASE_URL={base_url}" if line.startswith("BASE_URL=") else line for line in lines]
    if changed != lines:
        CREDENTIALS.write_text("\n".join(changed) + "\n")


def _collect_static() -> None:
    """Collect, name and compress static files, unless none has changed since the last time."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415  # needs settings

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    stamp = DATA / "static_files"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and (PROJECT / "staticfiles").exists():
        return
    print("Collecting static files …", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(digest.hexdigest())


def _serve(*, port: int, developing: bool, server: EmbeddedServer | None) -> None:
    """Run the web server and the worker until a signal arrives."""
    manage = [sys.executable, "manage.py"]
    web = [*manage, "runserver", str(port)] if developing else [sys.executable, "-m", "gunicorn", "sparkproject.wsgi"]
    print("Starting the server …", flush=True)
    parts = [Part(web), Part([*manage, "run_worker"])]
    try:
        _wait_until(lambda: _answers(f"http://127.0.0.1:{port}/readyz"), parts)
        _introduce(port)
        while True:
            time.sleep(0.5)
            if server is not None:
                server.keep_running()
            for part in parts:
                part.revive()
    finally:
        for part in parts:
            part.process.terminate()
        for part in parts:
            part.end()


def _wait_until(ready: Callable[[], bool], parts: list[Part]) -> None:
    while not ready():
        time.sleep(0.1)
        for part in parts:
            part.revive()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310  # our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _introduce(port: int) -> None:
    """Print what a newcomer needs: addresses, and the demo's credentials when there is one."""
    base_url = f"http://127.0.0.1:{port}"
    lines = [
        "",
        f"  sparkproject is serving on {base_url}",
        "",
        f"    Back office   {base_url}/admin/",
        f"    My account    {base_url}/account/",
        f"    API           {base_url}/api/v1/docs",
    ]
    if CREDENTIALS.exists():
        lines += ["", "  The demo's credentials, also in .data/demo.env:", ""]
        lines += [f"    {name:<20} {value}" for name, value in dotenv_values(CREDENTIALS).items()]
    else:
        lines += ["", "  Begin with `manage.py create_site --help` (see README.md)."]
    print("\n".join([*lines, "", "  Ctrl-C stops everything and keeps the data.", ""]), flush=True)


if __name__ == "__main__":
    main()
