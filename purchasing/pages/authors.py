"""How those who did something are told to a customer: people of his own company by name, staff as staff."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.actors import ActorKind
from core.ids import CUSTOMER, number_of
from customers.models import Customer


def names_told(authors: Iterable[str], customer: Customer) -> dict[str, str]:
    """By stored author; who is not told to this customer is missing. One query at most."""
    authors = list(authors)
    staff = {author: _("staff") for author in authors if author.startswith(f"{ActorKind.STAFF}:")}
    person = f"{ActorKind.CUSTOMER}:"
    numbers = {
        number: author
        for author in authors
        if author.startswith(person) and (number := number_of(CUSTOMER, author.removeprefix(person)))
    }
    if not numbers:
        return staff
    family = Customer.objects.family_of(customer).filter(pk__in=numbers)
    return staff | {numbers[each.pk]: each.full_name for each in family.only("first_name", "last_name")}
