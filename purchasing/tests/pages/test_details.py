"""`/account/details/`: one's own name; and the login's e-mail, changed by a mailed link alone."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from core.models import Site, User
from core.sign_in import FAILURES
from customers.logins import new_email_text
from customers.models import Customer
from purchasing.tests.pages.conftest import sign_in, words_of
from tests.cast import PASSWORD, make_buyer, make_order
from tests.html_forms import fields_of
from tests.mail_jobs import deliver

DETAILS, EMAIL = "/account/details/", "/account/details/email/"
NEW = {"email": "new@example.com", "password": PASSWORD}


def link_in_mail() -> str:
    deliver()
    [link] = re.findall(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    return str(link)


def test_the_name(browser: Client, buyer: Customer) -> None:
    assert fields_of(browser.get(DETAILS), "details-form") == {"title": "", "first_name": "Tom", "last_name": "Jones"}

    answer = browser.post(DETAILS, {"title": "Dr", "first_name": "Thomas", "last_name": "<b>J"})

    assert (answer.status_code, answer["Location"]) == (302, DETAILS)
    buyer.refresh_from_db()
    assert (buyer.title, buyer.first_name, buyer.last_name) == ("Dr", "Thomas", "<b>J")
    assert "Thomas &lt;b&gt;J" in browser.get(DETAILS).content.decode()


def test_nothing_else_is_taken(browser: Client, buyer: Customer) -> None:
    more = {"email": "x@example.com", "role": "main", "credit_limit": "1", "status": "inactive", "company_name": "X"}

    browser.post(DETAILS, {"first_name": "Tom", "last_name": "Jones", **more})

    after = Customer.objects.get(pk=buyer.pk)
    assert (after.email, after.role, after.credit_limit, after.status, after.company_name, after.user) == (
        buyer.email,
        "",
        None,
        "active",
        "Tom Jones Climbing",
        buyer.user,
    )


@pytest.mark.parametrize(("name", "value"), [("first_name", ""), ("last_name", "x" * 129), ("title", "\0")])
def test_what_is_wrong_is_said(browser: Client, name: str, value: str) -> None:
    answer = browser.post(DETAILS, {"first_name": "Tom", "last_name": "Jones", name: value})

    assert f'href="#id_{name}"' in answer.content.decode()


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028", "\x85"])
def test_a_name_is_on_one_line(browser: Client, buyer: Customer, end: str) -> None:
    answer = browser.post(DETAILS, {"first_name": f"To{end}m", "last_name": "Jones"})

    assert "Write it on one line." in answer.content.decode()
    buyer.refresh_from_db()
    assert buyer.first_name == "Tom"


def test_the_e_mail_changes_when_the_new_one_has_answered(browser: Client, buyer: Customer) -> None:
    before = buyer.email
    assert browser.post(EMAIL, NEW)["Location"] == DETAILS
    deliver()
    assert mail.outbox[0].to == ["new@example.com"]
    buyer.refresh_from_db()
    assert buyer.email == before
    link = link_in_mail()
    assert "with new@example.com instead of" in words_of(browser.get(link))
    buyer.refresh_from_db()
    assert buyer.email == before

    assert browser.post(link)["Location"] == DETAILS

    buyer = Customer.objects.select_related("user").get(pk=buyer.pk)
    assert buyer.user is not None
    assert (buyer.email, buyer.user.email) == ("new@example.com", "new@example.com")
    assert "Your e-mail is changed." in words_of(browser.get(DETAILS))
    deliver()
    assert (mail.outbox[1].to, mail.outbox[1].subject) == ([before], "Your e-mail was changed")
    assert sign_in(buyer).get(DETAILS).status_code == 200
    assert browser.get(link).status_code == browser.post(link).status_code == 404


def test_the_link_is_nothing_to_somebody_else(browser: Client, site: Site, buyer: Customer) -> None:
    browser.post(EMAIL, NEW)
    other = sign_in(make_buyer(site, "Summit Supplies"))

    assert other.post(link_in_mail()).status_code == 404
    assert Client().get(link_in_mail())["Location"].startswith("/account/login/?next=")
    buyer.refresh_from_db()
    assert buyer.email != "new@example.com"


def test_it_takes_the_password(browser: Client) -> None:
    answer = browser.post(EMAIL, NEW | {"password": "wrong"})

    assert 'href="#id_password"' in answer.content.decode()
    assert mail.outbox == []
    for _ in range(FAILURES):
        answer = browser.post(EMAIL, NEW | {"password": "wrong"})
    assert answer.status_code == 429


def test_whether_it_is_taken_is_told_to_its_owner_only(browser: Client, site: Site, buyer: Customer) -> None:
    make_buyer(site, "Summit Supplies", email="new@example.com")
    assert browser.post(EMAIL, NEW)["Location"] == DETAILS
    assert buyer.user is not None

    answer = browser.post(f"{EMAIL}{new_email_text(buyer.user, 'new@example.com')}/")

    assert answer.status_code == 200
    assert "This is taken already." in answer.content.decode()


def test_a_language_is_chosen_and_given_up(browser: Client) -> None:
    assert browser.post(f"{DETAILS}language/", {"language": "de"})["Location"] == DETAILS
    cookie = browser.cookies["django_language"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    page = browser.get(DETAILS)
    assert "Meine Daten" in words_of(page)
    assert "Die Änderungen sind gespeichert." in words_of(page)
    assert fields_of(page, "language-form") == {"language": "de", "time_zone": ""}

    refused = browser.post(f"{DETAILS}language/", {"language": "xx"})
    assert 'href="#id_language"' in refused.content.decode()
    assert refused.context["form"].initial["first_name"] in refused.content.decode()
    assert "gespeichert" not in words_of(refused)
    assert "Meine Daten" in words_of(browser.get(DETAILS))
    browser.post(f"{DETAILS}language/", {"language": ""})
    assert "My details" in words_of(browser.get(DETAILS))


def test_the_language_is_the_persons_in_every_browser_and_on_the_page_that_signs_in(
    site: Site, buyer: Customer
) -> None:
    sign_in(buyer).post(f"{DETAILS}language/", {"language": "de"})
    english = {"Accept-Language": "en-GB"}
    elsewhere = sign_in(buyer)

    assert "Bestellungen" in words_of(elsewhere.get("/account/orders/", headers=english))
    elsewhere.cookies.pop("django_language")
    assert "Bestellungen" in words_of(elsewhere.get("/account/orders/", headers=english))
    assert "Bestellungen" not in words_of(sign_in(make_buyer(site)).get("/account/orders/", headers=english))

    signed_in_before = sign_in(buyer)
    signed_in_before.post("/account/logout/")
    assert "Im Kundenkonto anmelden" in words_of(signed_in_before.get("/account/login/", headers=english))


def test_times_are_those_of_the_persons_clock_and_days_of_lists_the_sites(
    browser: Client, site: Site, buyer: Customer
) -> None:
    order = make_order(site, buyer, dates={"placed_at": "2026-03-01T20:30:00Z"})
    page = f"/account/orders/{order.spark_id}/"
    assert "1 Mar 2026, 8:30 pm" in words_of(browser.get(page))

    browser.post(f"{DETAILS}language/", {"language": "", "time_zone": "Asia/Tokyo"})

    assert fields_of(browser.get(DETAILS), "language-form") == {"language": "", "time_zone": "Asia/Tokyo"}
    assert "2 Mar 2026, 5:30 am" in words_of(browser.get(page))
    listed = words_of(browser.get("/account/orders/", {"until": "2026-03-01"}))
    assert ("1 Mar 2026" in listed, "2 Mar 2026" in listed) == (True, False)
    browser.post(f"{DETAILS}language/", {"time_zone": "Mars/Olympus"})
    assert "2 Mar 2026, 5:30 am" in words_of(browser.get(page))


def test_time_zones_are_those_of_places_and_the_one_he_has(browser: Client, buyer: Customer) -> None:
    def offered() -> list[str]:
        return [name for name, _text in browser.get(DETAILS).context["language_form"].fields["time_zone"].choices]

    names = offered()
    assert names[0] == ""
    assert {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"} < set(names)
    assert [name for name in ("Zulu", "GB-Eire", "Etc/GMT+5", "US/Eastern", "Asia/Calcutta") if name in names] == []

    User.objects.filter(customers=buyer).update(time_zone="US/Eastern")

    assert offered() == ["", "US/Eastern", *names[1:]]
    browser.post(f"{DETAILS}language/", {"language": "de", "time_zone": "US/Eastern"})
    assert User.objects.get(customers=buyer).language == "de"


def test_a_time_zone_that_is_gone_is_the_sites(browser: Client, buyer: Customer) -> None:
    User.objects.filter(customers=buyer).update(time_zone="Mars/Olympus")
    assert browser.get("/account/orders/").status_code == 200
