"""`/account/orders/{id}/re-order/`: what ordering it once more comes to today, and the button that orders it.

The page holds the id that the new purchase will have and a digest of what it showed, signed: a second click and a
reload lead to the one order; what has changed meanwhile is shown before anything is ordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid7
from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, DomainError
from customers.models import Customer
from purchasing.contents import address_lines, packages_of, sums_of
from purchasing.identity import Lookup
from purchasing.models import Purchase
from purchasing.pages.labels import payment_label
from purchasing.pages.orders import order_of
from purchasing.pages.reader import Reader
from purchasing.pages.refusals import refusal_in, words_of
from purchasing.pages.visitor import Visitor, for_customers, render_page
from purchasing.reorder.lines import Reason
from purchasing.reorder.operations import place_reorder
from purchasing.reorder.plan import LeftOut, Plan, plan_reorder

SALT = "purchasing.pages.reorder"
MOST_NAMED = 10
REASONS: dict[Reason, Promise] = {
    Reason.NO_PRICE: _("There is no price for it today."),
    Reason.NOT_SOLD: _("It is not sold any more."),
    Reason.OUT_OF_STOCK: _("It is out of stock."),
    Reason.TOO_FEW: _("At least %(bound)s of it are ordered at a time."),
    Reason.TOO_MANY: _("At most %(bound)s of it are ordered at a time."),
    Reason.NO_WHOLE_PACKS: _("It is sold in packs of %(bound)s by now, and this is no whole number of them."),
    Reason.TOO_FEW_OF_PRODUCT: _("At least %(bound)s of the product, all variants together, are ordered at a time."),
    Reason.TOO_MANY_OF_PRODUCT: _("At most %(bound)s of the product, all variants together, are ordered at a time."),
}


@dataclass(frozen=True, slots=True)
class Missing:
    line: LeftOut
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page held: the id of the order that it makes, and the digest of the plan it showed."""

    spark_id: UUID
    digest: str


class ReorderForm(forms.Form):
    """The reference of the new order; that of the repeated one is not taken over."""

    reference = forms.CharField(
        label=_("PO number (if you have one)"),
        required=False,
        max_length=512,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def reorder(request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    """The page, and what its button does."""
    lookup = Lookup("sparklayer", order_of(visitor, spark_id).spark_id)
    if request.method != "POST":
        return _page(request, visitor, lookup, ReorderForm())
    shown = _read(request.POST.get("shown", ""), lookup, visitor.customer)
    form = ReorderForm(request.POST)
    if shown is None:
        raise Conflict(str(_("This page is too old. Open it again.")), code="page-too-old")
    if not form.is_valid():
        return _page(request, visitor, lookup, form, status=400)
    reference, now = form.cleaned_data["reference"], timezone.now()
    left_out: list[LeftOut] = []

    def work() -> None:
        placed = place_reorder(
            **_asked(visitor, lookup),
            spark_id=shown.spark_id,
            digest=shown.digest,
            customer_reference=reference,
            actor=visitor.actor,
            now=now,
        )
        left_out.extend(placed.left_out)

    refusal = refusal_in(work)
    if refusal is not None:
        return _page(request, visitor, lookup, form, refusal=refusal, status=refusal.status)
    if not Purchase.objects.visible_to(visitor.customer).filter(spark_id=shown.spark_id).exists():
        raise Conflict(
            str(_("This was ordered from this page before, and has been deleted since.")), code="deleted-since"
        )
    _thank(request)
    _name_what_is_missing(request, left_out, visitor.reader)
    return redirect("account:order", spark_id=shown.spark_id)


def _thank(request: HttpRequest) -> None:
    """Once, also to who pressed twice: a browser shows the answer to the second, and may never read the first."""
    text, queued = str(_("Thank you. Your order was sent.")), messages.get_messages(request)
    said = [str(message) for message in queued]
    queued.used = False  # type: ignore[union-attr]  # they were looked at, not shown
    if text not in said:
        messages.success(request, text)


def _name_what_is_missing(request: HttpRequest, left_out: Sequence[LeftOut], reader: Reader) -> None:
    """The page before has said so; who looks at the order alone does not miss it either."""
    if not left_out:
        return
    names = [f"{_name_of(line)} ({_why(line, reader)})" for line in left_out[:MOST_NAMED]]
    if len(left_out) > MOST_NAMED:
        names.append("…")
    messages.warning(request, str(_("Not in it: %(lines)s") % {"lines": "; ".join(names)}))


def _page(
    request: HttpRequest,
    visitor: Visitor,
    lookup: Lookup,
    form: ReorderForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    plan = plan_reorder(**_asked(visitor, lookup), now=timezone.now())
    packages = packages_of(plan.contents)
    context = {
        "source": plan.source,
        "plan": plan,
        "contents": {"packages": packages, "bill_to": address_lines(plan.billing_address)},
        "sums": sums_of(packages, total=plan.total, currency_code=plan.source.currency_code),
        "code": plan.source.currency_code,
        "payment_method": payment_label(plan.document.payment_method),
        "missing": [Missing(line, _why(line, visitor.reader)) for line in plan.left_out],
        "without_freight": any(package.shipping_method is None for package in plan.document.packages),
        "form": form,
        "refusal": words_of(refusal, visitor) if refusal else [],
        "shown": _text(plan, lookup, visitor.customer),
    }
    return render_page(request, visitor, "account/reorder.html", context, status=status)


def _why(line: LeftOut, reader: Reader) -> str:
    if line.because is not None:
        named = {"name": _name_of(line.because), "why": _why(line.because, reader)}
        return str(_("It is sold together with %(name)s, which cannot be ordered: %(why)s") % named)
    text = str(REASONS[line.reason])
    return text if line.bound is None else text % {"bound": reader.number(line.bound)}


def _name_of(line: LeftOut) -> str:
    return " ".join(part for part in (line.name, line.variant, line.sku) if part)


def _asked(visitor: Visitor, lookup: Lookup) -> dict[str, Any]:
    return {"site": visitor.site, "lookup": lookup, "reader": visitor.customer, "settings": visitor.settings}


def _text(plan: Plan, lookup: Lookup, customer: Customer) -> str:
    held = [str(lookup.value), customer.pk, str(uuid7.uuid7()), plan.digest]
    return signing.dumps(held, salt=SALT)


def _read(text: str, lookup: Lookup, customer: Customer) -> Shown | None:
    """What a page of this customer for this order held; None for anything else."""
    try:
        source, reader, spark_id, digest = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return Shown(UUID(spark_id), digest) if (source, reader) == (str(lookup.value), customer.pk) else None
