"""Stock locations: set up, read, change, list."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import operations
from catalog.api.answers import LocationAnswer, LocationRows, location_answered
from catalog.api.examples import LOCATION, LOCATION_CREATED, LOCATION_PATCHED, LOCATIONS
from catalog.documents import LocationChange, NewLocation
from catalog.models import StockLocation
from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.query import Query
from core.api.views import ApiView
from core.errors import NotFound


class StockLocationsView(ApiView):
    required_scopes = ("setup",)

    @extend_schema(
        operation_id="stock_locations_list",
        summary="List stock locations",
        responses={200: LocationRows},
        examples=[LOCATIONS],
    )
    def get(self, request: Request) -> Response:
        """All of them, by our id."""
        Query(request.query_params, known=()).check()
        locations = StockLocation.objects.for_site(self.site).order_by("id")
        return Response([location_answered(location) for location in locations])

    @extend_schema(
        operation_id="stock_locations_create",
        summary="Set up a stock location",
        request=NewLocation,
        responses={200: LocationAnswer},
        examples=[LOCATION_CREATED, LOCATION],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Its external id is free on the site, else 409 `resource-already-exists`."""
        document = validate(NewLocation, self.body())
        return Response(location_answered(operations.create_location(site=self.site, document=document)))


class StockLocationView(ApiView):
    required_scopes = ("setup",)

    @extend_schema(
        operation_id="stock_locations_retrieve",
        summary="Read a stock location",
        responses={200: LocationAnswer},
        examples=[LOCATION],
    )
    def get(self, request: Request, id: str) -> Response:
        """`id`: ours (`sl_12`) or the external id."""
        location = StockLocation.objects.for_site(self.site).identified(id).first()
        if location is None:
            raise NotFound
        return Response(location_answered(location))

    @extend_schema(
        operation_id="stock_locations_update",
        summary="Change a stock location",
        request=LocationChange,
        responses={200: LocationAnswer},
        examples=[LOCATION_PATCHED, LOCATION],
    )
    def patch(self, request: Request, id: str) -> Response:
        """Changes what is sent and nothing else."""
        document = validate(LocationChange, self.body())
        return Response(location_answered(operations.patch_location(site=self.site, location_id=id, document=document)))
