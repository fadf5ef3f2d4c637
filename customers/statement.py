"""The statement of an account: what stood at the beginning of a period, what was posted, what stands at its end.

Everything that shows one (API, pages, CSV, PDF) reads it here. What it says of a period that is over never changes:
entries are only appended, in the order of their posting, and periods are cut by the time of posting. `docs/money.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core import sql
from core.errors import InvalidDocument
from core.money import ZERO, money_text
from core.site_settings import ChargePosting, Settings
from customers.ageing import BUCKETS, DAYS_PAST_DUE, YOUNG, Ageing, age
from customers.entries import Entry, Stretch, each_entry
from customers.models import Account, Customer
from customers.periods import Period


@dataclass(frozen=True, slots=True)
class Statement:
    """Of `account`, the customer who owes, in one currency. `closing` = `opening` + the lines = the sum of `ageing`."""

    account: Customer
    currency_code: str
    period: Period
    posting_mode: ChargePosting
    opening: Decimal
    closing: Decimal
    ageing: Ageing
    stretch: Stretch | None
    """Where its lines are; None where nothing was ever posted."""

    @property
    def file_name(self) -> str:
        """Of a file that holds it, without its ending."""
        period = self.period
        return f"statement-{self.account.public_id}-{period.first}-{period.last}-{self.currency_code}"

    def lines(self) -> Iterator[Entry]:
        """What was posted in the period, oldest first; read while one goes through them."""
        return each_entry(self.stretch) if self.stretch else iter(())

    def figures(self) -> dict[str, str]:
        """Every figure by its name, in the currency's digits."""
        figures = {"opening": self.opening, "closing": self.closing, "overdue": self.ageing.overdue}
        ages = {bucket: getattr(self.ageing, bucket) for bucket in BUCKETS}
        return {name: money_text(figure, self.currency_code) for name, figure in {**figures, **ages}.items()}


# The last entry is looked up once, and everything else goes up to it: what is posted meanwhile is in no figure.
# $1 site, $2 customer who owes, $3 currency, $4 beginning, $5 end
_FRAME = """
SELECT account.id, opening.balance_after, closing.balance_after, closing.id
FROM customers_account AS account
LEFT JOIN LATERAL (
    SELECT balance_after FROM customers_accountentry
    WHERE site_id = $1 AND account_id = account.id AND posted_at < $4::timestamptz
    ORDER BY posted_at DESC, id DESC LIMIT 1
) AS opening ON TRUE
LEFT JOIN LATERAL (
    SELECT balance_after, id FROM customers_accountentry
    WHERE site_id = $1 AND account_id = account.id AND posted_at < $5::timestamptz
    ORDER BY posted_at DESC, id DESC LIMIT 1
) AS closing ON TRUE
WHERE account.site_id = $1 AND account.customer_id = $2 AND account.currency_code = $3
"""
# Sums of the items above 0 that are at most 90 days past due, by their bucket, 0 for what is not due. A purchase may
# have later entries that bring it here and an earlier due date that takes it out again.
# $1 site, $2 account, $3 end, $4 last entry, $5 day, $6 where buckets begin, $7 the earliest due date
_YOUNG_ITEMS = """
WITH young AS (
    SELECT id, purchase_id, amount, due_date
    FROM customers_accountentry
    WHERE site_id = $1 AND account_id = $2 AND due_date >= $7::date AND posted_at < $3::timestamptz AND id <= $4::bigint
), item AS (
    SELECT sum(entry.amount) AS amount, min(entry.due_date) AS due_date
    FROM customers_accountentry AS entry
    WHERE entry.site_id = $1 AND entry.account_id = $2 AND entry.posted_at < $3::timestamptz AND entry.id <= $4::bigint
        AND entry.purchase_id IN (SELECT purchase_id FROM young WHERE purchase_id IS NOT NULL)
    GROUP BY entry.purchase_id
    UNION ALL
    SELECT amount, due_date FROM young WHERE purchase_id IS NULL
)
SELECT width_bucket($5::date - due_date, $6::integer[]), sum(amount)
FROM item
WHERE amount > 0 AND due_date >= $7::date
GROUP BY 1
"""


def statement_of(
    *,
    settings: Settings,
    customer: Customer,
    account: Customer,
    currency_code: str | None,
    period: Period,
    names_authors: bool = True,
) -> Statement:
    """The statement of `account`, who owes for this customer. Its lines are read when they are asked for.

    `names_authors`: whether its lines name staff and programs, which customers are not told. Without a currency
    that which `statement_currency` finds; raises InvalidDocument naming `currency_code` when there
    is none.
    """
    currency_code = currency_code or statement_currency(settings=settings, customer=customer, account=account)
    if currency_code is None:
        raise InvalidDocument("Nothing says in which currency: name one.", property="currency_code", code="required")
    ends = period.ends.isoformat()
    frame = sql.fetch(_FRAME, [account.site_id, account.pk, currency_code, period.starts.isoformat(), ends])
    account_id, opening, closing, last = frame[0] if frame else (None, None, None, None)
    stretch = None
    if last is not None:
        stretch = Stretch(
            account.site_id,
            [account_id],
            since=period.starts,
            until=period.ends,
            last=last,
            names_authors=names_authors,
        )
    return Statement(
        account=account,
        currency_code=currency_code,
        period=period,
        posting_mode=settings.charge_posting,
        opening=opening or ZERO,
        closing=closing or ZERO,
        ageing=_ageing(stretch, closing or ZERO, period.day),
        stretch=stretch,
    )


def _ageing(stretch: Stretch | None, balance: Decimal, day: date) -> Ageing:
    """Of the balance at the end of the stretch. Nothing is looked up where nothing is owed."""
    if stretch is None or stretch.until is None or balance <= 0:
        return Ageing(credit=balance)
    earliest = day - timedelta(days=YOUNG)
    [account_id] = stretch.account_ids
    values = [stretch.site_id, account_id, stretch.until.isoformat(), stretch.last, day, list(DAYS_PAST_DUE), earliest]
    sums: dict[int, Decimal] = dict(sql.fetch(_YOUNG_ITEMS, values))
    return age(balance, [sums.get(bucket, ZERO) for bucket in range(len(DAYS_PAST_DUE))])


def statement_currency(*, settings: Settings, customer: Customer, account: Customer) -> str | None:
    """Which currency is meant where none is named: the account's, that of its limit, the customer's, the site's.

    The first of these in which something was posted; else the first in which anything was; while nothing was, the
    first that is known.
    """
    usual = [account.currency_code, account.credit_currency_code, customer.currency_code, settings.default_currency]
    known = [code for code in usual if code]
    posted = Account.objects.filter(site_id=account.site_id, customer=account).order_by("currency_code")
    codes = list(posted.values_list("currency_code", flat=True))
    return next((code for code in known if code in codes), None) or next(iter([*codes, *known]), None)
