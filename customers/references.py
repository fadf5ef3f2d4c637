"""What a customer's document refers to, and whether what it claims is free. Called under the operations' locks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.errors import Fault
from core.models import Site
from customers.documents import CustomerChange
from customers.models import MAX_LEVELS, Address, Customer, CustomerGroup

ADDRESSES = {
    "default_billing_address_id": "default_billing_address",
    "default_shipping_address_id": "default_shipping_address",
}


@dataclass(frozen=True, slots=True)
class References:
    """What was named, by attribute of Customer; and a fault for each name that stands for nothing."""

    found: dict[str, Any]
    faults: list[Fault]


def references_of(*, site: Site, customer: Customer, document: CustomerChange) -> References:
    """The group, parent and default addresses that the document names. One query for each that is named."""
    sent = document.model_fields_set
    references = References({}, [])
    if "group" in sent:
        _refer(
            references,
            "group",
            "group",
            document.group,
            CustomerGroup.objects.for_site(site).filter(slug=document.group),
        )
    if "parent_customer_id" in sent:
        identifier = document.parent_customer_id or ""
        parents = Customer.objects.for_site(site).present().identified(identifier)
        _refer(references, "parent_customer_id", "parent", identifier, parents)
        parent = references.found.get("parent")
        if parent:
            references.faults.extend(_misplaced(site=site, customer=customer, parent=parent))
    for member, attribute in ADDRESSES.items():
        if member in sent:
            identifier = getattr(document, member) or ""
            # Locked, so that none goes while it becomes somebody's default.
            addresses = (
                Address.objects.for_site(site)
                .present()
                .identified(identifier)
                .select_for_update(of=("self",), no_key=True)
            )
            _refer(references, member, attribute, identifier, addresses)
    return references


def _refer(references: References, member: str, attribute: str, identifier: str, rows: Any) -> None:
    """Nothing named is a reference to nothing."""
    row = rows.first() if identifier else None
    if row or not identifier:
        references.found[attribute] = row
    else:
        references.faults.append(Fault("resource-not-found", member, f"{identifier} was not found."))


_PLACE = """
WITH RECURSIVE above AS (
    SELECT id, parent_id, 1 AS level FROM customers_customer WHERE site_id = %(site_id)s AND id = %(parent_id)s
    UNION ALL
    SELECT parent.id, parent.parent_id, above.level + 1
    FROM above JOIN customers_customer AS parent ON parent.site_id = %(site_id)s AND parent.id = above.parent_id
    WHERE above.level <= %(highest)s
), below AS (
    SELECT id, 1 AS level FROM customers_customer WHERE site_id = %(site_id)s AND id = %(customer_id)s
    UNION ALL
    SELECT child.id, below.level + 1
    FROM below JOIN customers_customer AS child
        ON child.site_id = %(site_id)s AND child.parent_id = below.id AND child.deleted_at IS NULL
    WHERE below.level <= %(highest)s
)
SELECT EXISTS (SELECT FROM above WHERE id = %(customer_id)s),
    (SELECT max(level) FROM above) + COALESCE((SELECT max(level) FROM below), 1)
"""


def _misplaced(*, site: Site, customer: Customer, parent: Customer) -> list[Fault]:
    """Why this customer, with everybody below it, cannot come under this parent (`docs/api.md`, parents)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE,
            {"site_id": site.pk, "customer_id": customer.pk, "parent_id": parent.pk, "highest": MAX_LEVELS},
        )
        is_cycle, levels = cursor.fetchone()
    if is_cycle:
        message = "A customer cannot come under itself or one below it."
        return [Fault("parent-cycle", "parent_customer_id", message)]
    if levels > MAX_LEVELS:
        message = f"A company may have at most {MAX_LEVELS} levels."
        return [Fault("too-many-levels", "parent_customer_id", message)]
    return []


def customer_claims_taken(*, site: Site, customer: Customer, document: CustomerChange) -> list[Fault]:
    """A fault for each of e-mail and external id that another customer of the site has."""
    sent = document.model_fields_set
    others = Customer.objects.for_site(site).present().exclude(pk=customer.pk)
    faults = []
    if "email" in sent and others.with_email(document.email).exists():
        faults.append(_taken("email", "Another customer has this e-mail."))
    if "external_id" in sent and document.external_id and others.filter(external_id=document.external_id).exists():
        faults.append(_taken("external_id", "Another customer has this external id."))
    return faults


def address_claims_taken(*, site: Site, address: Address, external_id: str | None) -> list[Fault]:
    """A fault when another address of the site has this external id."""
    others = Address.objects.for_site(site).exclude(pk=address.pk)
    if external_id and others.filter(external_id=external_id).exists():
        return [_taken("external_id", "Another address has this external id.")]
    return []


def _taken(member: str, message: str) -> Fault:
    return Fault("resource-already-exists", member, message)
