"""How numbers, money and dates are written for the person who reads the page."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from unicodedata import normalize
from zoneinfo import ZoneInfo

import pycountry
from babel import Locale
from babel.dates import format_date, format_time
from babel.localedata import locale_identifiers
from babel.numbers import NumberPattern, format_decimal
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from core.models import User
from core.money import EXPONENTS, LINE_DECIMALS, round_money
from core.site_settings import time_zones

FALLBACK = {"en": "en_001", "de": "de_DE"}
"""Where the browser names no region: English of no country (day before month), German of Germany."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A locale, the time zone of the site, whose days cut lists and statements, and that of the person's clock."""

    locale: Locale
    zone: ZoneInfo
    clock: ZoneInfo | None = None
    """None: the site's."""

    def money(self, amount: Decimal, currency_code: str) -> str:
        """Rounded to the currency's ISO 4217 decimals: `£1,234.50`, `1.234,50 €`."""
        digits = EXPONENTS[currency_code]
        pattern = _money_pattern(self.locale, digits, digits)
        return _apply(pattern, round_money(amount, currency_code), self.locale, currency_code)

    def unit_price(self, amount: Decimal, currency_code: str) -> str:
        """With as many decimals as it has, at least those of the currency."""
        pattern = _money_pattern(self.locale, EXPONENTS[currency_code], LINE_DECIMALS)
        return _apply(pattern, amount, self.locale, currency_code)

    def number(self, number: int | Decimal) -> str:
        return format_decimal(number, locale=self.locale)

    def countries(self) -> list[tuple[str, str]]:
        """Two letters and name of every country, by name."""
        return _countries(self.locale)

    def day(self, day: date | datetime) -> str:
        """A date, or that of a moment in the site's time zone."""
        local = day.astimezone(self.zone).date() if isinstance(day, datetime) else day
        return format_date(local, "medium", locale=self.locale)

    def moment(self, instant: datetime) -> str:
        """Day and time, on the clock of the person."""
        zone = self.clock or self.zone
        local = instant.astimezone(zone)
        return f"{self.day(local.date())}, {format_time(local, 'short', tzinfo=zone, locale=self.locale)}"


def locale_of(request: HttpRequest) -> Locale:
    """The page's language in the region that the browser asks for: `en-GB` and `en-US` write dates differently."""
    return _locale(get_language() or "en", request.headers.get("Accept-Language", ""))


def clock_of(user: User) -> ZoneInfo | None:
    """The time zone that this person has chosen, while there is one of that name."""
    return ZoneInfo(user.time_zone) if user.time_zone in time_zones() else None


def locale_for(language: str) -> Locale:
    """Of somebody of whom no more than the language is known."""
    return Locale.parse(FALLBACK[language])


@lru_cache(maxsize=256)
def _locale(language: str, accepted: str) -> Locale:
    wanted = [tag for tag, _ in parse_accept_lang_header(accepted)]
    known = [name.replace("_", "-") for name in locale_identifiers() if name.split("_")[0] == language]
    # Without aliases: a bare `de` would count as `de-DE`, and the next tag, which may be `de-AT`, would not be read.
    found = next((tag for tag in wanted if tag.lower() in {name.lower() for name in known}), None)
    return Locale.parse(found, sep="-") if found and found != language else Locale.parse(FALLBACK[language])


@lru_cache(maxsize=64)
def _countries(locale: Locale) -> list[tuple[str, str]]:
    codes = (country.alpha_2 for country in pycountry.countries)
    named = [(code, str(locale.territories.get(code, code))) for code in codes]
    return sorted(named, key=lambda country: _without_accents(country[1]))


def _without_accents(name: str) -> str:
    return normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


@lru_cache(maxsize=512)
def _money_pattern(locale: Locale, least: int, most: int) -> NumberPattern:
    """The locale's way to write money, with this many decimals."""
    pattern = copy.copy(locale.currency_formats["standard"])
    pattern.frac_prec = (least, most)
    return pattern


def _apply(pattern: NumberPattern, amount: Decimal, locale: Locale, currency_code: str) -> str:
    return str(pattern.apply(amount, locale, currency=currency_code, currency_digits=False))
