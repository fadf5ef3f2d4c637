"""Payments and refunds that outside systems record: by their purchase's address, or flat; and the history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.cursors import cursor_of, instant_key, read_cursor, uuid_number
from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.pagination import PAGE_PARAMETERS, link_behind
from core.api.query import Query
from core.api.views import ApiView
from core.documents import without_nulls
from core.errors import DomainError, InvalidDocument, NotFound
from core.ids import is_uuid
from core.site_settings import settings_of
from customers.api.reader import ReaderApiView
from purchasing.api.examples import (
    FLAT_TRANSACTION_BODY,
    HISTORY,
    TRANSACTION_ANSWER,
    TRANSACTION_BODY,
    TRANSACTION_ROW,
    TRANSACTION_ROWS,
)
from purchasing.api.purchases import LOOKUP_PARAMETERS, find_purchase
from purchasing.documents import FlatTransactionDocument, TransactionDocument
from purchasing.identity import Lookup, read_lookup
from purchasing.models import PurchaseHistory, PurchaseTransaction
from purchasing.money_answers import HistoryRows, TransactionAnswer, TransactionRows, WrittenTransactionAnswer
from purchasing.operations import record_transaction
from purchasing.rendering import history_form, transaction_form

PAGING = ("limit", "offset", "cursor")
FILTERS = ("purchase_spark_id", "platform_id", "apply_to_balance", "created_at[gte]", "created_at[lte]", *PAGING)


class TransactionWriter(ApiView):
    """What both addresses of a transaction share."""

    required_scopes = ("orders",)

    def record(self, lookup: Lookup, document: TransactionDocument, *, unknown: DomainError | None = None) -> Response:
        transaction = record_transaction(
            site=self.site,
            lookup=lookup,
            platform_id=document.platform_id,
            total=document.total,
            currency_code=document.currency_code,
            apply_to_balance=document.apply_to_balance,
            full_transaction=document.full_transaction,
            actor=self.actor,
            unknown=unknown,
        )
        form = transaction_form(transaction, transaction.purchase_spark_id)
        return Response({**form, "warnings": list(transaction.warnings)})

    def page_of(self, rows: QuerySet[PurchaseTransaction], query: Query) -> Response:
        """One page, oldest first, with the link to the next."""
        page = query.page()
        place = read_cursor(query, "created_at", key=instant_key, number=uuid_number)
        query.check()
        if place:
            created_at, number = place
            rows = rows.filter(Q(created_at__gt=created_at) | Q(id__gt=number), created_at__gte=created_at)
        found = list(
            rows.select_related("purchase")
            .defer("purchase__header", "purchase__contents", "purchase__words")
            .order_by("created_at", "id")[page.offset : page.offset + page.limit]
        )
        headers: dict[str, str] = {}
        for last in found[-1:]:
            cursor = cursor_of("created_at", last.created_at, last.pk)
            headers = link_behind(self.http_request, page=page, rows=len(found), cursor=cursor)
        return Response([transaction_form(row, row.purchase.spark_id) for row in found], headers=headers)


class PurchaseTransactionsView(TransactionWriter):
    """The transactions of one purchase."""

    @extend_schema(
        operation_id="purchase_transaction_list",
        summary="List the transactions of a purchase",
        parameters=[*LOOKUP_PARAMETERS, *PAGE_PARAMETERS],
        responses={200: TransactionRows},
        examples=[TRANSACTION_ROWS],
    )
    def get(self, request: Request, lookup_by: str, identifier: str) -> Response:
        """Informational ones too, oldest first."""
        query = Query(request.query_params, known=PAGING)
        purchase = find_purchase(self.site, lookup_by, identifier)
        return self.page_of(PurchaseTransaction.objects.for_site(self.site).filter(purchase_id=purchase.id), query)

    @extend_schema(
        operation_id="purchase_transaction_put",
        summary="Record or update a transaction of a purchase",
        parameters=LOOKUP_PARAMETERS,
        request=TransactionDocument,
        responses={200: WrittenTransactionAnswer},
        examples=[TRANSACTION_BODY, TRANSACTION_ANSWER],
    )
    def put(self, request: Request, lookup_by: str, identifier: str) -> Response:
        """The same `platform_id` again updates it. Applied, it counts in status, history and balance."""
        document = validate(TransactionDocument, without_nulls(self.body()))
        lookup = read_lookup(lookup_by, identifier, reading=True)
        if document.purchase_spark_id:
            purchase = find_purchase(self.site, lookup_by, identifier)
            if purchase.spark_id != document.purchase_spark_id:
                raise InvalidDocument(
                    "purchase_spark_id is not that of the purchase in the path",
                    code="idMismatch",
                    property="purchase_spark_id",
                )
        return self.record(lookup, document)

    @extend_schema(
        operation_id="purchase_transaction_post",
        summary="Record or update a transaction of a purchase (alias of PUT)",
        parameters=LOOKUP_PARAMETERS,
        request=TransactionDocument,
        responses={200: WrittenTransactionAnswer},
        examples=[TRANSACTION_BODY, TRANSACTION_ANSWER],
    )
    @idempotent
    def post(self, request: Request, lookup_by: str, identifier: str) -> Response:
        """As PUT. `Idempotency-Key` is honoured."""
        return self.put(request, lookup_by, identifier)


class TransactionsView(TransactionWriter):
    """Transactions of the whole site."""

    @extend_schema(
        operation_id="transaction_list",
        summary="List transactions",
        parameters=[*(OpenApiParameter(name, str) for name in FILTERS if name not in PAGING), *PAGE_PARAMETERS],
        responses={200: TransactionRows},
        examples=[TRANSACTION_ROWS],
    )
    def get(self, request: Request) -> Response:
        """Oldest first; a filter that names an unknown purchase finds nothing."""
        query = Query(request.query_params, known=FILTERS)
        rows = PurchaseTransaction.objects.for_site(self.site).filter(purchase__deleted_at=None)
        spark_id = query.text("purchase_spark_id")
        if spark_id is not None:
            if is_uuid(spark_id):
                rows = rows.filter(purchase__spark_id=UUID(spark_id))
            else:
                query.refuse("purchase_spark_id", "Give a UUID written 8-4-4-4-12.")
        platform_id = query.text("platform_id")
        if platform_id is not None:
            rows = rows.filter(platform_id=platform_id)
        applied = query.flag("apply_to_balance")
        if applied is not None:
            rows = rows.filter(apply_to_balance=applied)
        return self.page_of(self._created(rows, query), query)

    def _created(self, rows: QuerySet[PurchaseTransaction], query: Query) -> QuerySet[PurchaseTransaction]:
        bounds = {"created_at[gte]": "created_at__gte", "created_at[lte]": "created_at__lte"}
        asked = {name: field for name, field in bounds.items() if name in query.values}
        zone = settings_of(self.site).time_zone if asked else None
        for name, field in asked.items():
            assert zone is not None
            instant = query.instant(name, time_zone=zone)
            if instant is not None:
                rows = rows.filter(**{field: instant})
        return rows

    @extend_schema(
        operation_id="transaction_put",
        summary="Record or update a transaction",
        request=FlatTransactionDocument,
        responses={200: WrittenTransactionAnswer},
        examples=[FLAT_TRANSACTION_BODY, TRANSACTION_ANSWER],
    )
    def put(self, request: Request) -> Response:
        """The body names its purchase by `purchase_spark_id`."""
        document = validate(FlatTransactionDocument, without_nulls(self.body()))
        unknown = InvalidDocument("There is no such purchase.", code="resource-not-found", property="purchase_spark_id")
        return self.record(Lookup("sparklayer", document.purchase_spark_id), document, unknown=unknown)


class TransactionView(ApiView):
    """One transaction."""

    required_scopes = ("orders",)

    @extend_schema(
        operation_id="transaction_retrieve",
        summary="Read a transaction",
        responses={200: TransactionAnswer},
        examples=[TRANSACTION_ROW],
    )
    def get(self, request: Request, transaction_id: str) -> Response:
        """By our id."""
        if not is_uuid(transaction_id):
            raise NotFound
        row = (
            PurchaseTransaction.objects.for_site(self.site)
            .select_related("purchase")
            .filter(pk=UUID(transaction_id), purchase__deleted_at=None)
            .first()
        )
        if row is None:
            raise NotFound
        return Response(transaction_form(row, row.purchase.spark_id))


class HistoryView(ReaderApiView):
    """What the customer sees of money on a purchase."""

    required_scopes = ("orders",)
    person_methods = ("GET",)

    @extend_schema(
        operation_id="purchase_history_list",
        summary="List the history of a purchase",
        parameters=LOOKUP_PARAMETERS,
        responses={200: HistoryRows},
        examples=[HISTORY],
    )
    def get(self, request: Request, lookup_by: str, identifier: str) -> Response:
        """One item for each applied transaction, newest first, unpaged."""
        Query(request.query_params, known=()).check()
        purchase = find_purchase(self.site, lookup_by, identifier, reader=self.reader)
        items = PurchaseHistory.objects.for_site(self.site).filter(purchase_id=purchase.id)
        answer: list[dict[str, Any]] = [history_form(item, purchase.spark_id) for item in items]
        return Response(answer)
