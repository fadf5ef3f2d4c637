from pricing.models.exchange_rate import ECB, RATE_DECIMALS, SOURCE_LENGTH, WHOLE_DIGITS, ExchangeRate
from pricing.models.price_list import (
    MAX_LEVELS,
    PERCENTAGE_DECIMALS,
    RULE_RATE_DECIMALS,
    RULE_RATE_DIGITS,
    SKU_LENGTH,
    SLUG_LENGTH,
    UNIT_LENGTH,
    Price,
    PriceList,
    PriceListRule,
)
from pricing.models.querysets import PriceListQuerySet, PriceQuerySet

__all__ = [
    "ECB",
    "MAX_LEVELS",
    "PERCENTAGE_DECIMALS",
    "RATE_DECIMALS",
    "RULE_RATE_DECIMALS",
    "RULE_RATE_DIGITS",
    "SKU_LENGTH",
    "SLUG_LENGTH",
    "SOURCE_LENGTH",
    "UNIT_LENGTH",
    "WHOLE_DIGITS",
    "ExchangeRate",
    "Price",
    "PriceList",
    "PriceListQuerySet",
    "PriceListRule",
    "PriceQuerySet",
]
