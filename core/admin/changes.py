"""Every change of a site that is kept in the trail, newest first; of rows that are gone too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin.base import ReadOnly, SiteAdmin
from core.admin.trail import columns_of, name_of, names_referred_to, what_of
from core.models import Change
from core.trail import kinds


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, capfirst(str(model._meta.verbose_name_plural))) for kind, model in sorted(kinds().items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Change]) -> QuerySet[Change]:
        return queryset if self.value() is None else queryset.filter(kind=self.value())


@admin.register(Change)
class ChangeAdmin(ReadOnly, SiteAdmin):
    list_display = ("at", "of_what", "done", "columns_shown", "actor")
    list_display_links = ("at",)
    list_filter = (KindFilter, ("at", admin.DateFieldListFilter), "site")
    list_filter_sheet = False
    search_fields = ("name__exact",)
    search_help_text = _("The whole SKU, key or number")
    fields = ("at", "actor", "of_what", "done", "columns_shown")
    readonly_fields = ("of_what", "done", "columns_shown")

    @display(description=_("of what"))
    def of_what(self, change: Change) -> SafeString:
        """Leads to the row, where there is one still and it has a page."""
        model = kinds().get(change.kind)
        words = capfirst(str(model._meta.verbose_name)) if model else change.kind
        try:
            name = model._meta.label_lower.replace(".", "_") if model and change.after is not None else ""
            page = reverse(f"admin:{name}_change", args=[change.row_id])
        except NoReverseMatch:
            return format_html("{} {}", words, name_of(change))
        return format_html(
            '{} <a class="text-primary-600 dark:text-primary-500 underline" href="{}">{}</a>',
            words,
            page,
            name_of(change),
        )

    @display(description=_("what was done"))
    def done(self, change: Change) -> str:
        return what_of(change)

    @display(description=_("before and after"), empty_value="—")
    def columns_shown(self, change: Any) -> SafeString:
        return format_html_join(SafeString("<br>"), "{}: {} → {}", columns_of(change, change.names))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        page = super().get_changelist_instance(request)
        _name_what_is_referred_to(page.result_list)
        return page

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Change | None:
        change: Change | None = super().get_object(request, object_id, from_field)
        _name_what_is_referred_to([change] if change else [])
        return change


def _name_what_is_referred_to(changes: Iterable[Any]) -> None:
    """What these changes refer to is looked up for all of them at once, and goes with each as its `names`."""
    names = names_referred_to(changes)
    for change in changes:
        change.names = names
