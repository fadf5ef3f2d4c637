"""The export of a list: exactly the rows that filter and search leave, in the list's order, with the list's columns.

A column's cell is what the list shows, as text; of money the figure alone, with its currency in a column of its own.
CSV is sent while rows are read; XLSX is written to a file on the disk first. Whoever sees a list may export it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import override

from core.admin.base import SiteAdmin
from core.admin.display import Money
from core.downloads import XLSX, csv_download, file_download
from core.spreadsheets import csv_of, xlsx_of

ROWS_AT_ONCE = 500
LANGUAGE = "en"
"""Of titles and words in a file, whoever takes it along: programs read it too."""
NOTHING = ("—", "-", "None")


class ExportAdmin(SiteAdmin):
    """A page whose list can be taken along."""

    list_after_template = "admin/core/export.html"
    money_columns: ClassVar[Sequence[str]] = ()
    """Columns whose cells are made by `core.admin.display.money`."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        kinds = [path(f"export.{kind}", view, {"kind": kind}, name=f"{name}_{kind}") for kind in ("csv", "xlsx")]
        return [*kinds, *super().get_urls()]

    def export(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The list at the same query, as a file. A filter that is none leads to the list, which says so."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self._found(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(
                f"{reverse(f'admin:{self.opts.app_label}_{self.opts.model_name}_changelist')}?e=1"
            )
        with override(LANGUAGE):
            name = f"{self.opts.verbose_name_plural}-{timezone.localdate()}".replace(" ", "-")
        columns = [str(column) for column in found.list_display if column != "action_checkbox"]
        if kind == "csv":
            return csv_download(csv_of(self._table(found, columns)), name=name)
        return file_download(xlsx_of(self._table(found, columns)), name=f"{name}.xlsx", content_type=XLSX)

    def _found(self, request: HttpRequest) -> ChangeList:
        """Of all pages of the list, whichever was shown."""
        asked = request.GET.copy()
        asked.pop(PAGE_VAR, None)
        asked.pop("all", None)
        request.GET = asked  # type: ignore[assignment]  # as Django itself sets it
        return self.get_changelist_instance(request)

    def _table(self, found: ChangeList, columns: Sequence[str]) -> Iterator[list[object]]:
        yield self._titles(columns)
        for row in found.queryset.iterator(chunk_size=ROWS_AT_ONCE):
            yield self._row(columns, row)

    def _titles(self, columns: Sequence[str]) -> list[object]:
        titles: list[object] = []
        with override(LANGUAGE):
            for column in columns:
                title = capfirst(str(label_for_field(column, self.model, self)))
                titles += [title, f"{title} currency"] if column in self.money_columns else [title]
        return titles

    def _row(self, columns: Sequence[str], row: Any) -> list[object]:
        cells: list[object] = []
        with override(LANGUAGE):
            for column in columns:
                cells += self._cells(column, row)
        return cells

    def _cells(self, column: str, row: Any) -> list[object]:
        own = getattr(self, f"exported_{column}", None)
        if own is not None:
            return [own(row)]
        field, _, value = lookup_field(column, row, self)
        if column in self.money_columns:
            return [Decimal(value.figure), value.currency_code] if isinstance(value, Money) else [None, None]
        if field is not None and field.choices and value is not None:
            value = dict(field.flatchoices).get(value, value)
        return [cell_of(value)]


def cell_of(value: Any) -> object:
    """What a list shows, as a spreadsheet holds it: numbers and days as they are, anything else as text."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case tuple():  # a label: its word
            return cell_of(value[1])
        case datetime():
            return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case int() | Decimal():
            return value
        case SafeString():
            return unescape(strip_tags(value)).strip()
    text = str(value)
    return None if text in NOTHING else text
