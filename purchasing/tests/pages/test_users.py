"""`/account/users/` and the mailed invitation: the people of a company, looked after by its main users."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from core.errors import Conflict
from core.models import Site, User
from core.site_settings import set_setting
from customers.models import Customer
from customers.tests.cast import make_address
from purchasing.mailing.sending import MailNotSent
from purchasing.pages import users
from purchasing.tests.pages.conftest import sign_in, words_of
from purchasing.tests.test_statements import server_log
from tests.cast import PASSWORD, make_buyer, make_customer
from tests.html_forms import fields_of, unnamed_inputs
from tests.mail_jobs import deliver

USERS = "/account/users/"
ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com", "role": "limited-customer"}
NEW_PASSWORD = {"new_password1": PASSWORD, "new_password2": PASSWORD}


def link_in_mail() -> str:
    """The path of the only link of the last mail, once the workers have sent it."""
    deliver()
    [link] = re.findall(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    return str(link)


def test_from_an_invitation_to_an_order_list(browser: Client, buyer: Customer) -> None:
    answer = browser.post(f"{USERS}new/", ANN)
    assert (answer.status_code, answer["Location"]) == (302, USERS)
    text = words_of(browser.get(USERS))
    assert "The invitation is on its way." in text
    assert "Ann Lee ann@example.com Needs approval ann@example.com Needs approval Has not signed up" in text
    assert mail.outbox == [], "it is the workers who send"
    deliver()
    [message] = mail.outbox
    assert (message.to, message.subject) == (["ann@example.com"], "Your access to Jones Climbing")
    assert "Tom Jones invites you to buy for Tom Jones Climbing at Jones Climbing" in str(message.body)

    person = Client()
    page = person.get(link_in_mail())
    assert "You sign in with ann@example.com." in words_of(page)
    assert "at least 10 characters" in words_of(page), "what a password has to be is said before one is chosen"
    assert person.post(link_in_mail(), NEW_PASSWORD)["Location"] == "/account/login/"
    assert "Your password is set. Sign in." in words_of(person.get("/account/login/"))

    ann = Customer.objects.get(email="ann@example.com")
    assert (ann.parent, ann.role) == (buyer, "limited-customer")
    assert sign_in(ann).get("/account/orders/").status_code == 200
    assert "Signs in" in words_of(browser.get(f"{USERS}{ann.public_id}/"))
    for again in (person.get(link_in_mail()), person.post(link_in_mail(), NEW_PASSWORD)):
        assert again.status_code == 404
        assert "This link no longer works" in again.content.decode()


def test_who_has_a_login_joins_with_it(browser: Client, other_site: Site) -> None:
    elsewhere = make_buyer(other_site, email="ann@example.com")
    browser.post(f"{USERS}new/", ANN)
    person = Client()

    page = person.get(link_in_mail())
    assert "You have a login for ann@example.com already." in words_of(page)
    assert "new_password1" not in page.content.decode()
    assert person.post(link_in_mail())["Location"] == "/account/login/"
    assert "Sign in with the password you have." in words_of(person.get("/account/login/"))

    assert User.objects.get(email="ann@example.com") == Customer.objects.get(parent__isnull=False).user
    assert elsewhere.user is not None
    assert User.objects.get(email="ann@example.com").check_password(PASSWORD)


@pytest.mark.parametrize(
    "passwords",
    [
        {"new_password1": "short", "new_password2": "short"},
        {"new_password1": PASSWORD, "new_password2": "another"},
        {"new_password1": "ann@example.com", "new_password2": "ann@example.com"},
        {},
    ],
)
def test_a_password_has_to_be_good(browser: Client, passwords: dict[str, str]) -> None:
    browser.post(f"{USERS}new/", ANN)

    answer = Client().post(link_in_mail(), passwords)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not User.objects.filter(email="ann@example.com").exists()


def test_a_second_click_invites_nobody_again(browser: Client) -> None:
    browser.post(f"{USERS}new/", ANN)
    ann = Customer.objects.get(email="ann@example.com")

    again = browser.post(f"{USERS}new/", ANN)

    assert (again.status_code, again["Location"]) == (302, f"{USERS}{ann.public_id}/")
    assert "This person was invited already." in words_of(browser.get(again["Location"]))
    another = browser.post(f"{USERS}new/", ANN | {"first_name": "Anna"})
    assert "This is taken already." in words_of(another)
    deliver()
    assert (Customer.objects.count(), len(mail.outbox)) == (2, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_name", ""),
        ("last_name", "x" * 129),
        ("email", "nobody"),
        ("email", "BUYER@example.com"),
        ("role", "sales-agent"),
        ("email", "a\0@example.com"),
    ],
)
def test_what_is_wrong_is_said(site: Site, name: str, value: str) -> None:
    browser = sign_in(make_buyer(site, email="buyer@example.com"))

    answer = browser.post(f"{USERS}new/", ANN | {name: value})

    assert answer.status_code == 200
    assert f'href="#id_{name}"' in answer.content.decode()
    assert (Customer.objects.count(), mail.outbox) == (1, [])
    assert unnamed_inputs(answer, "invitation-form") == []


def test_when_no_mail_can_be_sent_the_page_answers_alike_and_the_mail_follows(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_message: EmailMessage) -> None:
        raise ConnectionRefusedError("ann@example.com")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        answer = browser.post(f"{USERS}new/", ANN)
        assert (answer.status_code, answer["Location"]) == (302, USERS)
        with pytest.raises(MailNotSent, match=r"^invitation_mail: ConnectionRefusedError$"):
            deliver()

    assert Client().get(link_in_mail()).status_code == 200


def test_the_job_holds_no_link_and_no_e_mail(browser: Client) -> None:
    browser.post(f"{USERS}new/", ANN)

    [job] = ProcrastinateJob.objects.all()
    ann, by = Customer.objects.get(email="ann@example.com"), Customer.objects.get(parent=None)
    named = {"site_id": ann.site_id, "customer_id": ann.pk, "by_id": by.pk, "user_id": None, "email": ""}
    assert job.args == {"mail": "invitation_mail", "base": "http://testserver", **named}


def test_who_was_not_added_is_not_mailed(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail is noted in the transaction of the customer it is for."""

    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise Conflict("No.", code="try-again")

    monkeypatch.setattr(users, "mail_later", refuse)

    browser.post(f"{USERS}new/", ANN)

    assert (Customer.objects.count(), ProcrastinateJob.objects.count()) == (1, 0)


def test_an_invitation_that_has_ended_is_not_mailed(browser: Client) -> None:
    browser.post(f"{USERS}new/", ANN)
    Customer.objects.filter(email="ann@example.com").update(status="inactive")

    deliver()

    assert mail.outbox == []


def test_another_invitation(browser: Client) -> None:
    browser.post(f"{USERS}new/", ANN)
    deliver()
    ann = Customer.objects.get(email="ann@example.com")

    assert browser.post(f"{USERS}{ann.public_id}/invite/")["Location"] == USERS
    deliver()

    assert [message.to for message in mail.outbox] == [["ann@example.com"]] * 2


def test_the_mail_is_in_the_site_s_language(browser: Client, site: Site) -> None:
    set_setting(site=site, key="languages", value=["de", "en"])

    browser.post(f"{USERS}new/", ANN)
    deliver()

    assert mail.outbox[0].subject == "Ihr Zugang zu Jones Climbing"


def test_role_and_access(browser: Client, site: Site, buyer: Customer) -> None:
    child = make_buyer(site, parent=buyer, role="limited-customer")
    page = browser.get(f"{USERS}{child.public_id}/")
    assert fields_of(page, "user-form") == {"role": "limited-customer", "is_active": "on"}
    theirs = sign_in(child)

    browser.post(f"{USERS}{child.public_id}/", {"role": "main"})

    child.refresh_from_db()
    assert (child.role, child.status) == ("main", "inactive")
    assert "Kept out" in words_of(browser.get(USERS))
    assert theirs.get("/account/orders/").status_code == 302
    browser.post(f"{USERS}{child.public_id}/", {"role": "", "is_active": "on"})
    child.refresh_from_db()
    assert (child.role, child.status) == ("", "active")


def test_what_only_the_merchant_changes_has_no_form(browser: Client, site: Site, buyer: Customer) -> None:
    agent = make_buyer(site, parent=buyer, role="sales-agent")

    for somebody in (buyer, agent):
        page = browser.get(f"{USERS}{somebody.public_id}/")
        assert "This is not yours to change." in words_of(page)
        assert browser.post(f"{USERS}{somebody.public_id}/", {"role": "main"}).status_code == 200
    agent.refresh_from_db()
    assert (agent.role, agent.status) == ("sales-agent", "active")


def test_who_signs_in_is_not_invited(browser: Client, site: Site, buyer: Customer) -> None:
    signed_up = make_buyer(site, parent=buyer)
    kept_out = make_customer(site, parent=buyer, status="inactive")

    for somebody in (buyer, signed_up, kept_out):
        assert browser.post(f"{USERS}{somebody.public_id}/invite/").status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize("page", ["", "invite/"])
def test_others_do_not_exist(browser: Client, site: Site, other_site: Site, page: str) -> None:
    hidden = [
        browser.post(f"{USERS}{somebody.public_id}/{page}", {"role": "main"})
        for somebody in (make_customer(site, "Summit Supplies"), make_customer(other_site))
    ]
    unknown = [browser.post(f"{USERS}{name}/{page}") for name in ("cu_999999999", "nonsense", "cu_0")]

    for answer in hidden + unknown:
        assert (answer.status_code, answer.content) == (404, hidden[0].content)


def test_fifty_people_cost_as_many_statements_as_one(browser: Client, site: Site, buyer: Customer) -> None:
    counts = []
    for rows in (1, 50):
        for _ in range(rows - Customer.objects.count()):
            make_address(make_customer(site, parent=buyer))
        with server_log() as log:
            assert len(browser.get(USERS).context["page"].rows) == rows
        counts.append(len(log.statements))

    assert counts[0] == counts[1] < 10
