"""Customers: create, read, change, hide, list."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.pagination import TOTAL, next_link, total_of
from core.errors import NotFound, NotPermitted
from customers import operations
from customers.api.answers import CustomerAnswer, CustomerRows, WrittenCustomerAnswer, customers_answered
from customers.api.examples import CREATED, CUSTOMER, CUSTOMERS, PATCHED, WRITTEN
from customers.api.filters import PARAMETERS, customers_asked_for
from customers.api.reader import ReaderApiView
from customers.documents import CustomerChange, NewCustomer
from customers.models import Customer, CustomerQuerySet


class CustomerApiView(ReaderApiView):
    """An address under /customers."""

    required_scopes = ("customers",)

    def customers(self) -> CustomerQuerySet:
        """Those of the site that the caller sees."""
        return Customer.objects.for_site(self.site).present().visible_to(self.reader)

    def customer(self, identifier: str) -> Customer:
        """The customer that an id or external id names. Raises NotFound."""
        customer = self.customers().identified(identifier).first()
        if customer is None:
            raise NotFound
        return customer

    def own(self, identifier: str) -> str:
        """The id under which the caller may write: a customer only his own. Raises NotFound and NotPermitted."""
        if self.reader is None:
            return identifier
        customer = self.customer(identifier)
        if customer != self.reader:
            raise NotPermitted("A customer changes what is his own only.", code="not-for-customers")
        return customer.public_id

    def answer(self, identifier: str, **members: object) -> Response:
        """The customer as it stands now, with further members. Raises NotFound."""
        customers = self.customers().identified(identifier).for_answer()
        answers = customers_answered(self.site, list(customers), reader=self.reader)
        if not answers:
            raise NotFound
        return Response({**answers[0], **members})


class CustomersView(CustomerApiView):
    @extend_schema(
        operation_id="customers_list",
        summary="List customers",
        parameters=[*PARAMETERS, TOTAL],
        responses={200: CustomerRows},
        examples=[CUSTOMERS],
    )
    def get(self, request: Request) -> Response:
        """A bare array by our id; `Link` names the next page while there may be one."""
        customers, page = customers_asked_for(self.site, request.query_params)
        rows = list(customers.for_answer()[page.offset : page.offset + page.limit])
        headers = next_link(request, page=page, rows=len(rows)) | total_of(request, customers)
        return Response(customers_answered(self.site, rows), headers=headers)

    @extend_schema(
        operation_id="customers_create",
        summary="Create a customer",
        request=NewCustomer,
        responses={200: WrittenCustomerAnswer},
        examples=[CREATED, WRITTEN],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """E-mail and external id are free on the site, else 409 `resource-already-exists`."""
        document = validate(NewCustomer, self.body())
        customer = operations.create_customer(site=self.site, document=document, actor=self.actor, now=timezone.now())
        return self.answer(customer.public_id, warnings=customer.warnings)


class CustomerView(CustomerApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_retrieve",
        summary="Read a customer",
        responses={200: CustomerAnswer},
        examples=[CUSTOMER],
    )
    def get(self, request: Request, id: str) -> Response:
        """`id`: ours (`cu_12`) or the external id."""
        return self.answer(id)

    @extend_schema(
        operation_id="customers_update",
        summary="Change a customer",
        request=CustomerChange,
        responses={200: WrittenCustomerAnswer},
        examples=[PATCHED, WRITTEN],
    )
    def patch(self, request: Request, id: str) -> Response:
        """Changes what is sent and nothing else; null clears what may be null."""
        document = validate(CustomerChange, self.body())
        customer = operations.patch_customer(
            site=self.site, customer_id=id, document=document, actor=self.actor, now=timezone.now()
        )
        return self.answer(customer.public_id, warnings=customer.warnings)

    @extend_schema(operation_id="customers_destroy", summary="Delete a customer", responses={204: None})
    def delete(self, request: Request, id: str) -> Response:
        """Hides it. Purchases, ledger and statement stay. 409 `resource-in-use` while others buy for it."""
        operations.delete_customer(site=self.site, customer_id=id, now=timezone.now())
        return Response(status=204)
