"""The people of a company, as its main users look after them: invited, given a role, let in or kept out.

Operations like those of `customers.operations`. What a main user gives is a role within his company; sales agents, the
company's top itself and whoever the merchant has not let in are the merchant's to change.
"""

from __future__ import annotations

from typing import Any

from core.api.documents import validate
from core.errors import Conflict, NotFound, NotPermitted
from core.models import Site
from core.retries import in_transaction
from customers.documents import CustomerChange, NewCustomer
from customers.models import Customer
from customers.operations import lock_companies, write_customer

ROLES = ("", Customer.Role.MAIN, Customer.Role.LIMITED)
"""What a main user may make of somebody. Without a role he buys for himself and sees what is his own."""
STATUSES = (Customer.Status.ACTIVE, Customer.Status.INACTIVE)
_OF_THE_ACCOUNT = (
    "currency_code",
    "price_lists",
    "discount_percentage",
    "tax_exempt",
    "payment_by_invoice",
    "vatin_numbers",
)
"""Terms that somebody who joins a company gets from it."""


def add_company_user(*, site: Site, by: Customer, first_name: str, last_name: str, email: str, role: str) -> Customer:
    """A new customer below the company's top, who buys on its terms; he has still to be invited.

    Raises NotPermitted when `by` is no main user, InvalidDocument, and Conflict `resource-already-exists` on `email`.
    """

    def work() -> Customer:
        lock_companies(site)
        account = Customer.objects.for_site(site).account_of(_main_user(site, by))
        sent: dict[str, Any] = {
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "role": _role(role),
            "company_name": account.company_name,
            "parent_customer_id": account.public_id,
            **{name: getattr(account, name) or None for name in _OF_THE_ACCOUNT},
        }
        customer = Customer(site=site, group_id=account.group_id)
        write_customer(site, customer, validate(NewCustomer, sent))
        return customer

    return in_transaction(work)


def change_company_user(*, site: Site, by: Customer, customer_id: int, role: str, is_active: bool) -> Customer:
    """Give somebody of the company a role, and let him in or keep him out; who is kept out is signed out at once.

    Raises NotPermitted when `by` is no main user, NotFound for who is not of his company, and Conflict:
    `own-role` for himself, `not-yours-to-change` for whom the merchant alone changes.
    """

    def work() -> Customer:
        lock_companies(site)
        changer = _main_user(site, by)
        family = Customer.objects.for_site(site).present().family_of(changer)
        customer = family.filter(pk=customer_id).select_for_update(no_key=True, of=("self",)).first()
        if customer is None:
            raise NotFound
        if customer.pk == changer.pk:
            raise Conflict("Nobody changes his own role.", code="own-role")
        if not may_be_changed(customer):
            raise Conflict("Only the merchant can change this.", code="not-yours-to-change")
        status = Customer.Status.ACTIVE if is_active else Customer.Status.INACTIVE
        write_customer(site, customer, validate(CustomerChange, {"role": _role(role), "status": status}))
        return customer

    return in_transaction(work)


def may_be_changed(customer: Customer) -> bool:
    """Whether main users of his company may change him at all."""
    return customer.parent_id is not None and customer.role in ROLES and customer.status in STATUSES


def _main_user(site: Site, by: Customer) -> Customer:
    """The one who acts, as he is now."""
    found = Customer.objects.for_site(site).present().filter(pk=by.pk, status=Customer.Status.ACTIVE).first()
    if found is None or not found.is_main_user:
        raise NotPermitted("The people of a company are for its main users.", code="not-a-main-user")
    return found


def _role(role: str) -> str | None:
    if role not in ROLES:
        raise Conflict("This role is not yours to give.", code="not-yours-to-give", property="role")
    return role or None
