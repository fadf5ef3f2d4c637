"""What the buttons of a purchase's page ask before anything is done.

Each dialog says when it is offered and what it does, by the operation that the API uses, on the version of the purchase
that the dialog was opened with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import orjson
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextareaWidget

from core.actors import Actor
from core.admin.display import amount_text
from core.api.etag import Tags
from core.documents import read_instant
from purchasing.admin.forms import STALE
from purchasing.approvals import accept_quote, approve_purchase, reject_purchase
from purchasing.decision import AWAITING
from purchasing.documents import read_document
from purchasing.identity import Lookup
from purchasing.models import Purchase, PurchaseComment
from purchasing.operations import Preconditions, put_purchase
from purchasing.quoting import word_of

ONE_CLICK = timedelta(minutes=1)
"""Within it the same comment of the same person is one."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What says which questions make sense of a purchase. `decision`: approved, rejected or nothing;
    `quote_status`: `expired` also of one that was sent and whose time has passed.
    """

    type: str
    open_quantity: int
    shipped_quantity: int
    quote_status: str
    decision: str

    @classmethod
    def of(cls, purchase: Purchase) -> Situation:
        status = word_of(orjson.loads(purchase.header), now=timezone.now())
        decision = (purchase.approval or {}).get("status", "")
        return cls(purchase.type, purchase.open_quantity, purchase.shipped_quantity, status, decision)


class PurchaseDialog(forms.Form):
    """A question about one purchase, in the version that it was opened with."""

    title: ClassVar[Any]
    submit: ClassVar[Any]
    """What the button says, and the action's name."""
    explanation: Any = ""
    nothing_to_do: ClassVar[Any] = _("There is nothing to do here.")

    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, purchase: Purchase, *args: Any, **kwargs: Any) -> None:
        self.purchase = purchase
        self.opened = purchase.opened  # type: ignore[attr-defined]  # set by PurchaseAdmin.get_object
        kwargs["initial"] = {"version": self.opened.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @classmethod
    def is_for(cls, _now: Situation, /) -> bool:
        """Whether the button is offered on such a purchase."""
        return True

    def carry_out(self, *, actor: Actor) -> str:
        """Do it; answers what was done, in a sentence. Raises what the operation raises. By itself nothing is done."""
        return str(self.nothing_to_do)

    def clean(self) -> dict[str, Any] | None:
        if self.opened.stale:
            self.add_error(None, STALE)
        return super().clean()

    @property
    def said(self) -> dict[str, Any]:
        """Whom the operation is about and on which version."""
        return {
            "site": self.purchase.site,
            "lookup": Lookup("sparklayer", self.purchase.spark_id),
            "preconditions": Preconditions(if_match=Tags(any=False, values=(self.opened.version,))),
        }

    @property
    def total(self) -> str:
        """What it comes to, as people read it."""
        return amount_text(self.purchase.calculated_total, self.purchase.currency_code)


class SendQuoteForm(PurchaseDialog):
    title, submit = _("Send the quote"), _("Send")
    explanation = _("The customer sees the quote from now on, and can accept it until it expires.")

    quote_expires_at = forms.SplitDateTimeField(
        label=_("Can be accepted until"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Empty: until it is withdrawn."),
    )

    def __init__(self, purchase: Purchase, *args: Any, **kwargs: Any) -> None:
        super().__init__(purchase, *args, **kwargs)
        expires_at = self.opened.document["quote_expires_at"]
        self.initial["quote_expires_at"] = read_instant(expires_at) if expires_at else None

    def clean_quote_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["quote_expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError(_("Nobody could accept it: this has passed."))
        return expires_at

    @classmethod
    def is_for(cls, now: Situation, /) -> bool:
        return now.type == "quote" and now.quote_status in ("draft", "rejected", "expired")

    def carry_out(self, *, actor: Actor) -> str:
        sent = {"quote_status": "sent", "quote_expires_at": self.cleaned_data["quote_expires_at"]}
        put_purchase(document=read_document(self.opened.document | sent), actor=actor, **self.said)
        return str(_("The quote was sent."))


class AcceptForm(PurchaseDialog):
    title, submit = _("Accept the quote for the customer"), _("Accept")

    @classmethod
    def is_for(cls, now: Situation, /) -> bool:
        return now.type == "quote" and now.quote_status == "sent"

    @property
    def explanation(self) -> str:  # worked out
        return str(_("The quote of %(total)s becomes the order, as the customer asked for.") % {"total": self.total})

    def carry_out(self, *, actor: Actor) -> str:
        accept_quote(revision=self.purchase.revision, actor=actor, **self.said)
        return str(_("The quote was accepted; it is an order now."))


class ApproveForm(PurchaseDialog):
    title, submit = _("Approve for the customer"), _("Approve")

    @classmethod
    def is_for(cls, now: Situation, /) -> bool:
        return now.type == AWAITING and not now.decision

    @property
    def explanation(self) -> str:  # worked out
        about = {"number": self.purchase.revision, "total": self.total}
        return str(_("Revision %(number)s of %(total)s is approved.") % about)

    def carry_out(self, *, actor: Actor) -> str:
        approve_purchase(
            revision=self.purchase.revision, total=self.purchase.calculated_total, actor=actor, **self.said
        )
        return str(_("It was approved."))


class RejectForm(PurchaseDialog):
    title, submit = _("Reject"), _("Reject")
    explanation = _("It stays what it is until its content is changed.")

    reason = forms.CharField(
        label=_("Reason"),
        max_length=10_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("The customer reads this."),
    )

    @classmethod
    def is_for(cls, now: Situation, /) -> bool:
        return AcceptForm.is_for(now) or (now.type == AWAITING and now.decision != "rejected")

    def carry_out(self, *, actor: Actor) -> str:
        reject_purchase(reason=self.cleaned_data["reason"], actor=actor, **self.said)
        return str(_("It was rejected."))


class CommentForm(PurchaseDialog):
    """A note belongs to the purchase and not to a version of it. The same within a minute is a second click."""

    title, submit = _("Comment"), _("Comment")

    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("Staff alone read this; it stays as it is written."),
    )

    def clean(self) -> dict[str, Any] | None:
        return forms.Form.clean(self)

    def carry_out(self, *, actor: Actor) -> str:
        said: dict[str, Any] = {
            "site": self.purchase.site,
            "purchase": self.purchase,
            "text": self.cleaned_data["text"],
        }
        now, author = timezone.now(), str(actor)
        Purchase.objects.select_for_update(no_key=True).get(pk=self.purchase.pk)  # of two clicks one waits
        twins = PurchaseComment.objects.filter(**said, author=author, created_at__gt=now - ONE_CLICK)
        if not twins.exists():
            PurchaseComment.objects.create(**said, author=author, created_at=now)
        return str(_("The comment is there."))
