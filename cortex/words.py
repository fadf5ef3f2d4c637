"""How amounts and days are written for the caller: `x-ep-user-traits`, else what the browser accepts, else English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from core.money import EXPONENTS, round_money
from purchasing.normal_form import amount_text
from purchasing.pages.reader import FALLBACK, Reader

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_TRAIT = re.compile(r"\s*LOCALE\s*=\s*([^,;\s]{1,35})\s*", re.IGNORECASE)
ENGLISH = Locale.parse(FALLBACK["en"])


@dataclass(frozen=True, slots=True)
class Words:
    """A locale, and the time zone of the site whose days are told."""

    locale: Locale
    zone: ZoneInfo

    @property
    def language(self) -> str:
        """That of the words that are ours, of those there are."""
        known = dict(settings.LANGUAGES)
        return self.locale.language if self.locale.language in known else "en"

    def money(self, amount: Decimal, currency_code: str) -> dict[str, Any]:
        """`{amount, currency, display}`: the amount with the currency's digits, or as many as it has."""
        exact = Decimal(amount_text(amount, currency_code))
        return {
            "amount": exact,
            "currency": currency_code,
            "display": _display(str(self.locale), exact, currency_code),
        }

    def instant(self, instant: datetime) -> dict[str, Any]:
        """`{value, display-value}`: milliseconds since 1970, and day and time at the site."""
        moment = Reader(self.locale, self.zone).moment(instant)
        return {"value": int(instant.timestamp() * 1000), "display-value": moment}


def locale_of(request: HttpRequest) -> Locale:
    """The caller's. A locale that nobody knows is none."""
    traits = request.headers.get("x-ep-user-traits", "")[:1000]
    named = [match[1] for part in traits.split(",") if (match := _TRAIT.fullmatch(part))]
    accepted = [tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500])]
    for tag in [*named, *accepted]:
        if (locale := _locale(tag)) is not None:
            return locale
    return ENGLISH


@lru_cache(maxsize=1024)
def _locale(tag: str) -> Locale | None:
    tag = FALLBACK.get(tag.lower(), tag)
    if not _TAG.fullmatch(tag):
        return None
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None


@lru_cache(maxsize=20_000)
def _display(locale: str, amount: Decimal, currency_code: str) -> str:
    return _writer(locale, currency_code)(round_money(amount, currency_code))


_PROBES = tuple(map(Decimal, ("0", "1", "12", "999", "1000", "9999", "12345.67", "1234567.89", "-1", "-1234567.89")))


@lru_cache(maxsize=1024)
def _writer(locale: str, currency_code: str) -> Callable[[Decimal], str]:
    """How this locale writes amounts of this currency, exactly as Babel does.

    Babel takes longer for one amount than all else about a line takes. Most locales put fixed texts around digits in
    groups of three: what those are is read off two amounts, and proven by others; of the rest Babel itself writes all.
    """
    slow = partial(Reader(Locale.parse(locale), ZoneInfo("UTC")).money, currency_code=currency_code)
    digits = EXPONENTS[currency_code]
    found = [_PARTS.fullmatch(slow(amount)) for amount in (Decimal(1234567), Decimal(-1234567))]
    if not all(found):
        return slow
    (before, group, point, after), (minus, _group, _point, after_minus) = (match.groups() for match in found if match)
    separators = str.maketrans({",": group, ".": point or ""})

    def fast(amount: Decimal) -> str:
        text = f"{abs(amount):,.{digits}f}".translate(separators)
        return f"{minus}{text}{after_minus}" if amount < 0 else f"{before}{text}{after}"

    proven = all(fast(round_money(amount, currency_code)) == slow(amount) for amount in _PROBES)
    return fast if proven else slow


_PARTS = re.compile(r"(\D*)1(\D)234\2567(?:(\D)0+)?(\D*)")
