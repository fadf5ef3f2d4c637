"""The statement of the account that owes for a customer: as a page, as CSV and as PDF. The answer is the API's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from core.admin.display import amount_text, money
from core.admin.plots import plot_of
from core.admin.refusals import show_refusal
from core.downloads import csv_download, pdf_download
from core.errors import InvalidDocument
from core.models import Site
from core.paging import page_number, page_of
from core.site_settings import settings_of
from customers.ageing import BUCKETS
from customers.api.statement import statement_asked_for
from customers.entries import Entry, read_entries
from customers.entry_words import told
from customers.models import Account, AccountEntry, Customer
from customers.printing import AGES, MODES, WHATS, statement_pdf
from customers.sheets import statement_csv
from customers.statement import Statement, statement_currency

PAGE_SIZE = 200
OWN = ("format", "page")
"""Parameters of the page itself."""


class StatementForm(forms.Form):
    """What the parameters of the API name. What each may be is said by the reader of the API's."""

    to = forms.CharField(label=_("To"), required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}))
    as_at = forms.CharField(
        label=_("As at"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("As it stood at a moment: 2026-01-31, or 2026-01-31T09:30."),
    )
    currency_code = forms.ChoiceField(label=_("Currency"), required=False, widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # `from` cannot be the name of a class's attribute.
        day = UnfoldAdminTextInputWidget(attrs={"type": "date"})
        self.fields["from"] = forms.CharField(label=_("From"), required=False, widget=day)
        self.order_fields(["from", "to", "as_at", "currency_code"])
        choices = self.fields["currency_code"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(code, code) for code in currencies]


@dataclass(frozen=True, slots=True)
class Line:
    """A posting. `link`: the page of the purchase it stands for."""

    entry: Entry
    text: str
    link: str | None
    amount: SafeString
    balance: SafeString


def statement_context(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What the page shows; when a parameter is bad, the form that says so and no statement."""
    account = Customer.objects.for_site(customer.site).account_of(customer)
    currencies = _currencies(customer, account)
    try:
        found = _asked(request, customer, account)
    except InvalidDocument as refusal:
        form = StatementForm(request.GET, currencies=currencies)
        form.is_valid()
        show_refusal(form, refusal)
        return {"form": form, "account": account, "customer": customer}
    code = found.currency_code
    named: dict[str, Any] = {"from": found.period.first, "to": found.period.last, "currency_code": code}
    named |= {name: request.GET[name] for name in ("as_at",) if request.GET.get(name)}
    page = page_of(partial(_entries, found), number=page_number(request.GET.get("page", "")), size=PAGE_SIZE)
    ages = [(str(AGES[bucket]), Decimal(getattr(found.ageing, bucket))) for bucket in BUCKETS]
    return {
        "form": StatementForm(initial=named, currencies=currencies if code in currencies else [*currencies, code]),
        "account": account,
        "customer": customer,
        "statement": found,
        "opening": money(found.opening, code),
        "closing": money(found.closing, code),
        "overdue": amount_text(found.ageing.overdue, code),
        "page": page,
        "lines": _lines(list(page.rows), site_id=account.site_id),
        "plots": [plot_of(code, ages)],
        "mode": MODES[found.posting_mode],
        "query": urlencode(named),
    }


def statement_file(request: HttpRequest, customer: Customer, *, kind: str) -> HttpResponse | StreamingHttpResponse:
    """`kind`: `csv` or `pdf`. Raises InvalidDocument naming every bad parameter, and `too-many-lines` for a paper."""
    account = Customer.objects.for_site(customer.site).account_of(customer)
    found = _asked(request, customer, account)
    if kind == "csv":
        return csv_download(statement_csv(found), name=found.file_name)
    return pdf_download(_paper(found, customer.site), name=found.file_name)


def _paper(statement: Statement, site: Site) -> bytes:
    settings = settings_of(site)
    with override(settings.languages[0]):
        return statement_pdf(statement, site=site, zone=settings.time_zone, now=timezone.now())


def _asked(request: HttpRequest, customer: Customer, account: Customer) -> Statement:
    """An empty field asks nothing."""
    sent = request.GET.copy()
    for name in [name for name, value in sent.items() if not value]:
        del sent[name]
    return statement_asked_for(sent, customer=customer, account=account, names_authors=True, others=OWN)


def _currencies(customer: Customer, account: Customer) -> list[str]:
    """Those in which something was posted, and that which is meant where none is named."""
    posted = Account.objects.for_site(customer.site).filter(customer=account).order_by("currency_code")
    codes = list(posted.values_list("currency_code", flat=True))
    usual = statement_currency(settings=settings_of(customer.site), customer=customer, account=account)
    return codes if usual in (None, *codes) else [*codes, str(usual)]


def _entries(statement: Statement, limit: int, offset: int) -> list[Entry]:
    return read_entries(statement.stretch, limit=limit, offset=offset) if statement.stretch else []


def _lines(entries: list[Entry], *, site_id: int) -> list[Line]:
    """Each leads to its purchase's page; two queries say which that is, and what each is called."""
    stored = AccountEntry.objects.filter(pk__in=[entry.id for entry in entries], purchase_id__isnull=False)
    purchases = dict(stored.values_list("pk", "purchase_id"))
    return [
        Line(
            entry=entry,
            text=str(WHATS[what]),
            link=reverse("admin:purchasing_purchase_change", args=[purchases[entry.id]])
            if entry.id in purchases
            else None,
            amount=money(entry.amount, entry.currency_code),
            balance=money(entry.balance_after, entry.currency_code),
        )
        for entry, what in told(entries, site_id=site_id)
    ]
