"""Which rate counts on a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pricing.rates import PAR, UsdRate, rate_on
from pricing.tests.rates import FRIDAY, publish

pytestmark = pytest.mark.django_db


def days(number: int) -> date:
    return FRIDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        pytest.param(days(0), "1.25", id="its own day"),
        pytest.param(days(1), "1.25", id="Saturday: Friday's"),
        pytest.param(days(2), "1.25", id="Sunday: Friday's"),
        pytest.param(days(3), "1.30", id="Monday has its own"),
        pytest.param(days(3 + 60), "1.30", id="60 days later"),
        pytest.param(days(3 + 61), None, id="61 days later: too old"),
        pytest.param(days(-1), None, id="the day before: not published yet"),
    ],
)
def test_the_last_one_published_counts_for_60_days(day: date, rate: str | None) -> None:
    publish("1.25", day=days(0))
    publish("1.30", day=days(3))
    publish("0.007", "JPY", day=day)

    found = rate_on(currency_code="GBP", day=day)

    assert (found and found.usd_per_unit) == (rate and Decimal(rate))


def test_it_says_of_which_day_and_by_whom() -> None:
    publish("1.25", source="a bank")
    assert rate_on(currency_code="GBP", day=days(2)) == UsdRate(Decimal("1.25"), FRIDAY, "a bank")


def test_a_dollar_is_a_dollar_and_nobody_is_asked() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert rate_on(currency_code="USD", day=FRIDAY) == UsdRate(Decimal(1), FRIDAY, PAR)
    assert len(asked) == 0
