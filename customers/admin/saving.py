"""From what was changed in a customer's page to the documents that its operations take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms import ModelForm

from core.actors import Actor
from core.api.documents import validate
from core.ids import CUSTOMER, public_id
from customers.documents import AddressChange, CustomerChange, NewAddress, NewCustomer
from customers.models import Address, Customer
from customers.operations import add_address, create_customer, delete_address, patch_address, patch_customer

ON_ACCOUNT = {"credit_limit": "credit_limit", "credit_currency_code": "currency_code", "net_terms": "net_terms"}
PROPERTY_FIELDS = {
    "parent_customer_id": "parent",
    "default_billing_address_id": "default_billing_address",
    "default_shipping_address_id": "default_shipping_address",
    **{f"payment_on_account.{member}": name for name, member in ON_ACCOUNT.items()},
}
"""Members of the document and the fields of the form that stand for them."""


def save_customer(form: ModelForm[Customer], *, change: bool, actor: Actor, now: datetime) -> Customer:
    """Create or change the customer as the API does. Raises what the operation raises."""
    values = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
    if not change:
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [])}
    site = form.instance.site
    body = customer_members(values, form.cleaned_data)
    if not change:
        return create_customer(site=site, document=validate(NewCustomer, body), actor=actor, now=now)
    document = validate(CustomerChange, body)
    return patch_customer(site=site, customer_id=form.instance.public_id, document=document, actor=actor, now=now)


def customer_members(values: dict[str, Any], form_values: dict[str, Any]) -> dict[str, Any]:
    """Members of the document for these fields; credit is one member, told whole."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        match name:
            case "site":
                continue
            case "group":
                body["group"] = value.slug
            case "parent":
                body["parent_customer_id"] = public_id(CUSTOMER, value.pk) if value else None
            case "default_billing_address" | "default_shipping_address":
                body[f"{name}_id"] = value.public_id if value else None
            case "currency_code" | "role":
                body[name] = value or None
            case "payment_on_account" | "credit_limit" | "credit_currency_code" | "net_terms":
                allowed = form_values["payment_on_account"]
                # A limit of 0 and terms of 0 days are said; empty ones are not.
                said = {member: form_values.get(field) for field, member in ON_ACCOUNT.items()}
                credit = {member: None if value == "" else value for member, value in said.items()}
                body["payment_on_account"] = credit if allowed else None
            case _:
                body[name] = value
    return body


def save_addresses(customer: Customer, formset: Any) -> None:
    """Add, change and delete the addresses of the page as the API does."""
    formset.save(commit=False)
    removed = formset.deleted_forms if formset.can_delete else []
    for form in formset.forms:
        stored: Address | None = None if form.instance._state.adding else form.instance
        if form in removed:
            if stored is not None:
                delete_address(site=customer.site, customer_id=customer.public_id, address_id=stored.public_id)
        elif form.has_changed():
            values = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
            if stored is None:
                add_address(site=customer.site, customer_id=customer.public_id, document=validate(NewAddress, values))
            else:
                patch_address(
                    site=customer.site,
                    customer_id=customer.public_id,
                    address_id=stored.public_id,
                    document=validate(AddressChange, values),
                )
