"""Sites, customers, API clients and logins of the demo. Passwords and secrets are random for every installation."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.utils import timezone

from core.actors import SYSTEM
from core.models import ApiClient, Site, StaffMembership, User
from core.scopes import WRITE_SCOPES
from core.site_settings import set_setting
from customers.documents import CustomerChange, NewAddress, NewCustomer
from customers.models import Customer
from customers.operations import add_address, create_customer, patch_customer
from purchasing.demo.cast import BUYERS, PHONE, WITH_LOGIN, Buyer, Merchant

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
    return {buyer.key: _make_customer(site, buyer) for buyer in BUYERS}


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


def _make_customer(site: Site, buyer: Buyer) -> Customer:
    on_account = {"credit_limit": buyer.credit_limit, "net_terms": buyer.net_terms} if buyer.on_account else None
    body = {
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "email": buyer.email,
        "company_name": buyer.company,
        "external_id": buyer.key,
        "role": buyer.role or None,
        "currency_code": buyer.currency_code,
        "parent_customer_id": buyer.parent or None,
        "payment_on_account": on_account,
        **buyer.extra,
    }
    now = timezone.now()
    customer = create_customer(site=site, document=NewCustomer.model_validate(body), actor=SYSTEM, now=now)
    street, city, postal_code, country = buyer.address
    home = add_address(
        site=site,
        customer_id=customer.public_id,
        document=NewAddress(
            first_name=buyer.first_name,
            last_name=buyer.last_name,
            company=buyer.company,
            address_line1=street,
            city=city,
            postal_code=postal_code,
            country_code=country,
            phone=PHONE,
        ),
    )
    defaults = {"default_billing_address_id": home.public_id, "default_shipping_address_id": home.public_id}
    document = CustomerChange.model_validate(defaults)
    return patch_customer(site=site, customer_id=customer.public_id, document=document, actor=SYSTEM, now=now)


def _password() -> str:
    return secrets.token_urlsafe(12)
