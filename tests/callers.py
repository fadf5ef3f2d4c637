"""A program that calls the API, as a real one does: token, `Site-Id`, JSON, raw addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import set_token_value

from core.api.access import access_of
from core.api.last_used import note_use, write_uses
from core.api.renderer import dump_json
from core.models import AccessToken, ApiClient, Site, StaffMembership, User
from core.models.oauth import new_token
from core.scopes import PERSON_SCOPES, WRITE_SCOPES
from tests.described_answers import expect_nothing_undescribed

NOT_SENT: Any = object()


class ApiCaller:
    """`put("/api/v1/…", json={…})` and the like; answers are Django's test responses, with `.json()`."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = dict(headers)
        self.client = Client()

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = NOT_SENT,
        body: bytes = b"",
        content_type: str = "application/json",
        headers: Mapping[str, str | None] | None = None,
        **environ: Any,
    ) -> Any:
        """`path` as it stands on the wire: escaped. A header of None is left out.

        Fails when the answer is not one that the API's description promises.
        """
        sent = {**self.headers, **(headers or {})}
        answer = self.client.generic(
            method,
            path,
            body if json is NOT_SENT else dump_json(json),
            content_type,
            headers={name: value for name, value in sent.items() if value is not None},
            **{"RAW_URI": path, "CONTENT_TYPE": content_type, **environ},
        )
        expect_nothing_undescribed()
        return answer

    def get(self, path: str, **options: Any) -> Any:
        return self.request("GET", path, **options)

    def head(self, path: str, **options: Any) -> Any:
        return self.request("HEAD", path, **options)

    def options(self, path: str, **options: Any) -> Any:
        return self.request("OPTIONS", path, **options)

    def post(self, path: str, **options: Any) -> Any:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Any:
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Any:
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.request("DELETE", path, **options)


def make_client(site: Site, *, name: str = "ERP", scopes: Iterable[str] = WRITE_SCOPES) -> tuple[ApiClient, str]:
    """An API client and its secret."""
    client = ApiClient(site=site, name=name, scopes=list(scopes))
    secret = client.set_new_secret()
    client.save()
    return client, secret


def make_token(
    client: ApiClient,
    *,
    lifetime: timedelta = timedelta(hours=1),
    user: User | None = None,
    scopes: Iterable[str] | None = None,
) -> str:
    """An access token with these scopes, else all of the client; with `user`, a person's."""
    raw = new_token()
    token = AccessToken(
        site=client.site,
        application=client,
        user=user,
        scope=" ".join(client.scopes if scopes is None else scopes),
        expires=timezone.now() + lifetime,
    )
    set_token_value(token, raw)
    token.save()
    return raw


def make_caller(site: Site, *, name: str = "ERP", scopes: Iterable[str] = WRITE_SCOPES) -> ApiCaller:
    """A caller of this site with these scopes, in the state of its second call: what a first one looks up is known."""
    client, _ = make_client(site, name=name, scopes=scopes)
    token = make_token(client)
    access_of(token)
    note_use(client.pk)
    write_uses()
    return ApiCaller({"Site-Id": site.slug, "Authorization": f"Bearer {token}"})


def make_person_caller(site: Site, user: User, *, scopes: Iterable[str] = PERSON_SCOPES) -> ApiCaller:
    """What a customer with this login calls with after signing in with his password on this site."""
    client = ApiClient.objects.built_in(site)
    token = make_token(client, user=user, scopes=scopes)
    access_of(token)
    note_use(client.pk)
    write_uses()
    return ApiCaller({"Site-Id": site.slug, "Authorization": f"Bearer {token}"})


def make_staff(site: Site, *, email: str = "staff@jones-climbing.example", password: str | None = None) -> User:
    """A member of staff of one site."""
    user = User.objects.create_user(email, password, is_staff=True)
    StaffMembership.objects.create(site=site, user=user)
    return user
