"""`/account/quotes/{sparklayer id}/`: a quote that a customer was sent, or what waits for approval; deciding on it.

A decision names what its page showed (`purchasing.pages.seen`). What is decided otherwise than on that is refused, with
what has changed since. The doors are those of `purchasing.approvals`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict, DomainError
from core.ids import is_uuid
from customers.models import Customer
from purchasing.approvals import accept_quote, approve_purchase, reject_purchase, trim_purchase
from purchasing.contents import contents_of
from purchasing.foreseen import refusals_foreseen
from purchasing.identity import Lookup
from purchasing.models import Purchase, PurchaseRevision
from purchasing.pages.decisions import Decidable, told_decidable
from purchasing.pages.differences import differences
from purchasing.pages.labels import payment_method_of
from purchasing.pages.refusals import refusal_in, sentence_of, words_of
from purchasing.pages.seen import Seen, read_seen, seen_text
from purchasing.pages.visitor import Visitor, for_customers, render_page
from purchasing.putting import Put

_TOO_OLD = Conflict(code="page-too-old")
_PLACED = (Purchase.Type.ORDER, Purchase.Type.ORDER_UNCONFIRMED)


class ReasonForm(forms.Form):
    """Why something is rejected."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"})
    )


@require_safe
@for_customers
def quote(request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    """One of them. What has become an order is shown as one."""
    purchase = _visible(visitor, spark_id)
    if purchase.type in _PLACED:
        return redirect("account:order", spark_id=purchase.spark_id)
    return render_page(request, visitor, "account/quote.html", _shown(visitor, purchase, ReasonForm()))


@require_POST
@for_customers
def accept(request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    def work(purchase: Purchase, seen: Seen) -> Put:
        return accept_quote(**_of(purchase, visitor), revision=seen.revision)

    said = _("You have accepted the quote.")
    return _decide(request, visitor, spark_id, work, said=said, before="already-accepted")


@require_POST
@for_customers
def approve(request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    def work(purchase: Purchase, seen: Seen) -> Put:
        return approve_purchase(**_of(purchase, visitor), revision=seen.revision, total=seen.total)

    said = _("You have approved it.")
    return _decide(request, visitor, spark_id, work, said=said, before="already-approved")


@require_POST
@for_customers
def reject(request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    """Of the revision that was seen: what has changed since may be what he wants."""
    form = ReasonForm(request.POST)

    def work(purchase: Purchase, seen: Seen) -> Put:
        if form.has_error("reason", "max_length"):
            raise Conflict(
                str(_("The reason is too long: 1,000 characters at most.")), code="reason-too-long", property="reason"
            )
        if not form.is_valid():
            raise Conflict(str(_("Say why you reject it.")), code="reason-needed", property="reason")
        return reject_purchase(**_of(purchase, visitor), reason=form.cleaned_data["reason"], revision=seen.revision)

    said = _("You have rejected it.")
    return _decide(request, visitor, spark_id, work, said=said, before="already-rejected")


@require_POST
@for_customers
def trim(request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    """Lower quantities of what waits for approval; it is shown again with its new total, to be approved."""

    def work(purchase: Purchase, seen: Seen) -> Put:
        quantities = _quantities(request, purchase)
        return trim_purchase(**_of(purchase, visitor), revision=seen.revision, total=seen.total, quantities=quantities)

    return _decide(request, visitor, spark_id, work, said=_("The quantities are changed. This is the new total."))


def _decide(
    request: HttpRequest,
    visitor: Visitor,
    spark_id: str,
    work: Callable[[Purchase, Seen], Put],
    *,
    said: Promise,
    before: str = "",
) -> HttpResponse:
    """Do it and lead to what has become of it; or say why not, and what has changed since the page was shown.

    `before`: the code that refuses what was done already. Who did it himself, on what this page showed, by a second
    click or in a second tab, is led on as the first time.
    """
    purchase = _visible(visitor, spark_id)
    seen = read_seen(request.POST.get("seen", ""), purchase, visitor.customer)
    refusal = refusal_in(lambda: work(purchase, seen)) if seen else _TOO_OLD
    if refusal is None:
        messages.success(request, str(said))
        return redirect("account:quote", spark_id=purchase.spark_id)
    fault = refusal.faults[0]
    if seen and fault.code == before and _did(request, visitor, spark_id, seen):
        messages.info(request, sentence_of(fault))
        return redirect("account:quote", spark_id=purchase.spark_id)
    return _refused(request, visitor, purchase, seen, refusal)


def _did(request: HttpRequest, visitor: Visitor, spark_id: str, seen: Seen) -> bool:
    """Whether it was he who decided, on the revision he has seen, and with the same words."""
    purchase, author = _visible(visitor, spark_id), str(visitor.actor)
    if decision := purchase.approval:
        reason = request.POST.get("reason", "").strip()
        return (decision["by"], decision["revision"], decision["reason"]) == (author, seen.revision, reason)
    revisions = PurchaseRevision.objects.for_site(visitor.site)
    return revisions.filter(purchase=purchase, number=seen.revision + 1, author=author).exists()


def _refused(
    request: HttpRequest, visitor: Visitor, purchase: Purchase, seen: Seen | None, refusal: DomainError
) -> HttpResponse:
    """With the forms as they were sent: what was typed is not typed twice."""
    now = _visible(visitor, str(purchase.spark_id))
    before = None
    if seen and now.revision != seen.revision:
        before = PurchaseRevision.objects.for_site(visitor.site).filter(purchase=now, number=seen.revision).first()
    told: dict[str, Any] = {
        "words": words_of(refusal, visitor),
        "changes": differences(before, seen.total, now, reader=visitor.reader) if seen and before else [],
    }
    if now.type in _PLACED:
        return render_page(request, visitor, "account/refused.html", {"purchase": now, **told}, status=refusal.status)
    form = ReasonForm(initial={"reason": request.POST.get("reason", "")})
    context = {**_shown(visitor, now, form, typed=request.POST), **told}
    return render_page(request, visitor, "account/quote.html", context, status=refusal.status)


def _shown(
    visitor: Visitor, purchase: Purchase, form: ReasonForm, *, typed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """What the page shows of it. `typed`: what stands in the fields of the lines, else their quantities."""
    if visitor.interrupted:
        typed = visitor.interrupted.typed
    contents = contents_of(purchase)
    told = told_decidable(purchase, visitor.customer, now=timezone.now())
    return {
        "purchase": purchase,
        "contents": contents,
        "quantities": [(line, typed.get(f"quantity_{line.id}", line.quantity)) for line in contents.open_lines],
        "payment_method": payment_method_of(purchase),
        "decidable": told,
        "in_the_way": _in_the_way(visitor, purchase, told),
        "form": form,
        "seen": seen_text(purchase, visitor.customer),
        "limited": visitor.customer.role == Customer.Role.LIMITED,
    }


def _in_the_way(visitor: Visitor, purchase: Purchase, told: Decidable) -> list[str]:
    """What keeps him from pressing the button that accepts or approves it, and what to do about it."""
    if not (told.can_accept or told.can_approve):
        return []
    refusals = refusals_foreseen(site=visitor.site, spark_id=purchase.spark_id, accepting=told.can_accept)
    sentences = (sentence for refusal in refusals for sentence in words_of(refusal, visitor))
    return list(dict.fromkeys(sentences))


def _visible(visitor: Visitor, spark_id: str) -> Purchase:
    """The purchase, which is not a cart; what is not visible to the customer answers as what does not exist."""
    if not is_uuid(spark_id):
        raise Http404
    rows = Purchase.objects.visible_to(visitor.customer).exclude(type=Purchase.Type.CART)
    purchase: Purchase = get_object_or_404(rows.select_related("customer", "child"), spark_id=spark_id)
    return purchase


def _of(purchase: Purchase, visitor: Visitor) -> dict[str, Any]:
    return {
        "site": visitor.site,
        "lookup": Lookup("sparklayer", purchase.spark_id),
        "actor": visitor.actor,
        "reader": visitor.customer,
    }


def _quantities(request: HttpRequest, purchase: Purchase) -> dict[str, int]:
    """What was typed for each line. Raises Conflict for what is no number of pieces."""
    lines = [line for package in contents_of(purchase).packages for line in package.lines]
    typed = {line.id: request.POST.get(f"quantity_{line.id}") for line in lines}
    quantities = {}
    for name, text in typed.items():
        if text is None:
            continue
        if not (text.isascii() and text.isdecimal() and len(text) < 11):
            raise Conflict(str(_("A quantity has to be a whole number.")), code="not-a-number", property=name)
        quantities[name] = int(text)
    return quantities
