"""The way around the back office: its areas, what waits in them, and one search over what people look for by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import SearchResult

from catalog.models import ProductVariant
from core.admin.base import SiteAdmin, sites_here
from customers.models import Customer
from purchasing.admin.waiting import APPROVALS, DUPLICATES, FAILED_MAILS, UNCONFIRMED, count_text, counted
from purchasing.models import Purchase

AREAS: dict[Any, tuple[str, ...]] = {
    _("Purchases"): (
        *("purchasing.purchase", "purchasing.package", "purchasing.purchasetransaction"),
        *("purchasing.purchaserevision", "purchasing.purchasemail"),
    ),
    _("Customers"): (
        *("customers.customer", "customers.account", "customers.accountentry", "customers.customergroup"),
        "customers.masquerade",
    ),
    _("Catalogue"): ("catalog.product", "catalog.productvariant", "catalog.stock", "catalog.stocklocation"),
    _("Prices"): ("pricing.pricelist", "pricing.price", "pricing.exchangerate"),
    _("Set-up"): (
        *("core.site", "core.apiclient", "purchasing.shippingmethod", "core.user", "core.change"),
        "procrastinate.procrastinatejob",
    ),
}
"""Every page by its area; `tests/test_every_back_office_page.py` finds one that is in none."""
COUNTED_HERE = (UNCONFIRMED, APPROVALS, DUPLICATES, FAILED_MAILS)
MOST = 99
"""So many are counted beside a page; of more it says that they are more."""
SEARCHED = (Purchase, Customer, ProductVariant)
FOUND = 10
"""Of each kind, so that a short text costs no more than a long one."""


def areas(request: HttpRequest) -> list[dict[str, Any]]:
    """The areas with the pages that the reader may open, and beside each page what waits there."""
    shown: list[dict[str, Any]] = [
        {"title": _("Back office"), "items": [{"title": _("Overview"), "link": reverse("admin:index")}]}
    ]
    badges = _badges(sites_here(request))
    for title, names in AREAS.items():
        pages = {name: admin.site.get_model_admin(apps.get_model(name)) for name in names}
        items = [
            _item(name, page) | badges.get(name, {})
            for name, page in pages.items()
            if page.has_view_permission(request)
        ]
        if items:
            shown.append({"title": title, "items": items, "separator": True})
    return shown


def _item(name: str, page: Any) -> dict[str, Any]:
    return {
        "title": capfirst(str(page.opts.verbose_name_plural)),
        "link": reverse(f"admin:{name.replace('.', '_')}_changelist"),
    }


def _badges(sites: Sequence[int]) -> dict[str, dict[str, Any]]:
    """By page: how many things wait there (`badge`), and how many of which kind (`badge_title`)."""
    counts = counted(COUNTED_HERE, sites=sites, most=MOST)
    waiting = [(kind, count) for kind, count in zip(COUNTED_HERE, counts, strict=True) if count]
    return {
        name: {
            "badge": count_text(sum(count for kind, count in waiting if kind.page == name), most=MOST),
            "badge_title": ", ".join(
                f"{kind.title}: {count_text(count, most=MOST)}" for kind, count in waiting if kind.page == name
            ),
        }
        for name in {kind.page for kind, _count in waiting}
    }


def find(request: HttpRequest, term: str) -> list[SearchResult]:
    """The first few of each kind that the page of that kind finds, so of the reader's sites alone."""
    results: list[SearchResult] = []
    if "\x00" in term:  # no text that is kept has it
        return results
    for model in SEARCHED:
        page = admin.site.get_model_admin(model)
        assert isinstance(page, SiteAdmin)  # whose rows are the reader's
        found, _distinct = page.get_search_results(request, page.get_queryset(request), term)
        results += [
            SearchResult(
                title=str(row),
                description=_("%(kind)s at %(site)s")
                % {"kind": capfirst(str(model._meta.verbose_name)), "site": row.site},
                link=reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[row.pk]),
                icon=None,
            )
            for row in found.select_related("site")[:FOUND]
        ]
    return results
