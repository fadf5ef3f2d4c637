"""What a main user may do with the people of his company, and with nobody else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, InvalidDocument
from core.models import Site, User
from customers.company_users import add_company_user, change_company_user, may_be_changed
from customers.models import Customer
from customers.tests.cast import make_customer, make_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(site: Site) -> Customer:
    return make_customer(
        site,
        "Head",
        company_name="Tom Jones Climbing",
        group=make_group(site, "trade"),
        currency_code="GBP",
        price_lists=["trade"],
        discount_percentage=Decimal("2.5"),
        tax_exempt=True,
        payment_by_invoice=True,
        payment_on_account=True,
        metadata={"a": 1},
        accounting_id="X",
        sales_agent_groups=["north"],
    )


def add(by: Customer, *, email: str = "new@example.com", role: str = "") -> Customer:
    return add_company_user(site=by.site, by=by, first_name="Ann", last_name="Lee", email=email, role=role)


def change(by: Customer, customer: Customer, *, role: str = "main", is_active: bool = True) -> Customer:
    return change_company_user(site=by.site, by=by, customer_id=customer.pk, role=role, is_active=is_active)


def refused(code: str, work: object) -> None:
    assert callable(work)
    with pytest.raises(DomainError) as refusal:
        work()
    assert refusal.value.faults[0].code == code


@pytest.mark.parametrize("role", ["", "main", "limited-customer"])
def test_who_joins_buys_on_the_company_s_terms(head: Customer, role: str) -> None:
    new = Customer.objects.get(pk=add(head, role=role).pk)

    assert (new.parent, new.role, new.status, new.user) == (head, role, "active", None)
    assert (new.first_name, new.last_name, new.email, new.company_name) == (
        "Ann",
        "Lee",
        "new@example.com",
        "Tom Jones Climbing",
    )
    assert (new.group.slug, new.currency_code, new.price_lists) == ("trade", "GBP", ["trade"])
    assert (new.discount_percentage, new.tax_exempt, new.payment_by_invoice) == (Decimal("2.5"), True, True)
    # What is the account's is asked of the account, and an agent's groups are its children's unless they have own.
    assert (new.payment_on_account, new.metadata, new.accounting_id, new.sales_agent_groups) == (False, None, "", [])


def test_below_the_top_whoever_invites(head: Customer) -> None:
    main = make_customer(head.site, "Eve", parent=head, role="main")

    assert add(main).parent == head


@pytest.mark.parametrize("role", ["", "limited-customer", "sales-agent", "sales-admin"])
def test_only_a_main_user_may(head: Customer, role: str) -> None:
    child = make_customer(head.site, "Ann", parent=head, role=role)
    other = make_customer(head.site, "Bob", parent=head)

    refused("not-a-main-user", lambda: add(child))
    refused("not-a-main-user", lambda: change(child, other))


def test_who_was_one_is_asked_anew(head: Customer) -> None:
    main = make_customer(head.site, "Eve", parent=head, role="main")
    other = make_customer(head.site, "Bob", parent=head)
    Customer.objects.filter(pk=main.pk).update(role="")
    refused("not-a-main-user", lambda: change(main, other))
    Customer.objects.filter(pk=main.pk).update(role="main", status="inactive")
    refused("not-a-main-user", lambda: change(main, other))
    Customer.objects.filter(pk=main.pk).update(status="active", deleted_at=timezone.now())
    refused("not-a-main-user", lambda: add(main))


@pytest.mark.parametrize("role", ["sales-agent", "sales-admin", "owner"])
def test_other_roles_are_not_his_to_give(head: Customer, role: str) -> None:
    other = make_customer(head.site, "Bob", parent=head)

    refused("not-yours-to-give", lambda: add(head, role=role))
    refused("not-yours-to-give", lambda: change(head, other, role=role))


@pytest.mark.parametrize("email", ["HEAD@example.com", "nobody"])
def test_an_e_mail_that_is_taken_or_none_is_refused(head: Customer, email: str) -> None:
    with pytest.raises((Conflict, InvalidDocument)) as refusal:
        add(head, email=email)

    assert refusal.value.faults[0].property == "email"
    assert Customer.objects.count() == 1


def test_role_and_status_of_a_colleague(head: Customer) -> None:
    login = User.objects.create_user("bob@example.com", "a long enough secret")
    bob = make_customer(head.site, "Bob", parent=head, user=login)

    change(head, bob, role="main", is_active=False)
    bob.refresh_from_db()
    assert (bob.role, bob.status, bob.user) == ("main", "inactive", login)
    assert not Customer.objects.of_login(login).exists()

    change(head, bob, role="", is_active=True)
    bob.refresh_from_db()
    assert (bob.role, bob.status) == ("", "active")


def test_nobody_changes_himself_or_the_company_s_top(head: Customer) -> None:
    main = make_customer(head.site, "Eve", parent=head, role="main")

    refused("own-role", lambda: change(main, main, role="main"))
    refused("not-yours-to-change", lambda: change(main, head))


@pytest.mark.parametrize("fields", [{"role": "sales-agent"}, {"status": "pending"}, {"status": "rejected"}])
def test_whom_the_merchant_alone_changes(head: Customer, fields: dict[str, str]) -> None:
    other = make_customer(head.site, "Bob", parent=head, **fields)

    assert not may_be_changed(other)
    refused("not-yours-to-change", lambda: change(head, other))


@pytest.mark.parametrize("where", ["another company", "another site", "deleted", "nobody"])
def test_others_do_not_exist(head: Customer, other_site: Site, where: str) -> None:
    others = {
        "another company": lambda: make_customer(head.site, "Sam"),
        "another site": lambda: make_customer(other_site, "Sam", email="s@example.com"),
        "deleted": lambda: make_customer(head.site, "Sam", parent=head, deleted_at=timezone.now()),
        "nobody": lambda: Customer(pk=999_999_999),
    }
    other = others[where]()

    refused("not-found", lambda: change(head, other))
