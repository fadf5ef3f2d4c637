"""How what the business refuses reaches the page: beside its field, above the form, or as a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django import forms
from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from core.api.problems import domain_error_of
from core.errors import DomainError, Fault
from core.sentences import spoken

ENTRY = _("Entry %(nth)s:")
"""Of a list in one field, such as the second of `GB,G8`."""
_ENTRY = re.compile(r"(\w+)\[(\d+)\]")


def message_of(fault: Fault) -> str:
    """The fault as a sentence that names its property."""
    text = spoken(fault.message)
    return f"{fault.property}: {text}" if fault.property else text


def show_refusal(form: forms.BaseForm, refusal: DomainError, *, fields: Mapping[str, str] | None = None) -> None:
    """Each fault beside the field of its property (`fields`: by another name), one of an entry of a list beside that of
    the list, else above the form.
    """
    for fault in refusal.faults:
        name = (fields or {}).get(fault.property or "", fault.property)
        entry = _ENTRY.fullmatch(name or "")
        if name in form.fields:
            form.add_error(name, spoken(fault.message))
        elif entry and entry[1] in form.fields:
            form.add_error(entry[1], f"{ENTRY % {'nth': int(entry[2]) + 1}} {spoken(fault.message)}")
        else:
            form.add_error(None, message_of(fault))


def carried_out(form: forms.BaseForm, work: Callable[[], object]) -> bool:
    """Whether `work` was done; what the business refused stands in the form, with everything that was typed."""
    try:
        with transaction.atomic():
            work()
    except (DomainError, DatabaseError) as error:
        show_refusal(form, refusal_of(error))
        return False
    return True


def refusal_of(error: Exception) -> DomainError:
    """What the business refused; a fault of ours is raised again."""
    refusal = domain_error_of(error)
    if refusal is None:
        raise error
    return refusal
