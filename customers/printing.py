"""Ledger and statement as papers, in the language and the time zone of the site.

The caller has the language active (`django.utils.translation.override`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.errors import Fault, InvalidDocument
from core.models import Site
from core.money import EXPONENTS, round_money
from core.pdf import Column, Paper
from core.site_settings import ChargePosting
from customers.entries import Entry
from customers.entry_words import What, told
from customers.models import Customer
from customers.statement import Statement

MOST_PRINTED = 10_000
"""Lines of one paper."""
LOCALES = {"en": "en_001", "de": "de_DE"}
MODES = {
    ChargePosting.ON_ACCOUNT: lazy(
        "Orders on account are charged. Applied payments lower the balance, also of other orders."
    ),
    ChargePosting.ALL_ORDERS: lazy("Every order is charged; every applied payment lowers the balance."),
    ChargePosting.OFF: lazy("Orders are not charged here: another system keeps what is owed."),
}
WHATS = {
    What.OPENING: lazy("Opening entry"),
    What.CHARGE: lazy("Charge"),
    What.CHARGE_LOWERED: lazy("Charge, lowered"),
    What.PAYMENT: lazy("Payment"),
    What.PAYMENT_CORRECTED: lazy("Payment, corrected"),
    What.PAYMENT_TAKEN_BACK: lazy("Payment, taken back"),
    What.REFUND: lazy("Refund"),
    What.REFUND_CORRECTED: lazy("Refund, corrected"),
    What.REFUND_TAKEN_BACK: lazy("Refund, taken back"),
    What.REVERSAL: lazy("Reversal"),
    What.MANUAL: lazy("Manual entry"),
}
AGES = {
    "not_due": lazy("Not due"),
    "d1_30": lazy("1–30 days"),
    "d31_60": lazy("31–60 days"),
    "d61_90": lazy("61–90 days"),
    "over_90": lazy("Over 90 days"),
    "credit": lazy("Left over"),
}


@dataclass(frozen=True, slots=True)
class Writing:
    """How a paper writes days and amounts."""

    locale: Locale
    zone: ZoneInfo

    def day(self, day: date | datetime | None) -> str:
        """Of a moment, where the site is."""
        if day is None:
            return ""
        local = day.astimezone(self.zone).date() if isinstance(day, datetime) else day
        return format_date(local, "medium", locale=self.locale)

    def amount(self, amount: Decimal, currency_code: str) -> str:
        """In the currency's digits, without its name."""
        pattern = _pattern(EXPONENTS[currency_code])
        return pattern.apply(round_money(amount, currency_code), self.locale)


@cache
def _pattern(digits: int) -> NumberPattern:
    return parse_pattern(f"#,##0.{'0' * digits}" if digits else "#,##0")


def statement_pdf(statement: Statement, *, site: Site, zone: ZoneInfo, now: datetime) -> bytes:
    """The statement on paper. Raises InvalidDocument naming `from` when it has more lines than a paper may."""
    lines = _at_most(statement.lines(), Fault("too-many-lines", "from", _too_many()))
    writing, code = writing_of(zone), statement.currency_code
    period = f"{writing.day(statement.period.first)} – {writing.day(statement.period.last)}"
    paper = _paper(_("Statement of account"), site=site, account=statement.account, about=period, now=now)
    paper.facts(
        [
            (_("From"), site.name),
            (_("Customer"), f"{statement.account} ({statement.account.public_id})"),
            (_("Period"), period),
            (_("Currency"), code),
            (_("Printed"), writing.day(now)),
        ]
    )
    rows = [["", _("Opening balance"), "", "", "", writing.amount(statement.opening, code)]]
    rows += [_line(line, what, writing) for line, what in told(lines, site_id=site.pk)]
    rows += [["", _("Closing balance"), "", "", "", writing.amount(statement.closing, code)]]
    paper.rows(_columns(), rows, bold=(0, -1))
    paper.keep(30)
    ageing = [writing.amount(getattr(statement.ageing, name), code) for name in AGES]
    paper.rows([Column(str(title), 30, "R") for title in AGES.values()], [ageing])
    paper.facts([(_("Overdue"), f"{writing.amount(statement.ageing.overdue, code)} {code}")])
    paper.note(str(MODES[statement.posting_mode]))
    return paper.content()


def ledger_pdf(entries: Iterable[Entry], *, account: Customer, site: Site, zone: ZoneInfo, now: datetime) -> bytes:
    """The entries on paper. Raises InvalidDocument naming `posted_at[gte]` when they are more than a paper may hold."""
    lines = _at_most(entries, Fault("too-many-lines", "posted_at[gte]", _too_many()))
    writing = writing_of(zone)
    paper = _paper(_("Ledger"), site=site, account=account, about=writing.day(now), now=now)
    paper.facts(
        [
            (_("From"), site.name),
            (_("Customer"), f"{account} ({account.public_id})"),
            (_("Printed"), writing.day(now)),
        ]
    )
    paper.rows(_columns(), [_line(line, what, writing, named=True) for line, what in told(lines, site_id=site.pk)])
    return paper.content()


def _paper(title: str, *, site: Site, account: Customer, about: str, now: datetime) -> Paper:
    head = " · ".join([site.name, title, str(account), about])
    page_of = _("Page {page} of {pages}")
    return Paper(title=title, head=head, language=get_language() or "en", page_of=page_of, now=now)


def _columns() -> list[Column]:
    return [
        Column(_("Posted"), 22),
        Column(_("What"), 30),
        Column(_("Reference"), 44),
        Column(_("Due"), 22),
        Column(_("Amount"), 30, "R"),
        Column(_("Balance"), 32, "R"),
    ]


def _line(entry: Entry, what: What, writing: Writing, *, named: bool = False) -> list[str]:
    """`named`: with the currency, where there may be several."""
    code = entry.currency_code
    balance = writing.amount(entry.balance_after, code)
    return [
        writing.day(entry.posted_at),
        str(WHATS[what]),
        " – ".join(text for text in (entry.reference, entry.reason) if text),
        writing.day(entry.due_date),
        writing.amount(entry.amount, code),
        f"{balance} {code}" if named else balance,
    ]


def writing_of(zone: ZoneInfo) -> Writing:
    """In the active language."""
    return Writing(Locale.parse(LOCALES.get(get_language() or "", LOCALES["en"])), zone)


def _at_most(entries: Iterable[Entry], fault: Fault) -> list[Entry]:
    lines = list(islice(entries, MOST_PRINTED + 1))
    if len(lines) > MOST_PRINTED:
        raise InvalidDocument(faults=[fault])
    return lines


def _too_many() -> str:
    return f"A paper holds at most {MOST_PRINTED} postings: ask for fewer days, or for the CSV."
