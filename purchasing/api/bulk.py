"""POST of many purchases, or of many transactions, in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field, RootModel, WithJsonSchema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.bodies import BULK_BODY_LIMIT
from core.api.idempotency import idempotent
from core.api.query import Query
from core.api.schema import ProblemError
from core.api.views import ApiView
from core.errors import InvalidDocument
from purchasing.answers import Answer
from purchasing.api.bulk_examples import BULK_PURCHASES, BULK_TRANSACTIONS, PURCHASE_ITEMS, TRANSACTION_ITEMS
from purchasing.bulk import (
    MAX_ITEMS,
    BulkOutcome,
    Item,
    SentPurchase,
    put_purchases,
    read_purchases,
    read_transactions,
    record_transactions,
)
from purchasing.documents import FlatTransactionDocument, PurchaseDocument

DRY_RUN = OpenApiParameter("dry_run", bool, description="`true`: answers what the call would do, and does nothing.")


class _ItemAnswer(Answer):
    index: int = Field(description="Its place in the array that was sent, from 0 on.")
    outcome: Annotated[BulkOutcome, WithJsonSchema({"type": "string", "enum": [word.value for word in BulkOutcome]})]
    revision: int | None = Field(description="Of the purchase after this item; null when it was rejected.")
    errors: list[ProblemError] = Field(description="As in a problem; `property` is that of the item.")


class ItemIdentifiersAnswer(Answer):
    """All four, `""` where there is none; of what was rejected as sent, as far as they can be read."""

    sparklayer: str
    platform: str
    internal: str
    visible: str


class PurchaseItemAnswer(_ItemAnswer):
    """What became of one document."""

    identifiers: ItemIdentifiersAnswer


class TransactionIdentifiersAnswer(Answer):
    """Those of the transaction and its purchase; of what was rejected as sent, as far as they can be read."""

    purchase_spark_id: str
    platform_id: str


class TransactionItemAnswer(_ItemAnswer):
    """What became of one transaction."""

    identifiers: TransactionIdentifiersAnswer


class PurchaseItems(RootModel[list[PurchaseItemAnswer]]):
    """One for each document, in the order sent."""


class TransactionItems(RootModel[list[TransactionItemAnswer]]):
    """One for each transaction, in the order sent."""


class BulkPurchases(RootModel[list[PurchaseDocument | Any]]):
    """Documents, each with its identifiers inside. One that is none is rejected, alone."""

    root: list[PurchaseDocument | Any] = Field(max_length=MAX_ITEMS)


class BulkTransactions(RootModel[list[FlatTransactionDocument | Any]]):
    """Transactions, each naming its purchase. One that is none is rejected, alone."""

    root: list[FlatTransactionDocument | Any] = Field(max_length=MAX_ITEMS)


class BulkView(ApiView):
    """What both addresses share."""

    required_scopes = ("orders",)
    body_is_array = True
    body_limit = BULK_BODY_LIMIT

    def answer(self, read: Callable[[list[Any]], list[Any]], write: Callable[..., list[Item]]) -> Response:
        """Raises InvalidDocument `too-many`, and the refusals of `core.api.bodies`."""
        query = Query(self.http_request.GET, known=("dry_run",))
        dry_run = query.flag("dry_run")
        query.check()
        bodies = self.body()
        if len(bodies) > MAX_ITEMS:
            raise InvalidDocument(f"A call takes at most {MAX_ITEMS} items.", code="too-many")
        items = write(
            site=self.site,
            sent=read(bodies),
            actor=self.actor,
            dry_run=bool(dry_run),
            together="HTTP_IDEMPOTENCY_KEY" in self.http_request.META,
        )
        return Response([_form(item) for item in items])


class BulkPurchasesView(BulkView):
    @extend_schema(
        operation_id="purchase_bulk",
        summary="Create or replace many purchases",
        parameters=[DRY_RUN],
        request=BulkPurchases,
        responses={200: PurchaseItems},
        examples=[BULK_PURCHASES, PURCHASE_ITEMS],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Each as a PUT would, in the order sent; a rejected one leaves the others alone.

        At most 5,000, 32 MB. Each needs at least one identifier.
        """

        def read(bodies: list[Any]) -> list[SentPurchase]:
            return read_purchases(bodies, has_nulls=b"null" in self.http_request.body)

        return self.answer(read, put_purchases)


class BulkTransactionsView(BulkView):
    @extend_schema(
        operation_id="transaction_bulk",
        summary="Record or update many transactions",
        parameters=[DRY_RUN],
        request=BulkTransactions,
        responses={200: TransactionItems},
        examples=[BULK_TRANSACTIONS, TRANSACTION_ITEMS],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Each as a PUT of the flat address would, in the order sent; a rejected one leaves the others alone.

        At most 5,000, 32 MB.
        """
        return self.answer(read_transactions, record_transactions)


def _form(item: Item) -> dict[str, Any]:
    return {
        "index": item.index,
        "identifiers": item.identifiers,
        "outcome": item.outcome,
        "revision": item.revision,
        "errors": item.errors,
    }
