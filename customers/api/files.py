"""Ledger and statement as files: CSV for spreadsheets, PDF for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from core.downloads import CSV, PDF, csv_download, pdf_download
from core.models import Site
from core.site_settings import Settings, settings_of
from customers.api.ledger import FILTERS, LedgerApiView
from customers.api.statement import PARAMETERS, StatementApiView
from customers.entries import each_entry
from customers.printing import ledger_pdf, statement_pdf
from customers.sheets import COLUMNS, FIGURES, ledger_csv, statement_csv

_CELLS = "Texts that a spreadsheet could take for a formula stand behind an apostrophe."


def _file(media_type: str, schema: OpenApiTypes, description: str) -> dict[Any, Any]:
    return {(200, media_type): OpenApiResponse(schema, description=description)}


class StatementCsvView(StatementApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_statement_csv",
        summary="Download a statement as CSV",
        parameters=PARAMETERS,
        responses=_file(
            CSV,
            OpenApiTypes.STR,
            f"`line`, {', '.join(f'`{name}`' for name in COLUMNS)}. `line` is `entry`, or names a figure "
            f"({', '.join(f'`{name}`' for name in FIGURES)}), which stands in `balance`. {_CELLS}",
        ),
    )
    def get(self, request: Request, id: str) -> StreamingHttpResponse:
        """The same as the statement, sent while it is read: a period may be of any length."""
        statement = self.statement(id)
        return csv_download(statement_csv(statement), name=statement.file_name)


class StatementPdfView(StatementApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_statement_pdf",
        summary="Download a statement as PDF",
        parameters=PARAMETERS,
        responses=_file(PDF, OpenApiTypes.BINARY, "A4, in the first language of the site."),
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """At most 10,000 lines; more are 400 `too-many-lines`."""
        statement = self.statement(id)
        with _printing(self.site) as (settings, now):
            content = statement_pdf(statement, site=self.site, zone=settings.time_zone, now=now)
        return pdf_download(content, name=statement.file_name)


class LedgerCsvView(LedgerApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_ledger_csv",
        summary="Download the postings of a customer's account as CSV",
        parameters=FILTERS,
        responses=_file(CSV, OpenApiTypes.STR, f"{', '.join(f'`{name}`' for name in COLUMNS)}. {_CELLS}"),
    )
    def get(self, request: Request, id: str) -> StreamingHttpResponse:
        """Every posting that the filters leave, oldest first, sent while they are read."""
        account, stretch, query = self.entries(id)
        query.check()
        return csv_download(ledger_csv(each_entry(stretch), site_id=self.site.pk), name=f"ledger-{account.public_id}")


class LedgerPdfView(LedgerApiView):
    person_methods = ("GET",)

    @extend_schema(
        operation_id="customers_ledger_pdf",
        summary="Download the postings of a customer's account as PDF",
        parameters=FILTERS,
        responses=_file(PDF, OpenApiTypes.BINARY, "A4, in the first language of the site."),
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """At most 10,000 postings; more are 400 `too-many-lines`."""
        account, stretch, query = self.entries(id)
        query.check()
        with _printing(self.site) as (settings, now):
            content = ledger_pdf(each_entry(stretch), account=account, site=self.site, zone=settings.time_zone, now=now)
        return pdf_download(content, name=f"ledger-{account.public_id}")


@contextmanager
def _printing(site: Site) -> Iterator[tuple[Settings, datetime]]:
    """The site's settings and the time, with the site's first language active."""
    settings = settings_of(site)
    with override(settings.languages[0]):
        yield settings, timezone.now()
