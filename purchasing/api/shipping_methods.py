"""Shipping methods: set up, read, change, list."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.query import Query
from core.api.views import ApiView
from core.errors import NotFound
from purchasing.api.shipping_examples import METHOD, METHOD_CREATED, METHOD_PATCHED, METHODS
from purchasing.models import ShippingMethod
from purchasing.shipping.answers import MethodAnswer, MethodRows, method_answered
from purchasing.shipping.documents import MethodChange, NewMethod
from purchasing.shipping.operations import create_method, patch_method


class ShippingMethodsView(ApiView):
    required_scopes = ("setup",)

    @extend_schema(
        operation_id="shipping_methods_list",
        summary="List shipping methods",
        responses={200: MethodRows},
        examples=[METHODS],
    )
    def get(self, request: Request) -> Response:
        """All of them, by our id."""
        Query(request.query_params, known=()).check()
        methods = ShippingMethod.objects.for_site(self.site).prefetch_related("bands").order_by("id")
        return Response([method_answered(method) for method in methods])

    @extend_schema(
        operation_id="shipping_methods_create",
        summary="Set up a shipping method",
        request=NewMethod,
        responses={200: MethodAnswer},
        examples=[METHOD_CREATED, METHOD],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Its SKU is free on the site, else 400 `resource-already-exists`."""
        document = validate(NewMethod, self.body())
        return Response(method_answered(create_method(site=self.site, document=document, now=timezone.now())))


class ShippingMethodView(ApiView):
    required_scopes = ("setup",)

    @extend_schema(
        operation_id="shipping_methods_retrieve",
        summary="Read a shipping method",
        responses={200: MethodAnswer},
        examples=[METHOD],
    )
    def get(self, request: Request, id: str) -> Response:
        """`id`: ours (`sm_12`) or the SKU."""
        method = ShippingMethod.objects.for_site(self.site).identified(id).first()
        if method is None:
            raise NotFound
        return Response(method_answered(method))

    @extend_schema(
        operation_id="shipping_methods_update",
        summary="Change a shipping method",
        request=MethodChange,
        responses={200: MethodAnswer},
        examples=[METHOD_PATCHED, METHOD],
    )
    def patch(self, request: Request, id: str) -> Response:
        """Changes what is sent and nothing else; lists that are sent take the place of those that stood."""
        document = validate(MethodChange, self.body())
        method = patch_method(site=self.site, method_id=id, document=document, now=timezone.now())
        return Response(method_answered(method))
