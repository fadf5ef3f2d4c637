"""What the database itself says of a rate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from pricing.models import ExchangeRate

pytestmark = pytest.mark.django_db


def publish(**values: Any) -> ExchangeRate:
    known: dict[str, Any] = {
        "currency_code": "GBP",
        "date": date(2026, 1, 5),
        "usd_per_unit": Decimal("1.25"),
        "source": "ECB",
    }
    return ExchangeRate.objects.create(**known | values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"source": "a bank"}, "a_currency_has_one_rate_a_day"),
        ({"date": date(2026, 1, 6), "usd_per_unit": 0}, "a_rate_is_more_than_nothing"),
        ({"date": date(2026, 1, 6), "usd_per_unit": -1}, "a_rate_is_more_than_nothing"),
        ({"currency_code": "USD"}, "a_rate_is_of_another_currency_than_the_dollar"),
        ({"currency_code": "eur"}, "a_rate_is_of_another_currency_than_the_dollar"),
        ({"currency_code": "EUR", "source": ""}, "a_rate_says_who_published_it"),
    ],
)
def test_what_cannot_be_a_rate_is_refused(values: dict[str, Any], constraint: str) -> None:
    publish()
    with pytest.raises(IntegrityError, match=constraint):
        publish(**values)


def test_a_small_currency_keeps_its_digits() -> None:
    rate = publish(currency_code="IDR", usd_per_unit=Decimal("0.0000551018620433"))
    rate.refresh_from_db()
    assert rate.usd_per_unit == Decimal("0.0000551018620433")
