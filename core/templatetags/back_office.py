"""What templates of the back office ask for."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst

from core.form_faults import Told, faults_of

register = template.Library()


@register.simple_tag(takes_context=True)
def faults_told(context: Any) -> list[Told]:
    """Every fault of the page's form, those of rows inside it included, in the order of the page."""
    adminform = context.get("adminform")
    return faults_of(adminform.form if adminform else context.get("form"), context.get("inline_admin_formsets") or ())


@register.inclusion_tag("admin/_way_here.html", takes_context=True)
def way_here(context: Any) -> dict[str, Any]:
    """The list that the page belongs to, the row it is about, else the page's own title."""
    opts, row = context.get("opts"), context.get("original") or context.get("object")
    parts = []
    if opts:
        parts.append({"title": capfirst(str(opts.verbose_name_plural)), "link": reverse(_page(opts, "changelist"))})
    if opts and isinstance(row, Model):
        parts.append({"title": str(row), "link": reverse(_page(row._meta, "change"), args=[row.pk])})
    elif not context.get("cl") and (title := context.get("title")):
        parts.append({"title": capfirst(str(title))})
    return {"parts": parts}


def _page(opts: Any, name: str) -> str:
    return f"admin:{opts.app_label}_{opts.model_name}_{name}"
