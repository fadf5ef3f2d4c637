"""PUT, GET and DELETE of one purchase by any of its four look-ups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from core.api.etag import if_match, if_none_match
from core.errors import NotFound
from core.models import Site
from customers.api.reader import ReaderApiView
from customers.models import Customer
from purchasing import store
from purchasing.answers import PurchaseAnswer
from purchasing.api.examples import PURCHASE_ANSWER, PURCHASE_BODY
from purchasing.documents import PurchaseDocument, read_document
from purchasing.identity import read_lookup
from purchasing.operations import Preconditions, delete_purchase, put_purchase
from purchasing.rendering import purchase_json
from purchasing.store import StoredPurchase
from purchasing.visibility import is_visible

JSON = "application/json"
LOOKUP_PARAMETERS = [
    OpenApiParameter("lookup_by", str, OpenApiParameter.PATH, enum=list(store.LOOKUPS)),
    OpenApiParameter(
        "identifier", str, OpenApiParameter.PATH, description="Exact, URL-encoded; a UUID for sparklayer."
    ),
]
VERSION_PARAMETERS = [
    OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="Write only over this version (`*`: any)."),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="`*`: only when there is none yet."),
]
KNOWN_VERSION = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="Versions that are known already: answered by 304."
)


class PurchaseView(ReaderApiView):
    """One purchase."""

    required_scopes = ("orders",)
    person_methods = ("GET",)

    @extend_schema(
        operation_id="purchase_retrieve",
        summary="Read a purchase",
        parameters=[*LOOKUP_PARAMETERS, KNOWN_VERSION],
        responses={200: PurchaseAnswer, 304: OpenApiResponse(description="Not changed since `If-None-Match`.")},
        examples=[PURCHASE_ANSWER],
    )
    def get(self, request: Request, lookup_by: str, identifier: str) -> HttpResponseBase:
        """The purchase with its packages, and what is calculated. `ETag` names its version."""
        known = if_none_match(self.http_request)
        if known is not None:
            # Without the document: most that ask so have it.
            current = find_purchase(self.site, lookup_by, identifier, reader=self.reader, whole=False).etag
            if known.match(current):
                return HttpResponse(status=304, headers={"ETag": current})
        purchase = find_purchase(self.site, lookup_by, identifier, reader=self.reader)
        answer = purchase_json(purchase, to_customer=self.reader is not None)
        return HttpResponse(answer, content_type=JSON, headers={"ETag": purchase.etag})

    @extend_schema(
        operation_id="purchase_put",
        summary="Create or replace a purchase",
        parameters=LOOKUP_PARAMETERS + VERSION_PARAMETERS,
        request=PurchaseDocument,
        responses={200: PurchaseAnswer},
        examples=[PURCHASE_BODY, PURCHASE_ANSWER],
    )
    def put(self, request: Request, lookup_by: str, identifier: str) -> HttpResponseBase:
        """Stores the whole purchase: what is not sent is gone, identifiers excepted. The same again changes nothing.

        `total_net` of a line is after discount; `discount_net` says how much was taken off. Members that are
        calculated are ignored.
        """
        lookup = read_lookup(lookup_by, identifier)
        put = put_purchase(
            site=self.site,
            lookup=lookup,
            document=read_document(self.body(), has_nulls=b"null" in self.http_request.body),
            actor=self.actor,
            preconditions=preconditions_of(self.http_request),
        )
        return HttpResponse(
            purchase_json(put.purchase, warnings=put.warnings), content_type=JSON, headers={"ETag": put.purchase.etag}
        )

    @extend_schema(
        operation_id="purchase_destroy",
        summary="Delete a purchase",
        parameters=LOOKUP_PARAMETERS + VERSION_PARAMETERS,
        responses={204: None},
    )
    def delete(self, request: Request, lookup_by: str, identifier: str) -> HttpResponseBase:
        """Its charge is reversed and its identifiers are free; refused while transactions are applied."""
        delete_purchase(
            site=self.site,
            lookup=read_lookup(lookup_by, identifier, reading=True),
            actor=self.actor,
            preconditions=preconditions_of(self.http_request),
        )
        return HttpResponse(status=204)


def find_purchase(
    site: Site, lookup_by: str, identifier: str, *, reader: Customer | None = None, whole: bool = True
) -> StoredPurchase:
    """The purchase a path names; for a program without the texts of its document, unless it is to be `whole`.

    Raises NotFound, and InvalidDocument for an unknown look-up.
    """
    lookup = read_lookup(lookup_by, identifier, reading=True)
    # Whether somebody sees a quote is a matter of its document.
    whole = whole or reader is not None
    found = store.find_purchases(site_id=site.pk, identifiers={lookup.kind: lookup.value}, whole=whole)
    if not found or not is_visible(found[0], reader=reader):
        raise NotFound
    return found[0]


def preconditions_of(request: HttpRequest) -> Preconditions:
    """The versions a request names."""
    return Preconditions(if_match(request), if_none_match(request))
