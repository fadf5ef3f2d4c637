"""Where a walk begins: the root, who is signed in, the lists, looking a purchase up, what is for sale."""

from __future__ import annotations

from core.errors import NotFound
from core.ids import PURCHASE, number_of
from cortex.envelope import Keys, Link, Node
from cortex.reading import Reading
from cortex.registry import renders
from cortex.representations import loads
from purchasing.store.listing import Condition, Listing, count_purchases, list_numbers

PAGE_SIZE = 100
PURCHASES = Condition("type IN ('order', 'order_unconfirmed')")
ORDERS = Condition("type IN ('quote', 'awaiting_approval', 'order_unconfirmed')")
"""What is a purchase here, and what is an order that waits to be submitted; an unconfirmed order is both."""


@renders("root")
def root(reading: Reading, keys: Keys) -> Node:
    """Without a customer the personal links are left out."""
    scope = {"scope": reading.site.slug}
    if reading.reader is None:
        return Node("root", keys, links=[Link("lookups", "lookups", {})])
    return Node(
        "root",
        keys,
        links=[
            Link("defaultprofile", "profile", {**scope, "profile": str(reading.customer.pk)}),
            Link("lookups", "lookups", {}),
            Link("purchases", "purchases", scope),
        ],
    )


@renders("profile")
def profile(reading: Reading, keys: Keys) -> Node:
    """The reader's own; everybody else's is unknown."""
    customer, scope = reading.customer, {"scope": keys["scope"]}
    if keys["profile"] != str(customer.pk):
        raise NotFound
    return Node(
        "profile",
        keys,
        {"given-name": customer.first_name or None, "family-name": customer.last_name or None},
        [
            Link("purchases", "purchases", scope),
            Link("addresses", "addresses", scope, rev="profile"),
            Link("orders", "orders", scope),
        ],
    )


@renders("lookups")
def lookups(reading: Reading, keys: Keys) -> Node:
    return Node("lookups", keys, links=[Link("purchaselookupform", "lookup-form", {"scope": reading.site.slug})])


@renders("lookup-form")
def lookup_form(_reading: Reading, keys: Keys) -> Node:
    action = Link("purchaselookupaction", "lookup-form", keys)
    return Node("lookup-form", keys, {"purchase-number": None}, [action])


@renders("item", loads.items)
def item(reading: Reading, keys: Keys) -> Node:
    number = number_of(PURCHASE, f"{PURCHASE}{keys['item']}")
    goods = reading.goods_by_number.get(number) if number is not None else None
    if goods is None:
        raise NotFound
    return Node("item", keys, {"code": goods.sku, "name": goods.title})


@renders("purchases")
def purchases(reading: Reading, keys: Keys) -> Node:
    return _page(reading, keys, "purchases", PURCHASES, key="purchase", resource="purchase")


@renders("purchases-page")
def purchases_page(reading: Reading, keys: Keys) -> Node:
    return _page(reading, keys, "purchases", PURCHASES, key="purchase", resource="purchase")


@renders("orders")
def orders(reading: Reading, keys: Keys) -> Node:
    return _page(reading, keys, "orders", ORDERS, key="order", resource="order")


@renders("orders-page")
def orders_page(reading: Reading, keys: Keys) -> Node:
    return _page(reading, keys, "orders", ORDERS, key="order", resource="order")


def _page(reading: Reading, keys: Keys, name: str, which: Condition, *, key: str, resource: str) -> Node:
    """One page of a list, newest first. Only a list of more than one page says that it has pages."""
    scope = {"scope": keys["scope"]}
    number = _page_number(keys)
    if (name, number) not in reading.listed:
        reading.listed[name, number] = _listed(reading, which, number)
    found, results = reading.listed[name, number]
    shown = found[:PAGE_SIZE]
    if number > 1 and not shown:
        raise NotFound
    links = [Link("element", resource, {**scope, key: str(purchase)}) for purchase in shown]
    here = Node(name if number == 1 else f"{name}-page", keys if number > 1 else scope, links=links)
    if number > 1 or len(found) > PAGE_SIZE:
        here.properties["pagination"] = {
            "current": number,
            "page-size": PAGE_SIZE,
            "pages": -(-results // PAGE_SIZE),
            "results": results,
            "results-on-page": len(shown),
        }
    if len(found) > PAGE_SIZE:
        links.append(Link("next", f"{name}-page", {**scope, "page": str(number + 1)}, rev="previous"))
    if number > 1:
        links.append(_previous(name, scope, number))
    return here


def _listed(reading: Reading, which: Condition, number: int) -> tuple[list[int], int]:
    """The purchases of a page and one behind it; how many there are in all, where there is more than one page."""
    listing = Listing(
        site_id=reading.site.pk,
        conditions=[which, *reading.sight.conditions()],
        limit=PAGE_SIZE + 1,
        offset=(number - 1) * PAGE_SIZE,
    )
    found = list_numbers(listing)
    return found, count_purchases(listing) if number > 1 or len(found) > PAGE_SIZE else len(found)


def _previous(name: str, scope: Keys, number: int) -> Link:
    if number == 2:
        return Link("previous", name, scope, rev="next")
    return Link("previous", f"{name}-page", {**scope, "page": str(number - 1)}, rev="next")


def _page_number(keys: Keys) -> int:
    """The second and later pages have an address of their own; the first is the list's."""
    if "page" not in keys:
        return 1
    number = number_of(PURCHASE, f"{PURCHASE}{keys['page']}")
    if number is None or not 2 <= number <= 1_000_000:
        raise NotFound
    return number
