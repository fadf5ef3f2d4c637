"""Every query starts from the site: rows of one, the sites of a member of staff, the site of a page."""

from __future__ import annotations

from typing import Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import HttpRequest
from django.http.request import split_domain_port

from core.models import Site, StaffMembership, StaffRole, User

Row = TypeVar("Row", bound=models.Model)


class SiteQuerySet(models.QuerySet[Row]):
    """Rows that belong to a site. Ask for `for_site` first."""

    def for_site(self, site: Site) -> Self:
        """Only rows of this site."""
        return self.filter(site=site)

    def for_staff(self, user: User | AnonymousUser) -> Self:
        """Only rows of the sites this person is staff of; every row for a superuser."""
        return self.filter(site__in=sites_of(user))


def sites_of(user: User | AnonymousUser) -> models.QuerySet[Site]:
    """The sites whose back office a person may open: those of a staff member's memberships, all for a superuser."""
    if not (user.is_active and user.is_staff):
        return Site.objects.none()
    if user.is_superuser:
        return Site.objects.all()
    return Site.objects.filter(memberships__user=user)


def roles_of(user: User | AnonymousUser) -> dict[int, StaffRole]:
    """The role of a member of staff on each of their sites; a superuser, who needs none, has none here."""
    if not (user.is_active and user.is_staff):
        return {}
    held = StaffMembership.objects.filter(user=user).values_list("site", "role")
    return {site: StaffRole(role) for site, role in held}


def may_manage(user: User | AnonymousUser, site: Site) -> bool:
    """Whether a person may do at this site what a manager may."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or roles_of(user).get(site.pk) == StaffRole.MANAGER


def site_of_host(request: HttpRequest) -> Site | None:
    """The site whose host name this page was asked for under, or None when the login has to tell."""
    host, _ = split_domain_port(request.get_host())
    return Site.objects.filter(host=host).first() if host else None
