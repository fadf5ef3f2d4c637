"""Who reads: the customer behind a person's token."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.actors import Actor
from core.api.views import ApiView
from core.errors import NotPermitted
from customers.models import Customer


class ReaderApiView(ApiView):
    """An address that customers reach too; it names in `person_methods` what they may do there."""

    @cached_property
    def reader(self) -> Customer | None:
        """The customer of the token's login on this site; None for a program, which sees its whole site.

        Asked of the database at every call: who has been deactivated, deleted or untied from his login since is
        nobody at once (401).
        """
        person = self.access.person
        if person is None:
            return None
        customer = Customer.objects.for_site(self.site).of_login(person).first()
        if customer is None:
            raise AuthenticationFailed("The access token is unknown or has expired.")
        customer.site = self.site
        return customer

    @property
    def actor(self) -> Actor:
        return self.access.actor if self.reader is None else self.reader.actor

    def check_sees_balances(self) -> None:
        """Of what this reader sees, balances and postings are for main users. Raises NotPermitted."""
        if self.reader is not None and not self.reader.is_main_user:
            raise NotPermitted("Balances are for the main users of the company.", code="not-a-main-user")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before anything is done or answered, an answer kept for a repeated POST included."""
        super().initial(request, *args, **kwargs)
        _ = self.reader
