"""Who may have a token of his own: an active customer of the site."""

from __future__ import annotations

from core.api.oauth import SiteValidator
from core.models import Site, User
from customers.models import Customer


class CustomersValidator(SiteValidator):
    """What django-oauth-toolkit asks here of sign-ins (`sparkproject.settings`)."""

    def may_sign_in(self, user: User, site: Site) -> bool:
        return Customer.objects.for_site(site).of_login(user).exists()
