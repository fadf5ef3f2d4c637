"""Orders of the Core API and what may be done with them, as they are sent. What is answered: `order_answers`.

Member names: SparkLayer's public Core API. Which member is which of the purchase: `purchasing.core_orders`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    JsonValue,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from core.api.documents import validate
from core.documents import (
    HIGHEST_QUANTITY,
    Amount,
    CurrencyCode,
    Document,
    Identifier,
    Instant,
    Name,
    NullIsAbsent,
    Quantity,
    Whole,
    fault,
    not_one_of_ours,
    read_digits,
    without_nulls,
)
from core.ids import PACKAGE, PURCHASE
from customers.documents import NewAddress
from purchasing.documents import MAX_ENTRIES, MAX_LINES, MAX_PACKAGES

Body = TypeVar("Body", bound=Document)

PaymentMethod = Literal["upfrontPayment", "paymentByInvoice", "paymentOnAccount", "hokodoPayment", "other"]

_HAS_SCHEME = re.compile(r"[^/?#]*:|/|\s", re.ASCII)


def _web_address(value: str) -> str:
    """Only http and https are stored, as links end up in pages: a bare `dpd.example/t/1` is one of https."""
    if not value or value.lower().startswith(("http://", "https://")):
        return value
    if _HAS_SCHEME.match(value):
        raise ValueError("must be an http or https address")
    return f"https://{value}"


WebLink = Annotated[str, Field(strict=True, max_length=9_990), AfterValidator(_web_address)]
Reference = Annotated[str, StringConstraints(strict=True, max_length=512)]
CustomerId = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=255), BeforeValidator(read_digits)]
OrderExternalId = Annotated[Identifier, not_one_of_ours(PURCHASE)]
PackageExternalId = Annotated[Identifier, not_one_of_ours(PACKAGE)]
Units = Annotated[int, Whole(1, HIGHEST_QUANTITY)]
Metadata = Annotated[
    dict[Name, JsonValue],
    Field(max_length=MAX_ENTRIES),
    WithJsonSchema({"type": "object", "maxProperties": MAX_ENTRIES, "additionalProperties": True}),
]


class OrderPrice(NullIsAbsent):
    """What is paid, in the order's currency."""

    gross: Amount
    net: Amount


class OrderCredit(NullIsAbsent):
    """What is credited, in the order's currency."""

    gross: Annotated[Amount, Field(ge=0)]
    net: Annotated[Amount, Field(ge=0)]


class ActionItem(NullIsAbsent):
    """Goods by the variant's id (ours or the caller's), else by SKU."""

    variant_id: Identifier = ""
    sku: Identifier = ""
    quantity: Units

    @model_validator(mode="after")
    def _names_something(self) -> ActionItem:
        if not (self.variant_id or self.sku):
            raise fault("required", "Give a variant_id or a sku")
        return self


class ReturnedItem(ActionItem):
    """`refund_total`: what is credited for it; without it, its gross."""

    refund_total: OrderCredit | None = None


class OrderItem(NullIsAbsent):
    """A line of an order. Without a name it is called by its SKU."""

    variant_id: Identifier = ""
    sku: Identifier = ""
    name: Name = ""
    quantity: Quantity
    line_total: OrderPrice

    @model_validator(mode="after")
    def _names_something(self) -> OrderItem:
        if not (self.variant_id or self.sku or self.name):
            raise fault("required", "Give a variant_id, a sku or a name")
        return self


class OrderPackage(NullIsAbsent):
    """Goods that share a fate; its dates say which. Needs a shipping address or the id of one."""

    created_at: Instant | None = None
    external_id: PackageExternalId = ""
    visible_id: Identifier = ""
    shipped_at: Instant | None = None
    cancelled_at: Instant | None = None
    returned_at: Instant | None = None
    items: Annotated[list[OrderItem], Field(min_length=1, max_length=MAX_LINES)]
    shipping_address: NewAddress | None = None
    shipping_address_id: Identifier = ""
    shipping_name: Name = ""
    shipping_sku: Name = ""
    total_shipping: OrderPrice | None = None


class OrderDocument(NullIsAbsent):
    """An order to create."""

    created_at: Instant = Field(description="When checkout was completed.")
    payment_method: PaymentMethod
    customer_id: CustomerId = Field(description="An id or external id.")
    currency_code: CurrencyCode
    packages: Annotated[list[OrderPackage], Field(min_length=1, max_length=MAX_PACKAGES)]
    external_id: OrderExternalId = ""
    visible_id: Identifier = Field("", description="The number that the buyer sees.")
    customer_reference: Reference = ""
    spark_billing_chargeable: Annotated[bool, Field(strict=True)] = True
    billing_address: NewAddress | None = None
    billing_address_id: Identifier = ""
    metadata: Metadata | None = None
    invoice_url: WebLink | None = None


class OrderChange(NullIsAbsent):
    """What may be changed of an order as a whole. Null removes it."""

    invoice_url: WebLink | None = None


class OrderTracking(NullIsAbsent):
    company: Name = ""
    url: WebLink = ""
    reference: Name = ""


class ShipDocument(NullIsAbsent):
    """Goods that left. `total_shipping` is taken off the packages they came from."""

    external_id: PackageExternalId = ""
    visible_id: Identifier = ""
    shipped_at: Instant
    shipment_tracking: list[OrderTracking] = Field(default_factory=list, max_length=MAX_ENTRIES)
    shipping_address: NewAddress | None = None
    shipping_address_id: Identifier = ""
    total_shipping: OrderCredit | None = None
    items: Annotated[list[ActionItem], Field(min_length=1, max_length=MAX_LINES)]


class CancelDocument(NullIsAbsent):
    """Goods that will not be shipped."""

    external_id: PackageExternalId = ""
    visible_id: Identifier = ""
    cancelled_at: Instant | None = Field(description="Null: now.")
    items: Annotated[list[ActionItem], Field(min_length=1, max_length=MAX_LINES)]


class ReturnDocument(NullIsAbsent):
    """Goods that came back. Freight is credited only when `refund_shipping` says so."""

    external_id: PackageExternalId = ""
    visible_id: Identifier = ""
    returned_at: Instant | None = Field(description="Null: now.")
    items: Annotated[list[ReturnedItem], Field(min_length=1, max_length=MAX_LINES)]
    refund_shipping: OrderCredit | None = None


class PackageDocument(NullIsAbsent):
    """What a package holds from now on; lines that are not named go. Without `total_shipping` that is kept."""

    total_shipping: OrderPrice | None = None
    items: Annotated[list[OrderItem], Field(min_length=1, max_length=MAX_LINES)]


_TOLD_BY_NULL = ("cancelled_at", "returned_at", "invoice_url")


def read_order_body(model: type[Body], body: Any) -> Body:
    """The document of a decoded body; null counts as absent but where it says something. Raises InvalidDocument."""
    told = {name: None for name in _TOLD_BY_NULL if name in body and body[name] is None}
    return validate(model, without_nulls(body, keep=frozenset({"metadata"})) | told)
