"""The ledger of the account that owes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import AwareDatetime, BaseModel, Field, RootModel, WithJsonSchema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import next_link
from core.api.query import Page, Query
from core.models import Site
from core.money import money_text
from core.site_settings import settings_of
from customers.api.customers import CustomerApiView
from customers.api.examples import LEDGER
from customers.models import AccountEntry, Customer

PARAMETERS = [
    OpenApiParameter("limit", int, description="1 to 500 rows; 100 when not given."),
    OpenApiParameter("offset", int, description="Rows to leave out first."),
    OpenApiParameter("currency_code", str, description="In whatever letter case."),
    OpenApiParameter("posted_at[gte]", str, description="A date-time, or a date for its first moment."),
    OpenApiParameter("posted_at[lte]", str, description="A date-time, or a date for its first moment."),
]


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


class LedgerView(CustomerApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_ledger_list",
        summary="List the postings of a customer's account",
        parameters=PARAMETERS,
        responses={200: LedgerRows},
        examples=[LEDGER],
    )
    def get(self, request: Request, id: str) -> Response:
        """Of the account that owes, the top-most parent. Oldest first; `Link` names the next page."""
        customer = self.customer(id)
        self.check_sees_balances()
        entries, page = entries_asked_for(self.site, request.query_params)
        entries = entries.filter(account__customer=Customer.objects.account_of(customer))
        rows = [entry_answered(entry) for entry in entries[page.offset : page.offset + page.limit]]
        return Response(rows, headers=next_link(request, page=page, rows=len(rows)))


def entries_asked_for(site: Site, parameters: QueryDict) -> tuple[QuerySet[AccountEntry], Page]:
    """The site's entries, oldest first, and the page of them. Raises InvalidDocument naming every fault."""
    query = Query(parameters, known=("limit", "offset", "currency_code", "posted_at[gte]", "posted_at[lte]"))
    entries = AccountEntry.objects.for_site(site).select_related("account").order_by("posted_at", "id")
    if (currency_code := query.text("currency_code")) is not None:
        entries = entries.filter(account__currency_code=currency_code.upper())
    time_zone = settings_of(site).time_zone
    if (since := query.instant("posted_at[gte]", time_zone=time_zone)) is not None:
        entries = entries.filter(posted_at__gte=since)
    if (until := query.instant("posted_at[lte]", time_zone=time_zone)) is not None:
        entries = entries.filter(posted_at__lte=until)
    page = query.page()
    query.check()
    return entries, page


def entry_answered(entry: AccountEntry) -> dict[str, Any]:
    """With its account selected."""
    return {
        "id": entry.pk,
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
