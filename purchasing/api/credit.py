"""What a customer may still buy on account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.query import Query
from core.ids import CUSTOMER, PURCHASE, public_id
from core.money import plain
from core.site_settings import settings_of
from customers.api.customers import CustomerApiView
from customers.models import Customer
from purchasing.api.examples import CREDIT
from purchasing.credit import Credit, CreditRow, Part, read_credit
from purchasing.money_answers import CreditAnswer
from purchasing.normal_form import amount_text


class CreditView(CustomerApiView):
    @extend_schema(
        operation_id="customers_credit_retrieve",
        summary="Read what a customer may still buy on account",
        responses={200: CreditAnswer},
        examples=[CREDIT],
    )
    def get(self, request: Request, id: str) -> Response:
        """Of the account that owes, the top-most parent, with the rows that each figure is the sum of."""
        Query(request.query_params, known=()).check()
        account = Customer.objects.account_of(self.customer(id))
        credit = read_credit(
            site_id=self.site.pk, account_id=account.pk, settings=settings_of(self.site), most_rows=None
        )
        return Response(credit_form(credit))


def _id_of(row: CreditRow) -> str:
    if row.part is Part.BALANCE:
        return public_id(CUSTOMER, row.id)
    return str(row.id) if row.part is Part.ENTRIES else public_id(PURCHASE, row.id)


def credit_form(credit: Credit) -> dict[str, Any]:
    """As it is answered. Amounts have the currency's digits, a limit as many more as it was given."""
    code = credit.currency_code

    def text(amount: Decimal | None) -> str | None:
        if amount is None:
            return None
        return amount_text(amount, code) if code else f"{plain(amount):f}"

    def row_form(row: CreditRow) -> dict[str, Any]:
        return {
            "id": _id_of(row),
            "kind": row.kind,
            "reference": row.reference,
            "figure": text(row.figure),
            "net_paid": text(row.net_paid),
            "amount": text(row.amount),
        }

    return {
        "account_id": public_id(CUSTOMER, credit.account_id),
        "currency_code": credit.currency_code,
        "may_buy_on_account": credit.on_account,
        "limit": text(credit.limit),
        "used": text(credit.used),
        "committed": text(credit.committed),
        "available": text(credit.available),
        "parts": {part.value: [row_form(row) for row in credit.of(part)] for part in Part},
    }
