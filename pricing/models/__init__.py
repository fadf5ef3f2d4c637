from pricing.models.exchange_rate import ECB, ExchangeRate

__all__ = ["ECB", "ExchangeRate"]
