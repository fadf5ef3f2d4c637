"""The words in which states are told to a buyer, each with the tone of its badge."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from purchasing.decision import DecisionStatus
from purchasing.models import Purchase
from purchasing.payment import PaymentStatus
from purchasing.status import FulfilmentStatus, PackageState


@dataclass(frozen=True, slots=True)
class Label:
    """`tone`: one of Bootstrap's colours; a word always says the same as the colour."""

    text: Promise
    tone: str


TYPES = {
    Purchase.Type.ORDER: Label(_("Order"), "secondary"),
    Purchase.Type.ORDER_UNCONFIRMED: Label(_("To be confirmed"), "warning"),
    Purchase.Type.AWAITING_APPROVAL: Label(_("Awaiting approval"), "warning"),
}
APPROVALS = {
    DecisionStatus.PENDING: Label(_("Awaiting approval"), "warning"),
    DecisionStatus.APPROVED: Label(_("Approved"), "success"),
    DecisionStatus.REJECTED: Label(_("Rejected"), "danger"),
}
FULFILMENT = {
    FulfilmentStatus.PROCESSING: Label(_("In progress"), "secondary"),
    FulfilmentStatus.PARTIALLY_SHIPPED: Label(_("Partly shipped"), "info"),
    FulfilmentStatus.SHIPPED: Label(_("Shipped"), "success"),
    FulfilmentStatus.PARTIALLY_RETURNED: Label(_("Partly returned"), "warning"),
    FulfilmentStatus.RETURNED: Label(_("Returned"), "warning"),
    FulfilmentStatus.CANCELLED: Label(_("Cancelled"), "danger"),
}
PAYMENT = {
    PaymentStatus.UNPAID: Label(_("Unpaid"), "danger"),
    PaymentStatus.PARTIALLY_PAID: Label(_("Partly paid"), "warning"),
    PaymentStatus.PAID: Label(_("Paid"), "success"),
    PaymentStatus.OVERPAID: Label(_("Overpaid"), "info"),
    PaymentStatus.PARTIALLY_REFUNDED: Label(_("Partly refunded"), "info"),
    PaymentStatus.REFUNDED: Label(_("Refunded"), "info"),
}
PACKAGES = {
    PackageState.PROCESSING: Label(_("To come"), "secondary"),
    PackageState.SHIPPED: Label(_("Shipped"), "success"),
    PackageState.RETURNED: Label(_("Returned"), "warning"),
    PackageState.CANCELLED: Label(_("Cancelled"), "danger"),
}

PAYMENT_METHODS: dict[str, Promise | str] = {
    "platform_upfront": _("Paid up front"),
    "upfrontpayment": _("Paid up front"),
    "invoice": _("On account"),
    "paymentbyinvoice": _("On account"),
    "on_account": _("On account"),
    "paymentonaccount": _("On account"),
    "hokodo": "Hokodo",
    "hokodopayment": "Hokodo",
    "other": _("Other"),
}
"""The words of both APIs, in any letter case; any other word is shown as it was sent. Four of them say the same."""


def payment_method_of(purchase: Purchase) -> Promise | str:
    return payment_label(purchase.payment_method)


def payment_label(method: str) -> Promise | str:
    return PAYMENT_METHODS.get(method.lower(), method)


def decision_on(purchase: Purchase) -> DecisionStatus:
    """What was decided on what waits for approval."""
    return DecisionStatus(purchase.approval["status"]) if purchase.approval else DecisionStatus.PENDING


def labels_of(purchase: Purchase) -> list[Label]:
    """How far a purchase is: its type where that says something, or what was decided on it, then fulfilment."""
    labels = []
    if purchase.type == Purchase.Type.AWAITING_APPROVAL:
        labels.append(APPROVALS[decision_on(purchase)])
    elif purchase.type != Purchase.Type.ORDER:
        labels.append(TYPES[Purchase.Type(purchase.type)])
    if purchase.calculated_fulfilment_status and purchase.type != Purchase.Type.ORDER_UNCONFIRMED:
        labels.append(FULFILMENT[FulfilmentStatus(purchase.calculated_fulfilment_status)])
    return labels
