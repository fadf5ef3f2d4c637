"""What a form was opened with: one that would be saved over something newer is refused.

The page carries a fingerprint of the stored values that its form can change, and one for each table of rows in it. On
saving it is compared with what is stored by then. Worked-out and read-only values do not count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.forms import ModelForm
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

OPENED_WITH = "opened_with"
"""The name of the input that carries the fingerprint."""

NEWER = _(
    "Something newer was saved here while the form was open, so nothing was saved. Open the page anew to go on from "
    "there."
)


def fingerprint(rows: Iterable[Model], form: type[ModelForm[Any]] | ModelForm[Any]) -> str:
    """Of what such a form can change of these rows, in their order."""
    shown = form._meta
    values = [[row.pk, model_to_dict(row, fields=shown.fields, exclude=shown.exclude)] for row in rows]
    told = json.dumps(values, sort_keys=True, default=_text)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _text(value: Any) -> str:
    return str(value.pk if isinstance(value, Model) else value)
