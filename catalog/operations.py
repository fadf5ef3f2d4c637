"""The only doors that write the catalogue. API, back office, pages and commands all come through here.

Each runs in one database transaction, tried again after a lost race; guards run after the locks are held. Locks: the
product, which stands for its variants too, or the stock location; then stock, in the order of SKU and location.
Refused: nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from catalog import stock_levels
from catalog.claims import location_claims_taken, product_claims_taken, variant_claims_taken
from catalog.documents import (
    LocationChange,
    NewLocation,
    NewProduct,
    ProductChange,
    StockLevel,
    StockRow,
    VariantChange,
)
from catalog.models import Product, ProductVariant, Stock, StockLocation
from catalog.recognition import Meant, recognised
from catalog.stock_levels import Sent
from catalog.variant_rows import WrittenVariant, write_variants
from core.errors import Conflict, Fault, InvalidDocument, NotFound
from core.models import Site
from core.retries import in_transaction
from core.written import Written


def create_product(*, site: Site, document: NewProduct, now: datetime) -> Product:
    """A new product with its variants and their stock.

    Raises InvalidDocument (stock locations, a variant named twice) and Conflict `resource-already-exists`.
    """

    def work() -> Product:
        product = Product(site=site, created_at=now)
        _write(product, document, now)
        return product

    return in_transaction(work)


def patch_product(*, site: Site, product_id: str, document: ProductChange, now: datetime) -> Product:
    """Change what the document names. `product_id`: an id or external id. What stands already is not written again.

    Variants are recognised by id, external id and SKU (`catalog.recognition`); one that is not is new, one that is not
    named stays as it is. Raises NotFound and what `create_product` raises.
    """

    def work() -> Product:
        product = _locked_product(Product.objects.for_site(site).identified(product_id).values_list("pk"))
        _write(product, document, now)
        return product

    return in_transaction(work)


def patch_variant(*, site: Site, variant_id: str, document: VariantChange, now: datetime) -> ProductVariant:
    """Change what the document names. `variant_id`: an id or external id. Raises as `patch_product` does."""

    def work() -> ProductVariant:
        variants = ProductVariant.objects.for_site(site).identified(variant_id)
        product = _locked_product(variants.values_list("product"))
        stored = list(product.variants.all())
        number = variants.values_list("pk", flat=True).first()
        variant = next((row for row in stored if row.pk == number), None)
        if variant is None:
            raise NotFound
        meant = [Meant("", document, variant)]
        _refuse_taken(variant_claims_taken(site=site, product=product, stored=stored, meant=meant))
        _write_variants(product, meant, now)
        return variant

    return in_transaction(work)


def create_location(*, site: Site, document: NewLocation) -> StockLocation:
    """A new stock location. Raises Conflict `resource-already-exists`."""

    def work() -> StockLocation:
        location = StockLocation(site=site)
        _write_location(location, document)
        return location

    return in_transaction(work)


def patch_location(*, site: Site, location_id: str, document: LocationChange) -> StockLocation:
    """Change what the document names. `location_id`: an id or external id. Raises NotFound and Conflict."""

    def work() -> StockLocation:
        locations = StockLocation.objects.for_site(site).identified(location_id)
        location = locations.select_for_update(no_key=True).first()
        if location is None:
            raise NotFound
        _write_location(location, document)
        return location

    return in_transaction(work)


def set_stock(*, site: Site, sku: str, levels: Sequence[StockLevel], now: datetime) -> None:
    """Overwrite what these locations hold of a SKU; other locations stay as they are.

    Raises NotFound for a SKU that neither a variant has nor any stock, InvalidDocument for a location that is not there
    or comes twice.
    """

    def work() -> None:
        require_sku(site=site, sku=sku)
        _store(site, stock_levels.sent_for(sku, levels, place=""), now)

    in_transaction(work)


def update_stock(*, site: Site, rows: Sequence[StockRow], now: datetime) -> list[Written]:
    """Overwrite each pair of SKU and location that is named, whether a variant has the SKU or not. Three statements.

    Answers what was done for each row. Raises InvalidDocument for a location that is not there or a pair that comes
    twice: nothing is written then.
    """
    return in_transaction(lambda: _store(site, stock_levels.sent_in(rows), now))


def delete_stock(*, site: Site, skus: Sequence[str]) -> None:
    """Take away what every location holds of these SKUs; those without stock are ignored."""
    in_transaction(lambda: stock_levels.remove(site=site, skus=skus))


def require_sku(*, site: Site, sku: str) -> None:
    """Raises NotFound unless a variant has this SKU or stock is held of it."""
    variants = ProductVariant.objects.for_site(site).filter(sku=sku)
    if not (variants.exists() or Stock.objects.for_site(site).filter(sku=sku).exists()):
        raise NotFound


def _locked_product(number: QuerySet[Any, Any]) -> Product:
    """The product that a query for a number of one finds, under its lock. Raises NotFound."""
    products = Product.objects.filter(pk__in=number).select_related("site")
    product = products.select_for_update(no_key=True, of=("self",)).first()
    if product is None:
        raise NotFound
    return product


def _write(product: Product, document: NewProduct | ProductChange, now: datetime) -> None:
    site = product.site
    stored = [] if product._state.adding else list(product.variants.all())
    meant, faults = recognised(stored=stored, sent=document.variants)
    if faults:
        raise InvalidDocument(faults=faults)
    sent = document.model_fields_set & {"title", "slug", "external_id"}
    claims: dict[str, str] = {name: getattr(document, name) for name in sent - {"title"}}
    _refuse_taken(
        [
            *product_claims_taken(site=site, product=product, claims=claims),
            *variant_claims_taken(site=site, product=product, stored=stored, meant=meant),
        ]
    )
    is_new = product._state.adding
    is_changed = is_new or any(getattr(product, name) != getattr(document, name) for name in sent)
    for name in sent:
        setattr(product, name, getattr(document, name))
    if is_changed:
        product.updated_at = now
        product.save()
    product.written = Written.of(is_new=is_new, is_changed=_write_variants(product, meant, now) or is_changed)


def _write_variants(product: Product, meant: Sequence[Meant], now: datetime) -> bool:
    """Whether anything changed, be it stock, which moves no time."""
    written = write_variants(product=product, meant=meant, now=now)
    is_changed = any(item.is_changed for item in written)
    if is_changed and product.updated_at != now:
        product.updated_at = now
        product.save(update_fields=["updated_at"])
    levels = [level for item in written for level in _levels_of(item)]
    stored = _store(product.site, levels, now) if levels else []
    return is_changed or any(done is not Written.UNCHANGED for done in stored)


def _levels_of(item: WrittenVariant) -> list[Sent]:
    return stock_levels.sent_for(item.variant.sku, item.meant.document.stock, place=item.meant.member("stock"))


def _write_location(location: StockLocation, document: LocationChange) -> None:
    sent = document.model_fields_set
    if "external_id" in sent:
        claims = location_claims_taken(site=location.site, location=location, external_id=document.external_id)
        _refuse_taken(claims)
    for name in sent:
        setattr(location, name, getattr(document, name))
    location.save()


def _store(site: Site, sent: Sequence[Sent], now: datetime) -> list[Written]:
    held, faults = stock_levels.located(site=site, sent=sent)
    if faults:
        raise InvalidDocument(faults=faults)
    return stock_levels.store(site=site, held=held, now=now)


def _refuse_taken(faults: Iterable[Fault]) -> None:
    """Raises Conflict with every fault. A claim made at this very moment is caught by the database, and tried again."""
    if faults := list(faults):
        raise Conflict(faults=faults)
