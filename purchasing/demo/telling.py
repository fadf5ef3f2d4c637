"""Tells a story: each step is a PUT of the whole document or a transaction, at the time it happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

from core.actors import Actor, ActorKind
from core.models import Site
from core.money import money_text, round_money
from purchasing import operations
from purchasing.demo.cast import BUYERS, Merchant
from purchasing.demo.documents import Order
from purchasing.demo.steps import (
    Bounced,
    Cancelled,
    Confirmed,
    Invoiced,
    Paid,
    Refunded,
    Returned,
    Shipped,
    Step,
    Story,
)
from purchasing.demo.stories import ROUTINE, STORIES
from purchasing.identity import Lookup
from purchasing.models import PurchaseTransaction
from purchasing.store import StoredPurchase

SHOP = Actor(ActorKind.CLIENT, "Web shop")
BANK = Actor(ActorKind.CLIENT, "ERP")


@dataclass(slots=True)
class Teller:
    """Tells stories of one merchant to its site. `customer_ids`: `cu_` ids by the buyers' keys."""

    site: Site
    merchant: Merchant
    customer_ids: Mapping[str, str]
    today: datetime

    def tell_all(self) -> int:
        """Every story of this merchant; answers how many."""
        stories = [story for story in (*reversed(ROUTINE), *STORIES) if self.merchant.tells_all or story.everywhere]
        for story in sorted(stories, key=lambda story: -story.days_ago):
            self.tell(story)
        return len(stories)

    def tell(self, story: Story) -> None:
        placed_at = (self.today - timedelta(days=story.days_ago)).replace(hour=9, minute=len(story.number) * 5 % 60)
        if placed_at > self.today:
            placed_at = self.today - timedelta(minutes=25)
        order = Order(
            story=story,
            merchant=self.merchant,
            buyer=next(buyer for buyer in BUYERS if buyer.key == story.buyer),
            customer_ids=self.customer_ids,
            placed_at=placed_at,
            today=self.today,
        )
        purchase = self._put(order, placed_at)
        transactions: list[PurchaseTransaction] = []
        for step in story.steps:
            purchase = self._happen(step, order, purchase, transactions)

    def _happen(
        self, step: Step, order: Order, purchase: StoredPurchase, transactions: list[PurchaseTransaction]
    ) -> StoredPurchase:
        moves: dict[type[Any], Callable[[Any], None]] = {
            Confirmed: order.confirm,
            Invoiced: order.invoice,
            Shipped: order.ship,
            Cancelled: order.cancel,
            Returned: order.take_back,
        }
        if type(step) in moves:
            moves[type(step)](step)
            return self._put(order, min(order.moment(step.day), self.today))
        match step:
            case Paid(share=share, applied=applied):
                self._record(purchase, transactions, purchase.calculated_total * share, applied=applied)
            case Refunded(share=share):
                paid = sum((item.total for item in transactions if item.apply_to_balance), Decimal(0))
                self._record(purchase, transactions, -(purchase.credited or paid) * share, applied=True)
            case Bounced():
                self._unapply(purchase, transactions[-1])
        return purchase

    def _put(self, order: Order, moment: datetime) -> StoredPurchase:
        return operations.put_purchase(
            site=self.site,
            lookup=Lookup("visible", order.story.number),
            document=order.document(updated_at=moment),
            actor=SHOP,
            now=moment,
        ).purchase

    def _record(
        self, purchase: StoredPurchase, transactions: list[PurchaseTransaction], amount: Decimal, *, applied: bool
    ) -> None:
        total = round_money(amount, purchase.currency_code)
        platform_id = f"{'PAY' if total > 0 else 'REF'}-{purchase.visible_id}-{len(transactions) + 1}"
        text = {"reference": platform_id, "amount": money_text(total, purchase.currency_code)}
        transaction = operations.record_transaction(
            site=self.site,
            lookup=Lookup("sparklayer", purchase.spark_id),
            platform_id=platform_id,
            total=total,
            currency_code=purchase.currency_code,
            apply_to_balance=applied,
            actor=BANK,
            full_transaction=orjson.dumps(text).decode(),
        )
        transactions.append(transaction)

    def _unapply(self, purchase: StoredPurchase, transaction: PurchaseTransaction) -> None:
        operations.record_transaction(
            site=self.site,
            lookup=Lookup("sparklayer", purchase.spark_id),
            platform_id=transaction.platform_id,
            total=transaction.total,
            currency_code=transaction.currency_code,
            apply_to_balance=False,
            actor=BANK,
        )
