"""How django-oauth-toolkit and oauthlib are set up here: clients of one site, JSON bodies, scopes per client."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from core.models import AccessToken, ApiClient
from core.models.oauth import new_token
from core.scopes import SCOPES, narrowed


def token_for(_request: Any) -> str:
    """oauthlib's token generator."""
    return new_token()


class JsonBodies(OAuthLibCore):
    """Hands oauthlib the members of the JSON body, which the view has read within its limits."""

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        members: dict[str, str] = getattr(request, "token_request", {})
        return list(members.items())


class ClientScopes(BaseScopes):
    """The scopes are those of the client."""

    def get_all_scopes(self) -> dict[str, str]:
        return SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(application.scopes)

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return list(application.scopes)


class SiteValidator(OAuth2Validator):
    """A client is known within the site of the `Site-Id` header only, and identifies itself in the body."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        client = (
            ApiClient.objects.select_related("site")
            .filter(site__slug=request.headers.get("HTTP_SITE_ID", ""), client_id=request.client_id)
            .first()
        )
        if client is None or not client.knows_secret(request.client_secret, now=timezone.now()):
            return False
        request.client = client
        return True

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: ApiClient, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Asking narrows: what the client does not have is left out, and nothing left is an error."""
        request.scopes = narrowed(scopes, client.scopes)
        return bool(request.scopes)

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
