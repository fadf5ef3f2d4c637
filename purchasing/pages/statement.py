"""`/account/statement/`: what a company owes, what was posted in a period, how old it is; as CSV and PDF too.

For main users. The answer is that of `customers.statement`, as the API's is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from core.downloads import csv_download, pdf_download
from core.errors import Fault, InvalidDocument
from core.paging import page_number, page_of
from customers.ageing import BUCKETS
from customers.entries import Entry, read_entries
from customers.entry_words import told
from customers.models import Account, Customer
from customers.periods import period_of
from customers.printing import AGES, MODES, WHATS, statement_pdf
from customers.sheets import statement_csv
from customers.statement import Statement, statement_currency, statement_of
from purchasing.credit import read_credit
from purchasing.models import Purchase
from purchasing.pages.fields import choice_field, day_field
from purchasing.pages.visitor import Visitor, for_main_users, render_page

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A posting. `order`: the purchase it stands for, when the reader may open it."""

    entry: Entry
    text: Promise
    order: UUID | None


@dataclass(frozen=True, slots=True)
class Age:
    """What is owed of one age. `share`: how long its bar is, of 100."""

    name: str
    text: Promise
    amount: Decimal
    share: int


class StatementForm(forms.Form):
    """The period, and the currency among those in which something was posted."""

    def __init__(
        self, data: Any, *, currencies: Iterable[str], today: date, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.today = today
        # `from` cannot be the name of a class's attribute.
        self.fields["from"] = day_field(_("From"))
        self.fields["to"] = day_field(_("To"))
        choices = [(code, code) for code in currencies]
        self.fields["currency_code"] = choice_field(_("Currency"), choices, required=False)

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data
        first, last = sent.get("from"), sent.get("to") or self.today
        if first and first > last:
            self.add_error("from", _("The period begins after its last day."))
        return sent

    @property
    def faults(self) -> list[Fault]:
        return [Fault("invalid", name, str(error)) for name, errors in self.errors.items() for error in errors]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the account that owes, its currencies, and the statement unless the form has a fault."""

    account: Customer
    balances: list[Account]
    form: StatementForm
    statement: Statement | None


@require_safe
@for_main_users
def statement(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Balance, credit, and the statement of a period: of this month when none is named."""
    asked = _asked(request, visitor)
    found = asked.statement
    context = {
        "form": asked.form,
        "balances": asked.balances,
        "statement": found,
        "credit": read_credit(site_id=visitor.site.pk, account_id=asked.account.pk, settings=visitor.settings),
        "periods": _periods(visitor.today),
    }
    if found is not None:
        page = page_of(partial(_entries, found), number=page_number(request.GET.get("page", "")), size=PAGE_SIZE)
        context |= {
            "page": page,
            "lines": _lines(page.rows, visitor),
            "query": urlencode(_named(found)),
            "ages": ages_of(found),
            "mode": MODES[found.posting_mode],
        }
    return render_page(request, visitor, "account/statement.html", context)


@require_safe
@for_main_users
def statement_as_csv(request: HttpRequest, visitor: Visitor) -> StreamingHttpResponse:
    """The statement that the page shows for the same period, as the API answers it."""
    found = _needed(request, visitor)
    return csv_download(statement_csv(found), name=found.file_name)


@require_safe
@for_main_users
def statement_as_pdf(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The same on paper, in the first language of the site. Raises InvalidDocument `too-many-lines`."""
    found = _needed(request, visitor)
    with override(visitor.settings.languages[0]):
        zone, now = visitor.settings.time_zone, timezone.now()
        content = statement_pdf(found, site=visitor.site, zone=zone, now=now)
    return pdf_download(content, name=found.file_name)


def orders_to_open(visitor: Visitor, spark_ids: Iterable[UUID | None]) -> set[UUID]:
    """Of these purchases the ones that have a page for this reader."""
    placed = Purchase.objects.visible_to(visitor.customer).placed()
    return set(placed.filter(spark_id__in=set(filter(None, spark_ids))).values_list("spark_id", flat=True))


def ages_of(statement: Statement) -> list[Age]:
    amounts = [(name, getattr(statement.ageing, name)) for name in BUCKETS]
    longest = max(abs(amount) for _name, amount in amounts)
    return [
        Age(name, AGES[name], amount, round(abs(amount) / longest * 100) if longest else 0) for name, amount in amounts
    ]


def _asked(request: HttpRequest, visitor: Visitor) -> Asked:
    account = Customer.objects.for_site(visitor.site).account_of(visitor.customer)
    balances = list(Account.objects.for_site(visitor.site).filter(customer=account).order_by("currency_code"))
    currencies = [balance.currency_code for balance in balances]
    usual = statement_currency(settings=visitor.settings, customer=visitor.customer, account=account)
    if usual and usual not in currencies:
        currencies.append(usual)
    today = visitor.today
    form = StatementForm(request.GET, currencies=currencies, today=today)
    if not form.is_valid() or not usual:
        return Asked(account, balances, form, None)
    sent = form.cleaned_data
    period = period_of(
        first=sent["from"],
        last=sent["to"] or today,
        until=None,
        zone=visitor.settings.time_zone,
        now=timezone.now(),
    )
    found = statement_of(
        settings=visitor.settings,
        customer=visitor.customer,
        account=account,
        currency_code=sent["currency_code"] or usual,
        period=period,
        names_authors=False,
    )
    shown = StatementForm(None, currencies=currencies, today=today, initial=_named(found))
    return Asked(account, balances, shown, found)


def _needed(request: HttpRequest, visitor: Visitor) -> Statement:
    """The statement for a file. Raises InvalidDocument naming every fault."""
    asked = _asked(request, visitor)
    if asked.statement is None:
        raise InvalidDocument(
            faults=asked.form.faults or [Fault("required", "currency_code", str(_("Nothing has been booked yet.")))]
        )
    return asked.statement


def _named(statement: Statement) -> dict[str, Any]:
    """What names this statement in an address."""
    period = statement.period
    return {"from": period.first, "to": period.last, "currency_code": statement.currency_code}


def _entries(statement: Statement, limit: int, offset: int) -> list[Entry]:
    return read_entries(statement.stretch, limit=limit, offset=offset) if statement.stretch else []


def _lines(entries: Iterable[Entry], visitor: Visitor) -> list[Line]:
    entries = list(entries)
    known = orders_to_open(visitor, (entry.purchase_spark_id for entry in entries))
    return [
        Line(entry, WHATS[what], entry.purchase_spark_id if entry.purchase_spark_id in known else None)
        for entry, what in told(entries, site_id=visitor.site.pk)
    ]


def _periods(today: date) -> list[tuple[Promise, str]]:
    """Periods that are asked for often, each with the query that names it."""
    this_month = today.replace(day=1)
    end_of_last = this_month - timedelta(days=1)
    periods = (
        (_("This month"), this_month, today),
        (_("Last month"), end_of_last.replace(day=1), end_of_last),
        (_("This year"), today.replace(month=1, day=1), today),
    )
    return [(text, urlencode({"from": str(first), "to": str(last)})) for text, first, last in periods]
