"""What waits for somebody: counted on the first page and beside its page in the sidebar; each leads to the list of it.

Every kind has an index of its own that holds what waits and nothing else, and no more is counted than is told, so a
count costs the same with a million purchases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Site
from purchasing.admin.twins import suspected
from purchasing.models import Purchase, PurchaseMail, PurchaseTransaction
from purchasing.warnings import BADGES


@dataclass(frozen=True, slots=True)
class Waiting:
    """`page`: the model whose list has it, narrowed by `filters`; `rows`: what waits at these sites."""

    title: Any
    page: str
    filters: dict[str, str]
    rows: Callable[[Sequence[int]], QuerySet[Any]]

    @property
    def link(self) -> str:
        page = reverse(f"admin:{self.page.replace('.', '_')}_changelist")
        return f"{page}?{urlencode(self.filters)}"


def _of_type(kind: str) -> Callable[[Sequence[int]], QuerySet[Any]]:
    return lambda sites: Purchase.objects.present().filter(site__in=sites, type=kind)


UNCONFIRMED = Waiting(
    _("Unconfirmed orders"),
    "purchasing.purchase",
    {"type__exact": "order_unconfirmed"},
    _of_type(Purchase.Type.ORDER_UNCONFIRMED),
)
APPROVALS = Waiting(
    _("Awaiting approval"),
    "purchasing.purchase",
    {"type__exact": "awaiting_approval"},
    _of_type(Purchase.Type.AWAITING_APPROVAL),
)
WARNED = Waiting(
    _("With warnings"),
    "purchasing.purchase",
    {"warning": "any"},
    lambda sites: Purchase.objects.present().filter(site__in=sites).with_warning(*BADGES),
)
FAILED_MAILS = Waiting(
    _("E-mails not sent"),
    "purchasing.purchasemail",
    {"state__exact": PurchaseMail.State.FAILED},
    lambda sites: PurchaseMail.objects.filter(site__in=sites, state=PurchaseMail.State.FAILED),
)
DUPLICATES = Waiting(
    _("Suspected duplicates"),
    "purchasing.purchasetransaction",
    {"suspected": "duplicate"},
    lambda sites: suspected(PurchaseTransaction.objects.filter(site__in=sites, purchase__deleted_at=None)),
)


class _Count(Subquery):
    """How many rows the query has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counted(kinds: Sequence[Waiting], *, sites: Sequence[int], most: int) -> list[int]:
    """How many of each kind wait at these sites; one more than `most` stands for any number above it. One query."""
    if not sites:
        return [0] * len(kinds)
    counts = [_Count(kind.rows(sites).order_by().values("pk")[: most + 1]) for kind in kinds]
    return list(Site.objects.filter(pk=sites[0]).values_list(*counts).get())


def count_text(count: int, *, most: int) -> str:
    """`99+` for more than 99, if that is the `most` that is told."""
    return f"{most}+" if count > most else str(count)
