"""Amounts are written as Babel writes them, only faster."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from cortex.words import Words
from purchasing.pages.reader import Reader

LOCALES = [
    "en_001",
    "en_US",
    "en_IN",
    "de_DE",
    "de_CH",
    "fr_CA",
    "es_ES",
    "pl_PL",
    "ar_EG",
    "fa_IR",
    "hi_IN",
    "ja_JP",
    "sv_SE",
]


@pytest.mark.parametrize("locale", LOCALES)
@given(
    st.decimals(-10_000_000, 10_000_000, places=6),
    st.sampled_from(["GBP", "EUR", "JPY", "KWD", "CHF", "INR"]),
)
def test_amounts_are_those_of_babel(locale: str, amount: Decimal, currency_code: str) -> None:
    zone = ZoneInfo("UTC")
    told = Words(Locale.parse(locale), zone).money(amount, currency_code)
    assert told["display"] == Reader(Locale.parse(locale), zone).money(amount, currency_code)
    assert told["amount"] == amount
