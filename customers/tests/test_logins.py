"""Invitations, and a login's own e-mail: links that only the person gets, good for one use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.utils import timezone

from core.errors import Conflict
from core.models import Site, User
from customers.logins import (
    accept_invitation,
    change_login_email,
    invitation_for,
    invited,
    new_email_in,
    new_email_text,
)
from customers.models import Customer
from customers.tests.cast import make_customer
from tests.together import together

SECRET = "a long enough secret"

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(site: Site) -> Customer:
    return make_customer(site, "Tom", email="Tom@example.com")


class TestInvitation:
    def test_makes_a_login(self, customer: Customer) -> None:
        invitation = invitation_for(customer)
        assert invited(invitation) == customer

        user = accept_invitation(invitation, password=SECRET)

        customer.refresh_from_db()
        assert customer.user == user
        assert (user.email, user.name, user.check_password(SECRET)) == ("Tom@example.com", "Tom Jones", True)
        assert (user.is_staff, user.is_superuser) == (False, False)

    def test_joins_a_login_that_there_is_and_leaves_its_password(self, customer: Customer) -> None:
        login = User.objects.create_user("tom@EXAMPLE.com", SECRET)

        user = accept_invitation(invitation_for(customer), password="another long secret")

        assert user == login
        assert User.objects.get().check_password(SECRET)

    def test_gives_a_login_without_password_one(self, customer: Customer) -> None:
        User.objects.create_user("tom@example.com", None)

        accept_invitation(invitation_for(customer), password=SECRET)

        assert User.objects.get().check_password(SECRET)

    def test_without_a_password_there_is_no_new_login(self, customer: Customer) -> None:
        with pytest.raises(Conflict):
            accept_invitation(invitation_for(customer), password=None)
        assert User.objects.count() == 0

    def test_is_good_for_one_use(self, customer: Customer) -> None:
        invitation = invitation_for(customer)
        accept_invitation(invitation, password=SECRET)

        assert invited(invitation) is None
        with pytest.raises(Conflict) as refusal:
            accept_invitation(invitation, password="another long secret")
        assert refusal.value.title == "invitation-over"

    @pytest.mark.parametrize(
        "changes",
        [{"email": "else@example.com"}, {"status": "inactive"}, {"status": "pending"}, {"deleted_at": timezone.now()}],
        ids=["another e-mail", "inactive", "pending", "deleted"],
    )
    def test_ends_when_he_is_another(self, customer: Customer, changes: dict[str, Any]) -> None:
        invitation = invitation_for(customer)
        Customer.objects.filter(pk=customer.pk).update(**changes)

        assert invited(invitation) is None

    def test_ends_in_time(self, customer: Customer) -> None:
        with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
            invitation = invitation_for(customer)
            clock.shift(timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT - 1))
            assert invited(invitation) == customer
            clock.shift(2)
            assert invited(invitation) is None

    @pytest.mark.parametrize("text", ["", "x", signing.dumps([1, "tom@example.com"], salt="other")], ids=str.__len__)
    def test_is_signed(self, customer: Customer, text: str) -> None:
        assert invited(text) is None

    @pytest.mark.parametrize("why", ["inactive", "stands for another"])
    def test_a_login_that_cannot_stand_for_him(self, site: Site, customer: Customer, why: str) -> None:
        login = User.objects.create_user("tom@example.com", SECRET, is_active=why != "inactive")
        if why == "stands for another":
            make_customer(site, "Other", user=login)

        with pytest.raises(Conflict):
            accept_invitation(invitation_for(customer), password=SECRET)

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once(self, customer: Customer) -> None:
        invitation = invitation_for(customer)

        answers = together(*[lambda: accept_invitation(invitation, password=SECRET)] * 4)

        assert [type(answer) for answer in sorted(answers, key=lambda answer: isinstance(answer, Conflict))] == [
            User,
            Conflict,
            Conflict,
            Conflict,
        ]
        customer.refresh_from_db()
        assert User.objects.get() == customer.user


class TestNewEmail:
    @pytest.fixture
    def login(self, customer: Customer) -> User:
        login = User.objects.create_user("tom@example.com", SECRET)
        Customer.objects.filter(pk=customer.pk).update(user=login)
        return login

    def test_goes_to_the_login_and_to_its_customers(
        self, site: Site, other_site: Site, login: User, customer: Customer
    ) -> None:
        there = make_customer(other_site, "Tom", email="TOM@example.com", user=login)
        third = Site.objects.create(slug="third", name="Third")
        elsewhere = make_customer(third, "Tom", email="work@example.com", user=login)

        changed = change_login_email(user=login, email="New@example.com")

        assert changed == [customer, there]
        login.refresh_from_db()
        assert login.email == "New@example.com"
        for one, email in ((customer, "New@example.com"), (there, "New@example.com"), (elsewhere, "work@example.com")):
            one.refresh_from_db()
            assert (one.email, one.user) == (email, login)

    def test_may_differ_in_letters_only(self, login: User) -> None:
        change_login_email(user=login, email="TOM@example.com")

        assert User.objects.get().email == "TOM@example.com"

    @pytest.mark.parametrize("whose", ["login", "customer"])
    def test_of_somebody_else_is_refused(self, site: Site, login: User, whose: str) -> None:
        if whose == "login":
            User.objects.create_user("new@example.com", SECRET)
        else:
            make_customer(site, "Sam", email="new@example.com")

        with pytest.raises(Conflict) as refusal:
            change_login_email(user=login, email="NEW@example.com")

        assert refusal.value.faults[0].property == "email"
        assert User.objects.get(pk=login.pk).email == "tom@example.com"

    def test_a_link_is_its_login_s_and_good_for_one_use(self, login: User) -> None:
        text = new_email_text(login, "new@example.com")
        other = User.objects.create_user("sam@example.com", SECRET)

        assert new_email_in(text, user=login) == "new@example.com"
        assert new_email_in(text, user=other) is None
        assert new_email_in("x", user=login) is None
        change_login_email(user=login, email="new@example.com")
        login.refresh_from_db()
        assert new_email_in(text, user=login) is None
