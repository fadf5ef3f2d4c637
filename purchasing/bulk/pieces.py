"""Which items of a call depend on each other, and the locks of several that share a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from customers import ledger
from purchasing import store
from purchasing.store import Name


def names_of(sought: Mapping[str, object]) -> list[Name]:
    return [(kind, str(value)) for kind, value in sought.items()]


def pieces(*, site_id: int, named: Sequence[Collection[Name]]) -> list[list[int]]:
    """The items' numbers in groups that know nothing of each other, each in the order sent.

    Items belong together that name a purchase alike, or by several of its identifiers. `named`: of each item.
    """
    stands = store.numbers_by_identifier(site_id=site_id, identifiers={name for names in named for name in names})
    first_of: dict[Name | int, int] = {}
    leads_to = list(range(len(named)))
    for index, names in enumerate(named):
        keys: list[Name | int] = [*names, *(stands[name] for name in names if name in stands)]
        for key in keys:
            other = _leader(leads_to, first_of.setdefault(key, index))
            own = _leader(leads_to, index)
            leads_to[max(own, other)] = min(own, other)
    groups: dict[int, list[int]] = {}
    for index in range(len(named)):
        groups.setdefault(_leader(leads_to, index), []).append(index)
    return list(groups.values())


def _leader(leads_to: list[int], index: int) -> int:
    """The first item of the group."""
    while leads_to[index] != index:
        leads_to[index] = leads_to[leads_to[index]]
        index = leads_to[index]
    return index


def lock_in_order(*, site_id: int, names: Iterable[Name], owing: Collection[int] = ()) -> None:
    """Lock what these name: purchases, then the accounts that their money is on or would be, each in id order.

    For a transaction of several items: taken one by one as the items come, locks could wait for each other in a ring.
    `owing`: further customers whose accounts may be posted to.
    """
    numbers = set(store.numbers_by_identifier(site_id=site_id, identifiers=set(names)).values())
    purchases = store.lock_purchases(site_id=site_id, numbers=numbers)
    payers = {payer for purchase in purchases if (payer := purchase.customer_id or purchase.child_id)}
    _settings, customers = store.read_context(site_id=site_id, customer_ids=list(payers), external_ids=[])
    posted_to = {purchase.account_id for purchase in purchases if purchase.account_id}
    accounts = posted_to.union(owing, (customer.account_id for customer in customers))
    ledger.lock_accounts(site_id=site_id, customer_ids=accounts)
