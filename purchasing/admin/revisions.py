"""Revisions of a purchase: each as it was, and what it changed."""

from __future__ import annotations

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import ReadOnly, SiteAdmin
from core.admin.display import formatted, page_of
from purchasing.admin.columns import change_table
from purchasing.admin.finding import by_number, purchases_found
from purchasing.comparison import changes_between
from purchasing.models import PurchaseRevision
from purchasing.revisions import document_of


@admin.register(PurchaseRevision)
class RevisionAdmin(ReadOnly, SiteAdmin):
    list_display = ("purchase_shown", "number", "at", "author")
    list_filter = ("site",)
    search_fields = ("purchase__visible_id",)  # by the rules of `get_search_results`
    search_help_text = _("Any id, PO number, SKU, product, ship-to or customer")
    sortable_by = ()  # no other order has an index: it would read and sort everything
    list_display_links = ("number",)
    date_hierarchy = "at"
    ordering = ("-id",)  # they are numbered in the order of their time, and every table has an index of its numbers
    fields = ("purchase_shown", ("number", "at", "author"), "changed", "document")
    readonly_fields = ("purchase_shown", "changed", "document")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseRevision]:
        rows: QuerySet[PurchaseRevision] = super().get_queryset(request)
        rows = rows.select_related("purchase").defer("purchase__header", "purchase__contents", "purchase__words")
        asked_for_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return rows if asked_for_one else rows.defer("header", "contents")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PurchaseRevision], search_term: str
    ) -> tuple[QuerySet[PurchaseRevision], bool]:
        """By what finds the purchase that it is of."""
        text = search_term.strip()
        if not text:
            return queryset, False
        found = queryset.filter(purchase__in=purchases_found(request, text))
        return by_number(queryset, found), False

    @display(description=_("purchase"))
    def purchase_shown(self, revision: PurchaseRevision) -> SafeString | str:
        return page_of(revision.purchase)

    @display(description=_("changed"), empty_value=_("The first revision."))
    def changed(self, revision: PurchaseRevision) -> SafeString | None:
        before = PurchaseRevision.objects.filter(
            site=revision.site_id, purchase=revision.purchase_id, number=revision.number - 1
        ).first()
        return change_table(changes_between(document_of(before), document_of(revision))) if before else None

    @display(description=_("document"))
    def document(self, revision: PurchaseRevision) -> SafeString:
        return formatted(json.dumps(document_of(revision)))
