"""Price lists and prices in the office's words."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db.models import Prefetch

from core.tenancy import SiteQuerySet

if TYPE_CHECKING:
    from pricing.models.price_list import Price, PriceList  # noqa: F401  # in the names of generic classes


class PriceListQuerySet(SiteQuerySet["PriceList"]):
    def for_answer(self) -> Self:
        """With their rules and where these lead, in order."""
        rules = self.model._meta.get_field("rules").related_model._default_manager.select_related("source_price_list")
        return self.prefetch_related(Prefetch("rules", rules.order_by("position", "id")))


class PriceQuerySet(SiteQuerySet["Price"]):
    def of_skus(self, skus: Collection[str]) -> Self:
        return self.filter(sku__in=skus)
