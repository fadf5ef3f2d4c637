"""Customers and addresses on the wire, as they are sent. What is answered: `customers.api.answers`.

One declaration serves creating and changing: a change names only what it changes. Null clears what may be null; where a
member may not be null it counts as not sent, unless creating needs it: then it is a fault (`docs/api.md`, nulls).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import ModuleType
from typing import Annotated, Any, Literal

import stdnum.ch.vat
import stdnum.eu.vat
import stdnum.gb.vat
import stdnum.no.mva
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    JsonValue,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from core.days import read_day
from core.documents import (
    DECIMAL_SCHEMA,
    Change,
    CountryCode,
    CurrencyCode,
    Day,
    Document,
    Identifier,
    Name,
    RegionCode,
    Text,
    Text20,
    Text30,
    Text50,
    Text128,
    fault,
    not_one_of_ours,
    read_digits,
    read_instant,
)
from core.ids import ADDRESS, CUSTOMER
from core.money import read_decimal, read_movement
from customers.models import DEFAULT_GROUP, Customer

MAX_ENTRIES = 1_000
HIGHEST_NUMBER = 2**63
"""Numbers in metadata stay below it: larger ones cannot be answered as they were sent."""

VAT_RULES: dict[str, ModuleType] = {
    **{country.upper(): stdnum.eu.vat for country in stdnum.eu.vat.MEMBER_STATES},
    "EL": stdnum.eu.vat,
    "GB": stdnum.gb.vat,
    "CH": stdnum.ch.vat,
    "NO": stdnum.no.mva,
}
"""Whose rules judge a VAT number, by the two letters it starts with."""


def _email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ValueError("must be an e-mail address") from None
    return value


def _vatin(value: str) -> str:
    rules = VAT_RULES.get(value.strip()[:2].upper())
    if rules is not None and not rules.is_valid(value):
        raise ValueError("is not a valid VAT number of its country")
    return value


def read_group(value: str) -> str:
    """A group by its slug; `base` is another word for `default`."""
    return DEFAULT_GROUP if value == "base" else value


def _percentage(value: Any) -> Decimal:
    number = read_decimal(value)
    if not 0 <= number <= 100:
        raise ValueError("must be between 0 and 100")
    return number


def _credit_limit(value: Any) -> Decimal:
    number = read_decimal(value, decimals=4)
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _balance(value: Any) -> Decimal:
    return read_decimal(value, decimals=4)


def _balance_date(value: Any) -> date:
    try:
        return read_day(value)
    except ValueError:
        return read_instant(value)


def _metadata(value: dict[str, Any]) -> dict[str, Any]:
    """Bounded as the purchase's: keys 255, strings 10,000 characters."""
    level: list[Any] = [value]
    while level:
        node = level.pop()
        if isinstance(node, dict):
            if any(len(key) > 255 for key in node):
                raise ValueError("has a key of more than 255 characters")
            level += node.values()
        elif isinstance(node, list):
            level += node
        elif isinstance(node, str) and len(node) > 10_000:
            raise ValueError("has a string of more than 10000 characters")
        elif isinstance(node, int | float) and abs(node) >= HIGHEST_NUMBER:
            raise ValueError("has a number too large to be kept: send it as a string")
    return value


Text64 = Annotated[str, StringConstraints(strict=True, max_length=64)]
Name128 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=128)]
Name255 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=255)]
CustomerExternalId = Annotated[Identifier, not_one_of_ours(CUSTOMER)]
AddressExternalId = Annotated[
    Text50,
    BeforeValidator(read_digits),
    not_one_of_ours(ADDRESS),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 50}, {"type": "integer"}]}),
]
Email = Annotated[
    str,
    Field(strict=True, max_length=255, json_schema_extra={"format": "email"}, examples=["tom.jones@climbing.com"]),
    AfterValidator(_email),
]
AgentGroup = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=64, pattern=r"^[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$")
]
PriceListSlug = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64)]
VatNumber = Annotated[str, StringConstraints(strict=True, max_length=64), AfterValidator(_vatin)]
Entries: Any = Field(default_factory=list, max_length=MAX_ENTRIES)
Metadata = Annotated[
    dict[str, JsonValue],
    Field(max_length=MAX_ENTRIES),
    AfterValidator(_metadata),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MAX_ENTRIES,
            "additionalProperties": {"type": ["string", "number", "boolean", "array", "object", "null"]},
            "examples": [{"region": "south-west"}],
        }
    ),
]
# Written out where they stand: as components of the schema they would be called Status and Role, as others are.
Status = Annotated[Customer.Status, WithJsonSchema({"type": "string", "enum": Customer.Status.values})]
Role = Annotated[Customer.Role, WithJsonSchema({"type": "string", "enum": Customer.Role.values})]
Percentage100 = Annotated[
    Decimal, BeforeValidator(_percentage), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})
]
CreditLimit = Annotated[
    Decimal, BeforeValidator(_credit_limit), WithJsonSchema({"type": "number", "minimum": 0, "examples": [5000]})
]
Balance = Annotated[Decimal, BeforeValidator(_balance), WithJsonSchema({"type": "number", "examples": [31.98]})]
BalanceDate = Annotated[
    datetime | date,
    BeforeValidator(_balance_date),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]
Days = Annotated[int, Field(strict=True, ge=0, le=3650)]


class AddressChange(Change):
    """What changes of an address."""

    needed = frozenset({"address_line1", "city", "country_code"})

    title: Text30 = ""
    first_name: Text50 = ""
    last_name: Text50 = ""
    company: Text128 = ""
    address_line1: Name255 = ""
    address_line2: Name = ""
    city: Name128 = ""
    region_code: RegionCode | None = None
    postal_code: Text20 = ""
    country_code: CountryCode = Field("", description="2 or 3 letters, kept as sent.", examples=["GB", "USA"])
    phone: Text20 = ""
    mobile: Text20 = ""
    external_id: AddressExternalId | None = Field(None, description="Yours; unique on the site. Not `ca_…`.")
    nickname: Text50 = ""


class NewAddress(AddressChange):
    """An address to add to a customer."""

    address_line1: Name255
    city: Name128
    country_code: CountryCode = Field(description="2 or 3 letters, kept as sent.", examples=["GB", "USA"])


class PaymentOnAccount(Document):
    """Credit of a customer. `balance` is taken where an outside system owns the debts (`charge_posting: off`)."""

    credit_limit: CreditLimit | None = Field(None, description="Null: no limit.")
    balance: Balance | None = Field(
        None, description="What the account owes; the difference is posted. Null: as it stands."
    )
    balance_date: BalanceDate | None = Field(None, description="The value date of that posting; null: today.")
    currency_code: CurrencyCode | None = Field(None, description="Of limit and balance; null: the customer's.")
    net_terms: Days | None = Field(None, description="Days until a charge is due; null: as the site says.")


class CustomerChange(Change):
    """What changes of a customer."""

    needed = frozenset({"first_name", "last_name", "email"})

    title: Text30 = ""
    first_name: Name128 = ""
    last_name: Name128 = ""
    email: Email = Field("", description="Unique on the site in whatever letter case; answered as sent.")
    company_name: Name = ""
    external_id: CustomerExternalId = Field(
        "", description="Yours; unique on the site. Not `cu_…`.", examples=["XXXX00123"]
    )
    accounting_id: Name = ""
    status: Status = Field(Customer.Status.ACTIVE, description="Only active customers may sign in.")
    role: Role | None = Field(None, description="Null: the main user of a company that has no parent.")
    group: Annotated[Text30, Field(min_length=1), AfterValidator(read_group)] = Field(
        DEFAULT_GROUP, description="Of a group that exists."
    )
    default_billing_address_id: Identifier | None = Field(None, description="An id or external id.")
    default_shipping_address_id: Identifier | None = Field(None, description="An id or external id.")
    currency_code: CurrencyCode | None = None
    sales_agent_groups: list[AgentGroup] = Entries
    price_lists: list[PriceListSlug] = Entries
    vatin_numbers: list[VatNumber] = Entries
    available_shipping_addresses: list[Text64] = Entries
    discount_percentage: Percentage100 | None = None
    tax_exempt: Annotated[bool, Field(strict=True)] = False
    payment_by_invoice: Annotated[bool, Field(strict=True)] | None = Field(None, description="Null: as the group.")
    payment_on_account: PaymentOnAccount | None = Field(None, description="Null: may not buy on account.")
    metadata: Metadata | None = None
    parent_customer_id: Identifier | None = Field(None, description="An id or external id. Null: a company of its own.")


class NewCustomer(CustomerChange):
    """A customer to create."""

    first_name: Name128
    last_name: Name128
    email: Email = Field(description="Unique on the site in whatever letter case; answered as sent.")


class WholeAddress(NewAddress):
    """An address of a customer who is replaced whole: the one of this id or external id, else a new one."""

    id: Identifier | None = Field(None, description="Ours, of an address of this customer.", examples=["ca_123"])


class WholeCustomer(NewCustomer):
    """A customer as it is to be, whole: what is left out is cleared, addresses that are left out are deleted."""

    id: Identifier | None = Field(None, description="Ours; needed where the path names it.", examples=["cu_123"])
    legacy_id: Identifier | None = Field(None, description="Another name for `id`.", examples=["cu_123"])
    addresses: list[WholeAddress] = Entries


class NewEntry(Document):
    """An opening or manual entry to post. Null members count as absent."""

    kind: Literal["opening", "manual"]
    currency_code: CurrencyCode
    amount: Annotated[Decimal, WithJsonSchema(DECIMAL_SCHEMA)] = Field(
        description="Above 0: owed. With no more decimals than the currency has; not 0."
    )
    reference: Annotated[str, Field(strict=True, min_length=1, max_length=255), BeforeValidator(read_digits)] = Field(
        description="Yours; once per customer, whatever the currency."
    )
    reason: Text = Field("", description="For people; a manual entry needs one.", validate_default=True)
    value_date: Day | None = Field(None, description="Null: today.")

    @field_validator("amount", mode="before")
    @classmethod
    def _read_amount(cls, value: Any, info: ValidationInfo) -> Decimal:
        return read_movement(value, info.data.get("currency_code"))  # read before; not there when it is at fault

    @field_validator("reason")
    @classmethod
    def _need_a_reason(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("kind") == "manual" and not value.strip():
            raise fault("required", "A manual entry says why")
        return value
