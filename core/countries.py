"""Names of countries, in the language that is active."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language


def country_name(code: str) -> str:
    """`Germany` of `DE`, in any letter case; a code that is no country's stays as it is, in upper case."""
    return _names((get_language() or "en").partition("-")[0]).get(code.upper(), code.upper())


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    return {code: str(name) for code, name in Locale.parse(language).territories.items() if len(code) == 2}
