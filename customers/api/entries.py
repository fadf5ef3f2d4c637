"""Entries of an account as they are answered, and as they are sent; what ledger and statement have in common."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, RootModel, WithJsonSchema

from core.money import money_text
from customers.api.customers import CustomerApiView
from customers.entries import Entry
from customers.models import AccountEntry, Customer


class AccountApiView(CustomerApiView):
    """An address below a customer that shows or moves what its account owes.

    The account is one for a whole company: of people, only its main users are let in here.
    """

    def account(self, identifier: str) -> tuple[Customer, Customer]:
        """The customer that an id or external id names, and the one who owes for it. Raises NotFound, NotPermitted."""
        customer = self.customer(identifier)
        self.check_sees_balances()
        return customer, Customer.objects.for_site(self.site).account_of(customer)


class LedgerEntryAnswer(BaseModel):
    """One posting. Amounts are decimals in the currency's digits: above 0 is owed."""

    id: int
    kind: Annotated[AccountEntry.Kind, WithJsonSchema({"type": "string", "enum": AccountEntry.Kind.values})]
    amount: str = Field(examples=["-10.00"])
    currency_code: str = Field(examples=["GBP"])
    balance_after: str = Field(description="Of the account in this currency.", examples=["21.98"])
    value_date: date
    due_date: date | None = Field(description="Null where nothing is owed.")
    posted_at: AwareDatetime
    reference: str
    purchase_spark_id: UUID | None
    transaction_id: UUID | None
    reason: str
    author: str = Field(examples=["client:erp"])


class LedgerRows(RootModel[list[LedgerEntryAnswer]]):
    """A page of postings, oldest first."""


def entry_answered(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "amount": money_text(entry.amount, entry.currency_code),
        "currency_code": entry.currency_code,
        "balance_after": money_text(entry.balance_after, entry.currency_code),
        "value_date": entry.value_date,
        "due_date": entry.due_date,
        "posted_at": entry.posted_at,
        "reference": entry.reference,
        "purchase_spark_id": entry.purchase_spark_id,
        "transaction_id": entry.transaction_id,
        "reason": entry.reason,
        "author": entry.author,
    }
