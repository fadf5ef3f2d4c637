"""How people sign in: by e-mail and password, with a limit to guessing.

After 10 failures within 15 minutes for one e-mail from one address every further attempt there is refused, whether that
login exists or not; the same person elsewhere, and others at that address, are not concerned.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.errors import DomainError
from core.models import SignInFailure, User

FAILURES = 10
WITHIN = timedelta(minutes=15)

_checks = threading.BoundedSemaphore(2)
"""A check of a password takes a fifth of a second of a processor: two at a time leave room for everybody else."""


class TooManyAttempts(DomainError):
    """This e-mail was tried too often from this address: 429."""

    status = 429
    title = "too-many-attempts"
    detail = "Too many attempts to sign in. Try again in a few minutes."
    headers = {"Retry-After": str(int(WITHIN.total_seconds()))}


class EmailBackend(ModelBackend):
    """Django's own passwords, limited. Raises `TooManyAttempts`."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        email = username if username is not None else kwargs.get("email")
        if email is None or password is None:
            return None
        key = attempt_key(email=email, address=address_of(request))
        now = timezone.now()
        if SignInFailure.objects.filter(key=key, failed_at__gt=now - WITHIN).count() >= FAILURES:
            raise TooManyAttempts
        # Noted before the check, so that attempts made at the same time count each other.
        SignInFailure.objects.create(key=key, failed_at=now)
        with _checks:
            user = super().authenticate(request, username=email, password=password)
        if user is not None:
            SignInFailure.objects.filter(key=key).delete()
        SignInFailure.objects.filter(failed_at__lt=now - WITHIN).delete()
        return user


def lock_login(person: User) -> bool:
    """Until the transaction ends the password cannot change; False when it did since it was checked: no token then.

    A change of password ends all tokens (`core.signals`), and a new one must be among them or not exist.
    """
    unchanged = User.objects.filter(pk=person.pk, password=person.password, is_active=True)
    return unchanged.select_for_update(no_key=True).first() is not None


def attempt_key(*, email: str, address: str) -> str:
    """Stands for both without showing either."""
    return salted_hmac("core.sign_in", f"{email.strip().lower()}\n{address}", algorithm="sha256").hexdigest()


def address_of(request: HttpRequest | None) -> str:
    """The caller's address: what the outermost of our own `PROXIES` saw, else the connection's."""
    if request is None:
        return ""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.PROXIES and len(hops) >= settings.PROXIES:
        return hops[-settings.PROXIES].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
