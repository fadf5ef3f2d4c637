"""`manage.py devdb`: the embedded database by hand. Runs without settings, as it brings what they ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.devdb import DevDatabaseError, EmbeddedServer, embedded_server


class Command(BaseCommand):
    help = "Starts and stops the embedded PostgreSQL that serves when DATABASE_URL is not set."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="start|status|stop|psql|reset")
        actions.add_parser("start", help="start it, keep it running and print its address for DATABASE_URL")
        actions.add_parser("status", help="say whether it runs, and where")
        stop = actions.add_parser("stop", help="stop it; refused while something uses it")
        stop.add_argument("--force", action="store_true", help="stop it although something uses it")
        psql = actions.add_parser("psql", help="open psql on DATABASE_URL or the embedded database")
        psql.add_argument("words", nargs="*", help="for psql; options of psql come after --")
        reset = actions.add_parser("reset", help="stop it and delete everything in it")
        reset.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_words: Any, **options: Any) -> None:
        server = embedded_server()
        try:
            getattr(self, options["action"])(server, options)
        except DevDatabaseError as error:
            raise CommandError(str(error)) from error

    def start(self, server: EmbeddedServer, _options: dict[str, Any]) -> None:
        self.stdout.write(server.start())

    def status(self, server: EmbeddedServer, _options: dict[str, Any]) -> None:
        if os.environ.get("DATABASE_URL"):
            self.stdout.write("DATABASE_URL is set: commands use that database, not the embedded one.")
        url = server.running_url()
        self.stdout.write(f"running at {url}" if url else "not running")

    def stop(self, server: EmbeddedServer, options: dict[str, Any]) -> None:
        server.stop(even_if_used=options["force"])
        self.stdout.write("stopped")

    def psql(self, server: EmbeddedServer, options: dict[str, Any]) -> None:
        psql = server.programs / "psql"
        url = os.environ.get("DATABASE_URL")
        if url:
            sys.exit(subprocess.run([psql, url, *options["words"]], check=False).returncode)
        with server.use() as embedded_url:
            sys.exit(subprocess.run([psql, embedded_url, *options["words"]], check=False).returncode)

    def reset(self, server: EmbeddedServer, options: dict[str, Any]) -> None:
        if not options["yes"] and input("Delete the embedded database and everything in it? [y/N] ").lower() != "y":
            raise CommandError("Nothing was deleted.")
        server.reset()
        self.stdout.write("deleted")
