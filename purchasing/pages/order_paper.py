"""One order on paper: what was ordered, where it goes, what it comes to.

The caller has the language active (`django.utils.translation.override`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.models import Site
from core.pdf import Column, Paper
from purchasing.contents import Contents, Line, PackageView
from purchasing.models import Purchase
from purchasing.pages.labels import PACKAGES, PAYMENT, labels_of, payment_method_of
from purchasing.pages.reader import FALLBACK, Reader
from purchasing.payment import PaymentStatus
from purchasing.status import PackageState


def order_paper(purchase: Purchase, contents: Contents, *, site: Site, zone: ZoneInfo, now: datetime) -> bytes:
    """The file. It has every package and line, however many there are."""
    language = get_language() or "en"
    reader = Reader(Locale.parse(FALLBACK.get(language, FALLBACK["en"])), zone)
    title = _("Order %(number)s") % {"number": purchase.number}
    head = f"{site.name} · {title}"
    paper = Paper(title=title, head=head, language=language, page_of=_("Page {page} of {pages}"), now=now)
    paper.facts((name, text) for name, text in _facts(purchase, contents, site, reader, now) if text)
    for number, package in enumerate(contents.packages, start=1):
        _print_package(paper, purchase, package, number, reader)
    paper.keep(40)
    code, sums = purchase.currency_code, contents.sums
    rows = [
        [_("Goods net"), reader.money(sums.goods_net, code)],
        [_("Shipping net"), reader.money(sums.shipping_net, code)],
        [_("Tax"), reader.money(sums.tax, code)],
        [_("Total"), reader.money(sums.gross, code)],
    ]
    if purchase.credited:
        rows.append([_("Credited for returns"), reader.money(purchase.credited, code)])
    if purchase.calculated_payment_status:
        rows.append([_("Paid"), reader.money(purchase.net_paid, code)])
        rows.append([_("Outstanding"), reader.money(purchase.outstanding, code)])
    paper.rows([Column("", 130), Column(code, 50, "R")], rows, bold=(3,))
    return paper.content()


def _facts(
    purchase: Purchase, contents: Contents, site: Site, reader: Reader, now: datetime
) -> Iterable[tuple[str, str]]:
    status = purchase.calculated_payment_status
    states = [str(label.text) for label in labels_of(purchase)]
    states += [str(PAYMENT[PaymentStatus(status)].text)] if status else []
    yield _("From"), site.name
    yield _("Customer"), purchase.company
    yield _("Placed by"), purchase.buyer.full_name if purchase.buyer else ""
    yield _("Placed"), reader.day(purchase.ordered_at)
    yield _("State"), ", ".join(states)
    yield _("PO"), purchase.customer_reference
    yield _("Payment method"), str(payment_method_of(purchase))
    yield _("Bill to"), ", ".join(contents.bill_to)
    yield from contents.notes
    yield _("Printed"), reader.day(now)


def _print_package(paper: Paper, purchase: Purchase, package: PackageView, number: int, reader: Reader) -> None:
    paper.keep(30)
    title = _("Package %(number)s") % {"number": package.number or number}
    about = ((_("Ship to"), ", ".join(package.ship_to)), (_("Delivery"), package.shipping_name))
    paper.facts([(title, _state_of(package, purchase, reader)), *((name, text) for name, text in about if text)])
    columns = [
        Column(_("Product"), 64),
        Column(_("SKU"), 30),
        Column(_("Quantity"), 17, "R"),
        Column(_("Unit price net"), 24, "R"),
        Column(_("Net"), 22, "R"),
        Column(_("Gross"), 23, "R"),
    ]
    paper.rows(columns, [_cells(line, purchase.currency_code, reader) for line in package.lines])


def _state_of(package: PackageView, purchase: Purchase, reader: Reader) -> str:
    """Empty for what does not come yet: of what is no order."""
    if package.state is PackageState.PROCESSING and not purchase.calculated_fulfilment_status:
        return ""
    state = str(PACKAGES[package.state].text)
    return f"{state}, {reader.day(package.state_at)}" if package.state_at else state


def _cells(line: Line, code: str, reader: Reader) -> list[str]:
    options = [f"{key}: {value}" for key, value in line.options]
    return [
        ", ".join(filter(None, (line.name, line.variant, *options))),
        line.sku,
        reader.number(line.quantity),
        "" if line.unit_net is None else reader.unit_price(line.unit_net, code),
        reader.money(line.net, code),
        reader.money(line.gross, code),
    ]
