"""The only doors that write shipping methods."""

from __future__ import annotations

from datetime import datetime

from core.errors import InvalidDocument, NotFound
from core.models import Site
from core.retries import in_transaction
from purchasing.models import ShippingBand, ShippingMethod
from purchasing.shipping.documents import BandDocument, MethodChange, NewMethod


def create_method(*, site: Site, document: NewMethod, now: datetime) -> ShippingMethod:
    """A new shipping method. Raises InvalidDocument `resource-already-exists` for a taken SKU."""

    def work() -> ShippingMethod:
        method = ShippingMethod(site=site, groups=document.groups, created_at=now)
        _write(method, document, now)
        return method

    return in_transaction(work)


def patch_method(*, site: Site, method_id: str, document: MethodChange, now: datetime) -> ShippingMethod:
    """Change what the document names; bands are replaced whole. `method_id`: an id or SKU.

    Raises NotFound, and InvalidDocument `resource-already-exists` for a taken SKU.
    """

    def work() -> ShippingMethod:
        methods = ShippingMethod.objects.for_site(site).identified(method_id)
        method = methods.select_for_update(no_key=True).first()
        if method is None:
            raise NotFound
        _write(method, document, now)
        return method

    return in_transaction(work)


def _write(method: ShippingMethod, document: MethodChange, now: datetime) -> None:
    sent = document.model_fields_set
    others = ShippingMethod.objects.for_site(method.site).exclude(pk=method.pk)
    if "sku" in sent and others.filter(sku=document.sku).exists():
        message = "Another shipping method has this SKU."
        raise InvalidDocument(message, code="resource-already-exists", property="sku")
    for name in sent & {"sku", "title", "countries", "groups"}:
        setattr(method, name, getattr(document, name))
    if "prority" in sent:
        method.priority = document.prority
    method.updated_at = now
    method.save()
    if "bands" in sent:
        ShippingBand.objects.for_site(method.site).filter(method=method).delete()
        ShippingBand.objects.bulk_create(_band(method, place, band) for place, band in enumerate(document.bands))


def _band(method: ShippingMethod, place: int, document: BandDocument) -> ShippingBand:
    requirement, cost = document.requirement, document.cost
    return ShippingBand(
        site=method.site,
        method=method,
        position=place,
        name=document.name,
        priority=document.priority,
        sku=document.sku,
        requirement=requirement.type if requirement else "",
        minimum=requirement.min if requirement else 0,
        maximum=requirement.max if requirement else None,
        cost_type=cost.type,
        amount=cost.amount,
        currency_code=document.currency_code,
    )
