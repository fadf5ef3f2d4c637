"""`/account/orders/{id}/re-order/`: what is shown is what is ordered, once, by whom and for whom it may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from catalog.models import ProductVariant, SellingRule, Stock
from catalog.tests.cast import make_location, make_product, put_in_stock
from core.actors import SYSTEM
from core.models import Site
from core.site_settings import set_setting, settings_of
from customers.models import Customer, OrderMinimum
from customers.tests.cast import default_group
from pricing.documents import SkuPrices
from pricing.models import PriceList
from pricing.operations import update_price_list
from pricing.sent_prices import read_rows
from pricing.tests.cast import make_price_list, put_prices
from purchasing.credit import check_credit
from purchasing.identity import Lookup
from purchasing.models import Purchase
from purchasing.operations import create_purchase, delete_purchase
from purchasing.pages.reorder import SALT
from purchasing.reorder import operations
from purchasing.tests.bakers import make_shipping_method
from purchasing.tests.pages.conftest import sign_in, words_of
from purchasing.tests.racing import Meeting, together
from purchasing.tests.test_statements import server_log
from tests.cast import line, make_buyer, make_order, package

HOME = {"company": "Base Camp", "address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
DEPOT = {"address_line1": "1 Quay", "city": "Hull", "country_code": "GB"}


Prices = Mapping[str, Sequence[str | tuple[int, str]]]


def price_list(site: Site, slug: str, prices: Prices) -> PriceList:
    made = make_price_list(site, slug)
    put_prices(made, **prices)
    return made


def address(purchase: Purchase) -> str:
    return f"/account/orders/{purchase.spark_id}/re-order/"


def shown(browser: Client, purchase: Purchase) -> str:
    """What the open page holds."""
    answer = browser.get(address(purchase))
    assert answer.status_code == 200
    text: str = answer.context["shown"]
    return text


def press(browser: Client, purchase: Purchase, held: str, **fields: str) -> Any:
    return browser.post(address(purchase), {"shown": held, **fields})


def order_again(browser: Client, purchase: Purchase, **fields: str) -> Purchase:
    """The order that the button makes."""
    answer = press(browser, purchase, shown(browser, purchase), **fields)
    assert answer.status_code == 302
    return Purchase.objects.get(spark_id=answer["Location"].split("/")[-2])


def document(purchase: Purchase) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(purchase.header) | orjson.loads(purchase.contents)
    return found


def lines_of(purchase: Purchase) -> list[tuple[str, int, str, object, str]]:
    """SKU, quantity, net, rate and gross of every line."""
    return [
        (
            item["identifiers"].get("sku", ""),
            item["quantity"],
            item["line_total"]["total_net"]["number"],
            item["line_total"].get("tax_rate"),
            item["line_total"]["calculated_gross"]["number"],
        )
        for package in document(purchase)["packages"]
        for item in package["line_items"]
    ]


def left_out(browser: Client, purchase: Purchase) -> dict[str, str]:
    missing = browser.get(address(purchase)).context["missing"]
    return {item.line.sku: item.line.reason.value for item in missing}


def made(purchase: Purchase) -> list[Purchase]:
    """What there is beside it."""
    return list(Purchase.objects.exclude(pk=purchase.pk))


@pytest.fixture
def prices(site: Site, buyer: Customer) -> None:
    """The buyer's list: ropes at 12.00, from 10 on at 11.00; shoes at 50.00."""
    price_list(site, "base", {"ROPE-60": ["12.00", (10, "11.00")], "SHOE-42": ["50.00"]})
    Customer.objects.filter(site=site).update(price_lists=["base"])


@pytest.fixture
def order(site: Site, buyer: Customer, prices: None) -> Purchase:
    """4 ropes that left, 6 that did not, one pair of shoes; a rope that was cancelled."""
    rate = {"tax_rate": 20, "total_net": {"number": "40.00", "currency": "GBP"}}
    return make_order(
        site,
        buyer,
        identifiers={"visible": "SO-1"},
        payment_method="platform_upfront",
        customer_reference="PO-1",
        billing_address=HOME,
        metadata=[{"name": "margin", "value": "9"}],
        packages=[
            package(
                line(quantity=4, line_total=rate), shipping_address=DEPOT, dates={"shipped_at": "2026-03-02T10:00:00Z"}
            ),
            package(line(quantity=6, net="60.00"), line("SHOE-42", net="45.00"), shipping_address=DEPOT),
            package(line("GONE"), shipping_address=DEPOT, dates={"cancelled_at": "2026-03-02T10:00:00Z"}),
        ],
    )


class TestWhatIsOrdered:
    def test_todays_prices_the_old_address_and_payment_method(
        self, browser: Client, buyer: Customer, order: Purchase
    ) -> None:
        new = order_again(browser, order, reference="PO-2")

        found = document(new)
        assert (new.type, new.customer, new.child, new.impersonator) == ("order_unconfirmed", buyer, None, None)
        assert lines_of(new) == [("ROPE-60", 10, "110.00", 20, "132.00"), ("SHOE-42", 1, "50.00", None, "50.00")]
        assert new.calculated_total == Decimal("182.00")
        assert (new.payment_method, new.customer_reference, new.currency_code) == ("platform_upfront", "PO-2", "GBP")
        assert found["billing_address"]["company"] == "Base Camp"
        assert [item["shipping_address"]["city"] for item in found["packages"]] == ["Hull"]
        assert (found["metadata"], found["packages"][0]["shipping_method"]) == ([], None)
        assert new.placed_at == new.submitted_at == new.ordered_at

    def test_it_is_shown_before_and_said_after(self, browser: Client, order: Purchase) -> None:
        page = words_of(browser.get(address(order)))
        assert "Order SO-1 again" in page
        assert "Order for £182.00" in page
        assert "What shipping costs is told when the order is confirmed." in page

        answer = browser.post(address(order), {"shown": shown(browser, order)}, follow=True)

        assert "Thank you. Your order was sent." in words_of(answer)

    def test_the_order_page_leads_there(self, browser: Client, order: Purchase) -> None:
        assert address(order) in browser.get(f"/account/orders/{order.spark_id}/").content.decode()

    def test_the_tax_rate_comes_from_line_price_row_and_setting(
        self, browser: Client, site: Site, buyer: Customer
    ) -> None:
        taxed = make_price_list(site, "taxed", C=["10.00"])
        rows = [
            {"sku": "A", "pricing": [{"quantity": 1, "price": "10.00", "display_tax_rate": 7}]},
            {"sku": "B", "pricing": [{"quantity": 1, "price": "10.00", "display_tax_rate": 7}]},
        ]
        update_price_list(site=site, slug=taxed.slug, sent=read_rows(SkuPrices, rows))
        Customer.objects.filter(pk=buyer.pk).update(price_lists=["taxed"])
        own = {"total_net": {"number": "9.00", "currency": "GBP"}, "tax_rate": "20"}
        before = make_order(site, buyer, packages=[package(line("A", line_total=own), line("B"), line("C"))])

        def rates() -> list[object]:
            return [rate for _sku, _quantity, _net, rate, _gross in lines_of(order_again(browser, before))]

        assert rates() == [20, 7, None]
        set_setting(site=site, key="default_tax_rate", value=19)
        assert rates() == [20, 7, 19]
        Customer.objects.filter(pk=buyer.pk).update(tax_exempt=True)
        assert rates() == [0, 0, 0]

    def test_a_cancelled_order_is_repeated_whole(
        self, browser: Client, site: Site, buyer: Customer, prices: None
    ) -> None:
        gone = make_order(
            site, buyer, packages=[package(line(quantity=2), dates={"cancelled_at": "2026-03-02T10:00:00Z"})]
        )

        assert lines_of(order_again(browser, gone)) == [("ROPE-60", 2, "24.00", None, "24.00")]

    def test_each_address_is_a_package(self, browser: Client, site: Site, buyer: Customer, prices: None) -> None:
        twice = make_order(
            site,
            buyer,
            packages=[
                package(line(), shipping_address=HOME),
                package(line(quantity=2), shipping_address=DEPOT),
                package(line("SHOE-42"), shipping_address=HOME),
            ],
        )

        new = document(order_again(browser, twice))

        assert [
            (item["shipping_address"]["city"], [one["identifiers"]["sku"] for one in item["line_items"]])
            for item in new["packages"]
        ] == [("Willerby", ["ROPE-60", "SHOE-42"]), ("Hull", ["ROPE-60"])]


class TestWhatIsLeftOut:
    def test_everything_that_cannot_be_ordered_is_named(
        self, browser: Client, site: Site, buyer: Customer, prices: None
    ) -> None:
        make_product(site, "ROPE-60", "OLD", "SECRET", "EMPTY", "SOON", "LATE")
        ProductVariant.objects.filter(sku="OLD").update(status="discontinued")
        secret = ProductVariant.objects.get(sku="SECRET")
        SellingRule.objects.create(site=site, variant=secret, customer_group="default", sell=False)
        location = make_location(site)
        put_in_stock(location, EMPTY=0, SOON=0, LATE=0)
        Stock.objects.filter(sku="SOON").update(restock_date=date(2999, 1, 1))
        Stock.objects.filter(sku="LATE").update(restock_date=date(2020, 1, 1))
        make_price_list(site, "euro", currency="EUR", EUROS=["1.00"])
        price_list(
            site,
            "more",
            {**{sku: ["1.00"] for sku in ("OLD", "SECRET", "EMPTY", "SOON", "LATE")}, "MANY": [(5, "1.00")]},
        )
        Customer.objects.filter(pk=buyer.pk).update(price_lists=["base", "more", "euro"])
        skus = ("ROPE-60", "OLD", "SECRET", "EMPTY", "SOON", "LATE", "EUROS", "MANY", "UNKNOWN")
        before = make_order(site, buyer, packages=[package(*(line(sku) for sku in skus))])

        assert left_out(browser, before) == {
            "OLD": "not-sold",
            "SECRET": "not-sold",
            "EMPTY": "out-of-stock",
            "LATE": "out-of-stock",
            "EUROS": "no-price",
            "MANY": "no-price",
            "UNKNOWN": "no-price",
        }
        assert "It is out of stock." in words_of(browser.get(address(before)))
        assert [sku for sku, *_rest in lines_of(order_again(browser, before))] == ["ROPE-60", "SOON"]

    def test_quantities_that_selling_rules_do_not_allow(self, browser: Client, site: Site, buyer: Customer) -> None:
        rules: dict[str, dict[str, int | None]] = {
            "FEW": {"min_order_quantity": 3},
            "MANY": {"max_order_quantity": 1},
            "PACKS": {"pack_size": 4},
            "FINE": {"min_order_quantity": 2, "max_order_quantity": 2, "pack_size": 2},
            "OTHERS": {},
        }
        for sku, rule in rules.items():
            make_product(site, sku)
            variant = ProductVariant.objects.get(sku=sku)
            group = "vip" if sku == "OTHERS" else "default"
            SellingRule.objects.create(
                site=site, variant=variant, customer_group=group, **{"min_order_quantity": None, **rule}
            )
        make_product(site, "RED", "BLUE")
        red = ProductVariant.objects.get(sku="RED")
        SellingRule.objects.create(site=site, variant=red, customer_group="default", min_order_parent_quantity=5)
        skus = [*rules, "RED", "BLUE"]
        price_list(site, "base", {sku: ["1.00"] for sku in skus})
        Customer.objects.filter(pk=buyer.pk).update(price_lists=["base"])
        apart = [package(*(line(sku) for sku in skus), shipping_address=home) for home in (HOME, DEPOT)]
        before = make_order(site, buyer, packages=apart)

        missing = browser.get(address(before)).context["missing"]

        assert {(item.line.sku, item.why) for item in missing} == {
            ("FEW", "At least 3 of it are ordered at a time."),
            ("MANY", "At most 1 of it are ordered at a time."),
            ("PACKS", "It is sold in packs of 4 by now, and this is no whole number of them."),
            ("RED", "At least 5 of the product, all variants together, are ordered at a time."),
        }
        assert {sku for sku, *_rest in lines_of(order_again(browser, before))} == {"FINE", "OTHERS", "BLUE"}

    def test_a_bundle_goes_with_its_parts(self, browser: Client, site: Site, buyer: Customer) -> None:
        make_price_list(site, "base", KIT=["100.00"], SET=["80.00"], BAG=["20.00"], COVER=["5.00"])
        Customer.objects.filter(pk=buyer.pk).update(price_lists=["base"])

        def of(sku: str, parent: str, relation: str, net: str = "0.00") -> dict[str, Any]:
            return line(sku, net=net, parent_line={"identifiers": {"sku": parent}, "relation": relation})

        make_product(site, "HOOK")
        ProductVariant.objects.filter(sku="HOOK").update(status="suspended")
        before = make_order(
            site,
            buyer,
            packages=[
                package(
                    line("KIT"),
                    of("NUT", "KIT", "component"),
                    line("SET"),
                    of("HOOK", "SET", "component"),
                    of("PIN", "SET", "component"),
                    of("COVER", "SET", "dependent", "4.00"),
                    line("BAG"),
                    of("WARRANTY", "BAG", "dependent", "3.00"),
                )
            ],
        )

        assert left_out(browser, before) == {
            "SET": "incomplete",
            "HOOK": "not-sold",
            "PIN": "incomplete",
            "COVER": "incomplete",
            "WARRANTY": "no-price",
        }
        hook = "It is sold together with Product HOOK HOOK, which cannot be ordered: It is not sold any more."
        missing = {item.line.sku: item.why for item in browser.get(address(before)).context["missing"]}
        assert [missing[sku] for sku in ("SET", "PIN", "COVER")] == [hook] * 3
        new = order_again(browser, before)
        said = words_of(browser.get(f"/account/orders/{new.spark_id}/"))
        assert f"Not in it: Product SET SET ({hook}); Product HOOK HOOK (It is not sold any more.);" in said
        assert [(sku, net) for sku, _quantity, net, *_rest in lines_of(new)] == [
            ("KIT", "100.00"),
            ("NUT", "0.00"),
            ("BAG", "20.00"),
        ]

    def test_nothing_left(self, browser: Client, site: Site, buyer: Customer) -> None:
        before = make_order(site, buyer)

        page = browser.get(address(before))

        assert "None of it can be ordered." in words_of(page)
        answer = press(browser, before, page.context["shown"])
        assert (answer.status_code, made(before)) == (409, [])


class TestFreight:
    @pytest.fixture(autouse=True)
    def methods(self, site: Site) -> None:
        def cost(amount: str) -> dict[str, Any]:
            return {"type": "fixed", "amount": amount, "currency_code": "gbp"}

        heavy = {"name": "Heavy", "requirement": {"type": "weight", "min": 2000}, "cost": cost("30.00"), "sku": "VAN-H"}
        light = {"name": "Light", "cost": cost("6.00"), "priority": 1}
        make_shipping_method(site, "VAN", bands=[heavy, light])
        make_shipping_method(site, "POST", bands=[{"name": "Letter", "cost": cost("1.20")}], priority=1)

    def freight(
        self, browser: Client, site: Site, buyer: Customer, method: dict[str, Any] | None, quantity: int = 1
    ) -> Any:
        before = make_order(
            site,
            buyer,
            packages=[package(line(quantity=quantity), shipping_address=HOME, shipping_method=method)],
        )
        found = document(order_again(browser, before))["packages"][0]["shipping_method"]
        total = found["line_total"]
        return found["name"], found["sku"], total["total_net"]["number"], total["calculated_gross"]["number"]

    def test_the_method_of_before_where_it_is_offered_else_the_first(
        self, browser: Client, site: Site, buyer: Customer, prices: None
    ) -> None:
        make_product(site, "ROPE-60")
        ProductVariant.objects.update(weight_in_grams=500)

        assert self.freight(browser, site, buyer, {"sku": "POST"}) == ("Post", "POST", "1.20", "1.20")
        assert self.freight(browser, site, buyer, {"name": "Letter"}) == ("Post", "POST", "1.20", "1.20")
        assert self.freight(browser, site, buyer, {"name": "Pigeon"}) == ("Van", "VAN", "6.00", "6.00")
        assert self.freight(browser, site, buyer, None, 4) == ("Van", "VAN-H", "30.00", "30.00")

    def test_its_tax(self, browser: Client, site: Site, buyer: Customer, prices: None) -> None:
        before = {"sku": "POST", "line_total": {"total_net": {"number": "5.00", "currency": "GBP"}, "tax_rate": 20}}
        set_setting(site=site, key="default_tax_rate", value=50)

        assert self.freight(browser, site, buyer, before) == ("Post", "POST", "1.00", "1.20")
        assert self.freight(browser, site, buyer, {"sku": "POST"}) == ("Post", "POST", "0.80", "1.20")
        Customer.objects.filter(pk=buyer.pk).update(tax_exempt=True)
        assert self.freight(browser, site, buyer, before) == ("Post", "POST", "0.80", "0.80")


class TestWhoBuys:
    @pytest.fixture
    def child(self, site: Site, buyer: Customer) -> Customer:
        return make_buyer(site, parent=buyer, first_name="Ann")

    @pytest.fixture
    def of_child(self, site: Site, buyer: Customer, child: Customer, prices: None) -> Purchase:
        return make_order(site, buyer, child=child)

    def test_a_child_buys_for_its_company(self, buyer: Customer, child: Customer, of_child: Purchase) -> None:
        new = order_again(sign_in(child), of_child)

        assert (new.type, new.customer, new.child) == ("order_unconfirmed", buyer, child)

    def test_what_a_limited_customer_repeats_awaits_approval(
        self, buyer: Customer, child: Customer, of_child: Purchase
    ) -> None:
        Customer.objects.filter(pk=child.pk).update(role="limited-customer")
        browser = sign_in(child)

        assert "A main user of your company then has to approve it." in words_of(browser.get(address(of_child)))
        new = order_again(browser, of_child)

        assert (new.type, new.customer, new.child) == ("awaiting_approval", buyer, child)

    def test_a_main_user_repeats_what_a_colleague_bought(
        self, site: Site, buyer: Customer, child: Customer, of_child: Purchase
    ) -> None:
        colleague = make_buyer(site, parent=buyer, role="main", price_lists=["base"])

        assert order_again(sign_in(buyer), of_child).buyer == buyer
        new = order_again(sign_in(colleague), of_child)
        assert (new.customer, new.child) == (buyer, colleague)

    def test_an_agent_repeats_for_his_customer(
        self, site: Site, buyer: Customer, child: Customer, of_child: Purchase
    ) -> None:
        agent = make_buyer(site, "Agency", role="sales-agent")

        new = order_again(sign_in(agent), of_child)

        assert (new.customer, new.child, new.impersonator) == (buyer, child, agent)

    def test_what_names_only_a_child(self, site: Site, child: Customer, prices: None) -> None:
        before = make_order(site, None, child=child)

        assert order_again(sign_in(child), before).buyer == child

    def test_prices_are_those_of_who_buys(self, site: Site, child: Customer, of_child: Purchase) -> None:
        price_list(site, "own", {"ROPE-60": ["7.00"]})
        Customer.objects.filter(pk=child.pk).update(price_lists=["own"], discount_percentage=10)

        assert order_again(sign_in(child), of_child).calculated_total == Decimal("6.30")

    def test_a_colleague_who_is_gone_cannot_be_ordered_for(
        self, site: Site, buyer: Customer, child: Customer, of_child: Purchase
    ) -> None:
        agent = sign_in(make_buyer(site, "Agency", role="sales-agent"))
        held = shown(agent, of_child)
        Customer.objects.filter(pk=child.pk).update(deleted_at=timezone.now())

        answer = press(agent, of_child, held)

        assert (answer.status_code, made(of_child)) == (400, [])


class TestRefusals:
    def test_order_minimum(self, browser: Client, site: Site, order: Purchase) -> None:
        OrderMinimum.objects.create(
            site=site,
            group=default_group(site),
            currency_code="GBP",
            minimum_value=Decimal("182.01"),
            compare_type="gross",
        )

        answer = press(browser, order, shown(browser, order))

        assert (answer.status_code, made(order)) == (409, [])
        assert answer.context["refusal"] == [
            "It is below the minimum of an order.",
            "At least: £182.01",
            "Ask us to add something to it.",
        ]

    @pytest.mark.parametrize(("limit", "status"), [("21.99", 409), ("22.00", 302)])
    def test_credit(self, site: Site, buyer: Customer, prices: None, limit: str, status: int) -> None:
        """An order of 10.00 on account takes from the limit already; repeated it comes to 12.00."""
        Customer.objects.filter(pk=buyer.pk).update(
            payment_on_account=True, credit_limit=Decimal(limit), credit_currency_code="GBP"
        )
        order = make_order(site, buyer, payment_method="on_account")
        browser = sign_in(buyer)

        answer = press(browser, order, shown(browser, order))

        assert (answer.status_code, len(made(order))) == (status, int(status == 302))

    def test_what_changed_meanwhile_is_shown_first(self, browser: Client, site: Site, order: Purchase) -> None:
        held = shown(browser, order)
        put_prices(PriceList.objects.get(site=site), **{"SHOE-42": ["60.00"]})

        refused = press(browser, order, held, reference="PO-2")

        assert (refused.status_code, made(order)) == (409, [])
        assert refused.context["refusal"] == ["Prices or products have changed. This is what it comes to now."]
        assert "Order for £192.00" in refused.content.decode()
        assert 'value="PO-2"' in refused.content.decode()
        assert press(browser, order, refused.context["shown"]).status_code == 302

    @pytest.mark.parametrize("forged", ["", "nonsense", "another's", "another order's"])
    def test_nothing_is_ordered_without_having_been_shown(
        self, browser: Client, site: Site, buyer: Customer, order: Purchase, forged: str
    ) -> None:
        other = make_order(site, buyer)
        colleague = make_buyer(site, parent=buyer, role="main")
        held = {"another's": shown(sign_in(colleague), order), "another order's": shown(browser, other)}
        count = Purchase.objects.count()

        answer = press(browser, order, held.get(forged, forged))

        assert (answer.status_code, Purchase.objects.count()) == (409, count)

    def test_a_reference_that_is_too_long(self, browser: Client, order: Purchase) -> None:
        answer = press(browser, order, shown(browser, order), reference="x" * 513)

        assert (answer.status_code, made(order)) == (400, [])


class TestOnce:
    def test_a_second_click_and_a_reload_lead_to_the_one_order(self, browser: Client, order: Purchase) -> None:
        held = shown(browser, order)

        answers = [press(browser, order, held, reference=text) for text in ("first", "second", "third")]

        [new] = made(order)
        assert [answer["Location"] for answer in answers] == [f"/account/orders/{new.spark_id}/"] * 3
        assert (new.customer_reference, new.revision) == ("first", 1)

    def test_another_page_makes_another_order(self, browser: Client, order: Purchase) -> None:
        order_again(browser, order)
        order_again(browser, order)

        assert len(made(order)) == 2

    def test_what_the_merchant_deleted_does_not_come_back(self, browser: Client, site: Site, order: Purchase) -> None:
        held = shown(browser, order)
        press(browser, order, held)
        [new] = made(order)
        delete_purchase(site=site, lookup=Lookup("sparklayer", new.spark_id), actor=SYSTEM)

        answer = press(browser, order, held)
        assert answer.status_code == 409
        assert "has been deleted since" in answer.content.decode()
        assert [row.pk for row in made(order)] == [new.pk]


def test_fifty_lines_cost_as_many_statements_as_one(browser: Client, site: Site, buyer: Customer) -> None:
    skus = [f"S-{number}" for number in range(50)]
    price_list(site, "base", {sku: ["1.00"] for sku in skus[:49]})
    make_shipping_method(site)
    Customer.objects.filter(pk=buyer.pk).update(price_lists=["base"])
    make_product(site, *skus)
    one = make_order(site, buyer, packages=[package(line(skus[0]), shipping_address=HOME)])
    fifty = make_order(site, buyer, packages=[package(*map(line, skus), shipping_address=HOME)])
    order_again(browser, one)  # what is read once is read

    held = {purchase: shown(browser, purchase) for purchase in (one, fifty)}

    def counted(work: Callable[[], Any]) -> int:
        with server_log() as log:
            work()
        return len(log.statements)

    assert counted(lambda: browser.get(address(one))) == counted(lambda: browser.get(address(fifty)))
    assert counted(lambda: press(browser, one, held[one])) == counted(lambda: press(browser, fifty, held[fifty]))
    assert len(made(one)) == 4


RACERS = 6


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_clicks_at_the_same_moment_make_one_order(
        self, browser: Client, site: Site, order: Purchase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All have seen that there is none yet, and create it together."""
        monkeypatch.setattr("purchasing.reorder.operations.create_purchase", Meeting(RACERS).before(create_purchase))
        held = shown(browser, order)

        placed = together([self.click(site, order, held)] * RACERS)

        [new] = made(order)
        assert {answer.spark_id for answer in placed} == {new.spark_id}
        assert sorted(answer.is_new for answer in placed) == [False] * (RACERS - 1) + [True]

    def test_the_test_can_fail(
        self, browser: Client, site: Site, order: Purchase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Were the id not that of the page, the same clicks would make as many orders."""
        monkeypatch.setattr("purchasing.reorder.operations.create_purchase", Meeting(RACERS).before(create_purchase))
        held = [shown(browser, order) for _ in range(RACERS)]

        together([self.click(site, order, text) for text in held])

        assert len(made(order)) == RACERS

    def test_two_orders_do_not_share_the_last_of_the_credit(
        self, site: Site, buyer: Customer, prices: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Customer.objects.filter(pk=buyer.pk).update(
            payment_on_account=True, credit_limit=Decimal("22.00"), credit_currency_code="GBP"
        )
        order = make_order(site, buyer, payment_method="on_account")
        monkeypatch.setattr("purchasing.reorder.operations.check_credit", Meeting(2).before(check_credit))
        browser = sign_in(buyer)

        answers = together([self.click(site, order, shown(browser, order)) for _ in range(2)])

        assert sorted(str(getattr(answer, "title", "placed")) for answer in answers) == ["credit-exceeded", "placed"]
        assert len(made(order)) == 1

    def click(self, site: Site, order: Purchase, held: str) -> Callable[[], Any]:
        _source, _reader, spark_id, digest = signing.loads(held, salt=SALT)
        buyer = order.customer
        assert buyer is not None
        return lambda: operations.place_reorder(
            site=site,
            lookup=Lookup("sparklayer", order.spark_id),
            reader=Customer.objects.get(pk=buyer.pk),
            settings=settings_of(site),
            spark_id=UUID(spark_id),
            digest=digest,
            actor=buyer.actor,
            now=timezone.now(),
        )
