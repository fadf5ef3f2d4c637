"""The page of the job queue is the library's own; its list bears what ours do."""

from __future__ import annotations

from django.contrib import admin
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob

from core.admin.lists import SturdyList

admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(SturdyList, ProcrastinateJobAdmin):  # type: ignore[misc]  # the action of an untyped library page
    """Jobs of the whole installation, to look at: for superusers."""
