"""How gunicorn serves: `gunicorn sparkproject.wsgi` from the project's directory; variables: `.env.example`."""

from __future__ import annotations

import gc
import os
import time
from typing import Any

from environs import Env
from gunicorn.http import parser

env = Env()
env.read_env(env.str("ENV_FILE", ".env"), recurse=False)

bind = env.str("BIND", f"127.0.0.1:{env.int('PORT', 8000)}")
worker_class = "gthread"
workers = env.int("WEB_WORKERS", max(2, os.cpu_count() or 1))
threads = env.int("WEB_THREADS", 4)
preload_app = True  # loaded once, shared by the workers
timeout = 60
graceful_timeout = 20
keepalive = 30
# A worker is renewed now and then, not all at the same moment: whatever a library leaks stays bounded.
max_requests, max_requests_jitter = 50_000, 5_000
# Who may say that the visitor came by https (X-Forwarded-Proto).
forwarded_allow_ips = env.str("TRUSTED_PROXIES", "127.0.0.1,::1")
limit_request_line = 8190  # the most it takes: filters by long names, spelled as an address spells them
forwarder_headers = ""  # nobody but the settings says where the application is mounted
accesslog = None  # addresses hold identifiers; refused and failed requests are logged with their route
loglevel = "warning"
control_socket_disable = True
# A refusal (an expired token, a body too large) goes out before the body was read. gunicorn then reads on for at most 5
# seconds and 64 KB and closes; a program that is still sending would see a broken connection instead of the answer.
parser._DRAIN_MAX_BYTES = 64 * 1024 * 1024  # noqa: SLF001  # there is no setting for it


def on_starting(_server: Any) -> None:
    """The server waits up to a minute for its database and refuses to start on one that may forget.

    gunicorn shows a RuntimeError and ends.
    """
    for _second in range(60):
        if _is_durable():
            return
        time.sleep(1)
    raise RuntimeError("The database cannot be reached: see DATABASE_URL.")


def when_ready(_server: Any) -> None:
    """What is loaded by now stays: left out of garbage collections, it neither costs answers 0.2 s now and then nor
    memory that the workers could share.
    """
    gc.collect()
    gc.freeze()


def post_worker_init(_worker: Any) -> None:
    """A worker that takes another's place asks again, before its first request."""
    _is_durable()


def _is_durable() -> bool:
    """True when the database is durable, False when it is away; raises a RuntimeError when it may forget."""
    # Here, as gunicorn reads this file before there are settings.
    from django.db import OperationalError, connection  # noqa: PLC0415

    from core.durability import refuse_unless_durable  # noqa: PLC0415

    try:
        refuse_unless_durable()
    except OperationalError:
        return False
    finally:
        connection.close()  # not to be shared with the workers
    return True
