"""The back office: what every page of it does (`base`), and the pages of the set-up."""

from core.admin.base import (
    Confirmation,
    ReadOnly,
    SiteAdmin,
    SiteInline,
    SiteRelatedFilter,
    SiteStackedInline,
    actor_of,
    has_role,
    sites_here,
)
from core.admin.changes import ChangeAdmin
from core.admin.clients import ApiClientAdmin
from core.admin.exports import ExportAdmin
from core.admin.forms import SiteFormSet, SiteModelForm
from core.admin.imports import ImportAdmin
from core.admin.jobs import JobAdmin
from core.admin.people import UserAdmin
from core.admin.refusals import carried_out, show_refusal
from core.admin.sites import SitePageAdmin

__all__ = [
    "ApiClientAdmin",
    "ChangeAdmin",
    "Confirmation",
    "ExportAdmin",
    "ImportAdmin",
    "JobAdmin",
    "ReadOnly",
    "SiteAdmin",
    "SiteFormSet",
    "SiteInline",
    "SiteModelForm",
    "SitePageAdmin",
    "SiteRelatedFilter",
    "SiteStackedInline",
    "UserAdmin",
    "actor_of",
    "carried_out",
    "has_role",
    "show_refusal",
    "sites_here",
]
