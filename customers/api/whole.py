"""A customer replaced whole: the later form of writing one."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from customers.api.answers import WrittenCustomerAnswer
from customers.api.customers import CustomerApiView
from customers.api.examples import REPLACED, WRITTEN
from customers.documents import WholeCustomer
from customers.whole import LookupBy, put_customer

PARAMETERS = [
    OpenApiParameter(
        "lookup_by",
        str,
        OpenApiParameter.PATH,
        enum=[kind.value for kind in LookupBy],
        description="`sparklayer`: our id; `platform`: the external id; `email`.",
    ),
    OpenApiParameter("identifier", str, OpenApiParameter.PATH, description="The body repeats it."),
]


class WholeCustomerView(CustomerApiView):
    @extend_schema(
        operation_id="customers_replace",
        summary="Replace a customer, or create it",
        parameters=PARAMETERS,
        request=WholeCustomer,
        responses={200: WrittenCustomerAnswer, 201: WrittenCustomerAnswer},
        examples=[REPLACED, WRITTEN],
    )
    def put(self, request: Request, lookup_by: str, identifier: str) -> Response:
        """Members that are left out are cleared, addresses that are left out deleted; balances stay. 201: it is new.

        The body repeats the identifier (`id` or `legacy_id`, `external_id`, `email`), else 400 `idMismatch`. A taken
        e-mail, external id or external id of an address: 409 `resource-already-exists`.
        """
        document = validate(WholeCustomer, self.body())
        replaced = put_customer(
            site=self.site,
            lookup_by=lookup_by,
            identifier=identifier,
            document=document,
            actor=self.actor,
            now=timezone.now(),
        )
        answer = self.answer(replaced.customer.public_id, warnings=replaced.customer.warnings)
        answer.status_code = 201 if replaced.is_new else 200
        return answer
