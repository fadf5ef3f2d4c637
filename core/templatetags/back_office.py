"""What templates of the back office ask for."""

from __future__ import annotations

from typing import Any

from django import template

from core.form_faults import Told, faults_of

register = template.Library()


@register.simple_tag(takes_context=True)
def faults_told(context: Any) -> list[Told]:
    """Every fault of the page's form, those of rows inside it included, in the order of the page."""
    adminform = context.get("adminform")
    return faults_of(adminform.form if adminform else context.get("form"), context.get("inline_admin_formsets") or ())
