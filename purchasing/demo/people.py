"""Sites, customers, API clients and logins of the demo. Passwords and secrets are random for every installation."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from core.models import ApiClient, Site, StaffMembership, User
from core.scopes import WRITE_SCOPES
from core.site_settings import set_setting
from customers.models import Address, Customer, CustomerGroup
from purchasing.demo.cast import BUYERS, WITH_LOGIN, Buyer, Merchant

SUPERUSER = "root@sparkproject.example"


def make_site(merchant: Merchant) -> Site:
    site = Site.objects.create(slug=merchant.slug, name=merchant.name)
    for key, value in merchant.settings.items():
        set_setting(site=site, key=key, value=value)
    return site


def make_client(site: Site, *, name: str, scopes: Iterable[str] = WRITE_SCOPES) -> tuple[str, str]:
    """An API client's id and secret."""
    client = ApiClient(site=site, name=name, scopes=list(scopes))
    secret = client.set_new_secret()
    client.save()
    return client.client_id, secret


def make_staff(site: Site, *, name: str, email: str) -> str:
    """A member of staff of one site, no superuser; answers the password."""
    password = _password()
    user = User.objects.create_user(email, password, name=name, is_staff=True)
    StaffMembership.objects.create(site=site, user=user)
    return password


def make_superuser() -> str:
    """Sees every site; answers the password."""
    password = _password()
    User.objects.create_superuser(SUPERUSER, password, name="Operator")
    return password


def make_customers(site: Site) -> dict[str, Customer]:
    """Everybody of the cast at one site, by key; parents come before their children."""
    group, _made = CustomerGroup.objects.get_or_create(site=site, slug="default", defaults={"name": "Default"})
    customers: dict[str, Customer] = {}
    for buyer in BUYERS:
        customers[buyer.key] = _make_customer(site, buyer, group=group, parent=customers.get(buyer.parent))
    return customers


def make_login(customer: Customer) -> str:
    """Tie a new login to the customer, as an accepted invitation does; answers the password."""
    password = _password()
    customer.user = User.objects.create_user(
        customer.email, password, name=f"{customer.first_name} {customer.last_name}"
    )
    customer.save(update_fields=["user", "updated_at"])
    return password


def with_login(customers: dict[str, Customer]) -> list[Customer]:
    """The customers who sign in."""
    return [customers[key] for key in WITH_LOGIN]


def _make_customer(site: Site, buyer: Buyer, *, group: CustomerGroup, parent: Customer | None) -> Customer:
    money: dict[str, Any] = {"payment_on_account": buyer.on_account, "credit_limit": buyer.credit_limit}
    customer = Customer.objects.create(
        site=site,
        parent=parent,
        first_name=buyer.first_name,
        last_name=buyer.last_name,
        email=buyer.email,
        company_name=buyer.company,
        external_id=buyer.key,
        role=buyer.role,
        group=group,
        currency_code=buyer.currency_code,
        net_terms=buyer.net_terms,
        **money,
        **buyer.extra,
    )
    street, city, postal_code, country = buyer.address
    home = Address.objects.create(
        site=site,
        customer=customer,
        first_name=buyer.first_name,
        last_name=buyer.last_name,
        company=buyer.company,
        address_line1=street,
        city=city,
        postal_code=postal_code,
        country_code=country,
        phone="01632 960 100",
    )
    customer.default_billing_address = customer.default_shipping_address = home
    customer.save(update_fields=["default_billing_address", "default_shipping_address", "updated_at"])
    return customer


def _password() -> str:
    return secrets.token_urlsafe(12)
