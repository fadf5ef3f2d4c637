"""What somebody is mailed about a purchase.

Life: the write that brings the event notes it, in its own transaction, and puts a job aside; a worker sends it. It is
`waiting` until it was handed over to everybody concerned (`sent`), nobody was left to tell (`dropped`), or a day of
attempts came to nothing (`failed`), after which staff may have it sent again. One row for each event, for ever: that
the same thing is written, or a job run, again mails nothing twice.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from core.mail_settings import MailKind
from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.tenancy import SiteQuerySet
from purchasing.models.purchase import Purchase


class PurchaseMail(models.Model):
    """A mail, to each of those it concerns. It keeps no address and no text: both are those of when it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Nobody to tell"
        FAILED = "failed", "Failed"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, related_name="+", **PROVEN_BY_REFERENCE)
    purchase = SiteForeignKey(Purchase, related_name="mails", editable=False, db_index=False)
    kind = models.CharField(max_length=32, editable=False, choices=[(kind.value, kind.value) for kind in MailKind])
    subject = models.CharField(
        max_length=64, editable=False, db_default="", help_text="Which package, or which revision; empty: the purchase."
    )
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.WAITING, db_default=State.WAITING, editable=False
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    fault = models.CharField(
        max_length=255, blank=True, default="", db_default="", editable=False, help_text="Why the last attempt failed."
    )
    told = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        editable=False,
        help_text="The numbers of the customers it was handed over for.",
    )
    noted_at = models.DateTimeField(editable=False)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = SiteQuerySet["PurchaseMail"].as_manager()

    class Meta:
        verbose_name = "e-mail"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "purchase", "kind", "subject"], name="nobody_is_told_the_same_of_a_purchase_twice"
            )
        ]
        indexes = [
            models.Index(fields=["site", "-id"], name="newest_mails"),
            models.Index(fields=["site", "id"], condition=Q(state="failed"), name="mails_that_failed"),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s of %(number)s") % {"kind": self.get_kind_display(), "number": self.purchase_id}
