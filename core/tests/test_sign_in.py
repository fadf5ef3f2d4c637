"""People sign in by e-mail; guessing is limited per e-mail and address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.models import Site, User
from core.sign_in import FAILURES, WITHIN
from tests.callers import make_staff

LOGIN = "/admin/login/"
EMAIL = "staff@jones-climbing.example"
PASSWORD = "Rope and 3 slings"


@pytest.fixture
def person(site: Site) -> User:
    return make_staff(site, email=EMAIL, password=PASSWORD)


def sign_in(email: str = EMAIL, password: str = PASSWORD, address: str = "192.0.2.1", **environ: Any) -> Any:
    return Client().post(LOGIN, {"username": email, "password": password}, REMOTE_ADDR=address, **environ)


@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper(), f" {EMAIL} "])
def test_by_email_in_any_letter_case(person: User, email: str) -> None:
    answer = sign_in(email)
    assert answer.status_code == 302
    assert answer.wsgi_request.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), (EMAIL, ""), ("nobody@example.com", PASSWORD), ("", PASSWORD), (EMAIL, PASSWORD.upper())],
)
def test_wrong_details(person: User, email: str, password: str) -> None:
    answer = sign_in(email, password)
    assert answer.status_code == 200
    assert "_auth_user_id" not in answer.wsgi_request.session


def test_somebody_who_is_switched_off(person: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in().status_code == 200


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_after_ten_failures_this_email_waits_at_this_address(person: User, email: str) -> None:
    for _ in range(FAILURES):
        assert sign_in(email, "wrong").status_code == 200
    refused = sign_in(email)
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert sign_in(email.upper()).status_code == 429
    assert sign_in("another@example.com", "wrong").status_code == 200
    assert sign_in(email, "wrong", address="192.0.2.2").status_code == 200


def test_the_same_person_gets_in_from_elsewhere_and_here_after_a_while(person: User) -> None:
    for _ in range(FAILURES):
        sign_in(password="wrong")
    assert sign_in(address="192.0.2.2").status_code == 302
    assert sign_in().status_code == 429
    with time_machine.travel(timezone.now() + WITHIN + timedelta(seconds=1)):
        assert sign_in().status_code == 302


def test_success_starts_the_count_anew(person: User) -> None:
    for _ in range(2):
        for _ in range(FAILURES - 1):
            sign_in(password="wrong")
        assert sign_in().status_code == 302


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(person: User, settings: Any) -> None:
    settings.PROXIES = 1
    for number in range(FAILURES):
        # Whatever the caller claims to be stands before what the proxy adds.
        sign_in(password="wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 198.51.100.7")
    assert sign_in(HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 429
    assert sign_in(HTTP_X_FORWARDED_FOR="198.51.100.7, 198.51.100.8").status_code == 302
