"""A customer is invited to My account from the back office: the mailed link ties the person, nothing else does."""

from __future__ import annotations

import json
import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from core.models import Site, StaffRole
from customers.models import Customer
from purchasing.store.link_mails import TASK
from tests.cast import make_buyer, make_customer
from tests.test_roles_of_staff import signed_in


def page_of(customer: Customer) -> str:
    return f"/admin/customers/customer/{customer.pk}/invite/"


def test_the_mailed_link_leads_to_my_account(back_office: Client, site: Site) -> None:
    customer = make_customer(site)
    assert back_office.get(page_of(customer)).status_code == 200
    assert mail.outbox == []
    assert back_office.post(page_of(customer), {}).status_code == 302
    [sent] = mail.outbox
    assert sent.to == [customer.email]
    link = re.search(r"http://testserver(/account/invitation/\S+/)", str(sent.body))
    assert link is not None
    assert Client().get(link[1]).status_code == 200
    customer.refresh_from_db()
    assert customer.user is None


def test_the_link_is_on_the_host_of_the_site(back_office: Client, site: Site) -> None:
    site.host = "orders.example.com"
    site.save()
    back_office.post(page_of(make_customer(site)), {})
    assert "http://orders.example.com/account/invitation/" in str(mail.outbox[0].body)


@pytest.mark.parametrize("status", ["pending", "inactive", "rejected"])
def test_who_cannot_sign_in_is_not_invited(back_office: Client, site: Site, status: str) -> None:
    for customer in (make_customer(site, status=status), make_buyer(site)):
        assert back_office.post(page_of(customer), {}).status_code == 302
    assert mail.outbox == []


@pytest.mark.parametrize("role", [StaffRole.CLERK, StaffRole.READ_ONLY])
def test_only_managers_invite(site: Site, role: StaffRole) -> None:
    assert signed_in(site, role).post(page_of(make_customer(site)), {}).status_code == 403
    assert mail.outbox == []


def test_a_mail_with_a_link_that_failed_is_told_on_the_customer_s_page(back_office: Client, site: Site) -> None:
    """It has no row among the e-mails; a job that is still tried, and another customer's, are none of it."""
    customer, buyer, other = make_customer(site), make_buyer(site), make_customer(site)
    for status, args in (
        ("failed", {"mail": "invitation_mail", "customer_id": customer.pk, "user_id": None}),
        ("failed", {"mail": "password_mail", "customer_id": None, "user_id": buyer.user_id}),
        ("failed", {"mail": "invitation_mail", "customer_id": buyer.pk, "user_id": None}),
        ("todo", {"mail": "invitation_mail", "customer_id": other.pk, "user_id": None}),
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('mail', %s, %s, %s)",
                [TASK, json.dumps(args), status],
            )

    told = [
        [str(message) for message in back_office.get(f"/admin/customers/customer/{one.pk}/change/").context["messages"]]
        for one in (customer, buyer, other)
    ]

    assert told == [
        ["The invitation could not be mailed for a day. Check the e-mail and invite once more."],
        ["A link to set a new password could not be mailed for a day. Check the e-mail."],
        [],
    ]
