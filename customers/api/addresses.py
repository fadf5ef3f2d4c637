"""Addresses of a customer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.idempotency import idempotent
from customers import operations
from customers.api.answers import AddressAnswer, AddressRows, address_answered
from customers.api.customers import CustomerApiView
from customers.api.examples import ADDRESS, ADDRESS_ADDED, ADDRESS_PATCHED, ADDRESSES
from customers.documents import AddressChange, NewAddress


class AddressApiView(CustomerApiView):
    def sent(self) -> Any:
        """The body. External ids are the merchant's: a customer's are not read, so he cannot try which there are."""
        body = self.body()
        if self.reader is not None:
            body.pop("external_id", None)
        return body


class AddressesView(AddressApiView):
    person_methods = ("GET", "POST")

    @extend_schema(
        operation_id="customers_addresses_list",
        summary="List the addresses of a customer",
        responses={200: AddressRows},
        examples=[ADDRESSES],
    )
    def get(self, request: Request, id: str) -> Response:
        """All of them, oldest first."""
        return Response([address_answered(address) for address in self.customer(id).addresses.all()])

    @extend_schema(
        operation_id="customers_addresses_create",
        summary="Add an address",
        request=NewAddress,
        responses={200: AddressAnswer},
        examples=[ADDRESS_ADDED, ADDRESS],
    )
    @idempotent
    def post(self, request: Request, id: str) -> Response:
        """Its external id is free on the site, else 409 `resource-already-exists`."""
        document = validate(NewAddress, self.sent())
        address = operations.add_address(site=self.site, customer_id=self.own(id), document=document)
        return Response(address_answered(address))


class AddressView(AddressApiView):
    person_methods = ("PATCH", "DELETE")

    @extend_schema(
        operation_id="customers_addresses_update",
        summary="Change an address",
        request=AddressChange,
        responses={200: AddressAnswer},
        examples=[ADDRESS_PATCHED, ADDRESS],
    )
    def patch(self, request: Request, id: str, id2: str) -> Response:
        """Changes what is sent and nothing else; orders keep their copies."""
        document = validate(AddressChange, self.sent())
        address = operations.patch_address(site=self.site, customer_id=self.own(id), address_id=id2, document=document)
        return Response(address_answered(address))

    @extend_schema(operation_id="customers_addresses_destroy", summary="Delete an address", responses={204: None})
    def delete(self, request: Request, id: str, id2: str) -> Response:
        """A default that pointed there becomes null; orders keep their copies."""
        operations.delete_address(site=self.site, customer_id=self.own(id), address_id=id2)
        return Response(status=204)
