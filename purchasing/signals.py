"""The switchboard: what follows when a transaction is saved or deleted, or when rates arrive.

Handlers only pass on; effects decide.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models.signals import post_save, pre_delete

from pricing.models import ExchangeRate
from pricing.signals import rates_published
from purchasing import dollars, effects
from purchasing.models import PurchaseTransaction


def transaction_saved(instance: PurchaseTransaction, raw: bool, **_signal: Any) -> None:
    if not raw:  # a fixture brings everything that follows with it
        effects.follow_saved_transaction(instance)


def transaction_going(instance: PurchaseTransaction, **_signal: Any) -> None:
    effects.take_back_transaction(instance)


def rates_arrived(now: datetime, progress: Callable[[int], object], **_signal: Any) -> int:
    return dollars.fill_missing_dollars(now=now, progress=progress)


WIRING = (
    (post_save, transaction_saved, PurchaseTransaction),
    (pre_delete, transaction_going, PurchaseTransaction),
    (rates_published, rates_arrived, ExchangeRate),
)


def connect() -> None:
    """Wire the handlers above; called once when the applications are ready."""
    for signal, handler, sender in WIRING:
        signal.connect(handler, sender=sender, dispatch_uid=f"purchasing.{handler.__name__}")
