"""Refusals that only this face knows."""

from __future__ import annotations

from core.errors import DomainError


class SignInNeeded(DomainError):
    """No token, or one that this face does not know: 401."""

    status = 401
    title = "authentication-required"
    detail = "Sign in: send an access token of this face as Authorization: Bearer <access_token>."
    headers = {"WWW-Authenticate": "Bearer"}


class WrongDetails(DomainError):
    """No active customer of this site has this e-mail and password; or there is no such site: 401."""

    status = 401
    title = "invalid-grant"
    detail = "The user name and password are not those of an active customer of this site."
    headers = {"WWW-Authenticate": "Bearer"}


class UnsupportedGrant(DomainError):
    """Only a password gives a token: 400."""

    title = "unsupported-grant-type"
    detail = "Use grant_type=password."


class MethodNotAllowed(DomainError):
    """The resource does not take this method: 405."""

    status = 405
    title = "method-not-allowed"
    detail = "This resource does not take that method."

    def __init__(self, *allowed: str) -> None:
        super().__init__()
        self.headers = {"Allow": ", ".join(allowed)}


class TooManyCalls(DomainError):
    """Over the site's limit of calls in a minute: 429."""

    status = 429
    title = "too-many-requests"
    detail = "Too many calls in this minute."

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.headers = {"Retry-After": str(max(1, seconds))}
