"""What SKUs cost: on lists that are named, or for a customer. Both ask by POST and change nothing."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.views import ApiView
from core.errors import InvalidDocument, NotPermitted
from core.scopes import read_scope
from customers.api.reader import ReaderApiView
from customers.models import Customer
from pricing.api.answers import (
    CalculatedPrices,
    CustomerPriceAnswers,
    calculated_answered,
    customer_prices_answered,
)
from pricing.api.examples import ASKED, CALCULATED, CUSTOMER_ASKED, CUSTOMER_PRICES
from pricing.api.prices import PRICING_SCOPE
from pricing.choose import Item, choose_prices, prices_for_customer
from pricing.documents import CustomerQuestion, PriceQuestion


class CalculatePricingView(ApiView):
    required_scopes = (PRICING_SCOPE, read_scope(PRICING_SCOPE))

    @extend_schema(
        operation_id="pricing_calculate",
        summary="Work out what SKUs cost",
        request=PriceQuestion,
        responses={200: CalculatedPrices},
        examples=[ASKED, CALCULATED],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Lists are tried in the order sent; the first with prices for a SKU, stored or made by rules, wins. Net."""
        question = validate(PriceQuestion, self.body())
        chosen = choose_prices(site=self.site, price_list_slugs=question.price_list_slugs, skus=question.skus)
        return Response(calculated_answered(chosen))


class FetchCustomerPricingView(ReaderApiView):
    required_scopes = (PRICING_SCOPE, read_scope(PRICING_SCOPE))
    person_methods = ("POST",)
    person_scopes = ("products",)

    @extend_schema(
        operation_id="pricing_fetch_customer",
        summary="Work out what a customer pays",
        request=CustomerQuestion,
        responses={200: CustomerPriceAnswers},
        examples=[CUSTOMER_ASKED, CUSTOMER_PRICES],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """By the customer's price lists in their order, else his group's, less his `discount_percentage`; net.

        A customer's own token asks for himself only (scope `products.read`), and is not told which list it was.
        """
        question = validate(CustomerQuestion, self.body())
        items = [Item(item.sku, item.quantity) for item in question.line_items]
        prices = prices_for_customer(site=self.site, customer=self._customer(question), items=items)
        return Response(customer_prices_answered(prices, names_lists=self.reader is None))

    def _customer(self, question: CustomerQuestion) -> Customer:
        """Whose prices. Raises InvalidDocument and, for a customer who names another, whoever it is, NotPermitted."""
        if question.customer_id is None:
            if self.reader is None:
                raise InvalidDocument("This member is required.", code="required", property="customer_id")
            return self.reader
        customers = Customer.objects.for_site(self.site).present()
        customer = customers.named(question.customer_id, by=question.customer_lookup_by).first()
        if self.reader is not None and customer != self.reader:
            raise NotPermitted("A customer asks for his own prices only.", code="not-for-customers")
        if customer is None:
            message = f"customer_id not found: {question.customer_id}"
            raise InvalidDocument(message, code="resource-not-found", property="customer_id")
        return customer
