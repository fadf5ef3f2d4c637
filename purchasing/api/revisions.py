"""The versions of a purchase's document: the list, one as it stood, and what changed between two."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.query import Query
from core.api.views import ApiView
from core.errors import NotFound
from purchasing.answers import ChangeRows, RevisionDocument, RevisionRows
from purchasing.api.examples import CHANGES, REVISION, REVISIONS
from purchasing.api.purchases import JSON, LOOKUP_PARAMETERS, find_purchase
from purchasing.revisions import changes_of, list_revisions, revision_json

HIGHEST_NUMBER = 2**31 - 1
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
"""A revision has one address: `01` is none."""


class RevisionListView(ApiView):
    """The versions of a purchase's document."""

    required_scopes = ("orders",)

    @extend_schema(
        operation_id="purchase_revision_list",
        summary="List the revisions of a purchase",
        parameters=LOOKUP_PARAMETERS,
        responses={200: RevisionRows},
        examples=[REVISIONS],
    )
    def get(self, request: Request, lookup_by: str, identifier: str) -> Response:
        """Every accepted change of the document, oldest first, with its author. Unpaged."""
        Query(request.query_params, known=()).check()
        purchase = find_purchase(self.site, lookup_by, identifier, whole=False)
        return Response(list_revisions(site=self.site, purchase_id=purchase.id))


class RevisionView(ApiView):
    """One version of a purchase's document."""

    required_scopes = ("orders",)

    @extend_schema(
        operation_id="purchase_revision_retrieve",
        summary="Read a revision of a purchase",
        parameters=[
            *LOOKUP_PARAMETERS,
            OpenApiParameter("number", int, OpenApiParameter.PATH, description="Of the revision, from 1."),
        ],
        responses={200: RevisionDocument},
        examples=[REVISION],
    )
    def get(self, request: Request, lookup_by: str, identifier: str, number: str) -> HttpResponseBase:
        """The document as it stood, with the time and author of that revision.

        What depends on payments (`calculated_payment` and the like) is no part of a document and not told.
        """
        Query(request.query_params, known=()).check()
        purchase = find_purchase(self.site, lookup_by, identifier, whole=False)
        wanted = int(number) if _NUMBER.fullmatch(number) else 0
        document = revision_json(site=self.site, purchase_id=purchase.id, number=wanted)
        if document is None:
            raise NotFound
        return HttpResponse(document, content_type=JSON)


class DiffView(ApiView):
    """What changed between two versions of a purchase's document."""

    required_scopes = ("orders",)

    @extend_schema(
        operation_id="purchase_diff",
        summary="Compare two revisions of a purchase",
        parameters=[
            *LOOKUP_PARAMETERS,
            OpenApiParameter("from", int, description="The revision to compare with; the one before `to` by default."),
            OpenApiParameter("to", int, description="The newest revision by default."),
        ],
        responses={200: ChangeRows},
        examples=[CHANGES],
    )
    def get(self, request: Request, lookup_by: str, identifier: str) -> Response:
        """Each member that differs, before and after; null where it is not there.

        Packages and lines are compared with themselves, wherever they stand: the place in `path` is that in the newer
        document (`to`), and of one that is gone that in the older. The first revision has none before it: nothing
        changed. `from` may be the later one.
        """
        query = Query(request.query_params, known=("from", "to"))
        before, after = (query.whole(name, lowest=1, highest=HIGHEST_NUMBER) for name in ("from", "to"))
        query.check()
        purchase = find_purchase(self.site, lookup_by, identifier, whole=False)
        for name, number in (("from", before), ("to", after)):
            if number is not None and number > purchase.revision:
                query.refuse(name, "There is no such revision.", code="resource-not-found")
        query.check()
        after = after or purchase.revision
        before = before or max(after - 1, 1)
        return Response(changes_of(site_id=self.site.pk, purchase_id=purchase.id, before=before, after=after))
