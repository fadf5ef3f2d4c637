"""How django-oauth-toolkit and oauthlib are set up here: three grants, JSON bodies, everything within one site.

Programs sign in with their client's id and secret, and have the client's scopes. Persons sign in with e-mail and
password, or renew with a refresh token, and have the fixed `PERSON_SCOPES`; they need no client of their own.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.oauth2 import (
    BearerToken,
    ClientCredentialsGrant,
    InvalidGrantError,
    RefreshTokenGrant,
    ResourceOwnerPasswordCredentialsGrant,
    TokenEndpoint,
)

from core.models import AccessToken, ApiClient, RefreshToken, Site, User
from core.models.oauth import new_token
from core.scopes import PERSON_SCOPES, SCOPES, narrowed
from core.sign_in import lock_login

PROGRAM, PERSON, RENEWAL = "client_credentials", "password", "refresh_token"
"""The grant types."""


def token_for(_request: Any) -> str:
    """oauthlib's token generator."""
    return new_token()


class TokenServer(TokenEndpoint):
    """Gives tokens, and nothing else: no authorization pages, no introspection, no revocation by clients."""

    def __init__(
        self,
        validator: OAuth2Validator,
        *,
        token_expires_in: int,
        token_generator: Any,
        refresh_token_generator: Any,
        **_others: Any,
    ) -> None:
        bearer = BearerToken(validator, token_generator, token_expires_in, refresh_token_generator)
        grants = {
            PROGRAM: ClientCredentialsGrant(validator),
            PERSON: ResourceOwnerPasswordCredentialsGrant(validator),
            RENEWAL: RefreshTokenGrant(validator),
        }
        # A grant that is not among them is refused by the one that gets it.
        super().__init__(default_grant_type=PROGRAM, default_token_type=bearer, grant_types=grants)


class JsonBodies(OAuthLibCore):
    """Hands oauthlib the members of the JSON body, which the view has read within its limits."""

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        members: dict[str, str] = getattr(request, "token_request", {})
        return list(members.items())


class ClientScopes(BaseScopes):
    """The scopes are those of the client, a person's are always the same."""

    def get_all_scopes(self) -> dict[str, str]:
        return SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return scopes_held(application, request)

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return scopes_held(application, request)


def scopes_held(client: ApiClient, request: Any) -> list[str]:
    """What may be asked for, and is given to who asks for nothing."""
    return list(client.scopes if request.grant_type == PROGRAM else PERSON_SCOPES)


class SiteValidator(OAuth2Validator):
    """Clients, persons and refresh tokens are known within the site of the `Site-Id` header only."""

    def may_sign_in(self, user: User, site: Site) -> bool:
        """Whether this login stands for somebody on the site. Nobody does here: `customers` knows who."""
        return False

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """A client identifies itself in the body; for a person who names none the site's built-in one stands in."""
        slug = request.headers.get("HTTP_SITE_ID", "")
        if request.grant_type != PROGRAM and not request.client_id:
            site = Site.objects.filter(slug=slug).first()
            # On an unknown site nobody has a password: the answer is that to a wrong one.
            built_in = ApiClient(client_type=ApiClient.CLIENT_PUBLIC)
            request.client = ApiClient.objects.built_in(site) if site else built_in
            return True
        client = ApiClient.objects.select_related("site").filter(site__slug=slug, client_id=request.client_id).first()
        if client is None:
            return False
        request.client = client
        if client.client_type == ApiClient.CLIENT_PUBLIC:
            return request.grant_type != PROGRAM and not request.client_secret
        return client.knows_secret(request.client_secret, now=timezone.now())

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: ApiClient, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Persons sign in through any client of the site; that a program needs a secret has been seen to."""
        return True

    def validate_user(
        self, username: str, password: str, client: ApiClient, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """The limits to guessing are those of every sign-in (`core.sign_in`). Raises TooManyAttempts."""
        return super().validate_user(username, password, client, request) and self._stands_for_somebody(request)

    def validate_refresh_token(
        self, refresh_token: str, client: ApiClient, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """One that was used before ends everything that came from the same sign-in. Called within a transaction."""
        checksum = hashlib.sha256(refresh_token.encode()).hexdigest()
        tokens = RefreshToken.objects.filter(token_checksum=checksum, application_id=client.pk)
        # Locked, so that of two uses at the same moment the second finds the first.
        if tokens.select_for_update().first() is None:
            return False
        return super().validate_refresh_token(refresh_token, client, request) and self._stands_for_somebody(request)

    def _stands_for_somebody(self, request: Any) -> bool:
        user, client = request.user, request.client
        return user.is_active and client.site_id is not None and self.may_sign_in(user, client.site)

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: ApiClient, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Asking narrows: what is not held is left out, and nothing left is an error."""
        request.scopes = narrowed(scopes, scopes_held(client, request))
        return bool(request.scopes)

    def is_within_original_scope(
        self, request_scopes: list[str], refresh_token: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Renewing narrows too."""
        request.scopes = narrowed(request_scopes, self.get_original_scopes(refresh_token, request).split())
        return bool(request.scopes)

    def _save_bearer_token(self, token: dict[str, str], request: Any, *args: Any, **kwargs: Any) -> None:
        if request.grant_type != PROGRAM and not lock_login(request.user):
            raise InvalidGrantError(request=request)
        super()._save_bearer_token(token, request, *args, **kwargs)

    def _create_access_token(
        self, expires: datetime, request: Any, token: dict[str, str], source_refresh_token: Any = None
    ) -> AccessToken:
        access_token = AccessToken(
            site=request.client.site,
            application=request.client,
            user=request.user,
            scope=token["scope"],
            expires=expires,
            source_refresh_token=source_refresh_token,
        )
        self._set_token_value(access_token, token["access_token"])
        access_token.save()
        return access_token

    def _create_refresh_token(
        self, request: Any, refresh_token_code: str, access_token: AccessToken, previous_refresh_token: Any
    ) -> RefreshToken:
        refresh_token = RefreshToken(
            site=request.client.site,
            application=request.client,
            user=request.user,
            access_token=access_token,
            token_family=previous_refresh_token.token_family if previous_refresh_token else uuid4(),
        )
        self._set_token_value(refresh_token, refresh_token_code)
        refresh_token.save()
        return refresh_token
