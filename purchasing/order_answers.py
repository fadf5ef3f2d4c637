"""What an order of the Core API is answered as; written by `purchasing.order_rendering`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, RootModel

from purchasing.answers import Answer, Instant, NamedValueAnswer
from purchasing.order_documents import PaymentMethod

PackageWord = Literal["processing", "shipped", "returned", "cancelled"]
OrderWord = Literal["incoming", "processing", "part_shipped", "shipped", "returned", "cancelled"]


class OrderPriceAnswer(Answer):
    """Net and gross; `tax_rate` in percent: as supplied, else as the two say."""

    tax_rate: float = Field(examples=[20])
    net: float = Field(examples=[4])
    gross: float = Field(examples=[4.8])
    currency_code: str = Field(pattern="^[a-z]{3}$", examples=["gbp"])


class OrderAddressAnswer(Answer):
    """An address as it was at the time of buying; `id` of the customer's address it was copied from."""

    id: str | None = Field(examples=["ca_123"])
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


class OrderTrackingAnswer(Answer):
    company: str
    url: str
    reference: str


class OrderItemAnswer(Answer):
    id: str = Field(examples=["orp_12"])
    external_id: str | None
    variant_id: str | None = Field(examples=["pv_123"])
    sku: str
    name: str
    child_name: str
    image_url: str
    slug: str
    quantity: int
    unit_total: OrderPriceAnswer | None = Field(description="Of one unit, at most 6 decimals; null for no units.")
    line_total: OrderPriceAnswer


class OrderPackageAnswer(Answer):
    """A package; its totals are its own, also when it is cancelled."""

    id: str = Field(examples=["orp_11"])
    created_at: Instant
    external_id: str | None
    visible_id: str | None
    status: PackageWord
    shipped_at: Instant | None
    shipment_tracking: list[OrderTrackingAnswer]
    cancelled_at: Instant | None
    returned_at: Instant | None
    items: list[OrderItemAnswer]
    shipping_address: OrderAddressAnswer | None
    shipping_address_id: str | None
    shipping_name: str
    shipping_sku: str
    total_sub: OrderPriceAnswer
    total_shipping: OrderPriceAnswer
    total: OrderPriceAnswer


class OrderAnswer(Answer):
    """An order; its totals are those of what is not cancelled."""

    id: str = Field(examples=["o_123"])
    customer_id: str | None = Field(examples=["cu_123"])
    spark_billing_chargeable: bool
    payment_method: PaymentMethod
    status: OrderWord
    currency_code: str = Field(pattern="^[a-z]{3}$", examples=["gbp"])
    external_id: str | None
    visible_id: str | None
    customer_reference: str | None
    created_at: Instant
    billing_address: OrderAddressAnswer | None
    packages: list[OrderPackageAnswer]
    total_sub: OrderPriceAnswer
    total_shipping: OrderPriceAnswer
    total: OrderPriceAnswer
    invoice_url: str | None
    metadata: dict[str, str | None] | None
    custom_fields: list[NamedValueAnswer]


class OrderRows(RootModel[list[OrderAnswer]]):
    """A bare array."""
