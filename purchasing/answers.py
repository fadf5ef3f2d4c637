"""What a purchase, its transactions and its history are answered as: `PurchaseDocument` and what is calculated.

Declared here for the schema, and for the tests that hold every answer against it; `purchasing.rendering` writes them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

from purchasing.documents import PurchaseType, QuoteStatus


class Answer(BaseModel):
    """An answered object has exactly these members."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Decimals = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["15.99"])]
Upper = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["GBP"])]


class MoneyAnswer(Answer):
    number: Decimals
    currency: Upper


class PurchaseIdentifiersAnswer(Answer):
    """All four, "" where there is none."""

    sparklayer: Uuid
    platform: str
    internal: str
    visible: str


class CustomerIdentifiersAnswer(Answer):
    """`cu_` ids, null where nobody is named."""

    sparklayer: str | None
    sparklayer_impersonator: str | None
    sparklayer_child: str | None


class PurchaseDatesAnswer(Answer):
    """The sender's times, in UTC; `calculated_submitted_at` is ours."""

    created_at: Instant | None
    updated_at: Instant | None
    placed_at: Instant | None
    calculated_submitted_at: Instant | None


class PurchaseAddressAnswer(Answer):
    name: str
    company: str
    address_line1: str
    address_line2: str
    city: str
    region_code: str
    postal_code: str
    country_code: str
    phone: str
    sparklayer_id: str
    title: str
    first_name: str
    last_name: str
    mobile: str
    nickname: str
    external_id: str


class TaxLineAnswer(Answer):
    title: str
    amount: MoneyAnswer
    rate: float | None


class RefundAnswer(Answer):
    net: MoneyAnswer | None
    gross: MoneyAnswer


class LineTotalAnswer(Answer):
    """The members that were sent; `total_net` is after discount. `calculated_gross` is what the line comes to."""

    total_net: MoneyAnswer
    discount_net: MoneyAnswer
    tax_rate: float | None = None
    total_tax: MoneyAnswer | None = None
    total_gross: MoneyAnswer | None = None
    discount_gross: MoneyAnswer | None = None
    calculated_gross: MoneyAnswer

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


class AttributeAnswer(Answer):
    key: str
    value: str


class NamedValueAnswer(Answer):
    name: str
    value: str | None


class ParentLineAnswer(Answer):
    identifiers: dict[str, str]
    relation: Literal["component", "dependent"]


class LineItemAnswer(Answer):
    """A line; `unit_total` is net of one unit, for display only."""

    id: str = Field(examples=["orp_12"])
    identifiers: dict[str, str]
    name_parent: str
    name_child: str
    quantity: int
    custom_attributes: list[AttributeAnswer]
    unit_total: MoneyAnswer | None
    line_total: LineTotalAnswer
    tax_lines: list[TaxLineAnswer]
    refund_total: RefundAnswer | None
    image_url: str
    product_slug: str
    rrp: MoneyAnswer | None
    barcode: str
    parent_line: ParentLineAnswer | None = Field(
        default=None, description="Only of lines that belong to another line of the purchase."
    )

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


class ShippingMethodAnswer(Answer):
    name: str
    sku: str
    line_total: LineTotalAnswer | None


class ShipmentAnswer(Answer):
    carrier: str
    carrier_id: str
    tracking_number: str
    tracking_url: str


class FileIdentifiersAnswer(Answer):
    internal: str
    visible: str


class FileDataAnswer(Answer):
    type: Literal["uri"]
    uri: str


class FileAnswer(Answer):
    identifiers: FileIdentifiersAnswer
    data: FileDataAnswer
    file_type: str


class PackageIdentifiersAnswer(Answer):
    sparklayer_package_id: Uuid
    platform: str
    internal: str
    visible: str


class PackageDatesAnswer(Answer):
    created_at: Instant | None
    shipped_at: Instant | None
    cancelled_at: Instant | None
    returned_at: Instant | None


class PackageAnswer(Answer):
    """A package; `type` is the word of its state."""

    id: str = Field(examples=["orp_11"])
    type: Literal["processing", "shipment", "refund", "cancelled"]
    identifiers: PackageIdentifiersAnswer
    line_items: list[LineItemAnswer]
    shipping_method: ShippingMethodAnswer | None
    shipping_address: PurchaseAddressAnswer | None
    shipments: list[ShipmentAnswer]
    accounting_files: list[FileAnswer]
    dates: PackageDatesAnswer
    refund_shipping: RefundAnswer | None


class QuantitiesAnswer(Answer):
    open: int
    shipped: int
    returned: int
    cancelled: int


class PaymentAnswer(Answer):
    """How far it is paid, in the purchase's currency."""

    amount_due: MoneyAnswer
    paid: MoneyAnswer
    refunded: MoneyAnswer
    net_paid: MoneyAnswer
    outstanding: MoneyAnswer
    credit: MoneyAnswer


class WarningAnswer(Answer):
    code: str
    property: str | None
    message: str


class ApprovalAnswer(Answer):
    """What was decided on this revision with this total; `by` and `at` are null while that is pending."""

    status: Literal["pending", "approved", "rejected"]
    revision: int
    total: MoneyAnswer
    by: str | None = Field(examples=["client:ERP"])
    at: Instant | None
    reason: str = Field(description="Of a rejection.")


FulfilmentWord = Literal["cancelled", "processing", "partially_shipped", "returned", "partially_returned", "shipped"]
PaymentWord = Literal["unpaid", "partially_paid", "paid", "overpaid", "partially_refunded", "refunded"]


class HeaderAnswer(Answer):
    """The document without packages and files, and which revision it is."""

    id: str = Field(examples=["o_7"])
    type: PurchaseType
    purchase_identifiers: PurchaseIdentifiersAnswer
    customer_identifiers: CustomerIdentifiersAnswer
    payment_method: str
    dates: PurchaseDatesAnswer
    customer_reference: str
    currency_code: Upper
    quote_status: QuoteStatus | None
    quote_expires_at: Instant | None
    billing_address: PurchaseAddressAnswer | None
    custom_fields: list[NamedValueAnswer]
    metadata: list[NamedValueAnswer]
    total_paid: MoneyAnswer | None
    tax_lines: list[TaxLineAnswer]
    calculated_shipping_address: str
    spark_billing_chargeable: Literal[False] = Field(
        default=False, description="Only in orders that are not chargeable."
    )
    revision: int
    revision_date: Instant

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


class PurchaseRow(HeaderAnswer):
    """A purchase in a list: the document without packages and files, and what is calculated."""

    calculated_total: MoneyAnswer
    calculated_total_usd: MoneyAnswer | None
    calculated_fulfilment_status: FulfilmentWord | None
    calculated_quantities: QuantitiesAnswer
    calculated_payment_status: PaymentWord | None
    calculated_payment: PaymentAnswer | None
    approval: ApprovalAnswer | None = Field(
        description="Of what waits for approval, of a rejected quote, and of an order that was approved."
    )
    warnings: list[WarningAnswer]


class PurchaseAnswer(PurchaseRow):
    """A whole purchase. Sent back as it is, it changes nothing."""

    packages: list[PackageAnswer]
    accounting_files: list[FileAnswer]


class RevisionAnswer(Answer):
    """A version of the document: when, by whom, and which members changed."""

    revision: int
    at: Instant
    by: str
    summary: str


class RevisionDocument(HeaderAnswer):
    """The document as it stood at a revision. `by`: whose doing it was (`client:ERP`, `staff:ann@…`, `system`)."""

    by: str
    packages: list[PackageAnswer]
    accounting_files: list[FileAnswer]


class ChangeAnswer(Answer):
    """A member that differs: before and after, null where it is not there."""

    path: str = Field(examples=["packages[0].line_items[2].quantity"])
    old: JsonValue
    new: JsonValue


class OpenInPurchaseAnswer(Answer):
    """An order that has something of a product open."""

    id: str = Field(examples=["o_7"])
    purchase_identifiers: PurchaseIdentifiersAnswer
    customer_reference: str
    open: int


class OpenLineAnswer(Answer):
    """A product that is still to come to an address, over all orders of a customer that wait for it."""

    sku: str = Field(description='"" where lines have none: `name` tells them apart then.')
    name: str = Field(description="As the newest of the orders has it.")
    ship_to: str = Field(description="The address in one line.")
    open: int = Field(description="What has not left yet.")
    ordered: int = Field(description="What was ordered and not cancelled.")
    shipped: int = Field(description="What has left, returned or not.")
    expected_at: Day | None = Field(
        description="The first day from today on for which a stock location expects the SKU (`restock_date`)."
    )
    purchases: list[OpenInPurchaseAnswer] = Field(description="Oldest first.")


class DeletedPurchaseRow(Answer):
    """A purchase that was deleted, by the identifiers it had, and when."""

    purchase_identifiers: PurchaseIdentifiersAnswer
    deleted_at: Instant


class PurchaseRows(RootModel[list[PurchaseRow] | list[DeletedPurchaseRow]]):
    """A bare array; with `deleted=true` of deleted purchases, the one first that was deleted first."""


class RevisionRows(RootModel[list[RevisionAnswer]]):
    """A bare array, oldest first."""


class ChangeRows(RootModel[list[ChangeAnswer]]):
    """A bare array."""


class OpenLineRows(RootModel[list[OpenLineAnswer]]):
    """A bare array, by SKU, name and address."""
