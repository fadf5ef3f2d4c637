"""Transactions: money that an outside system recorded against a purchase.

Life: recorded under the outside system's id; sent again it is updated; *applied* (`apply_to_balance`) it counts in the
payment status, appears in the purchase history and moves the account's balance; un-applied, all three go. Saving or
deleting one fires the signal whose effect brings everything else up to date (`purchasing.effects`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid7
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from core import sql
from core.actors import SYSTEM, Actor
from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from purchasing.models.guarded import GuardedQuerySet
from purchasing.models.purchase import Purchase
from purchasing.warnings import PurchaseWarning

_CHANGEABLE = frozenset({"platform_id", "total", "currency_code", "apply_to_balance", "full_transaction", "updated_at"})
"""What saving an existing transaction may write: nothing that stays, and never what stands posted."""


class TransactionQuerySet(GuardedQuerySet["PurchaseTransaction"]):
    def applied(self) -> TransactionQuerySet:
        """Those that count in status, history and balance."""
        return self.filter(apply_to_balance=True)


class PurchaseTransaction(models.Model):
    """A payment (`total` > 0) or refund (`total` < 0), in `currency_code`."""

    id = models.UUIDField(primary_key=True, default=uuid7.uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    purchase = SiteForeignKey(Purchase, related_name="transactions")
    platform_id = models.CharField(max_length=255, help_text="The id in the system that moved the money.")
    total = models.DecimalField(
        max_digits=16, decimal_places=4, help_text="More than 0 is a payment, less than 0 a refund."
    )
    currency_code = models.CharField(max_length=3)
    apply_to_balance = models.BooleanField(
        help_text="On: counts in payment status, history and balance. Off: recorded and listed only."
    )
    full_transaction = models.TextField(
        blank=True, default="", help_text="The outside system's own text, kept as sent."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)
    recorded_by = models.CharField(
        max_length=255, blank=True, default="", db_default="", editable=False, help_text="Who recorded it first."
    )
    posted_amount = models.DecimalField(
        max_digits=24, decimal_places=4, default=0, editable=False, help_text="What stands posted on the account."
    )

    objects = TransactionQuerySet.as_manager()

    author: Actor = SYSTEM
    """Whose doing a save or delete is; set it before. The ledger names it."""
    warnings: Sequence[PurchaseWarning] = ()
    """The purchase's warnings as a save left them."""
    locked: object | None = None
    """The stored purchase, when whoever saves holds its lock and spares the effects a second one."""
    purchase_spark_id: UUID
    """The purchase's public id, set by the operation that recorded it."""

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = "transaction"
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="transaction_is_known_by_its_site"),
            models.UniqueConstraint(
                fields=["site", "purchase", "platform_id"], name="a_transaction_stands_once_per_purchase"
            ),
            models.CheckConstraint(condition=~Q(total=0), name="a_transaction_moves_money"),
        ]
        indexes = [
            models.Index(fields=["site", "created_at", "id"], name="transactions_by_time"),
            # Few among many, and applied ones pay nothing for it.
            models.Index(
                fields=["site", "created_at", "id"],
                condition=Q(apply_to_balance=False),
                name="informational_transactions",
            ),
            models.Index(fields=["site", "created_at", "id"], condition=Q(total__lt=0), name="refunds_by_time"),
            models.Index(
                fields=["site", "platform_id"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="transactions_by_platform_id",
            ),
        ]

    def __str__(self) -> str:
        return self.platform_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it together with what follows: both or neither.

        The purchase is locked first, as every writer of its rows does. An instance that was read before somebody else
        applied it knows an old posted amount; writing that back would post it twice, so it is left alone.
        Raises ValueError when it was given to another purchase.
        """
        with transaction.atomic(savepoint=False):
            if not self._state.adding and self.locked is None:
                holder = Purchase.objects.filter(site_id=self.site_id, transactions=self.pk).only("pk")
                if holder.select_for_update(of=("self",), no_key=True).get().pk != self.purchase_id:
                    raise ValueError("a transaction stays with its purchase")
            if not self._state.adding:
                kwargs["update_fields"] = _CHANGEABLE & set(kwargs.get("update_fields") or _CHANGEABLE)
            super().save(*args, **kwargs)

    def _do_insert(self, manager: Any, using: Any, fields: Any, returning_fields: Any, raw: bool) -> Any:
        """The hook of Django's `save` for a new row: sent along with what follows, when the lock is held and all of
        the row is known, instead of being waited for. What it raises is raised there, still within the save.
        """
        values = [field.pre_save(self, add=True) for field in fields]
        if raw or self.locked is None or any(hasattr(value, "resolve_expression") for value in values):
            return super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]  # a hook
        sql.run(_insert(tuple(field.column for field in fields)), values)
        return [[getattr(self, field.attname) for field in returning_fields]]


@cache
def _insert(columns: tuple[str, ...]) -> str:
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    table = PurchaseTransaction._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608  # fixed parts
