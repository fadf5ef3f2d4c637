"""The purchase document on the wire, declared once.

PUT reads `PurchaseDocument`; GET answers `PurchaseAnswer`, which adds what is calculated. The schema, revisions and
the back office's comparison all stand on these declarations. Member names: SparkLayer's public Purchasing API.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from core.api.documents import FAULTS_LISTED, validate
from core.documents import (
    CountryCode,
    CurrencyCode,
    Document,
    Identifier,
    Instant,
    Money,
    Name,
    NullIsAbsent,
    Percentage,
    Quantity,
    RegionCode,
    Text,
    Text20,
    Text30,
    Text50,
    Text128,
    WebAddress,
    fault,
    read_digits,
    without_nulls,
)
from core.ids import is_uuid
from core.money import read_decimal, read_movement

MAX_LINES = 10_000
MAX_PACKAGES = 10_000
MAX_ENTRIES = 1_000
MAX_FULL_TRANSACTION = 1024 * 1024

PurchaseType = Literal["order", "order_unconfirmed", "awaiting_approval", "quote", "cart"]
QuoteStatus = Literal["draft", "sent", "accepted", "rejected", "expired"]
PackageType = Literal["", "processing", "incoming", "shipment", "refund", "cancelled"]


def _uuid_or_blank(value: Any) -> Any:
    if value == "" or isinstance(value, UUID):
        return value
    if isinstance(value, str) and is_uuid(value):
        return UUID(value)
    raise ValueError("must be a UUID written 8-4-4-4-12")


def _named_uuid(value: Any) -> Any:
    if value == "":
        raise fault("required", "This member is required")
    return _uuid_or_blank(value)


def _at_most_a_megabyte(value: str) -> str:
    if len(value.encode()) > MAX_FULL_TRANSACTION:
        raise fault("too-long", "must not be over 1 MB")
    return value


def _one_or_many(value: Any) -> Any:
    """The reference's samples print one object where many are meant."""
    return [value] if isinstance(value, dict) else value


class _DescribedAsOneOrMany:
    """An array, or one of its items."""

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler(core_schema)
        return {"anyOf": [described, described["items"]]}


_SPARK_ID_SCHEMA = {"anyOf": [{"type": "string", "format": "uuid"}, {"const": ""}]}
_NUMBER_SCHEMA = [{"type": "string"}, {"type": "number"}]
_MONEY_SCHEMA = {
    "type": "object",
    "properties": {"number": {"anyOf": _NUMBER_SCHEMA}, "currency": {"type": "string"}},
    "required": ["number", "currency"],
}
_TOTAL_SCHEMA = {"anyOf": [*_NUMBER_SCHEMA, _MONEY_SCHEMA], "examples": ["10.00"]}

SparkId = Annotated[UUID | Literal[""], BeforeValidator(_uuid_or_blank), WithJsonSchema(_SPARK_ID_SCHEMA)]
Reference = Annotated[str, StringConstraints(strict=True, max_length=512)]


class PurchaseIdentifiers(NullIsAbsent):
    """The four look-ups. Absent or empty keeps the stored one; null removes it.

    Never `sparklayer`: `purchasing.identity` refuses a null there, by what the path says.
    """

    sparklayer: Annotated[SparkId | None, WithJsonSchema(_SPARK_ID_SCHEMA)] = ""
    platform: Identifier | None = ""
    internal: Identifier | None = ""
    visible: Identifier | None = ""


class CustomerIdentifiers(NullIsAbsent):
    """Who buys: `cu_` ids, or the caller's own external ids. Answered as `cu_` ids."""

    sparklayer: Identifier = ""
    sparklayer_impersonator: Identifier = ""
    sparklayer_child: Identifier = ""

    @model_validator(mode="before")
    @classmethod
    def _older_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("sparklayer_sales_rep") and not data.get("sparklayer_impersonator"):
            return {**data, "sparklayer_impersonator": data["sparklayer_sales_rep"]}
        return data


class PurchaseDates(NullIsAbsent):
    """The sender's times. Without an offset they are read in the site's time zone."""

    created_at: Instant | None = None
    updated_at: Instant | None = None
    placed_at: Instant | None = None


class PurchaseAddress(NullIsAbsent):
    """An address as it was at the time of buying."""

    name: Name = ""
    company: Text128 = ""
    address_line1: Name
    address_line2: Name = ""
    city: Text128
    region_code: RegionCode = ""
    postal_code: Text20 = ""
    country_code: CountryCode
    phone: Text20 = ""
    sparklayer_id: Identifier = ""
    title: Text30 = ""
    first_name: Text50 = ""
    last_name: Text50 = ""
    mobile: Text20 = ""
    nickname: Text50 = ""
    external_id: Text50 = ""


class TaxLine(NullIsAbsent):
    """A tax by name, for example HST 20."""

    title: Name = ""
    amount: Money
    rate: Percentage | None = None


class RefundedMoney(NullIsAbsent):
    """What was credited for a returned line or for its freight."""

    net: Money | None = None
    gross: Money


class LineTotal(NullIsAbsent):
    """A line's money. `total_net` is after discount; `discount_net` says how much was taken off."""

    total_net: Money
    discount_net: Money | None = None
    tax_rate: Percentage | None = None
    total_tax: Money | None = None
    total_gross: Money | None = None
    discount_gross: Money | None = None


class ShippingTotal(LineTotal):
    """Shipping's money: without `total_net` it costs nothing."""

    total_net: Money | None = None  # type: ignore[assignment]  # required of a line, optional here


class ShippingMethod(NullIsAbsent):
    name: Name = ""
    sku: Name = ""
    line_total: ShippingTotal | None = None


class CustomAttribute(NullIsAbsent):
    """An option the buyer chose or filled in."""

    key: Name
    value: Text


class NamedValue(NullIsAbsent):
    """A custom field or a metadata entry; the value may be null."""

    name: Name
    value: Text | None = None


class ParentLine(NullIsAbsent):
    """The line of the same purchase that a line belongs to, by identifiers which that one alone has.

    `component`: a part of a bundle. `dependent`: bought along with it, such as a warranty.
    """

    identifiers: dict[Name, Identifier] = Field(min_length=1, max_length=1_000)
    relation: Literal["component", "dependent"] = "component"


class LineItem(NullIsAbsent):
    """A line: what, how many, and its money for the whole quantity."""

    identifiers: dict[Name, Identifier] = Field(default_factory=dict, max_length=1_000)
    name_parent: Name
    name_child: Name = ""
    quantity: Quantity
    custom_attributes: list[CustomAttribute] = Field(default_factory=list, max_length=MAX_ENTRIES)
    line_total: LineTotal
    tax_lines: list[TaxLine] = Field(default_factory=list, max_length=MAX_ENTRIES)
    refund_total: RefundedMoney | None = None
    image_url: WebAddress = ""
    product_slug: Name = ""
    rrp: Money | None = None
    barcode: Name = ""
    parent_line: ParentLine | None = Field(default=None, description="Answered only of lines that belong to another.")


class Shipment(NullIsAbsent):
    """A parcel on its way. Only http and https links are stored."""

    carrier: Name = ""
    carrier_id: Name = ""
    tracking_number: Name = ""
    tracking_url: WebAddress = ""


class FileIdentifiers(NullIsAbsent):
    internal: Identifier = ""
    visible: Identifier = ""


class FileData(NullIsAbsent):
    """Where the file is: an http or https address, as `uri` or `url`; answered as `uri`."""

    type: Literal["uri"] = "uri"
    uri: WebAddress = ""

    @model_validator(mode="before")
    @classmethod
    def _other_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("url") and not data.get("uri"):
            return {**data, "uri": data["url"]}
        return data


class AccountingFile(NullIsAbsent):
    """An invoice or another file kept elsewhere."""

    identifiers: FileIdentifiers = Field(default_factory=FileIdentifiers)
    data: FileData = Field(default_factory=FileData)
    file_type: Name = ""


class PackageIdentifiers(NullIsAbsent):
    """Unique within the purchase only."""

    sparklayer_package_id: SparkId = ""
    platform: Identifier = ""
    internal: Identifier = ""
    visible: Identifier = ""


class PackageDates(NullIsAbsent):
    """Dates decide the state of a package before its type does. `refunded_at` is read as `returned_at`."""

    created_at: Instant | None = None
    shipped_at: Instant | None = None
    cancelled_at: Instant | None = None
    returned_at: Instant | None = None
    refunded_at: Instant | None = None


class Package(NullIsAbsent):
    """Lines that share a fate: processing, shipped, returned or cancelled."""

    type: PackageType = ""
    identifiers: PackageIdentifiers = Field(default_factory=PackageIdentifiers)
    line_items: list[LineItem] = Field(default_factory=list, max_length=MAX_LINES)
    shipping_method: ShippingMethod | None = None
    shipping_address: PurchaseAddress | None = None
    shipments: list[Shipment] = Field(default_factory=list, max_length=MAX_ENTRIES)
    accounting_files: list[AccountingFile] = Field(default_factory=list, max_length=MAX_ENTRIES)
    dates: PackageDates = Field(default_factory=PackageDates)
    refund_shipping: RefundedMoney | None = None


class PurchaseDocument(NullIsAbsent):
    """A whole purchase as it is sent. What is not sent is gone, identifiers excepted."""

    type: PurchaseType
    purchase_identifiers: PurchaseIdentifiers = Field(default_factory=PurchaseIdentifiers)
    customer_identifiers: CustomerIdentifiers
    payment_method: Text = ""
    dates: PurchaseDates
    customer_reference: Reference = ""
    currency_code: CurrencyCode | None = None
    billing_address: PurchaseAddress | None = None
    packages: Annotated[
        list[Package], BeforeValidator(_one_or_many), Field(max_length=MAX_PACKAGES), _DescribedAsOneOrMany()
    ]
    accounting_files: list[AccountingFile] = Field(default_factory=list, max_length=MAX_ENTRIES)
    custom_fields: list[NamedValue] = Field(default_factory=list, max_length=MAX_ENTRIES)
    metadata: list[NamedValue] = Field(default_factory=list, max_length=MAX_ENTRIES)
    total_paid: Money | None = None
    tax_lines: list[TaxLine] = Field(default_factory=list, max_length=MAX_ENTRIES)
    quote_status: QuoteStatus | None = None
    quote_expires_at: Instant | None = None
    spark_billing_chargeable: Annotated[bool, Field(strict=True)] = Field(
        default=True, description="False for imported orders; answered only then."
    )


class TransactionDocument(NullIsAbsent):
    """A payment (`total` > 0) or refund (`total` < 0) as an outside system records it."""

    purchase_spark_id: SparkId = ""
    platform_id: Annotated[
        str,
        Field(strict=True, min_length=1, max_length=255),
        BeforeValidator(read_digits),
        WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": 255}, {"type": "integer"}]}),
    ]
    currency_code: CurrencyCode
    total: Annotated[Decimal, WithJsonSchema(_TOTAL_SCHEMA)]
    apply_to_balance: Annotated[bool, Field(strict=True)]
    full_transaction: Annotated[str, Field(strict=True), AfterValidator(_at_most_a_megabyte)] | None = None

    @field_validator("total", mode="before")
    @classmethod
    def _read_total(cls, value: Any, info: ValidationInfo) -> Decimal:
        """A number, a decimal string or a Money: not 0, and in the named currency with no more decimals than it has."""
        currency_code = info.data.get("currency_code")  # read before; not there when it is at fault itself
        if isinstance(value, dict):
            money = Money.model_validate(value)
            if currency_code and money.currency != currency_code:
                raise fault("currency-mismatch", "is in another currency than currency_code")
            value = money.number
        return read_movement(value, currency_code)


class FlatTransactionDocument(TransactionDocument):
    """A transaction that names its purchase itself."""

    purchase_spark_id: Annotated[
        UUID, BeforeValidator(_named_uuid), WithJsonSchema({"type": "string", "format": "uuid"})
    ]


def _amount_or_money(value: Any) -> Decimal | Money:
    return Money.model_validate(value) if isinstance(value, dict) else read_decimal(value)


Revision = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


class AcceptDocument(Document):
    """Which revision of a quote is accepted."""

    revision: Revision


class ApproveDocument(Document):
    """What is approved: the revision and the total that stand."""

    revision: Revision
    total: Annotated[Decimal | Money, PlainValidator(_amount_or_money), WithJsonSchema(_TOTAL_SCHEMA)]


class RejectDocument(Document):
    """Why it is rejected."""

    reason: Annotated[Text, Field(min_length=1, pattern=r"\S")]


def read_document(body: Any, *, has_nulls: bool = True, listed: int = FAULTS_LISTED) -> PurchaseDocument:
    """The document of a decoded JSON body. Raises InvalidDocument naming every fault at once, as `validate` does.

    `has_nulls`: False when the body is known to hold no null, which spares a walk through it.
    """
    sent = without_nulls(body, keep=_KEEPS_NULLS) if has_nulls else body
    return validate(PurchaseDocument, sent, listed=listed)


_KEEPS_NULLS = frozenset({"purchase_identifiers"})
