"""Tokens asked for at the same moment, or while the password changes; each guard's test fails without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from oauth2_provider.oauth2_validators import OAuth2Validator

from core.api import oauth
from core.models import AccessToken, RefreshToken, Site, User
from customers.api.sign_in import CustomersValidator
from customers.models import Customer
from tests.callers import ApiCaller
from tests.cast import PASSWORD, make_buyer
from tests.together import MeetingPoint, together

TOKEN = "/api/auth/token"


def sign_in(site: Site, customer: Customer) -> Any:
    body = {"grant_type": "password", "username": customer.email, "password": PASSWORD}
    return ApiCaller({"Site-Id": site.slug}).post(TOKEN, json=body)


def renew(site: Site, refresh_token: str) -> Callable[[], int]:
    body = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return lambda: ApiCaller({"Site-Id": site.slug}).post(TOKEN, json=body).status_code


@pytest.mark.django_db(transaction=True)
def test_a_refresh_token_used_twice_at_once_is_used_once_and_ends(site: Site) -> None:
    token = sign_in(site, make_buyer(site)).json()["refresh_token"]

    statuses = together(renew(site, token), renew(site, token))

    assert sorted(map(str, statuses)) == ["200", "401"]
    assert not RefreshToken.objects.filter(revoked=None).exists()
    assert not AccessToken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_its_lock_both_find_it_unused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sign_in(site, make_buyer(site)).json()["refresh_token"]
    point, found = MeetingPoint(2), []

    def validate(self: Any, refresh_token: str, client: Any, request: Any) -> bool:
        found.append(OAuth2Validator.validate_refresh_token(self, refresh_token, client, request))
        point.wait()
        return bool(found[-1])

    monkeypatch.setattr(CustomersValidator, "validate_refresh_token", validate)

    together(renew(site, token), renew(site, token))

    assert found == [True, True]


@pytest.fixture
def password_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """After it was found right, and before the token is there."""
    real = CustomersValidator.may_sign_in

    def planted(self: CustomersValidator, user: User, site: Site) -> bool:
        owner = User.objects.get(pk=user.pk)
        owner.set_password("another long secret")
        owner.save()
        return real(self, user, site)

    monkeypatch.setattr(CustomersValidator, "may_sign_in", planted)


def test_a_password_that_changes_meanwhile_gives_no_token(site: Site, password_changes: None) -> None:
    answer = sign_in(site, make_buyer(site))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_grant")
    assert not AccessToken.objects.exists()


def test_without_its_check_the_old_password_has_a_token(
    site: Site, password_changes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oauth, "lock_login", lambda _person: True)
    assert sign_in(site, make_buyer(site)).status_code == 200
