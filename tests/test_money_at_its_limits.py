"""The largest amounts there can be are added, charged and paid to the penny, and nothing overflows."""

from __future__ import annotations

from decimal import Decimal

from core.models import Site
from customers.models import Account
from purchasing.tests.bodies import PURCHASES, faults, order, payment
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

PATH = f"{PURCHASES}/internal/LARGE"
MOST = Decimal("999999999999.99")
LINES = 500


def test_the_largest_purchase_there_can_be_is_stored_to_the_penny(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="HEAD")
    body = order(
        customer_identifiers={"sparklayer": "HEAD"},
        payment_method="on_account",
        packages=[package(*(line(f"SKU-{number}", net=str(MOST)) for number in range(LINES)))],
    )
    stored = api.put(PATH, json=body)
    assert stored.status_code == 200
    assert Decimal(stored.json()["calculated_total"]["number"]) == LINES * MOST
    assert Account.objects.get().balance == LINES * MOST

    for number in range(3):
        answer = api.put(f"{PATH}/transactions", json=payment(str(MOST), platform_id=f"pay-{number}"))
        assert answer.status_code == 200
    assert Account.objects.get().balance == (LINES - 3) * MOST
    assert Decimal(api.get(PATH).json()["calculated_payment"]["outstanding"]["number"]) == (LINES - 3) * MOST


def test_a_penny_more_than_an_amount_may_be_is_refused(api: ApiCaller) -> None:
    too_much = api.put(PATH, json=order(packages=[package(line(net=str(MOST + Decimal("0.01"))))]))
    assert too_much.status_code == 400
    assert [where for _code, where in faults(too_much)] == ["packages[0].line_items[0].line_total.total_net.number"]
    api.put(PATH, json=order())
    answer = api.put(f"{PATH}/transactions", json=payment(str(MOST + Decimal("0.01"))))
    assert answer.status_code == 400
    assert [where for _code, where in faults(answer)] == ["total"]
