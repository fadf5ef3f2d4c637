"""A purchase, its transactions and the customers it names, as their rows hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from core.ids import PURCHASE, public_id
from purchasing.status import Quantities
from purchasing.version import version_tag

PURCHASE_COLUMNS = (
    "id",
    "site_id",
    "spark_id",
    "platform_id",
    "internal_id",
    "visible_id",
    "type",
    "customer_id",
    "child_id",
    "impersonator_id",
    "payment_method",
    "customer_reference",
    "currency_code",
    "created_at",
    "placed_at",
    "updated_at",
    "submitted_at",
    "ordered_at",
    "stored_at",
    "changed_at",
    "deleted_at",
    "header",
    "contents",
    "given_package_ids",
    "revision",
    "revision_at",
    "changes",
    "calculated_total",
    "credited",
    "amount_due",
    "open_quantity",
    "shipped_quantity",
    "returned_quantity",
    "cancelled_quantity",
    "calculated_fulfilment_status",
    "paid",
    "refunded",
    "calculated_payment_status",
    "outstanding",
    "credit",
    "calculated_total_usd",
    "usd_rate",
    "usd_rate_date",
    "usd_rate_source",
    "warnings",
    "approval",
    "charge_posting",
    "account_id",
    "posted_charge",
    "posted_currency_code",
    "charge_value_date",
)


@dataclass(slots=True)
class StoredPurchase:
    """A purchase as its row holds it. `header`, `contents`, `warnings` and `approval` are JSON text."""

    id: int
    site_id: int
    spark_id: UUID
    platform_id: str
    internal_id: str
    visible_id: str
    type: str
    customer_id: int | None
    child_id: int | None
    impersonator_id: int | None
    payment_method: str
    customer_reference: str
    currency_code: str
    created_at: datetime | None
    placed_at: datetime | None
    updated_at: datetime | None
    submitted_at: datetime | None
    ordered_at: datetime
    stored_at: datetime
    changed_at: datetime
    deleted_at: datetime | None
    header: str
    contents: str
    given_package_ids: list[UUID]
    revision: int
    revision_at: datetime
    changes: int
    calculated_total: Decimal
    credited: Decimal
    amount_due: Decimal
    open_quantity: int
    shipped_quantity: int
    returned_quantity: int
    cancelled_quantity: int
    calculated_fulfilment_status: str | None
    paid: Decimal
    refunded: Decimal
    calculated_payment_status: str | None
    outstanding: Decimal
    credit: Decimal
    calculated_total_usd: Decimal | None
    usd_rate: Decimal | None
    usd_rate_date: date | None
    usd_rate_source: str | None
    warnings: str
    approval: str | None
    charge_posting: str
    account_id: int | None
    posted_charge: Decimal
    posted_currency_code: str
    charge_value_date: date | None

    @property
    def quantities(self) -> Quantities:
        return Quantities(self.open_quantity, self.shipped_quantity, self.returned_quantity, self.cancelled_quantity)

    @property
    def etag(self) -> str:
        """The version, opaque to clients."""
        return version_tag(number=self.id, revision=self.revision, changes=self.changes)

    @property
    def parties(self) -> list[int]:
        """The numbers of the customers it names: buyer, child, agent."""
        return [number for number in (self.customer_id, self.child_id, self.impersonator_id) if number]

    @property
    def number(self) -> str:
        """The number people use: visible, else internal, else platform id, else `o_12`."""
        return self.visible_id or self.internal_id or self.platform_id or public_id(PURCHASE, self.id)


@dataclass(slots=True)
class StoredTransaction:
    """A transaction as its row holds it. `told_total`: what the purchase history says of it, None when nothing."""

    id: UUID
    platform_id: str
    total: Decimal
    currency_code: str
    apply_to_balance: bool
    posted_amount: Decimal
    created_at: datetime
    told_total: Decimal | None


@dataclass(slots=True)
class NamedCustomer:
    """A customer that a document names, with the account that would owe for it today."""

    id: int
    external_id: str
    company_name: str
    currency_code: str
    deleted: bool
    account_id: int
