"""A customer replaced whole, and its addresses with it (`PUT /api/v2/customers/{lookupBy}/{identifier}`).

Written through the same functions as every other change; what the document leaves out is cleared.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core import sql
from core.actors import Actor
from core.errors import Conflict, Fault, InvalidDocument, NotFound
from core.ids import ADDRESS, CUSTOMER, number_of
from core.models import Site
from core.retries import in_transaction
from customers.bookkeeping import follow_sent_balance
from customers.documents import AddressChange, CustomerChange, NewCustomer, WholeAddress, WholeCustomer
from customers.models import Address, Customer
from customers.operations import lock_companies, write_customer
from customers.references import ADDRESSES

_DELETE = "DELETE FROM customers_address WHERE site_id = $1 AND id = ANY($2)"


class LookupBy(StrEnum):
    """What the path names a customer by."""

    SPARKLAYER = "sparklayer"
    """Our id."""
    PLATFORM = "platform"
    """The external id."""
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Replaced:
    """The customer as it stands now, with the warnings of this request, and whether it is new."""

    customer: Customer
    is_new: bool


def put_customer(
    *, site: Site, lookup_by: str, identifier: str, document: WholeCustomer, actor: Actor, now: datetime
) -> Replaced:
    """Replace the customer that the path names, or create it under that external id or e-mail.

    Its balance stays what the ledger says. Addresses are recognised by id, then by external id. Raises NotFound for an
    unknown id or kind of look-up; InvalidDocument: `idMismatch` when the body does not repeat the identifier, and what
    `create_customer` raises; Conflict `resource-already-exists`.
    """
    kind = _read_kind(lookup_by)
    _check_repeated(kind, identifier, document)

    def work() -> Replaced:
        lock_companies(site, when=document.parent_customer_id is not None)
        customer = _locked(site, kind, identifier)
        if customer is None and kind is LookupBy.SPARKLAYER:
            raise NotFound
        if customer is None:
            lock_companies(site)  # of two who find nobody the second finds whom the first created
            customer = _locked(site, kind, identifier)
        is_new = customer is None
        customer = customer or Customer(site=site)
        _replace(site, customer, document)
        customer.warnings = follow_sent_balance(
            site=site, customer=customer, sent=document.payment_on_account, actor=actor, now=now
        )
        return Replaced(customer, is_new)

    return in_transaction(work)


def _read_kind(lookup_by: str) -> LookupBy:
    try:
        return LookupBy(lookup_by)
    except ValueError:
        raise NotFound from None


def _check_repeated(kind: LookupBy, identifier: str, document: WholeCustomer) -> None:
    match kind:
        case LookupBy.SPARKLAYER:
            member, is_same = "id", {document.id, document.legacy_id} - {None} == {identifier}
        case LookupBy.PLATFORM:
            member, is_same = "external_id", document.external_id == identifier
        case LookupBy.EMAIL:
            member, is_same = "email", document.email.lower() == identifier.lower()
    if not is_same:
        raise InvalidDocument("The body has to repeat what the path names.", code="idMismatch", property=member)


def _locked(site: Site, kind: LookupBy, identifier: str) -> Customer | None:
    present = Customer.objects.for_site(site).present()
    match kind:
        case LookupBy.SPARKLAYER:
            named = present.filter(pk=number_of(CUSTOMER, identifier) or 0)
        case LookupBy.PLATFORM:
            named = present.filter(external_id=identifier) if identifier else present.none()
        case LookupBy.EMAIL:
            named = present.with_email(identifier)
    return named.select_for_update(no_key=True).first()


def _replace(site: Site, customer: Customer, document: WholeCustomer) -> None:
    """The members, then the addresses, then which of them are the defaults: these may be new ones."""
    values = {name: getattr(document, name) for name in CustomerChange.model_fields}
    others = set(values) - set(ADDRESSES)
    is_changed = write_customer(site, customer, NewCustomer.model_construct(_fields_set=others, **values))
    _replace_addresses(site, customer, document.addresses)
    defaults = CustomerChange.model_construct(_fields_set=set(ADDRESSES), **values)
    if not write_customer(site, customer, defaults) and not is_changed:
        customer.save(update_fields=["updated_at"])  # what is put is new, whatever stood before


def _replace_addresses(site: Site, customer: Customer, sent: Sequence[WholeAddress]) -> None:
    """As many statements for one as for many. Raises InvalidDocument and Conflict with every fault."""
    own = Address.objects.for_site(site).filter(customer=customer)
    stored = list(own.select_for_update().order_by("id"))
    meant, faults = _recognised(stored, sent)
    if faults:
        raise InvalidDocument(faults=faults)
    if taken := _taken(site, customer, sent):
        raise Conflict(faults=taken)
    kept = [address for address in meant if address is not None]
    # Set free first: two of them may have changed places.
    own.filter(pk__in=[address.pk for address in kept]).update(external_id="")
    gone = {address.pk for address in stored} - {address.pk for address in kept}
    if gone:
        _remove(site, gone)
    names = list(AddressChange.model_fields)
    written = [address or Address(site=site, customer=customer) for address in meant]
    for address, document in zip(written, sent, strict=True):
        for name in names:
            setattr(address, name, getattr(document, name) or "")
    Address.objects.bulk_update([address for address in written if address.pk], names)
    Address.objects.bulk_create(address for address in written if not address.pk)


def _remove(site: Site, numbers: Collection[int]) -> None:
    """Addresses go, and nobody has them as a default. Three statements: Django's own way deletes a hundred in each."""
    for default in ADDRESSES.values():
        Customer.objects.for_site(site).filter(**{f"{default}__in": numbers}).update(**{default: None})
    sql.run(_DELETE, [site.pk, list(numbers)])


def _recognised(stored: Sequence[Address], sent: Sequence[WholeAddress]) -> tuple[list[Address | None], list[Fault]]:
    """Which stored address each of those that were sent is; None: a new one."""
    by_number = {address.pk: address for address in stored}
    by_external_id = {address.external_id: address for address in stored if address.external_id}
    meant: list[Address | None] = []
    faults: list[Fault] = []
    for place, document in enumerate(sent):
        number = number_of(ADDRESS, document.id) if document.id else None
        address = by_number.get(number or 0) if document.id else by_external_id.get(document.external_id or "")
        if document.id and address is None:
            message = f"{document.id} is no address of this customer."
            faults.append(Fault("resource-not-found", f"addresses[{place}].id", message))
        elif address is not None and address in meant:
            faults.append(Fault("repeated", f"addresses[{place}]", "This address is sent more than once."))
        meant.append(address)
    return meant, faults


def _taken(site: Site, customer: Customer, sent: Sequence[WholeAddress]) -> list[Fault]:
    """A fault for each external id that another address of the site, or an earlier one of the body, has."""
    asked = {document.external_id for document in sent if document.external_id}
    others = Address.objects.for_site(site).exclude(customer=customer).filter(external_id__in=asked)
    taken = set(others.values_list("external_id", flat=True)) if asked else set()
    faults = []
    for place, document in enumerate(sent):
        if document.external_id in taken:
            message = "Another address has this external id."
            faults.append(Fault("resource-already-exists", f"addresses[{place}].external_id", message))
        elif document.external_id:
            taken.add(document.external_id)
    return faults
