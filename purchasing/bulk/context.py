"""What the documents of one call refer to, looked up once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.site_settings import Settings, parse_settings
from purchasing import store
from purchasing.documents import CustomerIdentifiers
from purchasing.resolve import customers_sought
from purchasing.store import NamedCustomer


class SharedContext:
    """Stands in for `purchasing.resolve.read_context`: the site's settings and customers as they were when the call
    began. Those that only stored purchases name are looked up when these come.
    """

    def __init__(self, *, site_id: int, named: Iterable[CustomerIdentifiers]) -> None:
        numbers: set[int] = set()
        external_ids: set[str] = set()
        for one in named:
            of_one, external = customers_sought(one)
            numbers.update(of_one)
            external_ids.update(external)
        stored, customers = store.read_context(
            site_id=site_id, customer_ids=list(numbers), external_ids=list(external_ids)
        )
        self.settings = parse_settings(stored)
        self._site_id = site_id
        self._sought = numbers
        self._by_number: dict[int, NamedCustomer] = {}
        self._by_external_id: dict[str, list[NamedCustomer]] = {}
        for customer in customers:
            self._by_number[customer.id] = customer
            self._by_external_id.setdefault(customer.external_id, []).append(customer)

    @property
    def account_ids(self) -> set[int]:
        """Who would owe for what the documents name."""
        return {customer.account_id for customer in self._by_number.values()}

    def learn(self, carried: Iterable[int]) -> None:
        """Look up those of these customers that are not known yet, all at once."""
        unknown = [number for number in carried if number not in self._sought and number not in self._by_number]
        if unknown:
            _settings, customers = store.read_context(site_id=self._site_id, customer_ids=unknown, external_ids=[])
            self._by_number.update({customer.id: customer for customer in customers})
            self._sought.update(unknown)

    def __call__(
        self, *, site_id: int, named: CustomerIdentifiers, carried: Sequence[int]
    ) -> tuple[Settings, list[NamedCustomer]]:
        self.learn(carried)
        numbers, external_ids = customers_sought(named)
        found = {number: self._by_number[number] for number in (*numbers, *carried) if number in self._by_number}
        for external_id in external_ids:
            found.update({customer.id: customer for customer in self._by_external_id.get(external_id, ())})
        return self.settings, list(found.values())
