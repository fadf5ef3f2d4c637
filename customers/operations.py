"""The only doors that write customers and addresses. API, back office, pages and commands all come through here.

Each runs in one database transaction, tried again after a lost race; guards run after the locks are held. Locks: the
site (only where companies change their shape), then the customer, then addresses. Refused: nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.actors import Actor
from core.errors import Conflict, Fault, InvalidDocument, NotFound
from core.models import Site
from core.retries import in_transaction
from customers.bookkeeping import follow_sent_balance
from customers.documents import AddressChange, CustomerChange, NewAddress, NewCustomer
from customers.models import DEFAULT_GROUP, Address, Customer, CustomerGroup
from customers.references import address_claims_taken, customer_claims_taken, references_of

TAKEN_AS_SENT = frozenset(
    {
        "title",
        "first_name",
        "last_name",
        "email",
        "company_name",
        "external_id",
        "accounting_id",
        "status",
        "sales_agent_groups",
        "price_lists",
        "vatin_numbers",
        "available_shipping_addresses",
        "discount_percentage",
        "tax_exempt",
        "payment_by_invoice",
        "metadata",
    }
)
"""Members of the document that are columns by the same name and meaning."""


def create_customer(*, site: Site, document: NewCustomer, actor: Actor, now: datetime) -> Customer:
    """A new customer, with the warnings of this request. A balance that is sent is followed (`customers.bookkeeping`).

    Raises InvalidDocument (references, `parent-cycle`, the balance) and Conflict `resource-already-exists`.
    """

    def work() -> Customer:
        lock_companies(site, when="parent_customer_id" in document.model_fields_set)
        customer = Customer(site=site)
        if "group" not in document.model_fields_set:
            customer.group = CustomerGroup.objects.for_site(site).get(slug=DEFAULT_GROUP)
        write_customer(site, customer, document)
        customer.warnings = follow_sent_balance(
            site=site, customer=customer, sent=document.payment_on_account, actor=actor, now=now
        )
        return customer

    return in_transaction(work)


def patch_customer(*, site: Site, customer_id: str, document: CustomerChange, actor: Actor, now: datetime) -> Customer:
    """Change what the document names. `customer_id`: an id or external id. Answers as `create_customer` does.

    A changed e-mail unties the person's login until the new address has answered. A changed parent moves no money.
    Raises NotFound and what `create_customer` raises.
    """

    def work() -> Customer:
        lock_companies(site, when="parent_customer_id" in document.model_fields_set)
        customer = _locked_customer(site, customer_id)
        write_customer(site, customer, document)
        customer.warnings = follow_sent_balance(
            site=site, customer=customer, sent=document.payment_on_account, actor=actor, now=now
        )
        return customer

    return in_transaction(work)


def delete_customer(*, site: Site, customer_id: str, now: datetime) -> None:
    """Hide a customer: 404 from now on, no more sign-in; its e-mail and external ids are free.

    Purchases, ledger and statement stay. Raises NotFound, and Conflict `resource-in-use` while it has children.
    """

    def work() -> None:
        lock_companies(site)
        customer = _locked_customer(site, customer_id)
        _refuse_children(customer)
        customer.deleted_at = now
        customer.user = None
        customer.save()
        customer.addresses.update(external_id="")
        for default in ("default_billing_address", "default_shipping_address"):
            others = Customer.objects.for_site(site).exclude(pk=customer.pk)
            others.filter(**{f"{default}__customer": customer}).update(**{default: None})

    in_transaction(work)


def add_address(*, site: Site, customer_id: str, document: NewAddress) -> Address:
    """A new address of the customer. Raises NotFound and Conflict `resource-already-exists`."""

    def work() -> Address:
        address = Address(site=site, customer=_locked_customer(site, customer_id))
        write_address(site, address, document)
        return address

    return in_transaction(work)


def patch_address(*, site: Site, customer_id: str, address_id: str, document: AddressChange) -> Address:
    """Change what the document names; orders keep their copies. Raises NotFound and Conflict."""

    def work() -> Address:
        address = _locked_address(_locked_customer(site, customer_id), address_id)
        write_address(site, address, document)
        return address

    return in_transaction(work)


def delete_address(*, site: Site, customer_id: str, address_id: str) -> None:
    """Remove an address; a default that pointed there becomes empty, orders keep their copies. Raises NotFound."""

    def work() -> None:
        _locked_address(_locked_customer(site, customer_id), address_id).delete()

    in_transaction(work)


def lock_companies(site: Site, *, when: bool = True) -> None:
    """One writer at a time changes who is under whom on a site: two moves could close a cycle together."""
    if when:
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)


def _locked_customer(site: Site, customer_id: str) -> Customer:
    customer = Customer.objects.for_site(site).present().identified(customer_id).select_for_update(no_key=True).first()
    if customer is None:
        raise NotFound
    return customer


def _locked_address(customer: Customer, address_id: str) -> Address:
    """Locked whole, so that nobody makes it a default while it goes."""
    addresses = Address.objects.for_site(customer.site).filter(customer=customer)
    address = addresses.identified(address_id).select_for_update().first()
    if address is None:
        raise NotFound
    return address


def write_customer(site: Site, customer: Customer, document: CustomerChange) -> bool:
    """Store what the document names, under the locks; whether anything changed: if not, no time moves.

    For operations, within their transaction.
    """
    before = None if customer._state.adding else _columns_of(customer)
    references = references_of(site=site, customer=customer, document=document)
    if references.faults:
        raise InvalidDocument(faults=references.faults)
    _refuse_taken(customer_claims_taken(site=site, customer=customer, document=document))
    sent = document.model_fields_set
    if "email" in sent and document.email.lower() != customer.email.lower():
        customer.user = None
    for attribute, row in references.found.items():
        setattr(customer, attribute, row)
    for name in TAKEN_AS_SENT & sent:
        setattr(customer, name, getattr(document, name))
    if "currency_code" in sent:
        customer.currency_code = document.currency_code or ""
    if "role" in sent and not _is_main_by_itself(customer, document):
        customer.role = document.role or ""
    if "payment_on_account" in sent:
        on_account = document.payment_on_account
        customer.payment_on_account = on_account is not None
        customer.credit_limit = on_account.credit_limit if on_account else None
        customer.credit_currency_code = (on_account.currency_code if on_account else None) or ""
        customer.net_terms = on_account.net_terms if on_account else None
    is_changed = before != _columns_of(customer)
    if is_changed:
        customer.save()
    return is_changed


def _is_main_by_itself(customer: Customer, document: CustomerChange) -> bool:
    """Whether what is sent as the role is what is answered for a customer without parent of whom nothing was said.

    Kept, it would make a main user of him once he gets a parent, whom he should not see the books of.
    """
    nothing_said = not customer._state.adding and not customer.role and customer.parent_id is None
    return nothing_said and document.role == Customer.Role.MAIN


def _columns_of(customer: Customer) -> dict[str, Any]:
    return {field.attname: getattr(customer, field.attname) for field in Customer._meta.concrete_fields}


def write_address(site: Site, address: Address, document: AddressChange) -> None:
    """Store what the document names, under the customer's lock. For operations, within their transaction."""
    sent = document.model_fields_set & AddressChange.model_fields.keys()
    if "external_id" in sent:
        _refuse_taken(address_claims_taken(site=site, address=address, external_id=document.external_id))
    for name in sent:
        # Null clears a text.
        setattr(address, name, getattr(document, name) or "")
    address.save()


def _refuse_children(customer: Customer) -> None:
    if customer.children.filter(deleted_at=None).exists():
        raise Conflict("Other customers buy for this one.", code="resource-in-use")


def _refuse_taken(faults: Iterable[Fault]) -> None:
    """Raises Conflict with every fault. A claim made at this very moment is caught by the database, and tried again."""
    if faults := list(faults):
        raise Conflict(faults=faults)
