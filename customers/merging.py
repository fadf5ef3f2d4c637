"""A customer with its addresses created, or changed where the document says something else (files of customers).

Known by external id, else by e-mail. What the document does not name stays; addresses that it does not name too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from core.documents import Identifier
from core.errors import Conflict, Fault, InvalidDocument
from core.ids import ADDRESS, number_of
from core.models import Site
from core.retries import in_transaction
from core.written import Written
from customers.documents import MAX_ENTRIES, AddressChange, CustomerChange, NewAddress, NewCustomer
from customers.models import DEFAULT_GROUP, Address, Customer, CustomerGroup
from customers.operations import lock_companies, write_address, write_customer
from customers.references import ADDRESSES

NEEDED = tuple(name for name, field in NewCustomer.model_fields.items() if field.is_required())
ADDRESS_NEEDED = tuple(name for name, field in NewAddress.model_fields.items() if field.is_required())


class MergedAddress(AddressChange):
    """An address: the one of this id, else of this external id, else one that says all of this already, else new."""

    id: Identifier | None = None
    default_for: Literal["billing", "shipping", "both"] | None = None


class MergedCustomer(CustomerChange):
    """What is said of a customer."""

    addresses: list[MergedAddress] = Field(default_factory=list, max_length=MAX_ENTRIES)


def merge_customer(*, site: Site, document: MergedCustomer) -> Written:
    """Create the customer, or change what the document says otherwise than it stands.

    Raises InvalidDocument (what a new customer or address lacks, references, `parent-cycle`, an address meant twice)
    and Conflict `resource-already-exists`. A balance is not taken: what customers owe has files of its own.
    """
    _refuse_balance(document)

    def work() -> Written:
        sent = document.model_fields_set
        lock_companies(site, when="parent_customer_id" in sent)
        customer = _meant(site, document)
        is_new = customer is None
        if customer is None:
            _require(document, NEEDED)
            customer = Customer(site=site)
            if "group" not in sent:
                customer.group = CustomerGroup.objects.for_site(site).get(slug=DEFAULT_GROUP)
        values = {name: getattr(document, name) for name in CustomerChange.model_fields}
        own = sent & CustomerChange.model_fields.keys()
        is_changed = write_customer(site, customer, _change(values, own - ADDRESSES.keys()))
        stored = [] if is_new else _addresses_of(customer)
        defaults, is_other_address = _merge_addresses(customer, stored, document.addresses)
        if named := own & ADDRESSES.keys():
            is_changed |= write_customer(site, customer, _change(values, named))
        is_changed |= _set_defaults(customer, defaults)
        return Written.of(is_new=is_new, is_changed=is_changed or is_other_address)

    return in_transaction(work)


def _refuse_balance(document: MergedCustomer) -> None:
    if document.payment_on_account is not None and document.payment_on_account.balance is not None:
        message = "Balances are not taken with customers: opening balances have files of their own."
        raise InvalidDocument(message, code="not-permitted", property="payment_on_account.balance")


def _meant(site: Site, document: MergedCustomer) -> Customer | None:
    """By external id; else by e-mail, unless that customer has another external id: then the e-mail is taken."""
    present = Customer.objects.for_site(site).present()
    found = None
    if document.external_id:
        found = present.filter(external_id=document.external_id).select_for_update(no_key=True).first()
    if found is None and document.email:
        others = {"external_id": ""} if document.external_id else {}
        found = present.with_email(document.email).filter(**others).select_for_update(no_key=True).first()
    return found


def _require(document: CustomerChange | AddressChange, needed: Sequence[str], place: str = "") -> None:
    """Raises InvalidDocument with what is missing of something that is new."""
    missing = [name for name in needed if name not in document.model_fields_set]
    if missing:
        raise InvalidDocument(faults=[Fault("required", f"{place}{name}", "A new one needs this.") for name in missing])


def _change(values: dict[str, Any], sent: set[str]) -> CustomerChange:
    return CustomerChange.model_construct(_fields_set=sent, **values)


def _addresses_of(customer: Customer) -> list[Address]:
    own = Address.objects.for_site(customer.site).filter(customer=customer)
    return list(own.select_for_update().order_by("id"))


def _merge_addresses(
    customer: Customer, stored: Sequence[Address], sent: Sequence[MergedAddress]
) -> tuple[dict[str, Address], bool]:
    """Which addresses are said to be the defaults, by attribute of Customer, and whether any address changed."""
    defaults: dict[str, Address] = {}
    written: list[Address] = []
    is_changed = False
    for index, document in enumerate(sent):
        place = f"addresses[{index}]"
        address = _recognised([*stored, *(new for new in written if new not in stored)], document, place)
        if address in written:
            raise InvalidDocument("This address is there more than once.", code="repeated", property=place)
        if address is None:
            _require(document, ADDRESS_NEEDED, f"{place}.")
            address = Address(site=customer.site, customer=customer)
        if address._state.adding or not _says(address, document):
            _write(address, document, place)
            is_changed = True
        written.append(address)
        for kind in ("billing", "shipping"):
            if document.default_for in (kind, "both"):
                defaults[f"default_{kind}_address"] = address
    return defaults, is_changed


def _set_defaults(customer: Customer, defaults: dict[str, Address]) -> bool:
    """Addresses of this very customer, written under its lock: none of them goes meanwhile."""
    others = {name: address for name, address in defaults.items() if getattr(customer, f"{name}_id") != address.pk}
    for name, address in others.items():
        setattr(customer, name, address)
    if others:
        customer.save(update_fields=[*others, "updated_at"])
    return bool(others)


def _recognised(stored: Sequence[Address], document: MergedAddress, place: str) -> Address | None:
    if document.id:
        number = number_of(ADDRESS, document.id)
        found = next((address for address in stored if address.pk == number), None)
        if found is None:
            message = f"{document.id} is no address of this customer."
            raise InvalidDocument(message, code="resource-not-found", property=f"{place}.id")
        return found
    if document.external_id:
        return next((address for address in stored if address.external_id == document.external_id), None)
    return next((address for address in stored if _says(address, document)), None)


def _says(address: Address, document: AddressChange) -> bool:
    """Whether the address stands as the document says it. Null clears a text."""
    sent = document.model_fields_set & AddressChange.model_fields.keys()
    return all(getattr(address, name) == (getattr(document, name) or "") for name in sent)


def _write(address: Address, document: AddressChange, place: str) -> None:
    """Raises Conflict that names the member of this address."""
    try:
        write_address(address.site, address, document)
    except Conflict as refusal:
        faults = [Fault(fault.code, f"{place}.{fault.property}", fault.message) for fault in refusal.faults]
        raise Conflict(faults=faults) from None
