"""What the business refuses, told on a page: beside its field, or in a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Fault
from purchasing.pages.visitor import Visitor

WORDS: dict[str, Promise] = {
    "already-accepted": _("This quote was accepted before."),
    "already-approved": _("This was approved before."),
    "already-rejected": _("This was rejected before."),
    "approval-stale": _("It has changed since you opened the page."),
    "revision-stale": _("It has changed since you opened the page."),
    "not-a-quote": _("This is no quote any more."),
    "quote-expired": _("This quote has expired."),
    "quote-not-open": _("This quote is not open any more."),
    "not-awaiting-approval": _("This does not wait for approval any more."),
    "nothing-to-reject": _("There is nothing to reject any more."),
    "not-an-approver": _("A main user of the company has to decide on this."),
    "own-purchase": _("Somebody else of your company has to decide on what you placed."),
    "credit-exceeded": _("The credit line does not cover it."),
    "order-minimum": _("It is below the minimum of an order."),
    "not-enough": _("A quantity can only be lowered, to 0 at least."),
    "nothing-lowered": _("No quantity is lower than before."),
    "nothing-left": _("Nothing would be left of it. Reject it instead."),
    "reorder-changed": _("Prices or products have changed. This is what it comes to now."),
    "nothing-to-reorder": _("None of it can be ordered."),
    "page-too-old": _("This page is too old. Open it again."),
    "own-role": _("Nobody changes his own role."),
    "not-yours-to-change": _("Only we can change this. Ask us."),
    "invitation-over": _("This invitation does not work any more."),
    "not-a-main-user": _("Only a main user of the company does this."),
    "not-yours-to-give": _("This role is not yours to give."),
    "currency-mismatch": _("It is in another currency."),
    "try-again": _("Somebody else was faster. Try again."),
    "too-many-rows": _("These are too many rows for a workbook. Take the CSV, or filter."),
    "too-many-rows-of-a-file": _("These are too many rows for one file. Filter the list first."),
    "too-many-lines": _("These are too many lines for one file. Choose a shorter period, or take the CSV."),
    "resource-already-exists": _("This is taken already."),
}
"""By the codes of faults; other faults say themselves what is wrong."""


ADVICE: dict[str, Promise] = {
    "credit-exceeded": _("Pay what is open first, or ask us for more credit or for another way to pay."),
    "order-minimum": _("Ask us to add something to it."),
    "quote-expired": _("Ask us for a new quote."),
    "quote-not-open": _("Ask us for a new quote."),
    "approval-stale": _("Look at what has changed, and decide again."),
    "revision-stale": _("Look at what has changed, and decide again."),
}
"""What to do about it, where there is something to do."""


def refusal_in(work: Callable[[], object]) -> DomainError | None:
    """What the business refused of this work; None when it was done. Nothing was written when it was refused."""
    try:
        work()
    except DomainError as refusal:
        return refusal
    return None


def sentence_of(fault: Fault) -> str:
    return str(WORDS.get(fault.code, fault.message))


def words_of(refusal: DomainError, visitor: Visitor) -> list[str]:
    """Every sentence of the refusal, with the amounts it carries, and what to do about it.

    What credit there is, is for main users, as the balance is.
    """
    reader = visitor.reader
    sentences = list(dict.fromkeys(sentence_of(fault) for fault in refusal.faults))
    available, minimum = refusal.members.get("available"), refusal.members.get("minimum")
    if isinstance(available, str) and visitor.customer.is_main_user:
        amount = reader.money(Decimal(available), str(refusal.members["currency_code"]))
        sentences.append(str(_("Available: %(amount)s") % {"amount": amount}))
    if isinstance(minimum, dict):
        amount = reader.money(Decimal(minimum["number"]), minimum["currency"])
        sentences.append(str(_("At least: %(amount)s") % {"amount": amount}))
    advice = (str(ADVICE[fault.code]) for fault in refusal.faults if fault.code in ADVICE)
    return [*sentences, *dict.fromkeys(advice)]


def carried_out(form: forms.Form, work: Callable[[], object]) -> bool:
    """Whether it was done; else each fault stands beside the field of its property, or above the form."""
    refusal = refusal_in(work)
    for fault in refusal.faults if refusal else ():
        form.add_error(fault.property if fault.property in form.fields else None, sentence_of(fault))
    return refusal is None
