"""Payments that look like one sent twice: which they are, and side by side member by member."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.admin.display import amount_text
from purchasing.effects import DUPLICATE_WINDOW
from purchasing.models import PurchaseTransaction
from purchasing.warnings import SUSPECTED_DUPLICATE

MOST_TWINS = 5
MOST_MEMBERS = 100
"""Of the outside system's own text."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of each of them; `differs`: not the same in all."""

    name: Any
    values: list[Any]
    differs: bool


@dataclass(frozen=True, slots=True)
class Twin:
    """`takes_back`: where to un-apply it; None for who may not."""

    title: str
    page: str
    is_this: bool
    takes_back: str | None


@dataclass(frozen=True, slots=True)
class SideBySide:
    twins: list[Twin]
    members: list[Member]
    more: int
    """Twins that are not shown."""


def suspected(rows: QuerySet[PurchaseTransaction]) -> QuerySet[PurchaseTransaction]:
    """Of these the applied ones that have a twin."""
    warned = rows.filter(apply_to_balance=True, purchase__warnings__contains=[{"code": SUSPECTED_DUPLICATE}])
    return warned.filter(Exists(_twins(OuterRef)))


def twins_of(transaction: PurchaseTransaction) -> QuerySet[PurchaseTransaction]:
    """Other applied ones of its purchase, of the same amount within 72 hours; of one that is not applied none."""
    found = _twins(partial(getattr, transaction)).order_by("created_at", "id")
    return found if transaction.apply_to_balance else found.none()


def _twins(its: Callable[[str], Any]) -> QuerySet[PurchaseTransaction]:
    """`its`: what the transaction whose twins are sought has under a name."""
    applied = PurchaseTransaction.objects.applied().exclude(pk=its("pk"))
    return applied.filter(
        **{name: its(name) for name in ("site_id", "purchase_id", "total", "currency_code")},
        created_at__range=(its("created_at") - DUPLICATE_WINDOW, its("created_at") + DUPLICATE_WINDOW),
    )


def side_by_side(transaction: PurchaseTransaction, *, may_unapply: bool) -> SideBySide | None:
    """The transaction before its twins; None when it has none. One query."""
    twins = list(twins_of(transaction))
    if not twins:
        return None
    shown = [transaction, *twins[:MOST_TWINS]]
    told = [dict(_members(each)) for each in shown]
    members = []
    for name in dict.fromkeys(name for each in told for name in each):
        values = [each.get(name, "—") for each in told]
        members.append(Member(name, values, len(set(map(str, values))) > 1))
    return SideBySide(
        [_twin(each, this=transaction, may_unapply=may_unapply) for each in shown], members, len(twins) - MOST_TWINS
    )


def _twin(each: PurchaseTransaction, *, this: PurchaseTransaction, may_unapply: bool) -> Twin:
    return Twin(
        title=each.platform_id,
        page=reverse("admin:purchasing_purchasetransaction_change", args=[each.pk]),
        is_this=each.pk == this.pk,
        takes_back=reverse("admin:purchasing_purchasetransaction_unapply_one", args=[each.pk]) if may_unapply else None,
    )


def _members(each: PurchaseTransaction) -> Iterator[tuple[Any, Any]]:
    yield _("total"), amount_text(each.total, each.currency_code)
    yield _("created at"), _to_the_second(each.created_at)
    yield _("updated at"), _to_the_second(each.updated_at)
    for number, (path, value) in enumerate(_sent(each.full_transaction)):
        if number < MOST_MEMBERS:
            yield path, value


def _to_the_second(instant: datetime) -> str:
    local = localtime(instant)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}"


def _sent(text: str) -> Iterator[tuple[str, str]]:
    """The outside system's own text, member by member where it is JSON."""
    if not text:
        return
    try:
        yield from _flat("full_transaction", json.loads(text))
    except (ValueError, RecursionError):
        yield "full_transaction", text


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from _flat(f"{path}.{name}", member)
    elif isinstance(value, list) and value:
        for number, member in enumerate(value):
            yield from _flat(f"{path}[{number}]", member)
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
