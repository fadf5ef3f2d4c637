"""Customers and addresses as they are answered: declared for the schema, and made from rows.

Core resources answer currency codes in lower case and instants with `Z`; balances are ours, with upper case.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson
from pydantic import AwareDatetime, BaseModel, Field, RootModel

from core.api.renderer import core_instant, json_number
from core.ids import ADDRESS, CUSTOMER, public_id
from core.models import Site
from core.money import ZERO, money_text, plain
from customers.balances import Balance, balances_of
from customers.documents import Metadata, Role, Status
from customers.models import Address, Customer

ADDRESS_TEXTS = (
    "title",
    "first_name",
    "last_name",
    "company",
    "address_line1",
    "address_line2",
    "city",
    "region_code",
    "postal_code",
    "country_code",
    "phone",
    "mobile",
    "external_id",
    "nickname",
)


class AddressAnswer(BaseModel):
    """An address of a customer."""

    id: str = Field(examples=["ca_123"])
    title: str
    first_name: str
    last_name: str
    company: str
    address_line1: str
    address_line2: str
    city: str
    region_code: str
    postal_code: str
    country_code: str
    phone: str
    mobile: str
    external_id: str
    nickname: str


class AddressRows(RootModel[list[AddressAnswer]]):
    """Addresses, oldest first."""


class CustomerReference(BaseModel):
    """The company a customer buys for."""

    id: str = Field(examples=["cu_123"])
    external_id: str


class PaymentOnAccountAnswer(BaseModel):
    """Credit, and what the account owes in its currency."""

    credit_limit: float | None = Field(description="Null: no limit.", examples=[5000])
    balance: float | None = Field(
        description="Of the account that owes; below 0: in its favour. Null: nothing says which currency is meant, "
        "or the caller is a customer and no main user.",
        examples=[31.98],
    )
    currency_code: str | None = Field(examples=["gbp"])
    net_terms: int | None = Field(description="Days until a charge is due; null: as the site says.")


class BalanceAnswer(BaseModel):
    """What the account that owes has in one currency."""

    account_id: str = Field(description="The top-most parent, or the customer itself.", examples=["cu_123"])
    currency_code: str = Field(examples=["GBP"])
    amount: str = Field(description="A decimal; above 0: owed.", examples=["31.98"])


class CustomerAnswer(BaseModel):
    """A customer with its addresses and balances."""

    id: str = Field(examples=["cu_123"])
    created_at: AwareDatetime
    updated_at: AwareDatetime
    addresses: list[AddressAnswer]
    title: str
    first_name: str
    last_name: str
    email: str
    company_name: str
    external_id: str
    accounting_id: str
    status: Status
    role: Role | None
    group: str
    default_billing_address_id: str | None
    default_shipping_address_id: str | None
    currency_code: str | None = Field(examples=["gbp"])
    sales_agent_groups: list[str]
    price_lists: list[str]
    vatin_numbers: list[str]
    available_shipping_addresses: list[str]
    discount_percentage: float | None
    tax_exempt: bool
    payment_by_invoice: bool | None
    payment_on_account: PaymentOnAccountAnswer | None
    metadata: Metadata | None
    parent_customer: CustomerReference | None
    balances: list[BalanceAnswer]


class CustomerWarningAnswer(BaseModel):
    """Something of the request was understood, and not done."""

    code: str = Field(examples=["balance-is-derived"])
    property: str | None = Field(examples=["payment_on_account.balance"])
    message: str


class WrittenCustomerAnswer(CustomerAnswer):
    """A customer as a write left it, with the warnings of this request."""

    warnings: list[CustomerWarningAnswer]


class CustomerRows(RootModel[list[CustomerAnswer]]):
    """A page of customers."""


MERCHANTS_OWN: dict[str, Any] = {"metadata": None, "accounting_id": "", "sales_agent_groups": [], "price_lists": []}
"""What no customer reads, as it is answered to him."""


def customers_answered(
    site: Site, customers: Sequence[Customer], *, reader: Customer | None = None
) -> list[dict[str, Any]]:
    """Customers that came with their group, parent and addresses; one further query for all their balances.

    `reader`: the customer who asks and sees them all; the merchant's own members are empty for him, and balances are
    for main users.
    """
    if reader is not None and not reader.is_main_user:
        return [_without_balance(_customer_answered(customer, [])) | MERCHANTS_OWN for customer in customers]
    balances = balances_of(site_id=site.pk, customer_ids=[customer.pk for customer in customers])
    hidden = MERCHANTS_OWN if reader else {}
    return [_customer_answered(customer, balances[customer.pk]) | hidden for customer in customers]


def _without_balance(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["payment_on_account"] is not None:
        answer["payment_on_account"]["balance"] = None
    return answer


def address_answered(address: Address) -> dict[str, Any]:
    return {"id": address.public_id, **{name: getattr(address, name) for name in ADDRESS_TEXTS}}


def _customer_answered(customer: Customer, balances: list[Balance]) -> dict[str, Any]:
    return {
        "id": customer.public_id,
        "created_at": core_instant(customer.created_at),
        "updated_at": core_instant(customer.updated_at),
        "addresses": [address_answered(address) for address in customer.addresses.all()],
        "title": customer.title,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "company_name": customer.company_name,
        "external_id": customer.external_id,
        "accounting_id": customer.accounting_id,
        "status": customer.status,
        "role": customer.role or (None if customer.parent_id else Customer.Role.MAIN.value),
        "group": customer.group.slug,
        "default_billing_address_id": _address_id(customer.default_billing_address_id),
        "default_shipping_address_id": _address_id(customer.default_shipping_address_id),
        "currency_code": customer.currency_code.lower() or None,
        "sales_agent_groups": customer.sales_agent_groups,
        "price_lists": customer.price_lists,
        "vatin_numbers": customer.vatin_numbers,
        "available_shipping_addresses": customer.available_shipping_addresses,
        "discount_percentage": _number(customer.discount_percentage),
        "tax_exempt": customer.tax_exempt,
        "payment_by_invoice": customer.payment_by_invoice,
        "payment_on_account": _on_account(customer, balances) if customer.payment_on_account else None,
        "metadata": customer.metadata,
        "parent_customer": customer.parent
        and {"id": customer.parent.public_id, "external_id": customer.parent.external_id},
        "balances": [
            {
                "account_id": public_id(CUSTOMER, balance.account_id),
                "currency_code": balance.currency_code,
                "amount": money_text(balance.amount, balance.currency_code),
            }
            for balance in balances
        ],
    }


def _on_account(customer: Customer, balances: list[Balance]) -> dict[str, Any]:
    """The balance is in the limit's currency, else the customer's; when neither is known, only that nothing is owed."""
    currency_code = customer.credit_currency_code or customer.currency_code
    owed = {balance.currency_code: balance.amount for balance in balances}
    known = currency_code or not owed
    return {
        "credit_limit": _number(customer.credit_limit),
        "balance": _number(owed.get(currency_code, ZERO)) if known else None,
        "currency_code": currency_code.lower() or None,
        "net_terms": customer.net_terms,
    }


def _number(number: Decimal | None) -> orjson.Fragment | None:
    return None if number is None else json_number(plain(number))


def _address_id(number: int | None) -> str | None:
    return None if number is None else public_id(ADDRESS, number)
