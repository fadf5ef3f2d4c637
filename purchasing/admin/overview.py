"""The first page of the back office: what waits for somebody, how business goes, how old the debts are.

Of the reader's sites. Amounts of different currencies are never summed. Each list behind a card is the card's filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncWeek
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.admin.plots import Plot, plot_of
from core.models import Site
from core.site_settings import settings_of
from core.tenancy import sites_of
from customers.ageing import BUCKETS
from customers.receivables import Receivable, receivables_of
from purchasing.admin.waiting import APPROVALS, DUPLICATES, FAILED_MAILS, UNCONFIRMED, WARNED, count_text, counted
from purchasing.models import Purchase

COUNTED = 1_000
"""Up to so many are counted; of more the card says that they are more."""
TO_DO = (UNCONFIRMED, APPROVALS, WARNED, FAILED_MAILS, DUPLICATES)
WEEKS = 12
BUCKET_WORDS = (
    *(_("Not due"), _("1–30 days"), _("31–60 days"), _("61–90 days")),
    *(_("Over 90 days"), _("Credit")),
)
BUCKET_NAMES = dict(zip(BUCKETS, BUCKET_WORDS, strict=True))


@dataclass(frozen=True, slots=True)
class Card:
    """Something that waits, and the list of it. `count`: `1000+` where there are more."""

    title: Any
    count: str
    link: str

    @property
    def waits(self) -> bool:
        return self.count != "0"


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows beside the list of pages; called by Unfold."""
    sites = list(sites_of(request.user))
    now = timezone.now()
    owed = [
        each
        for site in sites
        for each in receivables_of(site_id=site.pk, day=now.astimezone(settings_of(site).time_zone).date())
    ]
    return context | {
        "title": _("Overview"),
        "cards": _cards(sites, owed),
        "sales": _sales(sites, now),
        "debts": _debts(owed),
    }


def _cards(sites: list[Site], owed: Iterable[Receivable]) -> list[Card]:
    overdue = sum(each.ageing.overdue > 0 for each in owed)
    counts = counted(TO_DO, sites=[site.pk for site in sites], most=COUNTED)
    first, second, *others = [
        Card(kind.title, count_text(count, most=COUNTED), kind.link) for kind, count in zip(TO_DO, counts, strict=True)
    ]
    accounts = f"{reverse('admin:customers_account_changelist')}?age=overdue"
    return [first, second, Card(_("Overdue accounts"), str(overdue), accounts), *others]


def _sales(sites: list[Site], now: datetime) -> list[Plot]:
    """What was ordered in each of the last weeks, from Monday on, by currency."""
    this_week = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    weeks = [this_week - timedelta(weeks=number) for number in reversed(range(WEEKS))]
    rows = (
        Purchase.objects.present()
        .filter(site__in=sites, type="order", ordered_at__gte=weeks[0])
        .values("currency_code", week=TruncWeek("ordered_at", tzinfo=now.tzinfo))
        .annotate(total=Sum("calculated_total"))
        .order_by()
    )
    sums: dict[str, dict[datetime, Decimal]] = defaultdict(dict)
    for row in rows:
        sums[row["currency_code"]][row["week"]] = row["total"]
    return [
        plot_of(code, [(date_format(week, "SHORT_DATE_FORMAT"), totals.get(week, Decimal(0))) for week in weeks])
        for code, totals in sorted(sums.items())
    ]


def _debts(owed: Iterable[Receivable]) -> list[Plot]:
    """Open balances by age and currency."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(BUCKETS[:-1], Decimal(0)))
    for each in owed:
        for bucket in BUCKETS[:-1]:
            sums[each.currency_code][bucket] += getattr(each.ageing, bucket)
    return [
        plot_of(code, [(str(BUCKET_NAMES[bucket]), amount) for bucket, amount in ages.items()])
        for code, ages in sorted(sums.items())
    ]
