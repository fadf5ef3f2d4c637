"""Every address below /account/, whatever module it is mounted from: what the walks over My account go through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import URLPattern, URLResolver, get_resolver

ACCOUNT = "account/"


def routes() -> list[str]:
    """What stands behind /account/, with what it names left open, in the order of the resolver."""
    return [route.removeprefix(ACCOUNT) for route in _below("", get_resolver().url_patterns) if _is_account(route)]


def _below(prefix: str, patterns: Sequence[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from _below(route, pattern.url_patterns)
        else:
            yield route


def _is_account(route: str) -> bool:
    return f"{route}/".startswith(ACCOUNT)
