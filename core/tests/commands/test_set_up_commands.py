"""manage.py create_site, create_client, create_staff."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.models import ApiClient, Site, StaffMembership, User
from core.scopes import WRITE_SCOPES
from tests.callers import ApiCaller


def run(*words: str) -> str:
    output = io.StringIO()
    call_command(*words, stdout=output)
    return output.getvalue()


def run_json(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_create_site(db: None) -> None:
    assert run_json("create_site", "jones-climbing", "--name", "Jones Climbing", "--host", "orders.example.com") == {
        "site_id": "jones-climbing",
        "name": "Jones Climbing",
        "host": "orders.example.com",
    }
    assert Site.objects.get().name == "Jones Climbing"
    assert "create_client second" in run("create_site", "second")


@pytest.mark.parametrize(
    "slug", ["Jones", "jones climbing", "jones_climbing", "jones-", "jones--climbing", "x" * 65, ""]
)
def test_a_site_id_is_a_slug(db: None, slug: str) -> None:
    with pytest.raises(CommandError, match="slug: "):
        run("create_site", slug)
    assert not Site.objects.exists()


def test_a_site_id_is_taken_once(site: Site) -> None:
    with pytest.raises(CommandError, match="already exists"):
        run("create_site", site.slug)


def test_create_client_gives_details_that_work(site: Site) -> None:
    made = run_json("create_client", site.slug, "--name", "Shop", "--scopes", "orders,customers.read", "setup")
    assert set(made) == {"site_id", "name", "client_id", "client_secret", "scopes"}
    assert made["scopes"] == ["orders", "customers.read", "setup"]
    answer = ApiCaller({"Site-Id": site.slug}).post(
        "/api/auth/token",
        json={
            "grant_type": "client_credentials",
            "client_id": made["client_id"],
            "client_secret": made["client_secret"],
        },
    )
    assert answer.status_code == 200


def test_create_client_shows_the_secret_to_people_too(site: Site) -> None:
    shown = run("create_client", site.slug)
    client = ApiClient.objects.get()
    assert client.client_id in shown
    assert client.scopes == list(WRITE_SCOPES)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create_client", "nowhere"], "There is no site nowhere"),
        (["create_client", "jones-climbing", "--scopes", "orders", "everything"], "There is no scope everything"),
        (["create_client", "jones-climbing", "--name", ""], "name: "),
        (["create_client", "jones-climbing", "--name", "x" * 101], "name: "),
        (["create_staff", "nowhere", "a@example.com"], "There is no site nowhere"),
        (["create_staff", "jones-climbing", "nobody"], "email: "),
    ],
)
def test_refusals_are_one_clear_line(site: Site, words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*words)
    assert not ApiClient.objects.exists()
    assert not User.objects.exists()


def test_a_client_name_is_taken_once_per_site(site: Site, other_site: Site) -> None:
    run("create_client", site.slug, "--name", "Shop")
    run("create_client", other_site.slug, "--name", "Shop")
    with pytest.raises(CommandError):
        run("create_client", site.slug, "--name", "Shop")
    assert ApiClient.objects.count() == 2


def test_create_staff_invites_and_the_person_sets_the_password(site: Site) -> None:
    made = run_json("create_staff", site.slug, "Clerk@jones-climbing.example", "--name", "Clerk")
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("Clerk@jones-climbing.example", True, False)
    assert not user.has_usable_password()

    browser = Client()
    form = browser.get(made["password_link"].removeprefix("http://127.0.0.1:8000"), follow=True)
    password = {"new_password1": "Rope and 3 slings", "new_password2": "Rope and 3 slings"}
    assert browser.post(form.redirect_chain[-1][0], password).status_code == 302
    signed_in = Client().post(
        "/admin/login/", {"username": "clerk@JONES-climbing.example", "password": "Rope and 3 slings"}
    )
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/admin/")

    again = Client().get(made["password_link"].removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "new_password1" not in again.content.decode()


def test_create_staff_adds_a_site_to_a_login(site: Site, other_site: Site) -> None:
    user = User.objects.create_user("clerk@example.com", "a password of hers")
    made = run_json("create_staff", other_site.slug, "CLERK@example.com")
    assert "password_link" not in made
    run("create_staff", other_site.slug, "clerk@example.com")
    assert list(StaffMembership.objects.values_list("user", "site")) == [(user.pk, other_site.pk)]
    user.refresh_from_db()
    assert user.is_staff
    assert user.check_password("a password of hers")
