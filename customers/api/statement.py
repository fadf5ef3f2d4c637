"""The statement of the account that owes, as JSON; as files: `customers.api.files`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any

from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, Field, WithJsonSchema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.query import Query
from core.site_settings import ChargePosting, settings_of
from customers.ageing import BUCKETS
from customers.api.entries import AccountApiView, LedgerEntryAnswer, entry_answered
from customers.api.examples import STATEMENT
from customers.models import Customer
from customers.periods import period_of
from customers.statement import Statement, statement_of

KNOWN = ("from", "to", "currency_code", "as_at")
PARAMETERS = [
    OpenApiParameter("from", date, description="First day; the first of the month of `to` when not given."),
    OpenApiParameter("to", date, description="Last day, included; today when not given."),
    OpenApiParameter(
        "currency_code",
        str,
        description="In whatever letter case. When not given: the account's, its limit's, the customer's or the "
        "site's currency, the first of these in which something was posted.",
    ),
    OpenApiParameter(
        "as_at",
        str,
        description="The statement as it stood at this moment: a date-time, or a date for its last moment. "
        "It stands for now: `to` is by default its day.",
    ),
]


class AgeingAnswer(BaseModel):
    """What is owed by the days it is past due. The six figures sum to the closing balance."""

    not_due: str = Field(examples=["20.00"])
    d1_30: str = Field(examples=["11.98"])
    d31_60: str = Field(examples=["0.00"])
    d61_90: str = Field(examples=["0.00"])
    over_90: str = Field(examples=["0.00"])
    credit: str = Field(description="Left over of payments and credit notes; 0 or below.", examples=["0.00"])


class StatementAnswer(BaseModel):
    """What stood at the beginning of a period, what was posted in it, and what stands at its end."""

    first: date = Field(alias="from")
    to: date
    currency_code: str = Field(examples=["GBP"])
    posting_mode: Annotated[ChargePosting, WithJsonSchema({"type": "string", "enum": [*ChargePosting]})] = Field(
        description="What creates debts on this site: orders on account, every order, or an outside system (`off`)."
    )
    opening: str = Field(examples=["41.98"])
    lines: list[LedgerEntryAnswer] = Field(description="In the order they were posted.")
    closing: str = Field(examples=["31.98"])
    ageing: AgeingAnswer
    overdue: str = Field(description="Past due, however long.", examples=["11.98"])


class StatementApiView(AccountApiView):
    """An address that answers the statement in some form."""

    def statement(self, identifier: str) -> Statement:
        """The statement asked for. Raises NotFound, NotPermitted, InvalidDocument naming every bad parameter."""
        customer, account = self.account(identifier)
        return statement_asked_for(
            self.request.query_params, customer=customer, account=account, names_authors=self.reader is None
        )


def statement_asked_for(
    parameters: QueryDict, *, customer: Customer, account: Customer, names_authors: bool, others: Collection[str] = ()
) -> Statement:
    """The statement that the parameters of an address name. Raises InvalidDocument naming every bad one.

    `others`: parameters that the address reads itself.
    """
    settings = settings_of(customer.site)
    query = Query(parameters, known=(*KNOWN, *others))
    first, last = query.day("from"), query.day("to")
    until = query.moment_after("as_at", time_zone=settings.time_zone)
    currency_code = query.currency("currency_code")
    query.check()
    period = period_of(first=first, last=last, until=until, zone=settings.time_zone, now=timezone.now())
    return statement_of(
        settings=settings,
        customer=customer,
        account=account,
        currency_code=currency_code,
        period=period,
        names_authors=names_authors,
    )


class StatementView(StatementApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_statement_retrieve",
        summary="Read the statement of a customer's account",
        parameters=PARAMETERS,
        responses={200: StatementAnswer},
        examples=[STATEMENT],
    )
    def get(self, request: Request, id: str) -> Response:
        """Of the account that owes, the top-most parent. Days are those of the site's time zone.

        Lines are cut by the time of posting, so a period that is over never changes. All of them are answered.
        """
        return Response(statement_answered(self.statement(id)))


def statement_answered(statement: Statement) -> dict[str, Any]:
    figures = statement.figures()
    return {
        "from": statement.period.first,
        "to": statement.period.last,
        "currency_code": statement.currency_code,
        "posting_mode": statement.posting_mode,
        "opening": figures["opening"],
        "lines": [entry_answered(line) for line in statement.lines()],
        "closing": figures["closing"],
        "ageing": {bucket: figures[bucket] for bucket in BUCKETS},
        "overdue": figures["overdue"],
    }
