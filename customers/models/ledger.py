"""The ledger of what customers owe: append-only entries, one balance per account and currency.

Life: an account is opened by its first posting. Entries are only ever appended, under the account's lock, by
`customers.ledger`; the database refuses to change or delete one. The balance equals the sum of the entries at every
commit. A positive amount is money the customer owes. Rules: `docs/money.md`.
"""

from __future__ import annotations

from typing import TypeVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.formats import number_format

from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.money import money_text
from core.tenancy import SiteQuerySet
from customers.models.customer import Customer

REFUSAL = "Accounts and their entries are written by customers.ledger only; to correct, post the opposite."

Row = TypeVar("Row", bound=models.Model)


class PostedQuerySet(SiteQuerySet[Row]):
    """Rows to read. What Django would write past the ledger raises."""

    def update(self, **kwargs: object) -> int:
        raise TypeError(REFUSAL)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(REFUSAL)

    def bulk_update(self, *args: object, **kwargs: object) -> int:
        raise TypeError(REFUSAL)

    def bulk_create(self, *args: object, **kwargs: object) -> list[Row]:
        raise TypeError(REFUSAL)


class PostedOnly(models.Model):
    """A row that only `customers.ledger` writes, with SQL; Django's ways of writing raise."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        raise TypeError(REFUSAL)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError(REFUSAL)


class Account(PostedOnly):
    """The balance of one customer in one currency. Never summed across currencies."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    customer = SiteForeignKey(Customer, related_name="accounts")
    currency_code = models.CharField(max_length=3)
    balance = models.DecimalField(max_digits=24, decimal_places=4, default=0, editable=False)
    posted_at = models.DateTimeField(editable=False, help_text="When the last entry was posted.")

    objects = PostedQuerySet.as_manager()

    class Meta:
        ordering = ["customer", "currency_code"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="account_is_known_by_its_site"),
            models.UniqueConstraint(
                fields=["site", "customer", "currency_code"], name="a_customer_has_one_account_per_currency"
            ),
            models.UniqueConstraint(fields=["site", "id", "customer"], name="account_is_known_by_its_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer}, {self.currency_code}"


class AccountEntry(PostedOnly):
    """One posting. `amount` is signed: + is owed, − lowers what is owed."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening balance"
        CHARGE = "charge", "Charge"
        TRANSACTION = "transaction", "Transaction"
        REVERSAL = "reversal", "Reversal"
        MANUAL = "manual", "Manual entry"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    account = SiteForeignKey(Account, related_name="entries", editable=False)
    kind = models.CharField(max_length=11, choices=Kind.choices, editable=False)
    amount = models.DecimalField(max_digits=24, decimal_places=4, editable=False)
    balance_after = models.DecimalField(max_digits=24, decimal_places=4, editable=False)
    value_date = models.DateField(editable=False)
    due_date = models.DateField(null=True, editable=False)
    posted_at = models.DateTimeField(editable=False)
    reference = models.CharField(max_length=255, blank=True, default="", editable=False)
    purchase_id = models.BigIntegerField(null=True, editable=False)
    purchase_spark_id = models.UUIDField(null=True, editable=False)
    transaction_id = models.UUIDField(null=True, editable=False)
    reason = models.TextField(blank=True, default="", editable=False)
    author = models.CharField(max_length=255, editable=False)
    reference_owner_id = models.BigIntegerField(null=True, editable=False)
    """The account's customer, where a reference is given once: in opening and manual entries, in all currencies."""

    objects = PostedQuerySet.as_manager()

    class Meta:
        ordering = ["posted_at", "id"]
        verbose_name_plural = "account entries"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="an_entry_moves_money"),
            models.CheckConstraint(
                condition=Q(amount__lte=0) | Q(due_date__isnull=False), name="what_is_owed_has_a_due_date"
            ),
            models.UniqueConstraint(
                fields=["site", "reference_owner_id", "reference"],
                condition=Q(reference_owner_id__isnull=False),
                name="an_entry_s_reference_is_taken_once_per_customer",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["opening", "manual"]) | Q(reference="") | Q(reference_owner_id__isnull=False),
                name="who_owns_an_entry_s_reference_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "account", "posted_at", "id"], name="entry_by_account_and_time"),
            # Rows lie in the order of their time, so a few bytes for each stretch of the table tell where a month is.
            BrinIndex(fields=["posted_at"], name="entries_by_time"),
            models.Index(
                fields=["site", "purchase_id"], condition=Q(purchase_id__isnull=False), name="entry_by_purchase"
            ),
            models.Index(
                fields=["site", "account"], condition=Q(kind__in=["opening", "manual"]), name="entries_of_no_purchase"
            ),
            models.Index(
                fields=["site", "account", "due_date"], condition=Q(due_date__isnull=False), name="entry_by_due_date"
            ),
        ]

    def __str__(self) -> str:
        amount = number_format(money_text(self.amount, self.currency_code), force_grouping=True)
        return f"{self.get_kind_display()} {amount} {self.currency_code}"

    @property
    def currency_code(self) -> str:
        """The account's currency; select it with `account`."""
        return self.account.currency_code
