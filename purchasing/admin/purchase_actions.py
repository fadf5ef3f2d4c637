"""Buttons of a purchase's page. Each leads to a dialog; those that make no sense for the purchase are not shown."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.admin import actor_of, carried_out
from core.money import money_text
from customers.models import Customer
from purchasing.admin.columns import change_table
from purchasing.admin.dialogs import (
    AcceptForm,
    ApproveForm,
    CommentForm,
    PurchaseDialog,
    RejectForm,
    SendQuoteForm,
    Situation,
)
from purchasing.admin.moving_dialogs import CancelForm, ReturnForm, ShipForm
from purchasing.admin.packing import packing_list
from purchasing.admin.quote_form import QuoteDraft
from purchasing.comparison import changes_between
from purchasing.models import Purchase, PurchaseRevision
from purchasing.payment import PAID_TYPES
from purchasing.revisions import document_of

DIALOGS: dict[str, type[PurchaseDialog]] = {
    "ship": ShipForm,
    "cancel": CancelForm,
    "take_back": ReturnForm,
    "send_quote": SendQuoteForm,
    "accept": AcceptForm,
    "approve": ApproveForm,
    "reject": RejectForm,
    "comment": CommentForm,
}
_KNOWN = ("type", "open_quantity", "shipped_quantity", "approval", "header", "deleted_at")
"""What says which buttons a purchase has."""


class PurchaseActions:
    """Mixed into the page of a purchase."""

    actions_list: ClassVar[tuple[str, ...]] = ("new_quote", "import_rows")
    actions_detail = (
        "ship",
        "send_quote",
        "accept",
        "approve",
        "reject",
        "record_payment",
        "comment",
        {"title": _("More"), "items": ["packing_list", "cancel", "take_back", "record_refund", "compare"]},
    )

    def get_actions_detail(self: Any, request: HttpRequest, object_id: str) -> list[Any]:
        allowed = super().get_actions_detail(request, object_id)  # type: ignore[misc]  # a mixin of ModelAdmin
        if not object_id.isdecimal():
            return []
        purchase = self.model.objects.filter(pk=object_id).only(*_KNOWN).first()
        if purchase is None:
            return []
        return [offered for offered in allowed if _is_for(offered.path.replace("-", "_"), purchase)]

    @action(description=_("New quote"), url_path="new-quote", permissions=["press"])
    def new_quote(self: Any, request: HttpRequest) -> HttpResponse:
        """`?customer=12` proposes the customer. Rows and prices are added without leaving the page; nothing is kept."""
        customers = Customer.objects.present().filter(site__in=self._sites_to_change(request))
        sent = request.POST if request.method == "POST" else None
        draft = QuoteDraft(sent, customers=customers, customer=request.GET.get("customer", ""))
        if sent is not None and "more" in sent:
            draft = draft.longer()
        elif sent is not None and draft.is_valid():
            if "propose" in sent:
                draft = draft.priced()
            elif made := draft.carry_out(actor=actor_of(request)):
                if made.is_new:
                    messages.success(request, gettext("The quote is a draft. Send it when it is ready."))
                else:
                    messages.info(request, gettext("This quote was made before, with the same content."))
                return HttpResponseRedirect(reverse("admin:purchasing_purchase_change", args=[made.number]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("New quote"),
            "draft": draft,
            "back": reverse("admin:purchasing_purchase_changelist"),
            "media": self.media + draft.form.media,
        }
        return TemplateResponse(request, "admin/purchasing/purchase/quote.html", context)

    @action(description=_("Ship"), url_path="ship", permissions=["press"])
    def ship(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, ShipForm)

    @action(description=_("Cancel items"), url_path="cancel", permissions=["press"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, CancelForm)

    @action(description=_("Return items"), url_path="take-back", permissions=["press"])
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, ReturnForm)

    @action(description=_("Send quote"), url_path="send-quote", permissions=["press"])
    def send_quote(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, SendQuoteForm)

    @action(description=_("Accept for customer"), url_path="accept", permissions=["press"])
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, AcceptForm)

    @action(description=_("Approve"), url_path="approve", permissions=["press"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, ApproveForm)

    @action(description=_("Reject"), url_path="reject", permissions=["press"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, RejectForm)

    @action(description=_("Comment"), url_path="comment", permissions=["press"])
    def comment(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, CommentForm)

    @action(description=_("Record payment"), url_path="record-payment", permissions=["press"])
    def record_payment(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to a new transaction of what is outstanding."""
        purchase = self.get_object(request, object_id)
        return _new_transaction(purchase, purchase.outstanding, kind="payment")

    @action(description=_("Record refund"), url_path="record-refund", permissions=["press"])
    def record_refund(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to a new transaction that pays out what is in credit."""
        purchase = self.get_object(request, object_id)
        return _new_transaction(purchase, purchase.credit, kind="refund")

    @action(description=_("Packing list"), url_path="packing-list")
    def packing_list(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Of every package that is packed, to print; `?format=pdf` is the PDF."""
        purchase: Purchase = self.get_object(request, object_id)
        back = reverse("admin:purchasing_purchase_change", args=[purchase.pk])
        return packing_list(request, purchase, back=back)

    @action(description=_("Compare revisions"), url_path="compare")
    def compare(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two revisions side by side, `?from=1&to=2`; the last two unless said otherwise."""
        purchase: Purchase = self.get_object(request, object_id)
        revisions = PurchaseRevision.objects.filter(site=purchase.site_id, purchase=purchase)
        chosen = [
            _number(request.GET.get("from"), purchase.revision - 1),
            _number(request.GET.get("to"), purchase.revision),
        ]
        found = {revision.number: revision for revision in revisions.filter(number__in=chosen)}
        if set(chosen) - set(found):
            raise Http404
        before, after = (found[number] for number in chosen)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("%(purchase)s: revisions %(before)s and %(after)s")
            % {"purchase": purchase, "before": before.number, "after": after.number},
            "purchase": purchase,
            "before": before,
            "after": after,
            "numbers": range(1, purchase.revision + 1),
            "changes": change_table(changes_between(document_of(before), document_of(after))),
            "same": before.header == after.header and before.contents == after.contents,
        }
        return TemplateResponse(request, "admin/purchasing/purchase/compare.html", context)

    def _ask(self: Any, request: HttpRequest, object_id: str, dialog: type[PurchaseDialog]) -> HttpResponse:
        """Show the dialog; carry it out when it is sent, and lead back to the purchase."""
        purchase: Purchase = self.get_object(request, object_id)
        page = reverse("admin:purchasing_purchase_change", args=[purchase.pk])
        form = dialog(purchase, request.POST if request.method == "POST" else None)
        if purchase.deleted_at is not None or not dialog.is_for(Situation.of(purchase)):
            messages.info(request, form.nothing_to_do)
            return HttpResponseRedirect(page)
        if form.is_valid():
            done: list[str] = []
            if carried_out(form, lambda: done.append(form.carry_out(actor=actor_of(request, purchase)))):
                self.log_change(request, purchase, done[0])
                messages.success(request, done[0])
                return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{form.title}: {purchase}",
            "explanation": form.explanation,
            "form": form,
            "submit": form.submit,
            "back": page,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/purchasing/purchase/dialog.html", context)


def _is_for(name: str, purchase: Purchase) -> bool:
    """Whether this button makes sense for the purchase as it stands; of a deleted one nothing does."""
    if name == "compare":
        return True
    if name == "packing_list":
        return purchase.open_quantity + purchase.shipped_quantity > 0
    if purchase.deleted_at is not None:
        return False
    if name.startswith("record_"):
        return purchase.type in PAID_TYPES
    return DIALOGS[name].is_for(Situation.of(purchase))


def _number(text: str | None, default: int) -> int:
    """The revision that is named; Http404 for what is no number."""
    if text is None:
        return max(default, 1)
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Http404
    return int(text)


def _new_transaction(purchase: Purchase, total: Any, *, kind: str) -> HttpResponse:
    query = {"purchase": purchase.pk, "currency_code": purchase.currency_code, "kind": kind}
    if total:
        query["total"] = money_text(total, purchase.currency_code)
    return HttpResponseRedirect(f"{reverse('admin:purchasing_purchasetransaction_add')}?{urlencode(query)}")
