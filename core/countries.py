"""Countries: their names in the language that is active, and where their post writes the postal code."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

_CODE_FIRST = (
    "AD AL AT BA BE BG CH CY CZ DE DK EE ES FI FO FR GL GR HR HU IL IS IT LI LT LU MC MD ME MK MX NL NO PL PT RO RS"
    " SE SI SK SM TR VA XK"
)
"""Where letters have the postal code before the city."""


def place_line(*, city: str, region_code: str, postal_code: str, country_code: str) -> str:
    """`82467 Garmisch` in Germany, `Willerby HU10 6MK` in the United Kingdom, and wherever else it is not known."""
    first = country_code.upper() in _CODE_FIRST.split()
    parts = (postal_code, city, region_code) if first else (city, region_code, postal_code)
    return " ".join(filter(None, parts))


def country_name(code: str) -> str:
    """`Germany` of `DE`, in any letter case; a code that is no country's stays as it is, in upper case."""
    return _names((get_language() or "en").partition("-")[0]).get(code.upper(), code.upper())


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    return {code: str(name) for code, name in Locale.parse(language).territories.items() if len(code) == 2}
