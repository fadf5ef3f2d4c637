"""Who is calling: the bearer token of the `Authorization` header, within the site of the `Site-Id` header."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from core.api.access import Access, ClientPrincipal, access_of
from core.api.last_used import note_use
from core.errors import InvalidDocument, NotPermitted
from core.replica.reading import caller_is, person
from core.scopes import SCOPES


def site_id_of(request: HttpRequest | Request) -> str:
    """The `Site-Id` header, `""` when it is missing. Raises `InvalidDocument` when it was sent twice.

    Servers join repeated headers with a comma, which no site id contains.
    """
    value: str = request.META.get("HTTP_SITE_ID", "")
    if "," in value:
        raise InvalidDocument("Send the Site-Id header once.", code="site-id-repeated")
    return value


class ClientAuthentication(BaseAuthentication):
    """Bearer tokens from the `Authorization` header only, never from the query or the body."""

    def authenticate(self, request: Request) -> tuple[ClientPrincipal, Access]:
        site_id = site_id_of(request)
        if not site_id:
            raise NotAuthenticated("Send the Site-Id header.")
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("Send an access token: Authorization: Bearer <access_token>.")
        access = access_of(token.strip())
        # A token with a scope that is none of this API's was given by another face and opens that one alone.
        if access is None or not access.scopes <= SCOPES.keys():
            raise AuthenticationFailed("The access token is unknown or has expired.")
        if access.site.slug != site_id:
            # One text whether that site exists or not.
            raise NotPermitted("This access token does not belong to the site of the Site-Id header.")
        note_use(access.client_pk)
        caller_is(person(access.person.pk) if access.person else f"client {access.client_pk}")
        return ClientPrincipal(pk=access.client_pk, name=access.actor.name), access

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
