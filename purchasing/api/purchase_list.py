"""The list of purchases."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.cursors import cursor_of
from core.api.pagination import TOTAL, link_behind
from core.errors import NotPermitted
from customers.api.reader import ReaderApiView
from purchasing.answers import PurchaseRows
from purchasing.api.examples import DELETED_ROWS, PURCHASE_ROWS
from purchasing.api.filters import PARAMETERS, Asked, read_filters
from purchasing.rendering import deleted_rows_json, rows_json
from purchasing.store.listing import DeletedPurchase, ListedPurchase, count_purchases, list_deleted, list_purchases
from purchasing.visibility import seen_by


class PurchaseListView(ReaderApiView):
    """Purchases of the site; for a customer those that he sees."""

    required_scopes = ("orders",)
    person_methods = ("GET",)

    @extend_schema(
        operation_id="purchase_list",
        summary="List purchases",
        parameters=[*PARAMETERS, TOTAL],
        responses={200: PurchaseRows},
        examples=[PURCHASE_ROWS, DELETED_ROWS],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Newest first, or as `order_by` says. A `Link` header names the next page, which goes on behind the last row
        whatever is stored meanwhile; a page with fewer rows than `limit` is the last.
        """
        asked = read_filters(request.query_params, site=self.site, seen=seen_by(self.reader))
        if asked.listing.deleted:
            if self.reader is not None:
                raise NotPermitted("What was deleted is told to programs alone.")
            gone = list_deleted(asked.listing)
            content, last, rows = deleted_rows_json(gone), gone[-1:], len(gone)
            return self._answer(asked, content, last, rows)
        found = list_purchases(asked.listing)
        return self._answer(asked, rows_json(found, to_customer=self.reader is not None), found[-1:], len(found))

    def _answer(
        self, asked: Asked, content: bytes, last: list[ListedPurchase] | list[DeletedPurchase], rows: int
    ) -> HttpResponse:
        headers: dict[str, str] = {}
        for row in last:
            cursor = cursor_of(asked.listing.order.name, row.key, row.id)
            headers |= link_behind(self.http_request, page=asked.page, rows=rows, cursor=cursor)
        if asked.count:
            headers["X-Total-Count"] = str(count_purchases(asked.listing))
        return HttpResponse(content, content_type="application/json", headers=headers)
