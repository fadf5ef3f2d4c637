"""POST /api/auth/token, by a customer: password and refresh token."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.models import AccessToken, ApiClient, RefreshToken, SignInFailure, Site, User
from core.sign_in import FAILURES
from customers.models import Customer
from tests.callers import ApiCaller, make_client
from tests.cast import PASSWORD, make_buyer

TOKEN = "/api/auth/token"
SCOPES = "orders.read customers.read products.read"


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def sign_in(anonymous_api: ApiCaller, buyer: Customer) -> Callable[..., Any]:
    """The answer to this customer's password, with `members` changed."""

    def post(**members: Any) -> Any:
        body = {"grant_type": "password", "username": buyer.email, "password": PASSWORD, **members}
        return anonymous_api.post(TOKEN, json=body)

    return post


@pytest.fixture
def renew(anonymous_api: ApiCaller) -> Callable[..., Any]:
    def post(refresh_token: str, **members: Any) -> Any:
        body = {"grant_type": "refresh_token", "refresh_token": refresh_token, **members}
        return anonymous_api.post(TOKEN, json=body)

    return post


SignIn = Callable[..., Any]


def reads(site: Site, token: str) -> int:
    """What the customer's own record answers to this token."""
    caller = ApiCaller({"Site-Id": site.slug, "Authorization": f"Bearer {token}"})
    return int(caller.get(f"/api/v1/customers/{Customer.objects.order_by('pk')[0].public_id}").status_code)


def test_a_password_gives_a_token_and_what_renews_it(sign_in: SignIn, site: Site, buyer: Customer) -> None:
    answer = sign_in()

    assert answer.status_code == 200
    token = answer.json()
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 3600, SCOPES)
    assert len(token["access_token"]) == len(token["refresh_token"]) == 64
    assert answer["Cache-Control"] == "no-store"
    assert reads(site, token["access_token"]) == 200
    stored = AccessToken.objects.get()
    assert (stored.user, stored.site, stored.application) == (buyer.user, site, ApiClient.objects.built_in(site))


def test_only_checksums_are_kept(sign_in: SignIn) -> None:
    token = sign_in().json()
    for table, given in (("core_accesstoken", "access_token"), ("core_refreshtoken", "refresh_token")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            kept = cursor.fetchall()[0][0]
        assert hashlib.sha256(token[given].encode()).hexdigest() in kept
        assert token[given] not in kept


@pytest.mark.parametrize("username", ["{email}", "{upper}"])
def test_an_e_mail_is_known_in_any_letter_case(sign_in: SignIn, buyer: Customer, username: str) -> None:
    assert sign_in(username=username.format(email=buyer.email, upper=buyer.email.upper())).status_code == 200


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, SCOPES),
        ("", SCOPES),
        ("orders.read", "orders.read"),
        ("products.read orders.read", "products.read orders.read"),
        ("orders orders.read customers setup", "orders.read"),
    ],
)
def test_asking_narrows(sign_in: SignIn, asked: str | None, given: str) -> None:
    answer = sign_in(scope=asked)
    assert (answer.status_code, answer.json()["scope"]) == (200, given)


@pytest.mark.parametrize("asked", ["orders", "customers products", "setup.read", "products.pricing.read", "nonsense"])
def test_nothing_beyond_can_be_asked_for(sign_in: SignIn, asked: str) -> None:
    answer = sign_in(scope=asked)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert not AccessToken.objects.exists()


def test_a_client_s_scopes_are_not_a_person_s(sign_in: SignIn, site: Site) -> None:
    client, secret = make_client(site, name="Shop")
    named = {"client_id": client.client_id, "client_secret": secret}
    assert sign_in(**named).json()["scope"] == SCOPES
    assert sign_in(**named, scope="orders").status_code == 400


def test_a_client_that_is_named_has_to_be_right(sign_in: SignIn, renew: SignIn, site: Site, other_site: Site) -> None:
    client, secret = make_client(site, name="Shop")
    foreign, foreign_secret = make_client(other_site, name="Shop")
    built_in = ApiClient.objects.built_in(site)
    refused: list[dict[str, str]] = [
        {"client_id": "unknown"},
        {"client_id": client.client_id},
        {"client_id": client.client_id, "client_secret": "wrong"},
        {"client_id": foreign.client_id, "client_secret": foreign_secret},
        {"client_id": ApiClient.objects.built_in(other_site).client_id},
        {"client_id": built_in.client_id, "client_secret": "anything"},
    ]
    refresh_token = sign_in().json()["refresh_token"]
    for named in refused:
        for answer in (sign_in(**named), renew(refresh_token, **named)):
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), named
    assert sign_in(client_secret=secret).status_code == 400
    assert sign_in(client_id=built_in.client_id).status_code == 200
    named = {"client_id": client.client_id, "client_secret": secret}
    refresh_token = sign_in(**named).json()["refresh_token"]
    answer = renew(refresh_token)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_grant")
    assert renew(refresh_token, **named).status_code == 200


def test_the_built_in_client_gets_nothing_for_itself(anonymous_api: ApiCaller, site: Site) -> None:
    client = ApiClient.objects.built_in(site)
    for secret in ("", "x"):
        body = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
        assert anonymous_api.post(TOKEN, json=body).status_code == (401 if secret else 400)


def test_a_program_gets_no_refresh_token(anonymous_api: ApiCaller, site: Site) -> None:
    client, secret = make_client(site, name="Shop")
    body = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    assert "refresh_token" not in anonymous_api.post(TOKEN, json=body).json()
    assert not RefreshToken.objects.exists()


def _elsewhere(customer: Customer) -> None:
    other = make_buyer(Site.objects.create(slug="elsewhere", name="Elsewhere"), email=customer.email)
    assert other.user == customer.user
    Customer.objects.filter(pk=customer.pk).delete()


REFUSED: dict[str, Callable[[Customer], Any]] = {
    "pending": lambda customer: Customer.objects.filter(pk=customer.pk).update(status="pending"),
    "inactive": lambda customer: Customer.objects.filter(pk=customer.pk).update(status="inactive"),
    "rejected": lambda customer: Customer.objects.filter(pk=customer.pk).update(status="rejected"),
    "deleted": lambda customer: Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now()),
    "untied": lambda customer: Customer.objects.filter(pk=customer.pk).update(user=None),
    "login ended": lambda customer: User.objects.filter(customers=customer).update(is_active=False),
    "of another site": _elsewhere,
}


def test_every_refusal_is_the_same(sign_in: SignIn, anonymous_api: ApiCaller, buyer: Customer) -> None:
    wrong = sign_in(password="wrong")
    assert (wrong.status_code, wrong.json()["error"], wrong.json()["title"]) == (401, "invalid_grant", "invalid-grant")
    assert set(wrong.json()) == {"detail", "status", "title", "type", "errors", "error", "error_description"}
    assert wrong["WWW-Authenticate"].startswith("Bearer")
    assert wrong["Cache-Control"] == "no-store"
    assert sign_in(username="nobody@example.com").content == wrong.content
    body = {"grant_type": "password", "username": buyer.email, "password": PASSWORD}
    unknown_site = anonymous_api.post(TOKEN, json=body, headers={"Site-Id": "unknown"})
    assert (unknown_site.status_code, unknown_site.content) == (401, wrong.content)


@pytest.mark.parametrize("reason", REFUSED)
def test_who_is_no_active_customer_here_is_refused_as_a_wrong_password(
    sign_in: SignIn, renew: SignIn, buyer: Customer, reason: str
) -> None:
    wrong = sign_in(password="wrong")
    refresh_token = sign_in().json()["refresh_token"]
    REFUSED[reason](buyer)

    answer = sign_in()

    assert (answer.status_code, answer.content) == (401, wrong.content)
    renewed = renew(refresh_token)
    assert (renewed.status_code, renewed.content) == (401, renew("nonsense").content)


def test_a_login_of_two_sites_is_each_site_s_customer(
    sign_in: SignIn, anonymous_api: ApiCaller, site: Site, other_site: Site, buyer: Customer
) -> None:
    there = make_buyer(other_site, email=buyer.email)
    body = {"grant_type": "password", "username": buyer.email, "password": PASSWORD}
    here = sign_in().json()["access_token"]
    token = anonymous_api.post(TOKEN, json=body, headers={"Site-Id": other_site.slug}).json()["access_token"]
    assert (there.user, reads(site, here)) == (buyer.user, 200)
    caller = ApiCaller({"Site-Id": other_site.slug, "Authorization": f"Bearer {token}"})
    assert caller.get(f"/api/v1/customers/{there.public_id}").status_code == 200
    assert caller.get(f"/api/v1/customers/{buyer.public_id}").status_code == 404
    assert caller.get(f"/api/v1/customers/{buyer.public_id}", headers={"Site-Id": site.slug}).status_code == 403


def test_a_refresh_token_is_of_its_site(sign_in: SignIn, renew: SignIn, other_site: Site, buyer: Customer) -> None:
    make_buyer(other_site, email=buyer.email)
    refresh_token = sign_in().json()["refresh_token"]
    there = ApiCaller({"Site-Id": other_site.slug})
    body = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    assert there.post(TOKEN, json=body).content == there.post(TOKEN, json=body | {"refresh_token": "x"}).content
    assert renew(refresh_token).status_code == 200
    there.post(TOKEN, json=body)
    assert RefreshToken.objects.filter(revoked=None).count() == 1  # not even a used one is noticed there


def test_renewing_rotates_and_ends_what_was_before(sign_in: SignIn, renew: SignIn, site: Site) -> None:
    first = sign_in().json()
    second = renew(first["refresh_token"])
    assert (second.status_code, second.json()["scope"], second["Cache-Control"]) == (200, SCOPES, "no-store")
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert [reads(site, token["access_token"]) for token in (first, second.json())] == [401, 200]


def test_a_used_refresh_token_ends_everything_of_that_sign_in(sign_in: SignIn, renew: SignIn, site: Site) -> None:
    other = sign_in().json()
    first = sign_in().json()
    second = renew(first["refresh_token"]).json()
    third = renew(second["refresh_token"]).json()

    again = renew(first["refresh_token"])

    assert (again.status_code, again.json()["error"]) == (401, "invalid_grant")
    assert reads(site, third["access_token"]) == 401
    assert renew(third["refresh_token"]).status_code == 401
    assert reads(site, other["access_token"]) == 200
    assert renew(other["refresh_token"]).status_code == 200


def test_renewing_narrows_and_never_widens(sign_in: SignIn, renew: SignIn) -> None:
    token = sign_in(scope="orders.read customers.read").json()
    token = renew(token["refresh_token"], scope="orders.read products.read").json()
    assert token["scope"] == "orders.read"
    refused = renew(token["refresh_token"], scope="customers.read")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    assert renew(token["refresh_token"]).json()["scope"] == "orders.read"


def test_a_refresh_token_ends_by_itself(sign_in: SignIn, renew: SignIn) -> None:
    refresh_token = sign_in().json()["refresh_token"]
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=29))
    refresh_token = renew(refresh_token).json()["refresh_token"]
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=31))
    assert renew(refresh_token).status_code == 401


def test_a_new_password_ends_every_token(sign_in: SignIn, renew: SignIn, site: Site, buyer: Customer) -> None:
    token = sign_in().json()
    assert buyer.user
    buyer.user.set_password("another long secret")
    buyer.user.save()
    assert reads(site, token["access_token"]) == 401
    assert renew(token["refresh_token"]).status_code == 401
    assert sign_in().status_code == 401
    assert sign_in(password="another long secret").status_code == 200


def test_a_login_that_is_saved_otherwise_goes_on(sign_in: SignIn, site: Site, buyer: Customer) -> None:
    token = sign_in().json()["access_token"]
    assert buyer.user
    buyer.user.name = "Tom"
    buyer.user.save()
    assert reads(site, token) == 200


def test_guessing_is_limited_for_that_e_mail(
    sign_in: SignIn, renew: SignIn, anonymous_api: ApiCaller, site: Site
) -> None:
    somebody = make_buyer(site)
    refresh_token = sign_in().json()["refresh_token"]
    for _ in range(FAILURES):
        assert sign_in(password="wrong").status_code == 401
    answer = sign_in()
    assert (answer.status_code, answer["Retry-After"], answer.json()["title"]) == (429, "900", "too-many-attempts")
    assert answer.json()["error"] == "temporarily_unavailable"
    assert answer["Cache-Control"] == "no-store"
    other = {"grant_type": "password", "username": somebody.email, "password": PASSWORD}
    assert anonymous_api.post(TOKEN, json=other).status_code == 200
    elsewhere = anonymous_api.post(
        TOKEN, json=other | {"username": "nobody@example.com", "password": "x"}, REMOTE_ADDR="203.0.113.7"
    )
    assert elsewhere.status_code == 401
    assert renew(refresh_token).status_code == 200
    SignInFailure.objects.update(failed_at=timezone.now() - timedelta(minutes=16))
    assert sign_in().status_code == 200


def test_the_limit_is_that_of_the_address(sign_in: SignIn, anonymous_api: ApiCaller, buyer: Customer) -> None:
    for _ in range(FAILURES + 1):
        sign_in(password="wrong")
    body = {"grant_type": "password", "username": buyer.email, "password": PASSWORD}
    assert anonymous_api.post(TOKEN, json=body, REMOTE_ADDR="203.0.113.7").status_code == 200


@pytest.mark.parametrize(
    ("members", "missing"),
    [
        ({"grant_type": "password"}, ["username", "password"]),
        ({"grant_type": "password", "username": "a"}, ["password"]),
        ({"grant_type": "password", "username": "", "password": ""}, ["username", "password"]),
        ({"grant_type": "password", "username": "a", "password": None}, ["password"]),
        ({"grant_type": "refresh_token"}, ["refresh_token"]),
        ({"grant_type": "refresh_token", "refresh_token": ["x"]}, ["refresh_token"]),
        ({"grant_type": "password", "username": 1, "password": "x"}, ["username"]),
        ({"grant_type": "password", "username": "x", "password": "y" * 1001}, ["password"]),
    ],
)
def test_what_is_missing_is_named(anonymous_api: ApiCaller, members: dict[str, Any], missing: list[str]) -> None:
    answer = anonymous_api.post(TOKEN, json=members)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert [fault["property"] for fault in answer.json()["errors"]] == missing


def test_members_of_other_grants_are_not_looked_at(sign_in: SignIn) -> None:
    assert sign_in(refresh_token="x", code="y").status_code == 200


@pytest.mark.parametrize("password", ["nonsense é ü %00 + & =", " leading", "日本"])
def test_a_password_is_taken_exactly(sign_in: SignIn, buyer: Customer, password: str) -> None:
    assert buyer.user
    buyer.user.set_password(password)
    buyer.user.save()
    assert sign_in(password=password).status_code == 200
    assert sign_in(password=f"{password} ").status_code == 401


def test_what_has_ended_can_be_cleared_away(sign_in: SignIn, renew: SignIn, capsys: pytest.CaptureFixture[str]) -> None:
    kept = sign_in().json()["refresh_token"]
    ended = renew(sign_in().json()["refresh_token"]).json()
    assert RefreshToken.objects.count() == 3
    long_ago = timezone.now() - timedelta(days=31)
    checksum = hashlib.sha256(ended["access_token"].encode()).hexdigest()
    AccessToken.objects.filter(token_checksum=checksum).update(expires=long_ago)
    RefreshToken.objects.exclude(revoked=None).update(revoked=long_ago)

    call_command("clear_tokens")

    assert (AccessToken.objects.count(), RefreshToken.objects.count()) == (1, 1)
    assert capsys.readouterr().out == "Deleted 1 access tokens and 2 refresh tokens.\n"
    assert renew(kept).status_code == 200
