"""POST /api/auth/token: an access token for a client's id and secret (RFC 6749, with a JSON body)."""

from __future__ import annotations

import threading
import time
from typing import Any

import orjson
from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from oauth2_provider.oauth2_backends import get_oauthlib_core
from pydantic import BaseModel, Field
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.authentication import site_id_of
from core.api.documents import validate
from core.api.problems import problem
from core.api.views import ApiView
from core.errors import Fault, InvalidDocument

ERROR_NAMES = {401: "invalid_client", 500: "server_error", 503: "temporarily_unavailable"}
"""RFC 6749's word for refusals that did not come from oauthlib; for the others it is `invalid_request`."""

DETAILS = {
    "invalid_client": "The client id and secret are not those of a client of this site.",
    "invalid_scope": "The client has none of the scopes asked for.",
    "unsupported_grant_type": "Use the grant type client_credentials.",
}

_slowed = threading.BoundedSemaphore(2)
"""How many wrong secrets may be waiting for their answer at a time: a flood of them must not use up the threads."""


class Credentials(BaseModel):
    """What a client sends for a token."""

    grant_type: str = Field(max_length=255, examples=["client_credentials"], description="`client_credentials`.")
    client_id: str = Field("", max_length=255)
    client_secret: str = Field("", max_length=255)
    scope: str = Field(
        "", max_length=1000, description="Narrows the client's scopes to those named, separated by spaces."
    )


class TokenAnswer(BaseModel):
    """An access token and how long it lives."""

    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(examples=[3600], description="Seconds.")
    access_token: str = Field(description="Opaque. Send it as `Authorization: Bearer <access_token>`.")
    scope: str = Field(examples=["customers orders"], description="The scopes it has, separated by spaces.")


class TokenView(ApiView):
    """Asks for nothing but the site: this is where a token comes from."""

    authentication_classes = []
    permission_classes = []

    def get_authenticate_header(self, request: Request) -> str:
        return "Bearer"

    @extend_schema(
        operation_id="auth_token_create",
        summary="Get an access token",
        tags=["auth"],
        request=Credentials,
        responses={200: TokenAnswer},
        examples=[
            OpenApiExample(
                "client",
                value={"grant_type": "client_credentials", "client_id": "2b1c…", "client_secret": "…"},
                request_only=True,
            ),
            OpenApiExample(
                "token",
                value={
                    "token_type": "Bearer",
                    "expires_in": 3600,
                    "access_token": "…",
                    "scope": "customers orders",
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """A token for one hour. Several of one client may be live at once."""
        if not site_id_of(request):
            raise NotAuthenticated("Send the Site-Id header.")
        body = {key: value for key, value in self.body().items() if value is not None}
        asked = validate(Credentials, body)
        if asked.grant_type == "client_credentials":
            require(asked, "client_id", "client_secret")
        members = asked.model_dump(exclude_defaults=True)
        self.http_request.token_request = members  # type: ignore[attr-defined]  # for core.api.oauth.JsonBodies
        _, headers, text, status = get_oauthlib_core().create_token_response(self.http_request)
        answer = orjson.loads(text)
        if status != 200:
            answer = _refusal(status, answer)
        if status == 401:
            slow_down()
        return Response(answer, status=status, headers=headers)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        response.data["error"] = ERROR_NAMES.get(response.status_code, "invalid_request")
        response.data["error_description"] = response.data["errors"][0]["message"]
        return response

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Pragma"] = "no-cache"
        return response


def require(asked: Credentials, *members: str) -> None:
    """Raises `InvalidDocument` naming those of the members that are missing or empty."""
    if missing := [name for name in members if not getattr(asked, name)]:
        raise InvalidDocument(faults=[Fault("required", name, "This member is required.") for name in missing])


def _refusal(status: int, oauth: dict[str, str]) -> dict[str, object]:
    """RFC 6749's names and the problem's members in one object."""
    error = oauth["error"]
    detail = DETAILS.get(error) or oauth.get("error_description") or error.replace("_", " ")
    return problem(status=status, title=error.replace("_", "-"), detail=detail, error=error, error_description=detail)


def slow_down() -> None:
    """Let a wrong secret wait for its answer. Nobody is locked out, and the right secret never waits."""
    if _slowed.acquire(blocking=False):
        try:
            time.sleep(settings.WRONG_SECRET_SECONDS)
        finally:
            _slowed.release()
