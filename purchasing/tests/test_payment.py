"""How far a purchase is paid: the tables of the rules, row by row."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.documents import PurchaseType
from purchasing.payment import Applied, Payment, PaymentStatus, is_on_account, judge_payment, sum_applied
from purchasing.status import STATES_BY_TYPE
from purchasing.tests.payment_cases import ROWS, WORKED_CASES, Case
from purchasing.totals import LineFigures, PackageFigures, add_up


@pytest.mark.parametrize("case", [*ROWS, *WORKED_CASES], ids=str)
def test_payment_status(case: Case) -> None:
    totals = add_up(
        PackageFigures(STATES_BY_TYPE[kind], (LineFigures(1, Decimal(net)),)) for kind, net in case.packages.items()
    )

    payment = judge_payment(
        type=case.type,
        applied=sum_applied(Decimal(total) for total in case.money),
        amount_due=totals.amount_due,
        live_or_empty=totals.quantities.live_or_empty,
        reduced=totals.credited != 0 or totals.quantities.cancelled > 0,
    )

    assert payment == Payment(
        PaymentStatus(case.status) if case.status else None,
        Decimal(case.outstanding),
        Decimal(case.credit),
        over_refunded=case.warning == "over-refunded",
        refund_without_credit=case.warning == "refund-without-credit",
    )


AMOUNTS = st.decimals(0, 500, places=2)


@given(
    type=st.sampled_from(get_args(PurchaseType)),
    totals=st.lists(st.decimals(-300, 300, places=2).filter(bool), max_size=5),
    due=AMOUNTS,
    live_or_empty=st.booleans(),
    reduced=st.booleans(),
)
def test_figures_and_word_agree(
    type: str, totals: list[Decimal], due: Decimal, live_or_empty: bool, reduced: bool
) -> None:
    applied = sum_applied(totals)
    payment = judge_payment(type=type, applied=applied, amount_due=due, live_or_empty=live_or_empty, reduced=reduced)

    assert applied.net == sum(totals, Decimal(0))
    assert applied.paid >= 0
    assert applied.refunded >= 0
    if type not in ("order", "order_unconfirmed"):
        assert payment == Payment(None, Decimal(0), Decimal(0))
        return
    assert payment.outstanding - payment.credit == due - applied.net
    assert not (payment.outstanding and payment.credit)
    assert (payment.status is PaymentStatus.OVERPAID) == (applied.net > due and applied.net > 0)
    assert payment.status is not PaymentStatus.PAID or not payment.outstanding
    assert payment.status is not PaymentStatus.UNPAID or not totals
    assert payment.over_refunded == (applied.net < 0)


@pytest.mark.parametrize(
    "method",
    ["on_account", "ON_ACCOUNT", "paymentOnAccount", "paymentonaccount", "invoice", "Invoice", "paymentByInvoice"],
)
def test_paid_on_account(method: str) -> None:
    assert is_on_account(method)


@pytest.mark.parametrize("method", ["", "platform_upfront", "card", "on account", "invoice ", "other", "hokodo"])
def test_any_other_method_is_not_on_account(method: str) -> None:
    assert not is_on_account(method)


def test_nothing_applied_is_not_the_same_as_payments_that_cancel_out() -> None:
    assert not Applied().any
    assert sum_applied([Decimal(5), Decimal(-5)]).any
