"""The back office: what every page of it does (`base`), and the pages of the set-up."""

from core.admin.base import SiteAdmin, SiteInline, SiteModelForm, SiteRelatedFilter, actor_of
from core.admin.clients import ApiClientAdmin
from core.admin.people import UserAdmin
from core.admin.sites import SitePageAdmin

__all__ = [
    "ApiClientAdmin",
    "SiteAdmin",
    "SiteInline",
    "SiteModelForm",
    "SitePageAdmin",
    "SiteRelatedFilter",
    "UserAdmin",
    "actor_of",
]
