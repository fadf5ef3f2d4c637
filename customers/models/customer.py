"""Customers of a site: companies and the people who buy for them.

Life: a customer is created (by the API, staff or a sign-up), becomes `active` and may sign in once a login is tied to
it; may have a parent (its company) and children; buys, owes and pays. The *account* that owes is the top-most parent.
Deleted customers are hidden and free their e-mail and external id; purchases, ledger and statement stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from core.actors import Actor, ActorKind
from core.ids import ADDRESS, CUSTOMER, public_id
from core.models import Site
from core.models.fields import SiteForeignKey
from core.trail import keeps_trail
from customers.models.group import CustomerGroup
from customers.models.querysets import AddressQuerySet, CustomerQuerySet

MAX_LEVELS = 5
"""Levels a company may have, its top-most customer counted."""


class CustomerWarning(TypedDict):
    """What a write of a customer answers beside it; of that one request, not kept."""

    code: str
    property: str | None
    message: str


@keeps_trail
class Customer(models.Model):
    """A customer. Money limits are in `credit_currency_code`, else `currency_code`, else the site's default."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        REJECTED = "rejected", "Rejected"

    class Role(models.TextChoices):
        MAIN = "main", "Main user"
        LIMITED = "limited-customer", "Limited customer"
        SALES_AGENT = "sales-agent", "Sales agent"
        SALES_ADMIN = "sales-admin", "Sales admin"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="customers")
    parent = SiteForeignKey(
        "self", null=True, blank=True, related_name="children", help_text="The company this customer buys for."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="customers",
        help_text="The login of the person, tied by an invitation that was mailed to the customer's e-mail.",
    )
    title = models.CharField(max_length=30, blank=True, default="")
    first_name = models.CharField(max_length=128)
    last_name = models.CharField(max_length=128)
    email = models.EmailField(max_length=255, help_text="Unique on the site without regard to letter case.")
    company_name = models.CharField(max_length=255, blank=True, default="")
    external_id = models.CharField(max_length=255, blank=True, default="", help_text="The customer's id elsewhere.")
    accounting_id = models.CharField(max_length=255, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True, default="")
    group = SiteForeignKey(CustomerGroup, related_name="customers")
    default_billing_address = SiteForeignKey(
        "Address", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    default_shipping_address = SiteForeignKey(
        "Address", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    currency_code = models.CharField(max_length=3, blank=True, default="", help_text="ISO 4217, upper case.")
    sales_agent_groups = ArrayField(models.CharField(max_length=64), blank=True, default=list)
    price_lists = ArrayField(models.CharField(max_length=64), blank=True, default=list)
    vatin_numbers = ArrayField(models.CharField(max_length=64), blank=True, default=list)
    available_shipping_addresses = ArrayField(models.CharField(max_length=64), blank=True, default=list)
    discount_percentage = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    tax_exempt = models.BooleanField(default=False)
    payment_by_invoice = models.BooleanField(null=True, blank=True, help_text="Empty: as the group says.")
    payment_on_account = models.BooleanField(default=False, help_text="May buy on account.")
    credit_limit = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text="Empty: no limit."
    )
    credit_currency_code = models.CharField(max_length=3, blank=True, default="")
    net_terms = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days until a charge is due. Empty: as the site says."
    )
    metadata = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField(auto_now=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When the person was erased.")
    erased_by = models.CharField(max_length=320, blank=True, db_default="", default="", editable=False)

    objects = CustomerQuerySet.as_manager()

    warnings: Sequence[CustomerWarning] = ()
    """What the operation that wrote it has to say, of that one request."""

    class Meta:
        ordering = ["company_name", "last_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="customer_is_known_by_its_site"),
            models.UniqueConstraint(
                "site", Lower("email"), condition=Q(deleted_at=None), name="a_customer_email_is_taken_once_per_site"
            ),
            models.UniqueConstraint(
                fields=["site", "external_id"],
                condition=Q(deleted_at=None) & ~Q(external_id=""),
                name="a_customer_external_id_is_taken_once_per_site",
            ),
            models.UniqueConstraint(
                fields=["site", "user"],
                condition=Q(deleted_at=None, user__isnull=False),
                name="a_login_stands_for_one_customer_per_site",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="a_customer_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.company_name or f"{self.first_name} {self.last_name}".strip() or self.public_id

    @property
    def public_id(self) -> str:
        """`cu_12`."""
        return public_id(CUSTOMER, self.pk)

    @property
    def full_name(self) -> str:
        """The person, where `str()` is the company."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_main_user(self) -> bool:
        """Sees the whole company and its balance: role `main`, which a customer without parent has by default."""
        return self.role == self.Role.MAIN or (not self.role and self.parent_id is None)

    @property
    def is_sales_agent(self) -> bool:
        """Sees customers of other companies, by `sales_agent_groups`."""
        return self.role in (self.Role.SALES_AGENT, self.Role.SALES_ADMIN)

    @property
    def actor(self) -> Actor:
        """As the author of what he does: by his number, since name and e-mail can be erased."""
        return Actor(ActorKind.CUSTOMER, self.public_id)


class Address(models.Model):
    """An address of a customer. Orders keep a copy, so deleting one changes no order."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    customer = SiteForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    title = models.CharField(max_length=30, blank=True, default="")
    first_name = models.CharField(max_length=50, blank=True, default="")
    last_name = models.CharField(max_length=50, blank=True, default="")
    company = models.CharField(max_length=128, blank=True, default="")
    address_line1 = models.CharField(max_length=255)
    address_line2 = models.CharField(max_length=255, blank=True, default="")
    city = models.CharField(max_length=128)
    region_code = models.CharField(max_length=10, blank=True, default="")
    postal_code = models.CharField(max_length=20, blank=True, default="")
    country_code = models.CharField(max_length=3, help_text="2 or 3 letters, kept as sent.")
    phone = models.CharField(max_length=20, blank=True, default="")
    mobile = models.CharField(max_length=20, blank=True, default="")
    external_id = models.CharField(max_length=50, blank=True, default="")
    nickname = models.CharField(max_length=50, blank=True, default="")

    objects = AddressQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="address_is_known_by_its_site"),
            models.UniqueConstraint(
                fields=["site", "external_id"],
                condition=~Q(external_id=""),
                name="an_address_external_id_is_taken_once_per_site",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.nickname, self.company, self.address_line1, self.city) if part)

    @property
    def public_id(self) -> str:
        """`ca_12`."""
        return public_id(ADDRESS, self.pk)
