#!/usr/bin/env python3
"""Runs the project's management commands; `manage.py help` lists them."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from core.acting import act_as
from core.actors import Actor, ActorKind
from core.management.commands.devdb import Command as DevDatabaseCommand


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sparkproject.settings")
    # An operator's command may take longer than a request: migrations and checks of the books are not cut short, and
    # they talk to the database itself where DATABASE_DIRECT_URL names it beside a pooler.
    os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "0")
    os.environ.setdefault("DATABASE_DIRECT", "1")
    if sys.argv[1:2] == ["devdb"]:
        # It brings the database that the settings ask for, so it runs without them.
        DevDatabaseCommand().run_from_argv(sys.argv)
        return
    act_as(Actor(ActorKind.SYSTEM, next(iter(sys.argv[1:]), "")))
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
