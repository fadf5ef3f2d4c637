"""`/account/credit/`: what a company may still buy on account, each part with the rows it is the sum of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.money import ZERO
from customers.entry_words import What
from customers.models import Customer
from customers.printing import WHATS
from purchasing.credit import Credit, CreditRow, Part, read_credit
from purchasing.models import Purchase
from purchasing.pages.labels import TYPES
from purchasing.pages.statement import orders_to_open
from purchasing.pages.visitor import Visitor, for_main_users, render_page

MOST_ROWS = 200
"""Of one part, oldest first; how many more there are is told, with their sum."""
PARTS = {
    Part.ENTRIES: (_("Opening and manual entries"), _("What was booked besides orders.")),
    Part.CHARGES: (_("Orders that are charged"), _("The charge, less what was paid for the order.")),
    Part.BALANCE: (_("Balance"), _("What you owe by the books of another system.")),
    Part.COMMITTED: (
        _("Committed"),
        _("Purchases on account that are not charged yet: what is due, less what was paid."),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """Something that takes from the limit. `order`: the purchase, when the reader may open it."""

    taken: CreditRow
    text: Promise | str
    order: UUID | None


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of the credit that has rows. `more` and `more_amount`: of the rows that are not shown."""

    name: str
    text: Promise
    explanation: Promise
    total: Decimal
    rows: list[Row]
    more: int
    more_amount: Decimal


@require_safe
@for_main_users
def credit(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    account = Customer.objects.for_site(visitor.site).account_of(visitor.customer)
    found = read_credit(site_id=visitor.site.pk, account_id=account.pk, settings=visitor.settings, most_rows=MOST_ROWS)
    return render_page(request, visitor, "account/credit.html", {"credit": found, "parts": _parts(found, visitor)})


def _parts(credit: Credit, visitor: Visitor) -> list[PartShown]:
    shown = {part: credit.of(part) for part in Part}
    known = orders_to_open(visitor, (row.spark_id for rows in shown.values() for row in rows))
    return [_part(credit, part, rows, known) for part, rows in shown.items() if rows]


def _part(credit: Credit, part: Part, shown: list[CreditRow], known: set[UUID]) -> PartShown:
    whole = credit.sum_of(part)
    text, explanation = PARTS[part]
    return PartShown(
        name=part.value,
        text=text,
        explanation=explanation,
        total=whole.amount,
        rows=[Row(row, _text_of(row), row.spark_id if row.spark_id in known else None) for row in shown],
        more=whole.rows - len(shown),
        more_amount=whole.amount - sum((row.amount for row in shown), ZERO),
    )


def _text_of(row: CreditRow) -> Promise | str:
    if row.part is Part.ENTRIES:
        return WHATS[What(row.kind)]
    return PARTS[Part.BALANCE][0] if row.part is Part.BALANCE else TYPES[Purchase.Type(row.kind)].text
