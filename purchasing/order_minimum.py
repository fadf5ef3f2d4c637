"""Whether an order comes to what the customer's group asks of one (`docs/customers.md`, order minimums).

It binds what customers place; programs only where the site's setting `enforce_order_minimum_for_api` says so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

import orjson

from core.actors import Actor, ActorKind
from core.errors import Conflict, InvalidDocument
from core.models import Site
from core.money import ZERO, money_text, round_money
from core.site_settings import Settings
from customers.models import Customer, OrderMinimum
from customers.order_minimums import falls_short, order_minimum_of
from purchasing.store import StoredPurchase


class Sums(Protocol):
    """What the total without tax is read from."""

    currency_code: str
    contents: str


PLACED_TYPES = frozenset({"order", "order_unconfirmed", "awaiting_approval"})
CODE = "order-minimum"
Minimums = dict[tuple[int, str], OrderMinimum | None]
"""By buyer and currency."""


def check_order_minimum(purchase: StoredPurchase, *, site: Site) -> None:
    """For what a customer places. Raises Conflict `order-minimum`, with the minimum, when its total is below it."""
    refusal = minimum_refusal(purchase, site=site)
    if refusal is not None:
        raise refusal


def minimum_refusal(purchase: StoredPurchase, *, site: Site, known: Minimums | None = None) -> Conflict | None:
    """The refusal that `check_order_minimum` would raise. `known`: of other purchases; what is missing is added."""
    minimum = _missed_by(purchase, site, known)
    return None if minimum is None else Conflict(_message(minimum), code=CODE, minimum=_answered(minimum))


def check_order_minimum_of_program(
    purchase: StoredPurchase,
    *,
    before: StoredPurchase | None,
    site: Site,
    settings: Settings,
    actor: Actor,
    known: Minimums | None = None,
) -> None:
    """For what a program places: what was none of `PLACED_TYPES` `before` and is one now. What was placed may shrink.

    Raises InvalidDocument `order-minimum`. No query unless the site binds programs. `known`: as of `minimum_refusal`.
    """
    if not settings.enforce_order_minimum_for_api or actor.kind is not ActorKind.CLIENT:
        return
    if purchase.type not in PLACED_TYPES or (before is not None and before.type in PLACED_TYPES):
        return
    minimum = _missed_by(purchase, site, known)
    if minimum is not None:
        raise InvalidDocument(_message(minimum), code=CODE, property="packages", minimum=_answered(minimum))


def net_total(purchase: Sums) -> Decimal:
    """What the purchase's total is without tax: lines and shipping of everything that is not cancelled."""
    total = ZERO
    for package in orjson.loads(purchase.contents)["packages"]:
        if package["type"] == "cancelled":
            continue
        parts = [line["line_total"] for line in package["line_items"]]
        parts.append((package["shipping_method"] or {}).get("line_total"))
        nets = [Decimal(part["total_net"]["number"]) for part in parts if part]
        total += sum((round_money(net, purchase.currency_code) for net in nets), ZERO)
    return total


def _missed_by(purchase: StoredPurchase, site: Site, known: Minimums | None = None) -> OrderMinimum | None:
    """The minimum that the purchase is below. It is asked of the group of who buys; nobody: nothing is asked."""
    known = {} if known is None else known
    key = (purchase.customer_id or purchase.child_id or 0, purchase.currency_code)
    if key not in known:
        known[key] = _asked_of(*key, site)
    minimum = known[key]
    if minimum is None or not falls_short(minimum, gross=purchase.calculated_total, net=net_total(purchase)):
        return None
    return minimum


def _asked_of(buyer_id: int, currency_code: str, site: Site) -> OrderMinimum | None:
    buyer = Customer.objects.for_site(site).filter(pk=buyer_id)
    group_id = buyer.values_list("group_id", flat=True).first()
    if group_id is None:
        return None
    return order_minimum_of(site=site, group_id=group_id, currency_code=currency_code)


def _message(minimum: OrderMinimum) -> str:
    least = _answered(minimum)
    return f"An order has to come to {least['number']} {least['currency']} {minimum.compare_type} at least."


def _answered(minimum: OrderMinimum) -> dict[str, str]:
    code = minimum.currency_code
    return {"number": money_text(minimum.minimum_value, code), "currency": code}
