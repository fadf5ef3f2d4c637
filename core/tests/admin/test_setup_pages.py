"""The back office of the set-up: sites, API clients, logins, each within the sites of the reader."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.invitations import password_link
from core.models import ApiClient, Site, SiteSetting, StaffMembership, User
from core.site_settings import set_setting, settings_of
from core.staff import make_member
from tests.callers import ApiCaller, make_client, make_staff
from tests.html_forms import fields_of

CLIENTS = "/admin/core/apiclient/"
SITES = "/admin/core/site/"


@pytest.fixture
def superuser(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.com"))
    return browser


def inlines(**counts: int) -> dict[str, str]:
    """The management forms of inlines without rows."""
    values: dict[str, str] = {}
    for prefix, count in {"memberships": 0, **counts}.items():
        values |= {f"{prefix}-TOTAL_FORMS": str(count), f"{prefix}-INITIAL_FORMS": "0"}
        values |= {f"{prefix}-MIN_NUM_FORMS": "0", f"{prefix}-MAX_NUM_FORMS": "1000"}
    return values


def secret_in(answer: str) -> str:
    found = re.search(r'id="client-secret">([^<]+)<', answer)
    assert found is not None
    return found[1]


def test_staff_see_the_clients_of_their_sites(back_office: Client, site: Site, other_site: Site) -> None:
    own, _ = make_client(site, name="Ours")
    foreign, _ = make_client(other_site, name="Theirs")
    page = back_office.get(CLIENTS).content.decode()
    assert own.client_id in page
    assert foreign.client_id not in page
    assert "Theirs" not in page
    assert other_site.slug not in page
    assert f"?site__id__exact={other_site.pk}" not in page


@pytest.mark.parametrize("page", ["change", "delete", "history", "rotate_secret"])
def test_a_foreign_client_is_unknown(back_office: Client, other_site: Site, page: str) -> None:
    foreign, _ = make_client(other_site, name="Theirs")
    answers = []
    for pk in (foreign.pk, 999_999):
        address = f"{CLIENTS}{pk}/rotate-secret/" if page == "rotate_secret" else f"{CLIENTS}{pk}/{page}/"
        answer = back_office.get(address)
        answers.append((answer.status_code, re.sub(r"\d+", "#", answer.headers.get("Location", ""))))
    assert answers[0] == answers[1]
    assert answers[0][0] in (302, 404)


def test_searching_and_filtering_stay_within_the_site(back_office: Client, other_site: Site) -> None:
    foreign, _ = make_client(other_site, name="Theirs")
    for query in (f"q={foreign.client_id}", "q=Theirs", f"site__id__exact={other_site.pk}", f"site={other_site.pk}"):
        assert "Theirs</a>" not in back_office.get(f"{CLIENTS}?{query}", follow=True).content.decode()


def test_a_new_client_shows_its_secret_once(back_office: Client, site: Site) -> None:
    page = back_office.post(f"{CLIENTS}add/", {"site": site.pk, "name": "Shop", "scopes": ["orders", "setup.read"]})
    client = ApiClient.objects.get()
    secret = secret_in(page.content.decode())

    assert (client.site, client.name, client.scopes) == (site, "Shop", ["orders", "setup.read"])
    assert "no-store" in page["Cache-Control"]
    credentials = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    assert ApiCaller({"Site-Id": site.slug}).post("/api/auth/token", json=credentials).status_code == 200
    for address in (CLIENTS, f"{CLIENTS}{client.pk}/change/"):
        again = back_office.get(address).content.decode()
        assert secret not in again
        assert client.client_secret not in again


def test_a_client_cannot_be_made_for_another_site(back_office: Client, other_site: Site) -> None:
    page = back_office.post(f"{CLIENTS}add/", {"site": other_site.pk, "name": "Shop", "scopes": ["orders"]})
    assert page.status_code == 200
    assert not ApiClient.objects.exists()
    assert other_site.slug not in page.content.decode()


def test_rotating_asks_first_and_overlaps(back_office: Client, site: Site) -> None:
    client, old = make_client(site)
    address = f"{CLIENTS}{client.pk}/rotate-secret/"

    asked = back_office.get(address)
    assert asked.status_code == 200
    sent = {"opened": asked.context["opened"]}
    assert f'name="opened" value="{sent["opened"]}"' in asked.content.decode()
    new = secret_in(back_office.post(address, sent).content.decode())

    assert new != old
    for secret in (old, new):
        credentials = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
        assert ApiCaller({"Site-Id": site.slug}).post("/api/auth/token", json=credentials).status_code == 200


@pytest.mark.parametrize("without", [False, True])
def test_rotating_once_more_from_the_same_page_changes_nothing(back_office: Client, site: Site, without: bool) -> None:
    """A reload or a second click would end the secret that the program still uses."""
    client, old = make_client(site)
    address = f"{CLIENTS}{client.pk}/rotate-secret/"
    sent = {"opened": back_office.get(address).context["opened"]}
    new = secret_in(back_office.post(address, sent).content.decode())
    kept = ApiClient.objects.values().get(pk=client.pk)

    again = back_office.post(address, {} if without else sent, follow=True)
    assert again.redirect_chain == [(f"{CLIENTS}{client.pk}/change/", 302)]
    assert "The secret was rotated already since this page was opened" in again.content.decode()
    assert ApiClient.objects.values().get(pk=client.pk) == kept
    client.refresh_from_db()
    assert [client.knows_secret(secret, now=timezone.now()) for secret in (old, new)] == [True, True]

    newest = secret_in(
        back_office.post(address, {"opened": back_office.get(address).context["opened"]}).content.decode()
    )
    client.refresh_from_db()
    assert [client.knows_secret(secret, now=timezone.now()) for secret in (old, new, newest)] == [False, True, True]


def test_a_client_keeps_its_site(back_office: Client, site: Site, other_site: Site, staff: User) -> None:
    StaffMembership.objects.create(site=other_site, user=staff)
    client, _ = make_client(site)
    values = {"site": other_site.pk, "name": "Renamed", "scopes": ["orders"]}
    assert back_office.post(f"{CLIENTS}{client.pk}/change/", values).status_code == 302
    client.refresh_from_db()
    assert (client.site, client.name) == (site, "Renamed")


def test_staff_see_their_site_and_cannot_make_or_delete_one(back_office: Client, site: Site, other_site: Site) -> None:
    page = back_office.get(SITES).content.decode()
    assert site.slug in page
    assert other_site.slug not in page
    assert back_office.get(f"{SITES}add/").status_code == 403
    assert back_office.get(f"{SITES}{site.pk}/delete/").status_code == 403
    assert back_office.get(f"{SITES}{other_site.pk}/change/").status_code == 404


def test_a_setting_is_checked_and_stored(back_office: Client, site: Site) -> None:
    address = f"{SITES}{site.pk}/change/"
    values = {"name": site.name, "host": "", **inlines()}
    wrong = back_office.post(address, {**values, "default_currency": "XXX"})
    assert wrong.status_code == 200
    assert "not an ISO 4217 currency code" in wrong.content.decode()
    assert not SiteSetting.objects.exists()

    right = back_office.post(address, {**values, "default_currency": "gbp"})
    assert right.status_code == 302
    assert settings_of(site).default_currency == "GBP"


def test_settings_are_chosen_by_their_names(back_office: Client, site: Site) -> None:
    """Nothing is stored of those that keep their defaults; each kind of value comes back as it was typed."""
    address = f"{SITES}{site.pk}/change/"
    form = fields_of(back_office.get(address), "site_form")
    assert back_office.post(address, form).status_code == 302
    assert not SiteSetting.objects.exists()
    chosen = {
        "charge_posting": "all_orders",
        "default_tax_rate": "17.50",
        "languages": "de,en",
        "net_terms_days": "14",
        "mails": ["confirmed", "shipped"],
        "mail_from": "Jones <orders@jones.example>",
        "throttle_per_minute": "600",
        "time_zone": "Europe/London",
        "enforce_order_minimum_for_api": "on",
    }
    without = {name: value for name, value in form.items() if name != "approval_places_order"}
    assert back_office.post(address, without | chosen).status_code == 302
    assert dict(SiteSetting.objects.values_list("key", "value")) == {
        "approval_places_order": False,
        "charge_posting": "all_orders",
        "default_tax_rate": "17.5",
        "enforce_order_minimum_for_api": True,
        "languages": ["de", "en"],
        "mail_from": "Jones <orders@jones.example>",
        "mails": ["confirmed", "shipped"],
        "net_terms_days": 14,
        "throttle_per_minute": 600,
        "time_zone": "Europe/London",
    }
    again = fields_of(back_office.get(address), "site_form")
    assert {name: again[name] for name in chosen if name != "mails"} == {
        name: value for name, value in chosen.items() if name != "mails"
    } | {"default_tax_rate": "17.5"}
    emptied = back_office.post(address, again | {"net_terms_days": "", "default_tax_rate": ""})
    assert set(emptied.context["adminform"].form.errors) == {"net_terms_days"}


def test_a_setting_that_another_changed_meanwhile_is_not_undone(back_office: Client, site: Site) -> None:
    address = f"{SITES}{site.pk}/change/"
    opened = fields_of(back_office.get(address), "site_form")
    set_setting(site=site, key="net_terms_days", value=14)
    refused: Any = back_office.post(address, opened | {"net_terms_days": "60"})
    assert set(refused.context["adminform"].form.errors) == {"net_terms_days"}
    assert back_office.post(address, opened | {"name": "New name"}).status_code == 302
    assert (Site.objects.get().name, settings_of(site).net_terms_days) == ("New name", 14)


def test_settings_are_read_in_words(back_office: Client, site: Site, staff: User) -> None:
    set_setting(site=site, key="mails", value=["confirmed", "shipped"])
    StaffMembership.objects.update(role="clerk")
    page = back_office.get(f"{SITES}{site.pk}/change/").content.decode()
    for name, value in (
        ("Mails to buyers", "Order confirmed, Package sent"),
        ("What creates a debt", "Orders paid on account"),
        ("An approval places the order at once", "Yes"),
        ("Default currency", "—"),
    ):
        assert f'<th scope="row">{name}</th><td>{value}</td>' in page


def test_a_site_id_is_never_changed(back_office: Client, site: Site) -> None:
    values = {"slug": "another", "name": "New name", "host": "", **inlines()}
    assert back_office.post(f"{SITES}{site.pk}/change/", values).status_code == 302
    site.refresh_from_db()
    assert (site.slug, site.name) == ("jones-climbing", "New name")


def test_staff_do_not_see_logins_or_make_members(back_office: Client, site: Site, staff: User) -> None:
    assert back_office.get("/admin/core/user/").status_code == 403
    assert back_office.get("/admin/core/user/add/").status_code == 403
    stranger = User.objects.create_user("stranger@example.com")
    values = {"name": site.name, "host": "", **inlines(memberships=1), "memberships-0-user": stranger.pk}
    back_office.post(f"{SITES}{site.pk}/change/", values)
    assert list(StaffMembership.objects.values_list("user", flat=True)) == [staff.pk]
    assert "stranger" not in back_office.get(f"{SITES}{site.pk}/change/").content.decode()


def test_a_superuser_sees_every_site_and_invites(superuser: Client, site: Site, other_site: Site) -> None:
    page = superuser.get(SITES).content.decode()
    assert site.slug in page
    assert other_site.slug in page
    values = {
        "email": "clerk@jones-climbing.example",
        "name": "Clerk",
        "is_staff": "on",
        "is_active": "on",
        **inlines(memberships=1),
        "memberships-0-site": site.pk,
        "memberships-0-role": "clerk",
    }
    assert superuser.post("/admin/core/user/add/", values).status_code == 302
    user = User.objects.get(email="clerk@jones-climbing.example")
    assert not user.has_usable_password()
    assert list(user.memberships.values_list("site", "role")) == [(site.pk, "clerk")]
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    assert letter.subject == "Your login to the back office of Jones Climbing"
    assert "/admin/password/" in letter.body


def test_a_manager_invites_and_the_person_sets_the_password(back_office: Client, site: Site) -> None:
    """The mail is in the first language of the site, whichever the manager reads."""
    set_setting(site=site, key="languages", value=["de", "en"])
    address = f"{SITES}{site.pk}/invite/"
    assert back_office.get(address).status_code == 200
    sent = {"email": "nora@jones-climbing.example", "name": "", "role": "clerk"}
    told = [str(each) for each in back_office.post(address, sent, follow=True).context["messages"]]
    assert told[1:] == ["A link to set the password was mailed to nora@jones-climbing.example."]
    membership = StaffMembership.objects.get(user__email="nora@jones-climbing.example")
    assert (membership.site, membership.role, membership.user.has_usable_password()) == (site, "clerk", False)
    (letter,) = mail.outbox
    assert (letter.to, "/admin/password/" in letter.body) == (["nora@jones-climbing.example"], True)
    assert letter.subject == "Ihr Zugang zur Verwaltung von Jones Climbing"
    assert "nora@jones-climbing.example" in letter.body
    assert "Setzen Sie hier Ihr Passwort" in letter.body

    page = back_office.get(f"{SITES}{site.pk}/change/")
    assert "nora@jones-climbing.example" in page.content.decode()
    values = {"name": site.name, "host": "", **inlines(memberships=1), "memberships-INITIAL_FORMS": "1"}
    values |= {"memberships-0-id": str(membership.pk), "memberships-0-site": str(site.pk)}
    assert (
        back_office.post(f"{SITES}{site.pk}/change/", {**values, "memberships-0-role": "read-only"}).status_code == 302
    )
    membership.refresh_from_db()
    assert membership.role == "read-only"
    values |= {"memberships-0-role": "read-only", "memberships-0-DELETE": "on"}
    assert back_office.post(f"{SITES}{site.pk}/change/", values).status_code == 302
    assert not StaffMembership.objects.filter(pk=membership.pk).exists()


def test_who_has_a_password_gets_no_mail(back_office: Client, site: Site) -> None:
    User.objects.create_user("nora@jones-climbing.example", "long enough to sign in")
    sent = {"email": "nora@jones-climbing.example", "name": "", "role": "clerk"}
    told = back_office.post(f"{SITES}{site.pk}/invite/", sent, follow=True).context["messages"]
    assert [str(each) for each in told][1:] == [
        "nora@jones-climbing.example has a password already and signs in with it. No mail was sent."
    ]
    assert mail.outbox == []


def test_the_pages_of_a_new_password_say_whose_office_it_is(site: Site) -> None:
    """In the frame of the back office; the link is good for one use."""
    person = make_member(site=site, email="nora@jones-climbing.example").user
    browser, link = Client(), password_link(person)
    page: Any = browser.get(link, follow=True)
    assert (page.context["title"], page.context["whose"]) == ("Set your password", site.name)
    form = page.redirect_chain[-1][0]
    assert browser.post(form, {"new_password1": "abc", "new_password2": "abc"}).context["form"].errors
    chosen = {"new_password1": "rope-of-70-metres", "new_password2": "rope-of-70-metres"}
    done: Any = browser.post(form, chosen, follow=True)
    assert (done.context["title"], done.context["sign_in"]) == ("Your password is set", "/admin/login/")
    assert Client().login(username=person.email, password="rope-of-70-metres")
    ended: Any = Client().get(link)
    assert (ended.context["title"], ended.context["form"]) == ("The link has ended", None)
    for answer in (page, done, ended, browser.get("/admin/password/"), browser.get("/admin/password/sent/")):
        assert ("back_office.css" in answer.content.decode(), "Django" in answer.content.decode()) == (True, False)


def test_nobody_changes_the_own_membership(back_office: Client, site: Site, staff: User) -> None:
    own = StaffMembership.objects.get(user=staff)
    refused = back_office.post(f"{SITES}{site.pk}/invite/", {"email": staff.email.upper(), "role": "read-only"})
    assert refused.context["form"].errors == {"email": ["Nobody changes their own membership."]}
    values = {"name": site.name, "host": "", **inlines(memberships=1), "memberships-INITIAL_FORMS": "1"}
    values |= {"memberships-0-id": str(own.pk), "memberships-0-site": str(site.pk), "memberships-0-DELETE": "on"}
    back_office.post(f"{SITES}{site.pk}/change/", values)
    own.refresh_from_db()
    assert own.role == "manager"


@pytest.mark.parametrize("rights", [{"is_staff": False}, {"is_active": False}])
def test_nobody_else_gets_in(site: Site, rights: dict[str, bool]) -> None:
    user = make_staff(site)
    User.objects.update(**rights)
    user.refresh_from_db()
    browser = Client()
    browser.force_login(user)
    answer = browser.get(CLIENTS)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('admin:login')}?next={CLIENTS}")


def test_staff_without_a_site_see_nothing(db: None) -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("new@example.com", is_staff=True))
    assert browser.get(CLIENTS).status_code == 403
    assert browser.get("/admin/").status_code == 200


def test_a_reader_of_two_sites_sees_whose_each_row_is(
    back_office: Client, staff: User, site: Site, other_site: Site
) -> None:
    Site.objects.filter(pk=other_site.pk).update(name="Cordell Outdoor")
    accounts = "/admin/customers/account/"
    assert "site_shown" not in back_office.get(accounts).context["cl"].list_display
    StaffMembership.objects.create(site=other_site, user=staff)
    make_client(site, name="Ours")
    make_client(other_site, name="Theirs")
    assert "site_shown" in back_office.get(accounts).context["cl"].list_display
    shown = back_office.get(CLIENTS).content.decode()
    assert "Jones Climbing" in shown
    assert "Cordell Outdoor" in shown


def test_superusers_delete_several_logins_at_once(superuser: Client) -> None:
    """Logins belong to no site; one that was not chosen stays."""
    chosen = [User.objects.create_user(f"{name}@example.com") for name in ("one", "two")]
    kept = User.objects.create_user("kept@example.com")
    body = {"action": "delete_selected", "_selected_action": [str(user.pk) for user in chosen]}
    assert superuser.post("/admin/core/user/", body).status_code == 200
    assert superuser.post("/admin/core/user/", {**body, "post": "yes"}).status_code == 302
    assert not User.objects.filter(pk__in=[user.pk for user in chosen]).exists()
    assert User.objects.filter(pk=kept.pk).exists()
