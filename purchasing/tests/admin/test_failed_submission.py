"""The last attempt to submit a purchase that came to nothing is told on its page."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from purchasing.models import FailedSubmission, Purchase
from purchasing.tests.admin.pages import address
from purchasing.tests.pages.conftest import words_of

AT = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)


def test_who_when_and_what_was_in_the_way(back_office: Client, purchase: Purchase) -> None:
    faults = [
        {"code": "order-minimum", "message": "It is below the minimum <of> an order."},
        {"code": "credit-exceeded", "message": "The credit line does not cover it."},
    ]
    FailedSubmission.objects.create(
        site=purchase.site, purchase=purchase, at=AT, author="customer:cu_12", faults=faults
    )
    said = words_of(back_office.get(address(purchase)))
    for text in ("Last attempt to submit", "2026-02-03 09:30", "customer:cu_12"):
        assert text in said
    assert "It is below the minimum <of> an order. order-minimum" in said
    assert "The credit line does not cover it. credit-exceeded" in said


def test_where_none_failed_nothing_is_told(back_office: Client, purchase: Purchase) -> None:
    assert "attempt to submit" not in words_of(back_office.get(address(purchase)))
