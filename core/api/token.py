"""POST /api/auth/token: an access token for a client's id and secret or a person's password (RFC 6749, in JSON)."""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from oauth2_provider.oauth2_backends import get_oauthlib_core
from pydantic import BaseModel, Field
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.authentication import site_id_of
from core.api.documents import validate
from core.api.oauth import PERSON, PROGRAM, RENEWAL
from core.api.problems import problem
from core.api.views import ApiView
from core.errors import Fault, InvalidDocument
from core.scopes import PERSON_SCOPES

ERROR_NAMES = {
    401: "invalid_client",
    429: "temporarily_unavailable",
    500: "server_error",
    503: "temporarily_unavailable",
}
"""RFC 6749's word for refusals that did not come from oauthlib; for the others it is `invalid_request`."""

DETAILS = {
    "invalid_client": "The client id and secret are not those of a client of this site.",
    "invalid_scope": "None of the scopes asked for can be had.",
    "unsupported_grant_type": f"Use the grant type {PROGRAM}, {PERSON} or {RENEWAL}.",
}
NO_GRANT = {
    PERSON: "The e-mail and password are not those of an active customer of this site.",
    RENEWAL: "The refresh token is unknown, was used before, or has ended. Sign in again.",
}
"""`invalid_grant`, in one text whatever the reason is."""

NEEDED = {PROGRAM: ("client_id", "client_secret"), PERSON: ("username", "password"), RENEWAL: ("refresh_token",)}

_slowed = threading.BoundedSemaphore(2)
"""How many wrong secrets may be waiting for their answer at a time: a flood of them must not use up the threads."""


class Credentials(BaseModel):
    """What is sent for a token."""

    grant_type: str = Field(
        max_length=255,
        examples=[PROGRAM],
        description=f"`{PROGRAM}` for a program, `{PERSON}` for a customer, `{RENEWAL}` to go on as that customer.",
    )
    client_id: str = Field("", max_length=255, description=f"Needed for `{PROGRAM}`; customers need none.")
    client_secret: str = Field("", max_length=255, description="That of the client, when one is named.")
    username: str = Field("", max_length=255, description=f"For `{PERSON}`: the e-mail of the login.")
    password: str = Field("", max_length=1000, description=f"For `{PERSON}`.")
    refresh_token: str = Field("", max_length=255, description=f"For `{RENEWAL}`: the last one that was answered.")
    scope: str = Field("", max_length=1000, description="Narrows the scopes to those named, separated by spaces.")


class TokenAnswer(BaseModel):
    """An access token and how long it lives."""

    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(examples=[3600], description="Seconds.")
    access_token: str = Field(description="Opaque. Send it as `Authorization: Bearer <access_token>`.")
    refresh_token: str = Field(
        "", description="For one use, by a customer only: a program gets none and asks with its secret again."
    )
    scope: str = Field(examples=["customers orders"], description="The scopes it has, separated by spaces.")


EXAMPLES = [
    OpenApiExample(
        "program",
        value={"grant_type": PROGRAM, "client_id": "2b1c…", "client_secret": "…"},
        request_only=True,
    ),
    OpenApiExample(
        "customer",
        value={"grant_type": PERSON, "username": "tom.jones@climbing.com", "password": "…"},
        request_only=True,
    ),
    OpenApiExample("renewal", value={"grant_type": RENEWAL, "refresh_token": "…"}, request_only=True),
    OpenApiExample(
        "program's token",
        value={"token_type": "Bearer", "expires_in": 3600, "access_token": "…", "scope": "customers orders"},
        response_only=True,
    ),
    OpenApiExample(
        "customer's token",
        value={
            "token_type": "Bearer",
            "expires_in": 3600,
            "access_token": "…",
            "refresh_token": "…",
            "scope": " ".join(PERSON_SCOPES),
        },
        response_only=True,
    ),
]


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
        examples=EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        """A token for one hour. Several may be live at once; a customer's is renewed by its refresh token."""
        if not site_id_of(request):
            raise NotAuthenticated("Send the Site-Id header.")
        body = {key: value for key, value in self.body().items() if value is not None}
        asked = validate(Credentials, body)
        require(asked, *NEEDED.get(asked.grant_type, ()), *(("client_id",) if asked.client_secret else ()))
        status, answer, headers = self._answer_of(asked)
        if status == 401 and answer["error"] == "invalid_client":
            slow_down()
        return Response(answer, status=status, headers=headers)

    def _answer_of(self, asked: Credentials) -> tuple[int, dict[str, Any], dict[str, str]]:
        """oauthlib's answer; in one transaction where a refresh token is used up."""
        members = asked.model_dump(exclude_defaults=True)
        self.http_request.token_request = members  # type: ignore[attr-defined]  # for core.api.oauth.JsonBodies
        with transaction.atomic() if asked.grant_type == RENEWAL else nullcontext():
            _, headers, text, status = get_oauthlib_core().create_token_response(self.http_request)
        answer = orjson.loads(text)
        if status == 200:
            return status, answer, headers
        if answer["error"] == "invalid_grant":
            status, headers = 401, {"WWW-Authenticate": 'Bearer error="invalid_grant"'}
            answer["error_description"] = NO_GRANT[asked.grant_type]
        return status, _refusal(status, answer), headers

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
