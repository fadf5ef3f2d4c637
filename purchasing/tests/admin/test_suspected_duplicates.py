"""Payments that look like one sent twice, below each other in the list; un-applying one ends the suspicion."""

from __future__ import annotations

from django.test import Client

from core.models import Site
from purchasing.models import PurchaseTransaction
from tests.cast import make_customer, make_order, pay

LIST = "/admin/purchasing/purchasetransaction/"


def shown(browser: Client) -> list[str]:
    return [row.platform_id for row in browser.get(LIST, {"suspected": "duplicate"}).context["cl"].result_list]


def test_twins_stand_together_until_one_is_unapplied(back_office: Client, site: Site) -> None:
    first, second = (make_order(site, make_customer(site), payment_method="on_account") for _ in range(2))
    pay(first, "4.00", platform_id="a")
    pay(second, "4.00", platform_id="b")
    pay(second, "3.00", platform_id="c")
    pay(first, "4.00", platform_id="d")
    pay(second, "4.00", platform_id="e")
    pay(second, "4.00", platform_id="f", applied=False)
    assert shown(back_office) == ["b", "e", "a", "d"]
    twin = PurchaseTransaction.objects.get(platform_id="e")
    back_office.post(LIST, {"action": "unapply", "_selected_action": [str(twin.pk)]})
    assert shown(back_office) == ["a", "d"]
