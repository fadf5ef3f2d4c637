"""What an authenticated call may see and do, and how one is recognised by its token.

A validated token is remembered in the process for at most 15 seconds, so that a call need not ask the database for it.
In the process that changes a token, client, login or site it is forgotten at once; in others, within those 15 seconds.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from core.actors import Actor, ActorKind
from core.models import AccessToken, RefreshToken, Site, SiteSetting, User

CACHE_SECONDS = 15
CACHE_ENTRIES = 10_000

LIMIT = SiteSetting.objects.filter(site=OuterRef("site"), key="throttle_per_minute").values("value")[:1]


@dataclass(frozen=True, slots=True)
class Access:
    """`request.auth`: the site and what the caller may do there."""

    site: Site
    client_pk: int
    scopes: frozenset[str]
    actor: Actor
    expires_at: datetime
    calls_per_minute: int | None
    """The site's limit, None when it has none."""
    person: User | None = None
    """Whose password the token was given for; None for a program's token, which speaks for the whole site."""


@dataclass(frozen=True, slots=True)
class ClientPrincipal:
    """`request.user` of a call with a token; no password, no session."""

    pk: int
    name: str
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_active: bool = True
    is_staff: bool = False
    is_superuser: bool = False

    def __str__(self) -> str:
        return self.name


_remembered: dict[str, tuple[float, Access]] = {}


def access_of(token: str, *, asked_anew: bool = False) -> Access | None:
    """What this token gives now, or None when it is unknown or expired. At most one query.

    `asked_anew`: of the database, so that one that was ended elsewhere is unknown at once.
    """
    checksum = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
    clock = time.monotonic()
    remembered = None if asked_anew else _remembered.get(checksum)
    if remembered is not None and clock < remembered[0]:
        access = remembered[1]
    else:
        found = _look_up(checksum)
        if found is None:
            return None
        access = found
        if len(_remembered) >= CACHE_ENTRIES:
            _remembered.clear()
        _remembered[checksum] = (clock + CACHE_SECONDS, access)
    return access if timezone.now() < access.expires_at else None


def _look_up(checksum: str) -> Access | None:
    token = (
        AccessToken.objects.filter(token_checksum=checksum)
        .select_related("site", "application", "user")
        .annotate(calls_per_minute=Subquery(LIMIT))
        .only("expires", "scope", "site", "application__site", "application__name", "user__email", "user__is_active")
        .first()
    )
    if token is None or (token.user is not None and not token.user.is_active):
        return None
    return Access(
        site=token.site,
        client_pk=token.application_id,
        scopes=frozenset(token.scope.split()),
        # A customer is named by the view that knows him (`customers.api.reader`).
        actor=Actor(ActorKind.CUSTOMER) if token.user else Actor(ActorKind.CLIENT, token.application.name),
        expires_at=token.expires,
        calls_per_minute=token.calls_per_minute,
        person=token.user,
    )


def end_tokens_of(user: User) -> None:
    """Nothing that was given for this person's former password goes on."""
    RefreshToken.objects.filter(user=user).delete()
    AccessToken.objects.filter(user=user).delete()


def forget_accesses(**_signal: Any) -> None:
    """Ask the database again from now on. Receiver of changes of what they come from."""
    _remembered.clear()
    # Another thread may remember the old state once more before this change is committed.
    transaction.on_commit(_remembered.clear)
