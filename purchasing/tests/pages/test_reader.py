"""How money, numbers and dates are written, by locale."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from django.test import RequestFactory
from django.utils import translation

from purchasing.pages.reader import Reader, locale_of


def reader(locale: str, zone: str = "UTC") -> Reader:
    return Reader(Locale.parse(locale), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "expected"),
    [
        ("en_GB", "1234.5000", "GBP", "£1,234.50"),
        ("en_GB", "-8.00", "GBP", "-£8.00"),
        ("en_GB", "0", "GBP", "£0.00"),
        ("en_GB", "0.005", "GBP", "£0.01"),
        ("de_DE", "1234.5", "EUR", "1.234,50\xa0€"),
        ("de_DE", "1234.5", "GBP", "1.234,50\xa0£"),
        ("en_US", "1500", "JPY", "¥1,500"),
        ("en_GB", "1.5", "KWD", "KWD1.500"),
        ("en_GB", "12", "IQD", "IQD12.000"),  # three decimals by ISO 4217, none by custom
    ],
)
def test_money(locale: str, amount: str, currency: str, expected: str) -> None:
    assert reader(locale).money(Decimal(amount), currency) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("1.666667", "£1.666667"), ("90", "£90.00"), ("1.125000", "£1.125"), ("2.50", "£2.50")]
)
def test_a_unit_price_keeps_its_decimals(amount: str, expected: str) -> None:
    assert reader("en_GB").unit_price(Decimal(amount), "GBP") == expected


@pytest.mark.parametrize(
    ("locale", "zone", "day", "moment"),
    [
        ("en_GB", "UTC", "31 Dec 2026", "31 Dec 2026, 23:30"),
        ("en_US", "UTC", "Dec 31, 2026", "Dec 31, 2026, 11:30\u202fPM"),
        ("de_DE", "UTC", "31.12.2026", "31.12.2026, 23:30"),
        ("de_DE", "Europe/Berlin", "01.01.2027", "01.01.2027, 00:30"),
    ],
)
def test_dates_are_the_site_s(locale: str, zone: str, day: str, moment: str) -> None:
    instant = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert reader(locale, zone).day(instant) == day
    assert reader(locale, zone).moment(instant) == moment


@pytest.mark.parametrize(
    ("language", "accepted", "expected"),
    [
        ("en", "", "en_001"),
        ("en", "en", "en_001"),
        ("en", "en-GB,en;q=0.8", "en_GB"),
        ("en", "en-US", "en_US"),
        ("en", "fr-FR,en-AU;q=0.5", "en_AU"),
        ("en", "fr-FR,de-AT;q=0.5", "en_001"),
        ("de", "de-AT,de;q=0.9,en;q=0.8", "de_AT"),
        ("de", "de", "de_DE"),
        ("de", "xx-YY,de-XX;q=0.9", "de_DE"),
    ],
)
def test_the_region_is_the_browser_s(rf: RequestFactory, language: str, accepted: str, expected: str) -> None:
    with translation.override(language):
        assert str(locale_of(rf.get("/", headers={"Accept-Language": accepted}))) == expected
