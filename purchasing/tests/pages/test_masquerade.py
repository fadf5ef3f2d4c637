"""A manager in a customer's My account: who may, what the record says, whose the writes are, what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from core.models import Site, StaffMembership, StaffRole, User
from customers.masquerades import SESSION_KEY
from customers.models import Customer, Masquerade
from customers.models.masquerade import MOST
from customers.operations import delete_customer
from purchasing.models import Purchase, PurchaseRevision
from purchasing.pages.urls import urlpatterns
from purchasing.tests.pages.conftest import sign_in, words_of
from purchasing.tests.pages.test_reorder import order_again, price_list
from tests.callers import make_staff
from tests.cast import PASSWORD, make_buyer, make_customer, make_order
from tests.test_roles_of_staff import signed_in

EMAIL = "manager@example.com"
IN_PERSON = {
    "details": "details/",
    "details_language": "details/language/",
    "details_email": "details/email/",
    "details_email_confirm": "details/email/no-such-link/",
    "user_invite": "users/new/",
    "password": "password/",
    "password_set": "password/MQ/no-such-token/",
    "invitation": "invitation/no-such-link/",
}
"""What is the customer's own person, by the names of its addresses."""


@pytest.fixture
def customer(site: Site) -> Customer:
    """Without a login."""
    return make_customer(site, email="tom@example.com")


@pytest.fixture
def manager(site: Site) -> Client:
    return signed_in(site, StaffRole.MANAGER)


def button(customer: Customer) -> str:
    return f"/admin/customers/customer/{customer.pk}/log-in-as/"


def page_of(customer: Customer) -> str:
    return f"/admin/customers/customer/{customer.pk}/change/"


def enter(client: Client, customer: Customer) -> Masquerade:
    answer = client.post(button(customer))
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    return Masquerade.objects.latest("pk")


def is_in(client: Client) -> bool:
    return bool(client.get("/account/orders/").status_code == 200)


# --- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"), [(StaffRole.READ_ONLY, 403), (StaffRole.CLERK, 403), (StaffRole.MANAGER, 302)]
)
def test_managers_may(site: Site, customer: Customer, role: StaffRole, status: int) -> None:
    client = signed_in(site, role)
    assert client.post(button(customer)).status_code == status
    assert Masquerade.objects.exists() == is_in(client) == (status == 302)


def test_so_may_a_superuser(customer: Customer) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com"))
    enter(client, customer)
    assert is_in(client)


def test_who_buys_may_not(site: Site, customer: Customer) -> None:
    for client in (Client(), sign_in(make_buyer(site))):
        answer = client.post(button(customer))
        assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={button(customer)}")
    assert not Masquerade.objects.exists()


def test_another_site_has_no_such_customer(manager: Client, other_site: Site) -> None:
    there = make_customer(other_site)
    assert [manager.get(button(there)).status_code, manager.post(button(there)).status_code] == [404, 404]
    assert not Masquerade.objects.exists()


def test_a_manager_here_who_reads_there_is_refused_there(site: Site, other_site: Site) -> None:
    user = make_staff(site, email="both@example.com")
    StaffMembership.objects.create(site=other_site, user=user, role=StaffRole.READ_ONLY)
    client = Client()
    client.force_login(user)
    assert client.post(button(make_customer(other_site))).status_code == 403
    assert client.post(button(make_customer(site))).status_code == 302


@pytest.mark.parametrize("status", ["pending", "inactive", "rejected"])
def test_only_for_an_active_customer(manager: Client, site: Site, status: str) -> None:
    answer = manager.post(button(make_customer(site, status=status)))
    assert "Only an active customer can be acted for." in words_of(answer)
    assert (Masquerade.objects.exists(), is_in(manager)) == (False, False)


def test_nor_for_a_deleted_one(manager: Client, customer: Customer, site: Site) -> None:
    delete_customer(site=site, customer_id=customer.public_id, now=timezone.now())
    assert "Only an active customer can be acted for." in words_of(manager.post(button(customer)))
    assert "log-in-as" not in manager.get(page_of(customer)).content.decode()


def test_it_takes_a_post_of_the_own_page(site: Site, customer: Customer) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(make_staff(site))
    assert careful.post(button(customer)).status_code == 403
    assert careful.get(button(customer)).status_code == 200
    assert not Masquerade.objects.exists()


def test_the_session_gets_another_key(manager: Client, customer: Customer) -> None:
    keys = [manager.session.session_key]
    enter(manager, customer)
    keys.append(manager.session.session_key)
    manager.post("/account/leave/")
    keys.append(manager.session.session_key)
    assert len(set(keys)) == 3
    stale = Client()
    stale.cookies["sessionid"] = str(keys[1])
    assert not is_in(stale)


def test_on_the_host_of_another_site_too(manager: Client, customer: Customer, other_site: Site) -> None:
    """The back office of all sites is on every host; what a manager may was asked already."""
    other_site.host = "testserver"
    other_site.save()
    enter(manager, customer)
    assert is_in(manager)


# --- what he sees ----------------------------------------------------------------------------------------------------


def test_he_sees_what_the_customer_sees(manager: Client, customer: Customer, site: Site) -> None:
    make_order(site, customer, identifiers={"visible": "JC-1"})
    make_order(site, make_customer(site, "Summit Supplies"), identifiers={"visible": "SU-1"})
    enter(manager, customer)
    said = words_of(manager.get("/account/orders/"))
    assert ("JC-1" in said, "SU-1" in said) == (True, False)


@pytest.mark.parametrize("page", ["orders/", "to-come/", "quotes/", "statement/", "credit/", "addresses/", "users/"])
def test_every_page_says_it(manager: Client, customer: Customer, page: str) -> None:
    enter(manager, customer)
    said = words_of(manager.get(f"/account/{page}"))
    assert f"{EMAIL}, you see My account as Tom Jones Climbing and act for this customer." in said
    assert "My details" not in said


def test_so_does_a_refusal(manager: Client, customer: Customer) -> None:
    enter(manager, customer)
    for page, status in (("orders/nothing/", 404), ("details/", 403)):
        answer = manager.get(f"/account/{page}")
        assert (answer.status_code, b"you see My account as" in answer.content) == (status, True)


def test_it_says_it_in_german(manager: Client, customer: Customer) -> None:
    enter(manager, customer)
    with override("de"):
        said = words_of(manager.get("/account/orders/", headers={"accept-language": "de"}))
    assert f"{EMAIL}, Sie sehen das Kundenkonto als Tom Jones Climbing" in said


def test_the_customer_himself_is_told_nothing(site: Site) -> None:
    said = words_of(sign_in(make_buyer(site)).get("/account/orders/"))
    assert ("you see My account as" in said, "My details" in said) == (False, True)


# --- what is recorded ------------------------------------------------------------------------------------------------


def test_who_when_as_whom(manager: Client, customer: Customer) -> None:
    before = timezone.now()
    begun = enter(manager, customer)
    assert (begun.customer, begun.staff_email, begun.ended_at) == (customer, EMAIL, None)
    assert before <= begun.started_at <= timezone.now()
    assert begun.ends_at == begun.started_at + MOST

    answer = manager.post("/account/leave/")

    assert (answer.status_code, answer["Location"]) == (302, page_of(customer))
    begun.refresh_from_db()
    assert begun.ended_at is not None
    assert begun.started_at < begun.ended_at <= timezone.now()
    listed = words_of(manager.get("/admin/customers/masquerade/"))
    assert (EMAIL in listed, "Tom Jones Climbing" in listed, "not yet" in listed) == (True, True, False)


def test_an_open_one_is_listed_as_such(manager: Client, customer: Customer) -> None:
    enter(manager, customer)
    assert "not yet" in words_of(manager.get("/admin/customers/masquerade/"))


def test_the_record_outlives_the_member_of_staff(manager: Client, customer: Customer) -> None:
    begun = enter(manager, customer)
    User.objects.get(email=EMAIL).delete()
    begun.refresh_from_db()
    assert (begun.staff_id, begun.staff_email) == (None, EMAIL)
    assert not is_in(manager)


# --- whose the writes are --------------------------------------------------------------------------------------------


def test_an_order_placed_again_is_by_staff(manager: Client, customer: Customer, site: Site) -> None:
    price_list(site, "base", {"ROPE-60": ["12.00"]})
    Customer.objects.update(price_lists=["base"])
    order = make_order(site, customer)
    enter(manager, customer)

    placed = order_again(manager, order)

    assert (placed.customer, placed.type) == (customer, "order_unconfirmed")
    assert PurchaseRevision.objects.get(purchase=placed).author == f"staff:{EMAIL}"


def test_by_the_customer_himself_it_is_his(site: Site) -> None:
    price_list(site, "base", {"ROPE-60": ["12.00"]})
    buyer = make_buyer(site, price_lists=["base"])
    placed = order_again(sign_in(buyer), make_order(site, buyer))
    assert PurchaseRevision.objects.get(purchase=placed).author == f"customer:{buyer.public_id}"


def test_a_decision_is_by_staff(manager: Client, customer: Customer, site: Site) -> None:
    quote = make_order(site, customer, type="quote", quote_status="sent")
    enter(manager, customer)
    page = f"/account/quotes/{quote.spark_id}/"
    held = manager.get(page).context["seen"]
    assert manager.post(f"{page}accept/", {"seen": held}).status_code == 302
    quote.refresh_from_db()
    assert quote.type == "order"
    assert PurchaseRevision.objects.get(purchase=quote, number=2).author == f"staff:{EMAIL}"


@pytest.mark.parametrize("name", sorted(IN_PERSON))
def test_what_is_the_customers_own_is_refused(manager: Client, customer: Customer, name: str) -> None:
    assert name in {pattern.name for pattern in urlpatterns}
    enter(manager, customer)
    sent = {"first_name": "Nobody", "last_name": "Nobody", "email": "nobody@example.com", "password": PASSWORD}
    answers = [manager.post(f"/account/{IN_PERSON[name]}", sent)]
    if name != "details_language":
        answers.append(manager.get(f"/account/{IN_PERSON[name]}"))
    for answer in answers:
        assert (answer.status_code, b"Only the customer himself does this." in answer.content) == (403, True)
    customer.refresh_from_db()
    assert (customer.first_name, Customer.objects.count(), mail.outbox) == ("Tom", 1, [])


def test_so_are_the_people_of_his_company(manager: Client, customer: Customer, site: Site) -> None:
    colleague = make_customer(site, parent=customer, email="sam@example.com")
    enter(manager, customer)
    page = f"/account/users/{colleague.public_id}/"
    shown = manager.get(page)
    assert (b"<form" in shown.content.split(b"<main")[1], shown.status_code) == (False, 200)
    assert manager.post(page, {"role": "main"}).status_code == 403
    assert manager.post(f"{page}invite/").status_code == 403
    colleague.refresh_from_db()
    assert (colleague.role, mail.outbox) == ("", [])


def test_what_an_agent_has_picked_stays_with_each(site: Site, customer: Customer) -> None:
    """The same browser: a member of staff who is a sales agent himself acts for another one."""
    agent = make_buyer(site, "Agency", email=EMAIL, role="sales-agent")
    other = make_customer(site, "Other agency", role="sales-agent")
    User.objects.filter(email=EMAIL).update(is_staff=True)
    assert agent.user is not None
    StaffMembership.objects.create(site=site, user=agent.user)
    client = sign_in(agent)
    client.post("/account/customers/pick/", {"customer": customer.public_id})
    enter(client, other)
    assert client.get("/account/orders/").context["visitor"].picked is None
    client.post("/account/leave/")
    visitor = client.get("/account/orders/").context["visitor"]
    assert (visitor.customer, visitor.picked, visitor.masquerade) == (agent, customer, None)


# --- what ends it ----------------------------------------------------------------------------------------------------


def _membership(**fields: Any) -> None:
    StaffMembership.objects.filter(user__email=EMAIL).update(**fields)


ENDS: dict[str, Callable[[Customer], Any]] = {
    "clerk now": lambda _customer: _membership(role=StaffRole.CLERK),
    "no member any more": lambda _customer: StaffMembership.objects.all().delete(),
    "no staff any more": lambda _customer: User.objects.filter(email=EMAIL).update(is_staff=False),
    "customer inactive": lambda customer: Customer.objects.filter(pk=customer.pk).update(status="inactive"),
    "customer deleted": lambda customer: delete_customer(
        site=customer.site, customer_id=customer.public_id, now=timezone.now()
    ),
    "time is up": lambda _customer: Masquerade.objects.update(
        started_at=timezone.now() - MOST, ends_at=timezone.now() - timedelta(seconds=1)
    ),
    "ended elsewhere": lambda _customer: Masquerade.objects.update(ended_at=timezone.now()),
}


@pytest.mark.parametrize("why", sorted(ENDS))
def test_it_ends(manager: Client, customer: Customer, why: str) -> None:
    begun = enter(manager, customer)
    assert is_in(manager)
    ENDS[why](customer)

    answer = manager.get("/account/orders/")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert SESSION_KEY not in manager.session
    begun.refresh_from_db()
    assert begun.is_over(timezone.now())
    assert manager.get("/account/orders/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("door", ["/admin/logout/", "/account/logout/"])
def test_it_ends_on_signing_out(manager: Client, customer: Customer, door: str) -> None:
    begun = enter(manager, customer)
    manager.post(door)
    begun.refresh_from_db()
    assert (begun.ended_at is not None, is_in(manager)) == (True, False)


def test_it_ends_when_a_customer_signs_in_there(manager: Client, customer: Customer, site: Site) -> None:
    begun = enter(manager, customer)
    buyer = make_buyer(site, "Summit Supplies")
    manager.post("/account/login/", {"username": buyer.email, "password": PASSWORD})
    begun.refresh_from_db()
    assert begun.ended_at is not None
    assert manager.get("/account/orders/").context["visitor"].customer == buyer


def test_it_ends_when_another_begins(manager: Client, customer: Customer, site: Site) -> None:
    first = enter(manager, customer)
    second = enter(manager, make_customer(site, "Summit Supplies"))
    first.refresh_from_db()
    assert (first.ended_at is not None, second.ended_at) == (True, None)
    assert str(manager.get("/account/orders/").context["visitor"].customer) == "Summit Supplies"


def test_the_session_of_somebody_else_cannot_hold_it(manager: Client, customer: Customer, site: Site) -> None:
    begun = enter(manager, customer)
    other = Client()
    other.force_login(make_staff(site, email="another@example.com"))
    session = other.session
    session[SESSION_KEY] = begun.pk
    session.save()
    assert not is_in(other)


def test_leaving_twice_leads_to_the_own_account(manager: Client, customer: Customer) -> None:
    enter(manager, customer)
    manager.post("/account/leave/")
    assert manager.post("/account/leave/")["Location"] == "/account/"
    assert manager.get("/account/leave/").status_code == 405


def test_nothing_of_the_purchase_is_touched(manager: Client, customer: Customer, site: Site) -> None:
    make_order(site, customer)
    before = list(Purchase.objects.values())
    enter(manager, customer)
    for page in ("orders/", "to-come/", "statement/"):
        manager.get(f"/account/{page}")
    manager.post("/account/leave/")
    assert list(Purchase.objects.values()) == before
