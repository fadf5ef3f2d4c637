"""`manage.py run_worker`: carries out the jobs that were put aside, until SIGTERM or Ctrl-C."""

from __future__ import annotations

from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from core.durability import NotDurable, refuse_unless_durable


class Command(BaseCommand):
    help = "Runs one worker for background jobs. Start as many as there is work, on any machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=1, help="jobs at a time (default 1)")
        parser.add_argument("--once", action="store_true", help="carry out what waits now, then end")

    def handle(self, *_words: Any, **options: Any) -> None:
        try:
            refuse_unless_durable()
        except NotDurable as error:
            raise CommandError(str(error)) from error
        # The connector of web processes has one connection; a worker listens and works at the same time.
        connector = cast("DjangoConnector", app.connector)
        with app.replace_connector(connector.get_worker_connector()) as worker:
            # Of what was done nothing is left to look up; what could not be done stays.
            worker.run_worker(concurrency=options["concurrency"], wait=not options["once"], delete_jobs="successful")
