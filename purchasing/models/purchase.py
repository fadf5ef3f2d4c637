"""A purchase: quote, cart, awaiting approval, unconfirmed order or order, one record for its whole life.

Life: it is born by a PUT under any identifier, replaced whole by later ones, becomes an order (and never goes back),
is paid by transactions, and is deleted into a tombstone that staff and the books keep. The sender's document is stored
as two JSON texts, `header` and `contents` (packages and files), exactly as they are answered; the columns beside them
are what lists, searches and rules need. Everything derived is written by `purchasing.store` and `purchasing.effects`
from the rules in `docs/money.md`, and recomputed by `manage.py verify_books`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull

from core.ids import PURCHASE, public_id
from core.models import Site
from core.models.fields import JSONText, SiteForeignKey
from customers.models import Customer
from pricing.models import RATE_DECIMALS, SOURCE_LENGTH, WHOLE_DIGITS
from purchasing.models.guarded import GuardedQuerySet, WrittenByOperations
from purchasing.models.purchase_indexes import INDEXES, UNDECIDED, header_text
from purchasing.models.words import AlsoMatches, Matches
from purchasing.payment import PaymentStatus
from purchasing.search import query_of
from purchasing.status import FulfilmentStatus
from purchasing.version import version_tag

for lookup in (Matches, AlsoMatches):
    SearchVectorField.register_lookup(lookup)


class PurchaseQuerySet(GuardedQuerySet["Purchase"]):
    def present(self) -> PurchaseQuerySet:
        """Those that have not been deleted."""
        return self.filter(deleted_at=None)

    def orders(self) -> PurchaseQuerySet:
        """Orders, confirmed or not."""
        return self.filter(type__in=[Purchase.Type.ORDER, Purchase.Type.ORDER_UNCONFIRMED])

    def placed(self) -> PurchaseQuerySet:
        """Orders, and those that wait for approval: what a buyer calls an order."""
        return self.filter(
            type__in=[Purchase.Type.ORDER, Purchase.Type.ORDER_UNCONFIRMED, Purchase.Type.AWAITING_APPROVAL]
        )

    def with_warning(self, *codes: str) -> PurchaseQuerySet:
        """Those with a stored warning of one of these codes."""
        of_any = Q()
        for code in codes:
            of_any |= Q(warnings__contains=[{"code": code}])
        # Said apart, because the index holds the few that have any.
        return self.filter(~Q(warnings=[]), of_any)

    def visible_to(self, customer: Customer) -> PurchaseQuerySet:
        """What this customer may see: what somebody bought whom he sees, or a child of whom; never a deleted one.

        Having placed it for somebody gives nothing. A quote that was not sent yet is for sales agents only.
        """
        rows = self.for_site(customer.site).present()
        if not customer.is_sales_agent:
            rows = rows.exclude(Q(type=Purchase.Type.QUOTE) & Q(Exact(header_text("quote_status"), Value("draft"))))
        # Asked for first: the index by customer serves a list of numbers, not a query that yields them.
        numbers = Customer.objects.numbers_visible_to(customer)
        return rows.of_somebody() if numbers is None else rows.of_customers(numbers)

    def of_somebody(self) -> PurchaseQuerySet:
        """Purchases that name a customer or a child."""
        return self.filter(Q(customer__isnull=False) | Q(child__isnull=False))

    def of_customers(self, customer_ids: list[int]) -> PurchaseQuerySet:
        """Purchases whose customer or child one of these is."""
        return self.filter(Q(customer__in=customer_ids) | Q(child__in=customer_ids))

    def found_by(self, text: str, *, sites: Iterable[int], customers: Iterable[Customer] = ()) -> PurchaseQuerySet:
        """What a search of these sites finds (`purchasing.search`), and what names one of these customers.

        A blank text finds nothing.
        """
        named = [(customer.site_id, customer.public_id) for customer in customers]
        query = query_of(text, site_ids=sites, also=named)
        return self.none() if query is None else self.filter(words__matches=query)

    def quotes_and_approvals(self) -> PurchaseQuerySet:
        """What somebody has to decide on, or did: quotes, and what waits for approval."""
        return self.filter(type__in=[Purchase.Type.QUOTE, Purchase.Type.AWAITING_APPROVAL])

    def undecided(self, now: datetime) -> PurchaseQuerySet:
        """What waits for a decision: quotes that are open `now`, and what nobody has approved or rejected."""
        expires_at = Cast(header_text("quote_expires_at"), models.DateTimeField())
        unexpired = Q(IsNull(expires_at, True)) | Q(GreaterThanOrEqual(expires_at, Value(now)))  # noqa: FBT003  # Django's
        return self.filter(UNDECIDED, ~Q(type=Purchase.Type.QUOTE) | unexpired)

    def newest_first(self) -> PurchaseQuerySet:
        """By the date they were placed (else submitted, else created), then by our number."""
        return self.order_by("-ordered_at", "-id")


class PurchaseManager(models.Manager.from_queryset(PurchaseQuerySet)):  # type: ignore[misc]  # made by Django
    """Purchases without the words they are found by, which nobody reads and every row would carry."""

    def get_queryset(self) -> PurchaseQuerySet:
        rows: PurchaseQuerySet = super().get_queryset().defer("words")
        return rows


class Purchase(WrittenByOperations):
    class Type(models.TextChoices):
        ORDER = "order", "Order"
        ORDER_UNCONFIRMED = "order_unconfirmed", "Unconfirmed order"
        AWAITING_APPROVAL = "awaiting_approval", "Awaiting approval"
        QUOTE = "quote", "Quote"
        CART = "cart", "Cart"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="purchases", editable=False, db_index=False)
    spark_id = models.UUIDField("SparkLayer id", editable=False)
    platform_id = models.CharField(max_length=255, blank=True, default="")
    internal_id = models.CharField(max_length=255, blank=True, default="")
    visible_id = models.CharField("number", max_length=255, blank=True, default="", help_text="Shown to the buyer.")
    type = models.CharField(max_length=17, choices=Type.choices)
    customer = SiteForeignKey(Customer, null=True, blank=True, related_name="purchases", db_index=False)
    child = SiteForeignKey(Customer, null=True, blank=True, related_name="purchases_as_child", db_index=False)
    impersonator = SiteForeignKey(Customer, null=True, blank=True, related_name="purchases_as_agent", db_index=False)
    payment_method = models.TextField(blank=True, default="")
    customer_reference = models.CharField("PO number", max_length=512, blank=True, default="")
    currency_code = models.CharField(max_length=3, help_text="ISO 4217, upper case.")
    created_at = models.DateTimeField("created by the sender", null=True, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField("updated by the sender", null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    ordered_at = models.DateTimeField(editable=False, help_text="Placed, else submitted, else created.")
    stored_at = models.DateTimeField(editable=False, help_text="When it was first stored here.")
    changed_at = models.DateTimeField(editable=False, help_text="Last change of any kind, payments included.")
    deleted_at = models.DateTimeField(null=True, editable=False)

    header = JSONText(editable=False)
    contents = JSONText(editable=False)
    given_package_ids = ArrayField(
        models.UUIDField(),
        default=list,
        editable=False,
        help_text="Package ids that were given here, not by the caller.",
    )
    revision = models.PositiveIntegerField(editable=False)
    revision_at = models.DateTimeField(editable=False)
    changes = models.PositiveIntegerField(default=0, editable=False, help_text="Changes that are no revision.")

    calculated_total = models.DecimalField(max_digits=24, decimal_places=4, editable=False)
    credited = models.DecimalField(max_digits=24, decimal_places=4, editable=False)
    amount_due = models.DecimalField(max_digits=24, decimal_places=4, editable=False)
    open_quantity = models.BigIntegerField(editable=False)
    shipped_quantity = models.BigIntegerField(editable=False)
    returned_quantity = models.BigIntegerField(editable=False)
    cancelled_quantity = models.BigIntegerField(editable=False)
    calculated_fulfilment_status = models.CharField(
        max_length=18, choices=FulfilmentStatus.choices(), null=True, editable=False
    )
    paid = models.DecimalField(max_digits=24, decimal_places=4, default=0, editable=False)
    refunded = models.DecimalField(max_digits=24, decimal_places=4, default=0, editable=False)
    calculated_payment_status = models.CharField(
        max_length=18, choices=PaymentStatus.choices(), null=True, editable=False
    )
    outstanding = models.DecimalField(max_digits=24, decimal_places=4, default=0, editable=False)
    credit = models.DecimalField(max_digits=24, decimal_places=4, default=0, editable=False)
    calculated_total_usd = models.DecimalField(
        "total in US dollars",
        max_digits=28,
        decimal_places=2,
        null=True,
        editable=False,
        help_text="For display only; null while no rate is known.",
    )
    usd_rate = models.DecimalField(
        "US dollars for one unit",
        max_digits=WHOLE_DIGITS + RATE_DECIMALS,
        decimal_places=RATE_DECIMALS,
        null=True,
        editable=False,
        help_text="The rate of its day; it stays, whatever is published later.",
    )
    usd_rate_date = models.DateField(null=True, editable=False)
    usd_rate_source = models.CharField(max_length=SOURCE_LENGTH, null=True, editable=False)
    warnings = models.JSONField(default=list, editable=False)
    words = SearchVectorField(
        null=True, editable=False, help_text="What a search finds it by; empty until it is worked out."
    )
    approval = models.JSONField(null=True, editable=False, help_text="Who approved or rejected which revision.")

    charge_posting = models.CharField(
        max_length=10, blank=True, default="", editable=False, help_text="The policy when it first became an order."
    )
    account = SiteForeignKey(
        Customer,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
        help_text="Who owes, while anything stands posted.",
    )
    posted_charge = models.DecimalField(max_digits=24, decimal_places=4, default=0, editable=False)
    posted_currency_code = models.CharField(max_length=3, blank=True, default="", editable=False)
    charge_value_date = models.DateField(null=True, editable=False)

    objects = PurchaseManager()

    class Meta:
        ordering = ["-ordered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="purchase_is_known_by_its_site"),
            models.UniqueConstraint(
                fields=["site", "spark_id"], condition=Q(deleted_at=None), name="one_purchase_per_sparklayer_id"
            ),
            *(
                models.UniqueConstraint(
                    fields=["site", f"{kind}_id"],
                    condition=Q(deleted_at=None) & ~Q(**{f"{kind}_id": ""}),
                    name=f"one_purchase_per_{kind}_id",
                )
                for kind in ("platform", "internal", "visible")
            ),
            models.CheckConstraint(condition=Q(calculated_total__gte=0), name="a_total_is_not_negative"),
            models.CheckConstraint(condition=Q(outstanding=0) | Q(credit=0), name="owing_or_in_credit_never_both"),
            models.CheckConstraint(
                condition=Q(calculated_total_usd=None, usd_rate=None, usd_rate_date=None, usd_rate_source=None)
                | Q(
                    calculated_total_usd__isnull=False,
                    usd_rate__isnull=False,
                    usd_rate_date__isnull=False,
                    usd_rate_source__isnull=False,
                ),
                name="a_total_in_dollars_says_by_which_rate",
            ),
            models.CheckConstraint(
                condition=Q(posted_charge=0) | Q(account__isnull=False), name="a_posted_charge_names_its_account"
            ),
            models.CheckConstraint(
                condition=Q(approval__isnull=True) | Q(approval__status__in=["approved", "rejected"]),
                name="a_decision_approves_or_rejects",
            ),
        ]
        indexes = INDEXES

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people use: visible, else internal, else platform id, else `o_12`."""
        return self.visible_id or self.internal_id or self.platform_id or public_id(PURCHASE, self.pk)

    @property
    def buyer(self) -> Customer | None:
        """Who bought: the company's child who placed it, else the customer. Select both with the purchase."""
        return self.child or self.customer

    @property
    def company(self) -> str:
        """For whom it was bought: the customer's company, else his name. Select both with the purchase."""
        return str(self.customer or self.child or "")

    @property
    def etag(self) -> str:
        """The version, opaque to clients."""
        return version_tag(number=self.pk, revision=self.revision, changes=self.changes)

    @property
    def net_paid(self) -> Any:
        """Applied payments less applied refunds, in the purchase's currency."""
        return self.paid - self.refunded
