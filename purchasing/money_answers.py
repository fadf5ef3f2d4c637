"""What transactions, history and credit are answered as. Declared here for the schema and for the tests."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, RootModel

from purchasing.answers import Answer, Decimals, Instant, Upper, Uuid, WarningAnswer


class TransactionAnswer(Answer):
    """A payment or refund; a write answers the purchase's warnings beside it."""

    id: Uuid
    purchase_spark_id: Uuid
    platform_id: str
    total: Decimals
    currency_code: Upper
    apply_to_balance: bool
    full_transaction: str
    created_at: Instant
    updated_at: Instant


class WrittenTransactionAnswer(TransactionAnswer):
    warnings: list[WarningAnswer]


class HistoryAnswer(Answer):
    """What the customer sees of an applied transaction."""

    id: Uuid
    purchase_spark_id: Uuid
    type: Literal["payment", "refund"]
    message: str
    total: Decimals
    currency_code: Upper
    created_at: Instant


class CreditRowAnswer(Answer):
    """One thing that takes from the limit: `amount` = `figure` − `net_paid`, below 0 where it gives to it."""

    id: str = Field(description="Of the purchase, of the ledger entry, or of whose balance it is.", examples=["o_7"])
    kind: str = Field(description="The type of the purchase, or the kind of the entry.", examples=["order"])
    reference: str = Field(examples=["B2B1001"])
    figure: Decimals = Field(description="The charge, the amount due, or the amount of the entry.")
    net_paid: Decimals
    amount: Decimals


class CreditPartsAnswer(Answer):
    """The rows that used (the first three) and committed are the sums of."""

    entries: list[CreditRowAnswer] = Field(description="Opening and manual entries.")
    charges: list[CreditRowAnswer] = Field(description="Charged orders that are not settled.")
    balance: list[CreditRowAnswer] = Field(description="The balance, with `charge_posting` off; instead of the others.")
    committed: list[CreditRowAnswer] = Field(description="Purchases on account for which nothing is posted yet.")


class CreditAnswer(Answer):
    """What the account may still buy on account, in the currency of its limit."""

    account_id: str = Field(examples=["cu_1"])
    currency_code: Upper | None = Field(description="Null when nothing says it.")
    may_buy_on_account: bool
    limit: Decimals | None = Field(description="Null: none.")
    used: Decimals
    committed: Decimals
    available: Decimals | None = Field(description="Limit − used − committed. Null: no limit.")
    parts: CreditPartsAnswer


class TransactionRows(RootModel[list[TransactionAnswer]]):
    """A bare array, oldest first."""


class HistoryRows(RootModel[list[HistoryAnswer]]):
    """A bare array, newest first."""
