from pricing.models.exchange_rate import ECB, RATE_DECIMALS, SOURCE_LENGTH, WHOLE_DIGITS, ExchangeRate

__all__ = ["ECB", "RATE_DECIMALS", "SOURCE_LENGTH", "WHOLE_DIGITS", "ExchangeRate"]
