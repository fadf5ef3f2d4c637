"""One question before something is done (`templates/admin/dialog.html`)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from unfold.admin import ModelAdmin


def dialog_page(
    page: ModelAdmin,
    request: HttpRequest,
    *,
    form: forms.BaseForm,
    title: str | Promise,
    submit: str | Promise,
    back: str,
    explanation: str | Promise = "",
) -> HttpResponse:
    """`submit`: what the button says; `back`: where Cancel leads."""
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": title,
        "explanation": explanation,
        "form": form,
        "submit": submit,
        "back": back,
        "media": page.media,
    }
    return TemplateResponse(request, "admin/dialog.html", context)
