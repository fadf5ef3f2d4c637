"""/account/password/…: a password is set under a mailed link, and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from customers.models import Customer
from tests.cast import PASSWORD

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
    form = client.get(link_in(mailoutbox[0]))

    answer = client.post(form["Location"], {"new_password1": "12345", "new_password2": "12345"})

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_e_mail_is_answered_alike_and_gets_no_mail(client: Client, mailoutbox: list[EmailMessage]) -> None:
    answer = client.post("/account/password/", {"email": "nobody@example.com"})

    assert answer["Location"] == "/account/password/sent/"
    assert mailoutbox == []
