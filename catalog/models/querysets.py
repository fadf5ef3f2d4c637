"""Products, variants and stock in the office's words: which one is meant, which ones buyers see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from catalog.finding import products_near
from core.ids import PRODUCT, STOCK_LOCATION, VARIANT, number_of
from core.tenancy import SiteQuerySet
from customers.models import DEFAULT_GROUP

if TYPE_CHECKING:
    from catalog.models.product import Product, ProductVariant  # noqa: F401  # in the names of generic classes
    from catalog.models.stock import Stock, StockLocation  # noqa: F401  # the same
    from customers.models import Customer

LIVE = "live"
PRODUCT_SEARCHED = ("title", "slug", "external_id")
VARIANT_SEARCHED = ("sku", "external_id", "product__title")

Row = TypeVar("Row", bound=models.Model)


class IdentifiedQuerySet(SiteQuerySet[Row]):
    """Rows that are named by an id of ours or by an external one."""

    prefix: str

    def identified(self, identifier: str) -> Self:
        """The one that an id or an external id names; ask within a site."""
        number = number_of(self.prefix, identifier)
        if number is not None:
            return self.filter(pk=number)
        if identifier.startswith(self.prefix) or not identifier:
            return self.none()
        return self.filter(external_id=identifier)


class ProductQuerySet(IdentifiedQuerySet["Product"]):
    prefix = PRODUCT

    def live(self) -> Self:
        """Those with a live variant: what buyers see."""
        return self.filter(Exists(_variants_of_product().live()))

    def with_variant_of_status(self, status: str, *, reader: Customer | None = None) -> Self:
        """Those with a variant of this status that the reader sees."""
        return self.filter(Exists(_variants_of_product().visible_to(reader).filter(status=status)))

    def visible_to(self, reader: Customer | None) -> Self:
        """Live ones to a customer, all of the site to everybody else."""
        return self if reader is None else self.live()

    def matching(self, words: Sequence[str], *, sites: Sequence[int], reader: Customer | None = None) -> Self:
        """Those in which every word occurs: in the title, slug, an id, or the SKU or id of a variant.

        `sites`: those to which the rows are narrowed already.
        """
        near = products_near(site_ids=sites, words=words)
        found = self if near is None else self.filter(pk__in=near)
        variants = _variants_of_product().visible_to(reader)
        for word in words:
            of_variant = Exists(variants.filter(_any_of(("sku", "external_id"), word)))
            found = found.filter(_any_of(PRODUCT_SEARCHED, word) | Q(pk=number_of(PRODUCT, word)) | of_variant)
        return found

    def for_answer(self, *, reader: Customer | None = None) -> Self:
        """With what a product is answered with: the variants that the reader sees, and their lists."""
        return self.prefetch_related(Prefetch("variants", _variants().visible_to(reader).for_answer(reader=reader)))


class VariantQuerySet(IdentifiedQuerySet["ProductVariant"]):
    prefix = VARIANT

    def live(self) -> Self:
        """Those that buyers see."""
        return self.filter(status=LIVE)

    def visible_to(self, reader: Customer | None) -> Self:
        """Live ones to a customer, all of the site to everybody else."""
        return self if reader is None else self.live()

    def matching(self, words: Sequence[str], *, sites: Sequence[int]) -> Self:
        """Those in which every word occurs: in the SKU, an id, the product's title or the value of an option.

        `sites`: those to which the rows are narrowed already.
        """
        near = products_near(site_ids=sites, words=words)
        found = self if near is None else self.filter(product__in=near)
        options: models.QuerySet = apps.get_model("catalog.VariantOption")._default_manager.filter(
            site=OuterRef("site"), variant=OuterRef("pk")
        )
        for word in words:
            of_option = Exists(options.filter(value__icontains=word))
            found = found.filter(_any_of(VARIANT_SEARCHED, word) | Q(pk=number_of(VARIANT, word)) | of_option)
        return found

    def for_answer(self, *, reader: Customer | None = None) -> Self:
        """With the lists that a variant is answered with; stock is kept by SKU and comes apart.

        A customer is shown the selling rules that decide for him: those of his group and of the group `default`.
        """
        rules: models.QuerySet = apps.get_model("catalog.SellingRule")._default_manager.all()
        if reader is not None:
            rules = rules.filter(customer_group__in=(reader.group.slug, DEFAULT_GROUP))
        return self.prefetch_related("options", "rrp", Prefetch("settings", rules))


def _any_of(places: Collection[str], word: str) -> Q:
    return reduce(or_, (Q(**{f"{place}__icontains": word}) for place in places))


def _variants() -> VariantQuerySet:
    variants: VariantQuerySet = apps.get_model("catalog.ProductVariant")._default_manager.all()
    return variants


def _variants_of_product() -> VariantQuerySet:
    """Of the product of the query around it."""
    return _variants().filter(site=OuterRef("site"), product=OuterRef("pk"))


class StockLocationQuerySet(IdentifiedQuerySet["StockLocation"]):
    prefix = STOCK_LOCATION

    def numbers_of(self, identifiers: Collection[str]) -> dict[str, int]:
        """Our numbers by the ids and external ids that were given; what names nothing is left out. One query."""
        numbers = {name: number_of(self.prefix, name) for name in identifiers}
        external = [name for name in identifiers if not name.startswith(self.prefix)]
        asked = [number for number in numbers.values() if number is not None]
        rows = self.filter(Q(pk__in=asked) | Q(external_id__in=external)).values_list("pk", "external_id")
        found = list(rows) if asked or external else []
        by_external_id = {external_id: pk for pk, external_id in found}
        known = {pk for pk, _ in found}
        answer: dict[str, int] = {}
        for name, number in numbers.items():
            pk = by_external_id.get(name) if number is None else number
            if pk in known:
                answer[name] = pk
        return answer


class StockQuerySet(SiteQuerySet["Stock"]):
    def of_skus(self, skus: Collection[str]) -> Self:
        """What is held of these SKUs, anywhere."""
        return self.filter(sku__in=list(skus))
