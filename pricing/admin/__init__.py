"""The back office of prices: lists with their rules, and prices, saved by the operations of the API.

Exchange rates belong to all sites, so staff read them and superusers change them.
"""

from pricing.admin.exchange_rates import ExchangeRateAdmin
from pricing.admin.price_lists import PriceListAdmin
from pricing.admin.prices import PriceAdmin

__all__ = ["ExchangeRateAdmin", "PriceAdmin", "PriceListAdmin"]
