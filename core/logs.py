"""What the logs say, and never say.

Log lines are for the operator: what happened, where, to which request. They hold no personal data, no documents and no
secrets. So request lines name the route, not the address (look-ups and reset links stand in addresses), and a traceback
names files, lines and exception classes, not messages (a database's message quotes the row it refuses).
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]
SECRET_WORDS = ("authorization", "cookie", "password", "secret", "token", "full_transaction")
"""A key that contains one of these words is logged without its value."""


def hide_secrets(_logger: object, _name: str, event: Event) -> Event:
    """structlog processor: values under keys that name a secret become `***`."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = "***"
    return event


def exception_without_data(_logger: object, _name: str, event: Event) -> Event:
    """structlog processor: `exc_info` becomes `exception`, the frames and class names of the whole chain."""
    exc_info = event.pop("exc_info", None)
    error = sys.exception() if exc_info is True else exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(error, BaseException):
        return event
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        state = getattr(error, "sqlstate", None)
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}" + (f" [{state}]" if state else ""))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    event["exception"] = "\n".join(lines)
    return event


def message_without_arguments(_logger: object, _name: str, event: Event) -> Event:
    """structlog processor: some libraries' lines keep their wording (`Invalid header: %r`), not what was filled in."""
    record = event.get("_record")
    if record is not None and record.name.startswith(("django.security", "oauthlib", "oauth2_")):
        event["event"] = str(record.msg)
    return event


def logging_settings(*, level: int, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: everything through structlog to standard output, one JSON object a line (or coloured text)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*shared, message_without_arguments],
                "processors": [
                    hide_secrets,
                    exception_without_data,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Our own handlers only: Django's would mail and print tracebacks with their data.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.request": {"level": "CRITICAL"},  # `core.middleware.RequestLog` says it without the address
            "django.server": {"handlers": ["console"], "level": level, "propagate": False},
            "django.db.backends": {"level": "INFO"},  # statements carry data
            "procrastinate": {"level": "WARNING"},
            # What every printed paper would say of its fonts.
            "fontTools": {"level": "WARNING"},
            "fpdf": {"level": "ERROR"},
        },
    }
