"""/account/password/…: a password is set under a mailed link, and nowhere else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core.models import LinkAsked, Site, User
from core.site_settings import set_setting
from customers.models import Customer
from purchasing.tasks import WAITS
from purchasing.tests.test_statements import server_log
from tests.cast import PASSWORD, make_customer
from tests.mail_jobs import deliver

NEW = "correct horse battery"


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/account/password/\S+/)", str(mail.body))
    assert found
    return found[1]


def test_the_mailed_link_sets_a_new_password_once(
    client: Client, buyer: Customer, mailoutbox: list[EmailMessage]
) -> None:
    asked = client.post("/account/password/", {"email": buyer.email})
    assert asked["Location"] == "/account/password/sent/"
    assert mailoutbox == [], "it is the workers who send"
    deliver()
    assert [mail.to for mail in mailoutbox] == [[buyer.email]]
    link = link_in(mailoutbox[0])

    form = client.get(link)
    done = client.post(form["Location"], {"new_password1": NEW, "new_password2": NEW})

    assert done["Location"] == "/account/password/done/"
    assert client.get("/account/orders/").status_code == 302, "setting a password signs nobody in"
    assert client.post("/account/login/", {"username": buyer.email, "password": PASSWORD}).status_code == 200
    assert client.post("/account/login/", {"username": buyer.email, "password": NEW}).status_code == 302
    assert "This link no longer works" in Client().get(link).content.decode()


def test_a_weak_password_is_refused(client: Client, buyer: Customer, mailoutbox: list[EmailMessage]) -> None:
    client.post("/account/password/", {"email": buyer.email})
    deliver()
    form = client.get(link_in(mailoutbox[0]))

    answer = client.post(form["Location"], {"new_password1": "12345", "new_password2": "12345"})

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_an_unknown_e_mail_is_answered_alike_and_gets_no_mail(
    client: Client, buyer: Customer, mailoutbox: list[EmailMessage]
) -> None:
    """With as many statements, and a job like the other's: no answer is quicker."""
    statements: list[list[str]] = []
    for email in ("warm@example.com", "nobody@example.com", buyer.email):
        with server_log() as log:
            answer = client.post("/account/password/", {"email": email})
        assert answer["Location"] == "/account/password/sent/"
        statements.append([statement.split()[0] for statement in log.statements])
    assert statements[1] == statements[2]
    assert [job.args["user_id"] for job in ProcrastinateJob.objects.order_by("pk")] == [None, None, buyer.user_id]

    deliver()

    assert [mail.to for mail in mailoutbox] == [[buyer.email]]


def test_the_job_holds_no_link_and_no_e_mail(client: Client, buyer: Customer) -> None:
    client.post("/account/password/", {"email": buyer.email})

    [job] = ProcrastinateJob.objects.all()

    nobody = {"site_id": None, "customer_id": None, "by_id": None, "email": ""}
    assert job.args == {"mail": "password_mail", "base": "http://testserver", "user_id": buyer.user_id, **nobody}


def test_it_is_from_the_site_in_its_language(
    client: Client, site: Site, buyer: Customer, mailoutbox: list[EmailMessage]
) -> None:
    set_setting(site=site, key="languages", value=["de", "en"])
    set_setting(site=site, key="mail_from", value="Jones Climbing <orders@jones.example>")
    set_setting(site=site, key="mail_reply_to", value="help@jones.example")

    client.post("/account/password/", {"email": buyer.email})
    deliver()

    [mail] = mailoutbox
    assert (mail.from_email, mail.reply_to) == ("Jones Climbing <orders@jones.example>", ["help@jones.example"])
    assert "Jemand" in str(mail.body)


def test_of_several_sites_it_is_from_the_installation_and_in_the_language_of_the_person(
    client: Client, other_site: Site, buyer: Customer, mailoutbox: list[EmailMessage]
) -> None:
    make_customer(other_site, email=buyer.email, user=buyer.user)
    User.objects.filter(email=buyer.email).update(language="de")

    client.post("/account/password/", {"email": buyer.email})
    deliver()

    [mail] = mailoutbox
    assert (mail.from_email, mail.reply_to) == (settings.DEFAULT_FROM_EMAIL, [])
    assert "Jemand" in str(mail.body)


def test_an_e_mail_gets_three_links_an_hour(client: Client, buyer: Customer, mailoutbox: list[EmailMessage]) -> None:
    for number in range(5):
        address = f"198.51.100.{number}"
        answer = client.post("/account/password/", {"email": buyer.email.upper()}, REMOTE_ADDR=address)
        assert answer["Location"] == "/account/password/sent/"
        deliver()
    assert len(mailoutbox) == 3

    LinkAsked.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    client.post("/account/password/", {"email": buyer.email})
    deliver()

    assert len(mailoutbox) == 4
    assert LinkAsked.objects.count() == 2


def test_an_address_may_ask_for_twenty_links_an_hour(client: Client, buyer: Customer) -> None:
    for number in range(20):
        assert client.post("/account/password/", {"email": f"{number}@example.com"}).status_code == 302

    refused = client.post("/account/password/", {"email": buyer.email})
    elsewhere = client.post("/account/password/", {"email": buyer.email}, REMOTE_ADDR="198.51.100.1")

    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Too many links were asked for. Try again in an hour." in refused.content.decode()
    assert elsewhere.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_worker_mails_it_and_comes_back_to_what_it_could_not_mail(
    client: Client, buyer: Customer, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_message: EmailMessage) -> None:
        raise ConnectionRefusedError

    # The database of the tests may forget what it has confirmed.
    monkeypatch.setattr("core.management.commands.run_worker.refuse_unless_durable", lambda: None)
    client.post("/account/password/", {"email": buyer.email})
    call_command("run_worker", once=True)
    assert [mail.to for mail in mailoutbox] == [[buyer.email]]
    assert ProcrastinateJob.objects.count() == 0

    client.post("/account/password/", {"email": buyer.email})
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        before = timezone.now()
        call_command("run_worker", once=True)

    [job] = ProcrastinateJob.objects.all()
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at is not None
    assert job.scheduled_at >= before + WAITS[0]


def test_what_is_no_e_mail_is_told_politely(client: Client) -> None:
    answer = client.post("/account/password/", {"email": "nobody"}, headers={"Accept-Language": "de"})

    assert "Schreiben Sie die E-Mail-Adresse wie name@example.com." in answer.content.decode()
    assert 'value="nobody"' in answer.content.decode()
