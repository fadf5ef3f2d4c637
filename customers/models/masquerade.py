"""A member of staff looks at My account as a customer sees it, and acts there for him: who, when, as whom.

Life: begun by a manager from the customer's page; belongs to the session it was begun in. It is over when he leaves or
signs out, when he may not any more or the customer is not active any more, and by itself at `ends_at`. The row stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.models import Site, User
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.tenancy import SiteQuerySet
from customers.models.customer import Customer

MOST = timedelta(hours=2)
"""A forgotten browser does not act for anybody for longer."""


class Masquerade(models.Model):
    """Written by `customers.masquerades` alone."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    customer = SiteForeignKey(
        Customer, related_name="masquerades", editable=False, verbose_name=_("as"), help_text=_("Whom he acted for.")
    )
    staff = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    staff_email = models.CharField(
        _("member of staff"), max_length=320, editable=False, help_text=_("His e-mail when it began.")
    )
    started_at = models.DateTimeField(_("began"), editable=False)
    ends_at = models.DateTimeField(editable=False, help_text=_("When it ends by itself."))
    ended_at = models.DateTimeField(null=True, editable=False, help_text=_("When it was ended before."))

    objects = SiteQuerySet["Masquerade"].as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = _("log-in as a customer")
        verbose_name_plural = _("log-ins as customers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=F("started_at")),
                name="a_masquerade_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["site", "-started_at"], name="masquerades_of_a_site")]

    def __str__(self) -> str:
        return f"{self.staff_email}, {self.started_at:%Y-%m-%d %H:%M}"

    def is_over(self, now: datetime) -> bool:
        return self.ended_at is not None or now >= self.ends_at
