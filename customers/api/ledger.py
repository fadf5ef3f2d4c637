"""The ledger of the account that owes: read as a list, and posted to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.pagination import next_link
from core.api.query import Query
from core.documents import without_nulls
from core.site_settings import settings_of
from customers.api.entries import AccountApiView, LedgerEntryAnswer, LedgerRows, entry_answered
from customers.api.examples import ENTRY, LEDGER, POSTED
from customers.bookkeeping import post_entry
from customers.documents import NewEntry
from customers.entries import Stretch, account_ids_of, entry_of, read_entries
from customers.models import Customer

PAGING = [
    OpenApiParameter("limit", int, description="1 to 500 rows; 100 when not given."),
    OpenApiParameter("offset", int, description="Rows to leave out first."),
]
FILTERS = [
    OpenApiParameter("currency_code", str, description="In whatever letter case."),
    OpenApiParameter("posted_at[gte]", str, description="A date-time, or a date for its first moment."),
    OpenApiParameter("posted_at[lte]", str, description="A date-time, or a date for its first moment."),
]


class LedgerApiView(AccountApiView):
    """An address that answers the ledger in some form."""

    def entries(self, identifier: str, *, paging: Sequence[str] = ()) -> tuple[Customer, Stretch, Query]:
        """The customer who owes for the one asked for, where the entries are, and the query, to be checked.

        Raises NotFound. `paging`: further parameters that are known here.
        """
        _, account = self.account(identifier)
        query = Query(self.request.query_params, known=("currency_code", "posted_at[gte]", "posted_at[lte]", *paging))
        currency_code = query.currency("currency_code")
        time_zone = settings_of(self.site).time_zone
        stretch = Stretch(
            self.site.pk,
            account_ids_of(account=account, currency_code=currency_code),
            since=query.instant("posted_at[gte]", time_zone=time_zone),
            until=query.instant_after("posted_at[lte]", time_zone=time_zone),
            names_authors=self.reader is None,
        )
        return account, stretch, query


class LedgerView(LedgerApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_ledger_list",
        summary="List the postings of a customer's account",
        parameters=[*PAGING, *FILTERS],
        responses={200: LedgerRows},
        examples=[LEDGER],
    )
    def get(self, request: Request, id: str) -> Response:
        """Of the account that owes, the top-most parent. Oldest first; `Link` names the next page."""
        _, stretch, query = self.entries(id, paging=("limit", "offset"))
        page = query.page()
        query.check()
        rows: list[dict[str, Any]] = [
            entry_answered(entry) for entry in read_entries(stretch, limit=page.limit, offset=page.offset)
        ]
        return Response(rows, headers=next_link(request, page=page, rows=len(rows)))

    @extend_schema(
        operation_id="customers_ledger_create",
        summary="Post an opening or manual entry",
        request=NewEntry,
        responses={200: LedgerEntryAnswer},
        examples=[POSTED, ENTRY],
    )
    @idempotent
    def post(self, request: Request, id: str) -> Response:
        """To the account that owes. `reference` is known once per customer: the same again, with the same figures,
        posts nothing and answers the entry that stands; with other figures 409 `resource-already-exists`.
        """
        document = validate(NewEntry, without_nulls(self.body()))
        customer = self.customer(id)
        entry = post_entry(
            site=self.site, customer_id=customer.public_id, document=document, actor=self.actor, now=timezone.now()
        )
        return Response(entry_answered(entry_of(entry)))
