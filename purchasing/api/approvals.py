"""POST accept, approve and reject: what is decided on a quote, or on what waits for approval."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from core.api.documents import validate
from core.api.idempotency import idempotent
from core.documents import without_nulls
from customers.api.reader import ReaderApiView
from purchasing.answers import PurchaseAnswer
from purchasing.api.examples import ACCEPT_BODY, APPROVE_BODY, PURCHASE_ANSWER, REJECT_BODY
from purchasing.api.purchases import JSON, LOOKUP_PARAMETERS, preconditions_of
from purchasing.approvals import accept_quote, approve_purchase, reject_purchase
from purchasing.documents import AcceptDocument, ApproveDocument, RejectDocument
from purchasing.identity import read_lookup
from purchasing.putting import Put
from purchasing.rendering import purchase_json

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="Decide on this version only.")


class DecisionView(ReaderApiView):
    """What the three addresses share."""

    required_scopes = ("orders",)
    person_methods = ("POST",)

    def answer(self, put: Put) -> HttpResponse:
        """The purchase as it is now, with its version."""
        body = purchase_json(put.purchase, warnings=put.warnings, to_customer=self.reader is not None)
        return HttpResponse(body, content_type=JSON, headers={"ETag": put.purchase.etag})


class AcceptView(DecisionView):
    @extend_schema(
        operation_id="purchase_accept",
        summary="Accept a quote",
        parameters=[*LOOKUP_PARAMETERS, IF_MATCH],
        request=AcceptDocument,
        responses={200: PurchaseAnswer},
        examples=[ACCEPT_BODY, PURCHASE_ANSWER],
    )
    @idempotent
    def post(self, request: Request, lookup_by: str, identifier: str) -> HttpResponse:
        """A sent quote that has not expired becomes the order, once.

        409: `already-accepted`, `not-a-quote`, `quote-not-open`, `quote-expired`; `revision-stale` with the revision
        that stands.
        """
        document = validate(AcceptDocument, without_nulls(self.body()))
        put = accept_quote(
            site=self.site,
            lookup=read_lookup(lookup_by, identifier, reading=True),
            revision=document.revision,
            actor=self.actor,
            reader=self.reader,
            preconditions=preconditions_of(self.http_request),
        )
        return self.answer(put)


class ApproveView(DecisionView):
    @extend_schema(
        operation_id="purchase_approve",
        summary="Approve a purchase that waits for it",
        parameters=[*LOOKUP_PARAMETERS, IF_MATCH],
        request=ApproveDocument,
        responses={200: PurchaseAnswer},
        examples=[APPROVE_BODY, PURCHASE_ANSWER],
    )
    @idempotent
    def post(self, request: Request, lookup_by: str, identifier: str) -> HttpResponse:
        """It becomes the order at once, unless the site's setting `approval_places_order` is off.

        `total`: its `calculated_total`, as a number, a decimal string or a Money. 409: `already-approved`,
        `already-rejected`, `not-awaiting-approval`; `approval-stale` with the revision and the total that stand.
        """
        document = validate(ApproveDocument, without_nulls(self.body()))
        put = approve_purchase(
            site=self.site,
            lookup=read_lookup(lookup_by, identifier, reading=True),
            revision=document.revision,
            total=document.total,
            actor=self.actor,
            reader=self.reader,
            preconditions=preconditions_of(self.http_request),
        )
        return self.answer(put)


class RejectView(DecisionView):
    @extend_schema(
        operation_id="purchase_reject",
        summary="Reject a quote, or a purchase that waits for approval",
        parameters=[*LOOKUP_PARAMETERS, IF_MATCH],
        request=RejectDocument,
        responses={200: PurchaseAnswer},
        examples=[REJECT_BODY, PURCHASE_ANSWER],
    )
    @idempotent
    def post(self, request: Request, lookup_by: str, identifier: str) -> HttpResponse:
        """It stays rejected until its content is changed.

        409: `already-rejected`, `already-accepted`, `already-approved`, `quote-not-open`, `quote-expired`,
        `nothing-to-reject`.
        """
        document = validate(RejectDocument, without_nulls(self.body()))
        put = reject_purchase(
            site=self.site,
            lookup=read_lookup(lookup_by, identifier, reading=True),
            reason=document.reason,
            actor=self.actor,
            reader=self.reader,
            preconditions=preconditions_of(self.http_request),
        )
        return self.answer(put)
