"""What a customer still waits for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import next_link
from core.api.query import Query
from core.site_settings import settings_of
from customers.api.customers import CustomerApiView
from customers.models import Customer
from purchasing.answers import OpenLineRows
from purchasing.api.examples import OPEN_LINES
from purchasing.store.open_lines import OpenLine, open_lines


class OpenLinesView(CustomerApiView):
    """The open lines of a customer's orders."""

    required_scopes = ("orders",)
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customer_open_line_list",
        summary="List what a customer still waits for",
        parameters=[
            OpenApiParameter("limit", int, description="1 to 500 rows; 100 when not given."),
            OpenApiParameter("offset", int, description="Rows to leave out first."),
        ],
        responses={200: OpenLineRows},
        examples=[OPEN_LINES],
    )
    def get(self, request: Request, id: str) -> Response:
        """One row for each product and address, by SKU, over all orders of the customer.

        Those of a main user, as a company's top is, are the whole company's, of others those in which they are named.
        """
        query = Query(request.query_params, known=("limit", "offset"))
        page = query.page()
        query.check()
        rows = open_lines(
            site_id=self.site.pk,
            customer_ids=Customer.objects.numbers_buying_with(self.customer(id), reader=self.reader),
            limit=page.limit,
            offset=page.offset,
            today=timezone.now().astimezone(settings_of(self.site).time_zone).date(),
        )
        return Response([_answered(row) for row in rows], headers=next_link(request, page=page, rows=len(rows)))


def _answered(row: OpenLine) -> dict[str, Any]:
    return asdict(row) | {"purchases": orjson.Fragment(row.purchases)}
