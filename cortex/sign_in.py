"""Tokens of this face: whom they stand for, how one is got with a password, and how one ends.

A token says by its scope which face gave it, so that none opens another. A REGISTERED one stands for a customer of its
site, a PUBLIC one for nobody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from oauth2_provider.models import set_token_value

from core.api.access import Access, access_of
from core.models import AccessToken, ApiClient, Site, User
from core.models.oauth import new_token
from core.replica.reading import caller_is, person
from core.sign_in import lock_login
from cortex.refusals import SignInNeeded, WrongDetails
from customers.models import Customer


class Role(StrEnum):
    REGISTERED = "REGISTERED"
    PUBLIC = "PUBLIC"


SCOPE_OF = {Role.REGISTERED: "cortex.registered", Role.PUBLIC: "cortex.public"}
"""What a token of ours holds; no scope of any other face."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A new token; it can be read here once."""

    token: str
    expires_in: int
    site: Site
    role: Role


def sign_in(request: HttpRequest, *, site_slug: str, username: str, password: str, now: datetime) -> Granted:
    """A token for a customer. Raises WrongDetails and TooManyAttempts, whatever the site."""
    person = authenticate(request, username=username, password=password)
    site = Site.objects.filter(slug=site_slug).first()
    if not isinstance(person, User) or site is None or customer_of(person, site) is None:
        raise WrongDetails
    with transaction.atomic():
        if not lock_login(person):
            raise WrongDetails
        return _give(site, Role.REGISTERED, person=person, now=now)


def visit(*, site_slug: str, now: datetime) -> Granted:
    """A token for somebody who is nobody yet. Raises WrongDetails for an unknown site."""
    site = Site.objects.filter(slug=site_slug).first()
    if site is None:
        raise WrongDetails
    return _give(site, Role.PUBLIC, person=None, now=now)


def sign_out(token: str) -> None:
    """End this token, if it is one of ours."""
    if access_of_face(token) is not None:
        checksum = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
        AccessToken.objects.filter(token_checksum=checksum).delete()


def access_of_face(token: str) -> Access | None:
    """What the token gives here; None for an unknown one, and for that of another face."""
    access = access_of(token, asked_anew=True)  # who signs out here is out in every process at once
    return access if access is not None and access.scopes <= set(SCOPE_OF.values()) else None


def caller_of(token: str | None) -> tuple[Access, Customer | None]:
    """Who calls with this token; the customer is None for a PUBLIC one.

    Raises SignInNeeded without a token, for one that is unknown, and for that of a customer who has been deactivated,
    deleted or untied from his login since: asked of the database at every call.
    """
    access = access_of_face(token) if token else None
    if access is None:
        raise SignInNeeded
    if access.person is None:
        return access, None
    customer = customer_of(access.person, access.site)
    if customer is None:
        raise SignInNeeded
    customer.site = access.site
    caller_is(person(access.person.pk))
    return access, customer


def customer_of(person: User, site: Site) -> Customer | None:
    return Customer.objects.for_site(site).of_login(person).first()


def _give(site: Site, role: Role, *, person: User | None, now: datetime) -> Granted:
    raw, seconds = new_token(), settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]
    token = AccessToken(
        site=site,
        application=ApiClient.objects.built_in(site),
        user=person,
        scope=SCOPE_OF[role],
        expires=now + timedelta(seconds=seconds),
    )
    set_token_value(token, raw)
    token.save()
    return Granted(raw, seconds, site, role)
