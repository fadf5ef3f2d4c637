"""A customer is invited to My account from the back office: the mailed link ties the person, nothing else does."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from core.models import Site, StaffRole
from customers.models import Customer
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
