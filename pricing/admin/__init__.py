"""The back office of prices: exchange rates belong to all sites, so staff read them and superusers change them."""

from pricing.admin.exchange_rates import ExchangeRateAdmin

__all__ = ["ExchangeRateAdmin"]
