"""An order on its way, read on both faces after every step; and random orders that are shipped, cancelled and returned
in any order: every piece and every cent stays accounted for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api.renderer import dump_json
from core.errors import InvalidDocument
from core.models import Site
from core.money import EXPONENTS, ZERO, round_money
from customers.models import Account, Customer
from purchasing.fulfilment import cancel_items, create_order, order_lookup, return_items, ship_items, update_package
from purchasing.order_documents import (
    CancelDocument,
    OrderDocument,
    PackageDocument,
    ReturnDocument,
    ShipDocument,
    read_order_body,
)
from purchasing.order_rendering import order_answered
from purchasing.putting import Put
from purchasing.store import find_purchases
from purchasing.tests.bakers import ERP, answer
from purchasing.tests.ledger import entries
from purchasing.tests.orders import ORDERS, created, done, goods, item, parcel
from tests.callers import ApiCaller
from tests.seeds import IS_SETTLED

PURCHASE = "/api/v1/purchases/internal/SO-1"
ORDER = f"{ORDERS}/SO-1"
WHEN = "2026-02-01T15:00:00Z"
LIMIT = 1000


@dataclass(frozen=True)
class Stage:
    """What is so after a step. Amounts in GBP; `balance` is what the customer owes, and what of his credit is used."""

    step: str
    order: str
    fulfilment: str
    quantities: tuple[int, int, int, int]
    total: int
    credited: int
    due: int
    payment: str
    posted: tuple[tuple[str, int], ...]
    revision: int

    @property
    def balance(self) -> int:
        return sum(amount for _kind, amount in self.posted)


# Three ropes for 36.00 with tax, sent for 6.00. A return credits goods; freight only when it is named.
CREATED = ("charge", 42)
ON_ACCOUNT = [
    Stage("create", "processing", "processing", (3, 0, 0, 0), 42, 0, 42, "unpaid", (CREATED,), 1),
    Stage("ship", "part_shipped", "partially_shipped", (2, 1, 0, 0), 42, 0, 42, "unpaid", (CREATED,), 2),
    Stage(
        "cancel", "part_shipped", "partially_shipped", (1, 1, 0, 1), 30, 0, 30, "unpaid", (CREATED, ("charge", -12)), 3
    ),
    Stage(
        "return",
        "part_shipped",
        "partially_shipped",
        (1, 0, 1, 1),
        30,
        12,
        18,
        "unpaid",
        (CREATED, ("charge", -12), ("charge", -12)),
        4,
    ),
    Stage(
        "ship",
        "shipped",
        "partially_returned",
        (0, 1, 1, 1),
        30,
        12,
        18,
        "unpaid",
        (CREATED, ("charge", -12), ("charge", -12)),
        5,
    ),
    Stage(
        "return",
        "returned",
        "returned",
        (0, 0, 2, 1),
        30,
        24,
        6,
        "unpaid",
        (CREATED, ("charge", -12), ("charge", -12), ("charge", -12)),
        6,
    ),
]
PAID = (CREATED, ("transaction", -42))
PAID_FIRST = [
    ON_ACCOUNT[0],
    Stage("pay 42", "processing", "processing", (3, 0, 0, 0), 42, 0, 42, "paid", PAID, 1),
    Stage("ship", "part_shipped", "partially_shipped", (2, 1, 0, 0), 42, 0, 42, "paid", PAID, 2),
    Stage(
        "cancel",
        "part_shipped",
        "partially_shipped",
        (1, 1, 0, 1),
        30,
        0,
        30,
        "overpaid",
        (*PAID, ("charge", -12)),
        3,
    ),
    Stage(
        "return",
        "part_shipped",
        "partially_shipped",
        (1, 0, 1, 1),
        30,
        12,
        18,
        "overpaid",
        (*PAID, ("charge", -12), ("charge", -12)),
        4,
    ),
    Stage(
        "pay -24",
        "part_shipped",
        "partially_shipped",
        (1, 0, 1, 1),
        30,
        12,
        18,
        "partially_refunded",
        (*PAID, ("charge", -12), ("charge", -12), ("transaction", 24)),
        4,
    ),
    Stage(
        "ship",
        "shipped",
        "partially_returned",
        (0, 1, 1, 1),
        30,
        12,
        18,
        "partially_refunded",
        (*PAID, ("charge", -12), ("charge", -12), ("transaction", 24)),
        5,
    ),
]


def take(api: ApiCaller, customer: Customer, step: str) -> None:
    """One step, as a program takes it."""
    word, _, total = step.partition(" ")
    one = goods(ROPE=1)
    if word == "create":
        created(api, customer, parcel(item("ROPE", 3, 30, 36), freight=(5, 6)), external_id="SO-1")
    elif word == "pay":
        payment = {"platform_id": step, "total": total, "currency_code": "GBP", "apply_to_balance": True}
        done(api.put(f"{PURCHASE}/transactions", json=payment))
    else:
        stamps: dict[str, dict[str, Any]] = {
            "ship": {"shipped_at": WHEN},
            "cancel": {"cancelled_at": None},
            "return": {"returned_at": WHEN},
        }
        done(api.post(f"{ORDER}/{word}", json={**stamps[word], "items": one}))


def pounds(number: int) -> dict[str, str]:
    return {"number": f"{number}.00", "currency": "GBP"}


def expect(api: ApiCaller, customer: Customer, stage: Stage) -> None:
    """Both faces, the books and the customer's credit say what this stage does."""
    faces = api.get(ORDER), api.get(PURCHASE)
    order, purchase = (done(face) for face in faces)
    assert faces[0]["ETag"] == faces[1]["ETag"]
    assert (order["status"], purchase["calculated_fulfilment_status"]) == (stage.order, stage.fulfilment)
    assert tuple(purchase["calculated_quantities"].values()) == stage.quantities
    assert list(purchase["calculated_quantities"]) == ["open", "shipped", "returned", "cancelled"]
    assert (purchase["calculated_total"], order["total"]["gross"]) == (pounds(stage.total), stage.total)
    paid = sum(-amount for kind, amount in stage.posted if kind == "transaction")
    figures = purchase["calculated_payment"]
    assert (figures["amount_due"], figures["net_paid"]) == (pounds(stage.due), pounds(paid))
    assert figures["outstanding"] == pounds(max(stage.due - paid, 0))
    assert figures["credit"] == pounds(max(paid - stage.due, 0))
    assert purchase["calculated_payment_status"] == stage.payment
    assert stage.due == max(stage.total - stage.credited, 0)

    assert entries(customer) == list(stage.posted)
    [balance] = api.get(f"/api/v1/customers/{customer.public_id}").json()["balances"]
    assert balance["amount"] == f"{stage.balance}.00"
    credit = api.get(f"/api/v1/customers/{customer.public_id}/credit").json()
    assert (credit["used"], credit["available"]) == (f"{stage.balance}.00", f"{LIMIT - stage.balance}.00")

    revisions = api.get(f"{PURCHASE}/revisions").json()
    assert [(row["revision"], row["by"]) for row in revisions] == [
        (number, "client:ERP") for number in range(1, stage.revision + 1)
    ]
    assert purchase["revision"] == stage.revision
    sent_back = api.put(PURCHASE, json=purchase)
    assert (sent_back.status_code, sent_back["ETag"]) == (200, faces[0]["ETag"])


@pytest.mark.parametrize("stages", [ON_ACCOUNT, PAID_FIRST], ids=["on account", "paid first"])
def test_an_order_on_its_way(api: ApiCaller, company: Customer, stages: list[Stage]) -> None:
    Customer.objects.filter(pk=company.pk).update(payment_on_account=True, credit_limit=LIMIT, currency_code="GBP")
    tags = []
    for stage in stages:
        take(api, company, stage.step)
        expect(api, company, stage)
        tags.append(api.get(ORDER)["ETag"])
    assert len(set(tags)) == len(stages)  # each step is another version


# --- any order, in any way --------------------------------------------------------------------------------------------

SKUS = ("A", "B")
Counts = dict[tuple[str, str], int]
"""How many pieces of a SKU are in a state."""


@dataclass
class Expected:
    """What becomes of the pieces, kept apart from the code that moves them."""

    counts: Counts

    def moves(self, sku: str, quantity: int, source: str, target: str) -> bool:
        """Whether so many are there to be moved; if so they are."""
        if quantity > self.counts.get((sku, source), 0):
            return False
        self.counts[sku, source] -= quantity
        self.counts[sku, target] = self.counts.get((sku, target), 0) + quantity
        return True

    def of_state(self, state: str) -> int:
        return sum(count for (_, where), count in self.counts.items() if where == state)


STATES = {"processing": "open", "shipment": "shipped", "refund": "returned", "cancelled": "cancelled"}


def amounts(currency: str) -> st.SearchStrategy[float]:
    return st.integers(0, 99_999).map(lambda units: float(Decimal(units).scaleb(-EXPONENTS[currency])))


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """An order of two SKUs in up to two packages, with freight."""
    currency = draw(st.sampled_from(["GBP", "JPY", "KWD"]))
    prices = amounts(currency).map(lambda amount: {"net": amount, "gross": amount * 2})
    goods = st.builds(
        lambda sku, quantity, price: {"sku": sku, "name": sku, "quantity": quantity, "line_total": price},
        st.sampled_from(SKUS),
        st.integers(1, 7),
        prices,
    )
    parcels = st.lists(goods, min_size=1, max_size=3).flatmap(
        lambda items: prices.map(lambda freight: parcel(*items, shipping_name="Courier", total_shipping=freight))
    )
    return {
        "created_at": WHEN,
        "payment_method": "paymentOnAccount",
        "currency_code": currency,
        "external_id": "SO-1",
        "packages": draw(st.lists(parcels, min_size=1, max_size=2)),
    }


SOURCES = {"ship": ("open", "shipped"), "cancel": ("open", "cancelled"), "return": ("shipped", "returned")}
WORDS = (*SOURCES, "update")
STEPS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(SKUS), st.integers(1, 6), st.booleans()), min_size=1, max_size=7
)


def freight_of(package: dict[str, Any]) -> dict[str, Any] | None:
    """The line total of a package's shipping."""
    total: dict[str, Any] | None = (package["shipping_method"] or {}).get("line_total")
    return total


class Walk:
    """One order of random goods; `expected` is what its pieces should have become."""

    def __init__(self, site: Site, company: Customer, body: dict[str, Any]) -> None:
        self.site, self.company, self.code = site, company, body["currency_code"]
        document = read_order_body(OrderDocument, body | {"customer_id": company.public_id})
        self.put = create_order(site=site, document=document, actor=ERP)
        counts: Counts = {}
        for package in body["packages"]:
            for sent in package["items"]:
                counts[sent["sku"], "open"] = counts.get((sent["sku"], "open"), 0) + sent["quantity"]
        self.expected = Expected(counts)
        self.invoiced = self.worth()

    def purchase(self) -> dict[str, Any]:
        return answer(self.put.purchase)

    def worth(self) -> Decimal:
        """Of everything in it, cancelled goods and freight included."""
        total = ZERO
        for package in self.purchase()["packages"]:
            parts = [*(line["line_total"] for line in package["line_items"]), freight_of(package)]
            total += sum((Decimal(part["calculated_gross"]["number"]) for part in parts if part), ZERO)
        return total

    def take(self, word: str, sku: str, quantity: int, named: bool) -> None:
        """One step; what is not there is refused and changes nothing. `named`: a return says what is credited."""
        if word == "update":
            self._update(sku, quantity)
            return
        source, target = SOURCES[word]
        if self.expected.moves(sku, quantity, source, target):
            self.put = self._move(word, sku, quantity, named=named)
            return
        before = self.put.purchase.etag
        with pytest.raises(InvalidDocument) as refusal, transaction.atomic():
            self._move(word, sku, quantity, named=named)
        assert {fault.code for fault in refusal.value.faults} <= {"not-enough", "resource-not-found"}
        (stored,) = find_purchases(site_id=self.site.pk, identifiers={"internal": "SO-1"})
        assert stored.etag == before

    def _move(self, word: str, sku: str, quantity: int, *, named: bool) -> Put:
        items: list[dict[str, Any]] = [{"sku": sku, "quantity": quantity}]
        common: dict[str, Any] = {"site": self.site, "lookup": order_lookup("SO-1"), "actor": ERP}
        if word == "ship":
            return ship_items(document=read_order_body(ShipDocument, {"shipped_at": WHEN, "items": items}), **common)
        if word == "cancel":
            return cancel_items(
                document=read_order_body(CancelDocument, {"cancelled_at": None, "items": items}), **common
            )
        credit = {"gross": 1, "net": 1}
        refund = {"refund_total": credit} if named else {}
        sent = {"returned_at": WHEN, "items": [items[0] | refund], "refund_shipping": credit if named else None}
        try:
            with transaction.atomic():
                return return_items(document=read_order_body(ReturnDocument, sent), **common)
        except InvalidDocument as refusal:
            if [fault.code for fault in refusal.faults] != ["too-much-freight"]:
                raise
        return return_items(document=read_order_body(ReturnDocument, sent | {"refund_shipping": None}), **common)

    def _update(self, sku: str, quantity: int) -> None:
        """The first package that is not cancelled holds so many of one SKU, each for a minor unit, and nothing else."""
        packages = [package for package in self.purchase()["packages"] if package["type"] != "cancelled"]
        if not packages:
            return
        package = packages[0]
        state = STATES[package["type"]]
        for line in package["line_items"]:
            self.expected.counts[line["identifiers"]["sku"], state] -= line["quantity"]
        self.expected.counts[sku, state] = self.expected.counts.get((sku, state), 0) + quantity
        price = float(Decimal(quantity).scaleb(-EXPONENTS[self.code]))
        sent = {"items": [{"sku": sku, "quantity": quantity, "line_total": {"net": price, "gross": price}}]}
        document = read_order_body(PackageDocument, sent)
        self.put = update_package(
            site=self.site, lookup=order_lookup("SO-1"), package=package["id"], document=document, actor=ERP
        )
        self.invoiced = self.worth()

    def check(self) -> None:
        """Every piece is in its state, and every minor unit where it should be."""
        purchase = self.purchase()
        assert purchase["calculated_quantities"] == {state: self.expected.of_state(state) for state in STATES.values()}
        held: Counts = {}
        cancelled = credited = ZERO
        for package in purchase["packages"]:
            state = STATES[package["type"]]
            gross = ZERO
            for line in package["line_items"]:
                held[line["identifiers"]["sku"], state] = (
                    held.get((line["identifiers"]["sku"], state), 0) + line["quantity"]
                )
                gross += Decimal(line["line_total"]["calculated_gross"]["number"])
                refund = line.get("refund_total") or line["line_total"]["calculated_gross"]
                credited += Decimal((refund.get("gross") or refund)["number"]) if state == "returned" else ZERO
            freight = freight_of(package)
            gross += Decimal(freight["calculated_gross"]["number"]) if freight else ZERO
            cancelled += gross if state == "cancelled" else ZERO
            if state == "returned":
                shipping = package.get("refund_shipping")
                credited += Decimal(shipping["gross"]["number"]) if shipping else ZERO
        assert {key: count for key, count in held.items() if count} == {
            key: count for key, count in self.expected.counts.items() if count
        }
        assert self.worth() == self.invoiced
        total = Decimal(purchase["calculated_total"]["number"])
        assert total == self.invoiced - cancelled
        due = Decimal(purchase["calculated_payment"]["amount_due"]["number"])
        assert due == max(total - round_money(credited, self.code), ZERO)
        account = Account.objects.filter(customer=self.company, currency_code=self.code).first()
        assert (account.balance if account else ZERO) == due
        order = orjson.loads(dump_json(order_answered(self.put.purchase)))
        assert Decimal(str(order["total"]["gross"])) == total


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    derandomize=IS_SETTLED,
    database=None,
    max_examples=30,
)
@given(body=bodies(), steps=STEPS)
def test_pieces_and_cents_add_up(
    site: Site, company: Customer, body: dict[str, Any], steps: list[tuple[str, str, int, bool]]
) -> None:
    with transaction.atomic():
        walk = Walk(site, company, body)
        walk.check()
        for step in steps:
            walk.take(*step)
            walk.check()
        transaction.set_rollback(True)
