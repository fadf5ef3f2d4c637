"""The worked table of credit: what happened, by the words of `docs/money.md`, 8."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from core.actors import SYSTEM
from core.models import Site
from customers import ledger
from customers.ledger import Kind, Posting
from customers.models import Customer
from purchasing.tests.bakers import line, on_account, package, pay, put

LIMIT = Decimal(1000)
Step = Callable[[Site, Customer], object]


def enter(site: Site, customer: Customer, amount: object, *, kind: Kind = Kind.OPENING, currency: str = "GBP") -> None:
    """An opening or manual entry on the account."""
    posting = Posting(
        customer_id=customer.pk,
        currency_code="GBP",
        kind=kind,
        amount=Decimal(str(amount)),
        value_date=date(2026, 3, 2),
    )
    ledger.post(site_id=site.pk, postings=[posting], author=SYSTEM, net_terms_days=30)


def nothing(_site: Site, _customer: Customer) -> None:
    """The beginning."""


def entered(amount: int, kind: Kind = Kind.OPENING) -> Step:
    return lambda site, customer: enter(site, customer, amount, kind=kind)


def placed(name: str, *packages: dict[str, Any], **members: Any) -> Step:
    """On account, unless `payment_method` says otherwise."""
    return lambda site, customer: put(site, on_account(*packages, customer=customer, **members), name)


def paid(total: str, name: str) -> Step:
    return lambda site, _customer: pay(site, total, name)


STEPS: dict[str, Step] = {
    "nothing yet": nothing,
    "an opening entry of 200": entered(200),
    "an order of 100 on account": placed("A", package(line(100))),
    "… a payment of 30 for it": paid("30", "A"),
    "… 20 of it come back": placed("A", package(line(80)), package(line(20), type="refund")),
    "an order of 500 by card": placed("B", package(line(500)), payment_method="card"),
    "… and its payment": paid("500", "B"),
    "an unconfirmed order of 400 on account": placed("C", package(line(400)), type="order_unconfirmed"),
    "… 100 of it in advance": paid("100", "C"),
    "… it becomes the order": placed("C", package(line(400))),
    "50 on account await approval": placed("D", package(line(50)), type="awaiting_approval"),
    "a quote of 300 on account": placed("E", package(line(300)), type="quote"),
    "an order of 70 euro on account": placed("F", package(line(70, currency="EUR"))),
    "a manual entry of −10": entered(-10, Kind.MANUAL),
}


def rows_of_the_table() -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """`(what happened, used, committed, available)` as the page has them."""
    text = (Path(settings.BASE_DIR) / "docs" / "money.md").read_text()
    table = text.partition("| what happened | used | committed | available |\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[1:]]
    return [(what, *(Decimal(figure.replace("−", "-")) for figure in figures)) for what, *figures in rows]  # type: ignore[misc]  # four of them
