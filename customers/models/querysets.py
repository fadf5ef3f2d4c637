"""Customers and addresses in the office's words: who is meant, who belongs together, who owes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db.models import Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from core.ids import ADDRESS, CUSTOMER, number_of
from core.models import User
from core.tenancy import SiteQuerySet

if TYPE_CHECKING:
    from customers.models.customer import Address, Customer  # noqa: F401  # Address: in the name of a generic class

SEARCHED = ("company_name", "first_name", "last_name", "email", "external_id", "accounting_id")
"""Where a search for customers looks."""

# UNION, not UNION ALL: a cycle that came in past every guard ends the walk instead of going round for ever.
_ACCOUNT = """
WITH RECURSIVE chain AS (
    SELECT id, parent_id FROM customers_customer WHERE site_id = %s AND id = %s
    UNION
    SELECT parent.id, parent.parent_id
    FROM chain JOIN customers_customer AS parent ON parent.site_id = %s AND parent.id = chain.parent_id
)
SELECT id FROM chain WHERE parent_id IS NULL
"""
_FAMILY = """
WITH RECURSIVE chain AS (
    SELECT id, parent_id FROM customers_customer WHERE site_id = %s AND id = %s
    UNION
    SELECT parent.id, parent.parent_id
    FROM chain JOIN customers_customer AS parent ON parent.site_id = %s AND parent.id = chain.parent_id
), family AS (
    SELECT id FROM chain WHERE parent_id IS NULL
    UNION
    SELECT child.id
    FROM family JOIN customers_customer AS child ON child.site_id = %s AND child.parent_id = family.id
)
SELECT id FROM family
"""
# Own groups count; who has none has those of the top-most parent, whatever stands between.
_SHARING = """
WITH RECURSIVE company AS (
    SELECT id, sales_agent_groups AS own
    FROM customers_customer WHERE site_id = %s AND parent_id IS NULL AND sales_agent_groups && %s::varchar[]
    UNION
    SELECT child.id, child.sales_agent_groups
    FROM company JOIN customers_customer AS child ON child.site_id = %s AND child.parent_id = company.id
)
SELECT id FROM company WHERE own = '{}'
UNION ALL
SELECT id FROM customers_customer WHERE site_id = %s AND sales_agent_groups && %s::varchar[]
"""


class CustomerQuerySet(SiteQuerySet["Customer"]):
    def present(self) -> Self:
        """Those that have not been deleted."""
        return self.filter(deleted_at=None)

    def identified(self, identifier: str) -> Self:
        """The one that an id (`cu_12`) or an external id names; ask within a site and, for external ids, `present`."""
        number = number_of(CUSTOMER, identifier)
        if number is not None:
            return self.filter(pk=number)
        return self.none() if identifier.startswith(CUSTOMER) or not identifier else self.filter(external_id=identifier)

    def with_email(self, email: str) -> Self:
        """Those with this e-mail, in whatever letter case."""
        return self.alias(letters=Lower("email")).filter(letters=Lower(Value(email)))

    def of_login(self, person: User) -> Self:
        """Whom this login stands for: present and active customers, at most one of a site."""
        return self.present().filter(user=person, status="active")

    def matching(self, words: Iterable[str]) -> Self:
        """Those in which every word occurs: in a name, the e-mail or an id of theirs elsewhere, or as our `cu_12`."""
        found = self
        for word in words:
            either = reduce(or_, (Q(**{f"{name}__icontains": word}) for name in SEARCHED))
            found = found.filter(either | Q(pk=number_of(CUSTOMER, word)))
        return found

    def for_answer(self) -> Self:
        """With what a customer is answered with: group, parent, addresses."""
        return self.select_related("group", "parent").prefetch_related("addresses")

    def account_of(self, customer: Customer) -> Customer:
        """The customer who owes what this one buys: the top-most parent, or the customer itself. One query."""
        site_id = customer.site_id
        return self.get(pk__in=RawSQL(_ACCOUNT, [site_id, customer.pk, site_id]))  # noqa: S611  # fixed text, bound values

    def family_of(self, customer: Customer) -> Self:
        """The whole company of a customer: the top-most parent and everybody below it, deleted ones too.

        One query, also as a subquery: `Purchase.objects.filter(customer__in=Customer.objects.family_of(somebody))`.
        """
        site_id = customer.site_id
        return self.filter(pk__in=RawSQL(_FAMILY, [site_id, customer.pk, site_id, site_id]))  # noqa: S611  # fixed text, bound values

    def visible_to(self, reader: Customer | None) -> Self:
        """Whom a customer sees, deleted ones too; the one place that knows (docs/api.md, who sees what).

        A sales agent: those who share a group with him; one without groups everybody of the site. A main user: the
        whole company. Anybody else: himself. None is a program, which sees what it has asked for of its site.
        """
        if reader is None:
            return self
        rows = self.for_site(reader.site)
        if reader.is_sales_agent:
            groups = self.groups_of(reader)
            site_id = reader.site_id
            sharing = RawSQL(_SHARING, [site_id, groups, site_id, site_id, groups])  # noqa: S611  # fixed text, bound values
            return rows.filter(pk__in=sharing) if groups else rows
        return rows.family_of(reader) if reader.is_main_user else rows.filter(pk=reader.pk)

    def numbers_visible_to(self, reader: Customer) -> list[int] | None:
        """`visible_to` as numbers, which an index is asked by; None stands for everybody of the site."""
        if not reader.is_sales_agent:
            return self.numbers_buying_with(reader)
        return self.visible_to(reader).numbers() if self.groups_of(reader) else None

    def numbers_buying_with(self, customer: Customer, *, reader: Customer | None = None) -> list[int]:
        """Whose purchases are a customer's too: of a main user the whole company's; of these whom the reader sees."""
        numbers = self.family_of(customer).numbers() if customer.is_main_user else [customer.pk]
        seen = None if reader is None or reader == customer else self.numbers_visible_to(reader)
        return numbers if seen is None else list(set(numbers).intersection(seen))

    def numbers(self) -> list[int]:
        """Which they are, for an index: it serves a list of numbers, not a query that yields them."""
        return list(self.order_by().values_list("pk", flat=True))

    def groups_of(self, customer: Customer) -> list[str]:
        """The sales agent groups of a customer: his own, else those of the account that owes."""
        if customer.sales_agent_groups or customer.parent_id is None:
            return customer.sales_agent_groups
        return self.account_of(customer).sales_agent_groups


class AddressQuerySet(SiteQuerySet["Address"]):
    def present(self) -> Self:
        """Those of customers who have not been deleted."""
        return self.filter(customer__deleted_at=None)

    def identified(self, identifier: str) -> Self:
        """The one that an id (`ca_12`) or an external id names; ask within a site."""
        number = number_of(ADDRESS, identifier)
        if number is not None:
            return self.filter(pk=number)
        return self.none() if identifier.startswith(ADDRESS) or not identifier else self.filter(external_id=identifier)
