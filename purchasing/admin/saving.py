"""One save of a purchase's page: the document put, then the transactions recorded, un-applied or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.actors import Actor
from core.api.etag import Tags
from purchasing.admin.editing import PackageEdit, Values, edited_document
from purchasing.admin.forms import PurchaseForm
from purchasing.admin.transaction_form import check_new, record
from purchasing.documents import read_document
from purchasing.identity import Lookup
from purchasing.models import Package, Purchase, PurchaseTransaction
from purchasing.operations import Preconditions, delete_transaction, put_purchase
from purchasing.warnings import NOT_A_BADGE, PurchaseWarning


def put_changes(
    purchase: Purchase,
    *,
    actor: Actor,
    header: Values | None = None,
    packages: Sequence[PackageEdit] = (),
) -> list[PurchaseWarning]:
    """Put the purchase's document with these changes, on the version it was opened with; answers its warnings.

    Raises VersionMismatch when it is at another version by now, and what a PUT raises.
    """
    opened = purchase.opened  # type: ignore[attr-defined]  # set by PurchaseAdmin.get_object
    put = put_purchase(
        site=purchase.site,
        lookup=Lookup("sparklayer", purchase.spark_id),
        document=read_document(edited_document(opened.document, header=header, packages=packages)),
        actor=actor,
        preconditions=Preconditions(if_match=Tags(any=False, values=(opened.version,))),
    )
    return [warning for warning in put.warnings if warning["code"] not in NOT_A_BADGE]


def save_purchase(form: PurchaseForm, formsets: Any, *, actor: Actor) -> list[PurchaseWarning]:
    """Save everything that was changed in the page; answers the warnings of the purchase."""
    purchase: Purchase = form.instance
    edits: list[PackageEdit] = []
    for formset in formsets:
        formset.save(commit=False)
        if formset.model is Package:
            edits = _package_edits(formset)
    # Also when nothing of the document changed: the put holds the purchase at the version that the form shows.
    warnings = put_changes(purchase, actor=actor, header=form.changed_values(), packages=edits)
    for formset in formsets:
        if formset.model is PurchaseTransaction:
            _save_transactions(purchase, formset, actor)
    return warnings


def _package_edits(formset: Any) -> list[PackageEdit]:
    removed = formset.deleted_forms if formset.can_delete else []
    return [form.edit(removed=form in removed) for form in formset.forms]


def _save_transactions(purchase: Purchase, formset: Any, actor: Actor) -> None:
    removed = formset.deleted_forms if formset.can_delete else []
    for form in formset.forms:
        if form in removed:
            if not form.instance._state.adding:
                delete_transaction(site=purchase.site, transaction_id=form.instance.pk, actor=actor)
        elif form.has_changed():
            if form.instance._state.adding:
                check_new(purchase=purchase, platform_id=form.document.platform_id)
            record(purchase=purchase, document=form.document, actor=actor)
