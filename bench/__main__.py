"""`python -m bench`: measures, prints the table and writes docs/performance.md. Uses a database of its own."""

from __future__ import annotations

import contextlib
import os
import secrets

import django

from bench.servers import fresh_database


def main() -> None:
    with contextlib.ExitStack() as stack:
        print("Starting an empty database …", flush=True)
        url, postmaster = stack.enter_context(fresh_database())
        # As in production, but for TLS and hashed static files: whatever else may be set stays at its default.
        os.environ.update(DATABASE_URL=url, HTTPS="0", DEBUG="0", LOG_LEVEL="WARNING", STATIC_MANIFEST="0")
        os.environ.update(DJANGO_SETTINGS_MODULE="sparkproject.settings", SECRET_KEY=secrets.token_urlsafe(60))
        django.setup()
        from bench.measuring import measure  # noqa: PLC0415  # needs settings

        measure(stack, postmaster)


if __name__ == "__main__":
    main()
