"""What purchases, payments and balances should be, told as simply as possible: the model that histories are held to.

It knows nothing of the code under test: plain dictionaries, whole pounds, one function that says what stands where.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

Package = tuple[str, int]
"""State (processing, shipment, refund, cancelled) and net of a package with one line of one unit."""
Account = tuple[str, str]
"""Whose, and in which currency."""
ON_ACCOUNT = ("on_account", "Invoice")


class Refused(Exception):
    """The step is to be refused, with this code."""


@dataclass(frozen=True)
class Body:
    """What is sent. `customer` is the company or child named; `as_child` names him as the child only."""

    type: str = "order"
    method: str = ""
    customer: str | None = None
    as_child: bool = False
    currency: str = "GBP"
    packages: tuple[Package, ...] = (("processing", 100),)

    def net(self, *states: str) -> int:
        return sum(net for state, net in self.packages if state in states)

    def units(self, *states: str) -> int:
        return sum(state in states for state, _ in self.packages)

    @property
    def due(self) -> int:
        return self.net("processing", "shipment")

    @property
    def fulfilment(self) -> str | None:
        if self.type not in ("order", "order_unconfirmed"):
            return None
        o, s, r, c = (self.units(state) for state in ("processing", "shipment", "refund", "cancelled"))
        if o + s + r == 0:
            return "cancelled" if c else "processing"
        if o:
            return "processing" if s + r == 0 else "partially_shipped"
        if r:
            return "partially_returned" if s else "returned"
        return "shipped"


@dataclass
class Money:
    total: int
    currency: str
    applied: bool


@dataclass
class Purchase:
    body: Body
    policy: str | None = None
    money: dict[str, Money] = field(default_factory=dict)
    account: str | None = None
    stands: dict[str | None, int] = field(default_factory=dict)
    """What stands posted for each transaction, and (None) for the charge, on `account` in `currency`."""
    currency: str = ""
    revision: int = 1

    @property
    def applied(self) -> list[int]:
        return [money.total for money in self.money.values() if money.applied]

    @property
    def payment(self) -> tuple[str | None, int, int]:
        """Status, outstanding and credit."""
        if self.body.type not in ("order", "order_unconfirmed"):
            return None, 0, 0
        net, due = sum(self.applied), self.body.due
        return self._status(net, due), max(due - net, 0), max(net - due, 0)

    def _status(self, net: int, due: int) -> str | None:
        refunded = any(total < 0 for total in self.applied)
        if not self.applied:
            if due:
                return "unpaid"
            kept = self.body.units("processing", "shipment") or not self.body.packages
            return "paid" if kept else None
        if net <= 0:
            return "refunded"
        if net > due:
            return "overpaid"
        if net == due:
            reduced = self.body.net("refund") or self.body.units("cancelled")
            return "partially_refunded" if refunded and reduced else "paid"
        paid = sum(total for total in self.applied if total > 0)
        return "partially_refunded" if refunded and paid >= due else "partially_paid"

    def owed(self) -> dict[str | None, int]:
        """What should stand posted, whoever owes it."""
        charged = self.body.type == "order" and (
            self.policy == "all_orders" or (self.policy == "on_account" and self.body.method in ON_ACCOUNT)
        )
        figures: dict[str | None, int] = {None: self.body.due if charged else 0}
        figures.update({key: -money.total for key, money in self.money.items() if money.applied})
        return {key: amount for key, amount in figures.items() if amount}


class Model:
    """All of a site."""

    def __init__(self) -> None:
        self.parents: dict[str, str | None] = {"company": None, "summit": None, "child": "company"}
        self.policy = "on_account"
        self.purchases: dict[str, Purchase] = {}
        self.ledger: dict[Account, list[tuple[str, int]]] = defaultdict(list)

    def put(self, name: str, body: Body) -> None:
        purchase = self.purchases.get(name)
        if purchase is None:
            purchase = self.purchases[name] = Purchase(body)
            moved = False
        elif purchase.body == body:
            return
        else:
            moved = body.customer != purchase.body.customer
            self._check(purchase, body, moved)
            purchase.body, purchase.revision = body, purchase.revision + 1
        if body.type == "order" and purchase.policy is None:
            purchase.policy = self.policy
        self._post(purchase, purchase.owed(), moved=moved)

    def _check(self, purchase: Purchase, body: Body, moved: bool) -> None:
        if purchase.body.type == "order" and body.type != "order":
            raise Refused("type-cannot-go-back")
        if purchase.applied and body.currency != purchase.body.currency:
            raise Refused("has-applied-transactions")
        stays = body.customer is not None and self.top(body.customer) == purchase.account
        if purchase.applied and moved and purchase.body.customer and not stays:
            raise Refused("has-applied-transactions")

    def record(self, name: str, id: str, money: Money) -> None:
        purchase = self.purchases[name]
        if money.applied and money.currency != purchase.body.currency:
            raise Refused("currency-mismatch")
        purchase.money[id] = money
        self._post(purchase, purchase.owed())

    def forget(self, name: str, id: str) -> None:
        purchase = self.purchases[name]
        purchase.money[id].applied = False
        self._post(purchase, purchase.owed())
        del purchase.money[id]

    def delete(self, name: str, *, unapply: bool) -> None:
        purchase = self.purchases[name]
        if purchase.applied and not unapply:
            raise Refused("has-applied-transactions")
        for money in purchase.money.values():
            if money.applied:
                money.applied = False
                self._post(purchase, purchase.owed())
        self._post(purchase, {})
        del self.purchases[name]

    def top(self, customer: str) -> str:
        parent = self.parents[customer]
        return customer if parent is None else self.top(parent)

    def _post(self, purchase: Purchase, owed: dict[str | None, int], *, moved: bool = False) -> None:
        """Bring what stands to what is owed: on the account that it stands on, unless it moves."""
        payer = purchase.body.customer
        account = None if payer is None else self.top(payer)
        if purchase.stands and payer is not None and not moved:
            account = purchase.account
        if purchase.stands and (purchase.account, purchase.currency) != (account, purchase.body.currency):
            for key, amount in purchase.stands.items():
                assert key is None, "money never moves"
                self.ledger[purchase.account or "", purchase.currency].append(("reversal", -amount))
            purchase.stands = {}
        if account is None:
            return
        purchase.account, purchase.currency = account, purchase.body.currency
        for key in [None, *purchase.money]:
            before, after = purchase.stands.get(key, 0), owed.get(key, 0)
            if before != after:
                kind = "reversal" if after == 0 else "charge" if key is None else "transaction"
                self.ledger[account, purchase.currency].append((kind, after - before))
        purchase.stands = owed
