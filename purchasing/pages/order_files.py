"""Orders as files: the list as it is filtered, as CSV and XLSX, and one order on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from core.downloads import XLSX, csv_download, file_download, pdf_download
from core.money import round_money
from core.spreadsheets import ROWS_AT_ONCE, csv_of, xlsx_of
from purchasing.contents import contents_of
from purchasing.models import Purchase
from purchasing.pages.order_paper import order_paper
from purchasing.pages.orders import filters_of, order_of, rows_of
from purchasing.pages.visitor import Visitor, for_customers

COLUMNS = (
    "number",
    "sparklayer_id",
    "placed_at",
    "customer_reference",
    "company",
    "placed_by",
    "type",
    "fulfilment_status",
    "payment_status",
    "total",
    "outstanding",
    "credit",
    "currency_code",
)


@require_safe
@for_customers
def orders_csv(request: HttpRequest, visitor: Visitor) -> StreamingHttpResponse:
    """What the list shows under the same filters, on all its pages together, in its order."""
    return csv_download(csv_of(_table(request, visitor)), name=f"orders-{visitor.today}")


@require_safe
@for_customers
def orders_xlsx(request: HttpRequest, visitor: Visitor) -> FileResponse:
    """The same as a workbook."""
    return file_download(xlsx_of(_table(request, visitor)), name=f"orders-{visitor.today}.xlsx", content_type=XLSX)


@require_safe
@for_customers
def order_pdf(_request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    """One order on paper, in the first language of the site."""
    purchase = order_of(visitor, spark_id)
    with override(visitor.settings.languages[0]):
        content = order_paper(
            purchase, contents_of(purchase), site=visitor.site, zone=visitor.settings.time_zone, now=timezone.now()
        )
    return pdf_download(content, name=f"order-{re.sub(r'[^A-Za-z0-9._-]+', '-', purchase.number)[:60]}")


def _table(request: HttpRequest, visitor: Visitor) -> Iterator[tuple[object, ...]]:
    yield COLUMNS
    for purchase in rows_of(filters_of(request, visitor)).iterator(chunk_size=ROWS_AT_ONCE):
        yield _row(purchase, visitor)


def _row(purchase: Purchase, visitor: Visitor) -> tuple[object, ...]:
    return (
        purchase.number,
        str(purchase.spark_id),
        purchase.ordered_at.astimezone(visitor.settings.time_zone).isoformat(timespec="seconds"),
        purchase.customer_reference,
        purchase.company,
        purchase.buyer.full_name if purchase.buyer else "",
        purchase.type,
        purchase.calculated_fulfilment_status,
        purchase.calculated_payment_status,
        round_money(purchase.calculated_total, purchase.currency_code),
        round_money(purchase.outstanding, purchase.currency_code),
        round_money(purchase.credit, purchase.currency_code),
        purchase.currency_code,
    )
