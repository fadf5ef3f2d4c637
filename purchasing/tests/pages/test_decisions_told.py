"""What pages say of a decision: who may make it, what is in its way, what became of it. `test_quotes.py` makes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from core.actors import Actor, ActorKind
from core.models import Site
from customers.models import Customer, OrderMinimum
from customers.tests.cast import default_group
from purchasing.approvals import reject_purchase
from purchasing.identity import Lookup
from purchasing.models import Purchase
from purchasing.tests.pages.conftest import sign_in, words_of
from tests.cast import line, make_buyer, make_order, package

LINK = "See what has to be decided"
ADVICE = "Pay what is open first, or ask us for more credit or for another way to pay."


@pytest.fixture
def waiting(site: Site, buyer: Customer, child: Customer) -> Purchase:
    """Of two packages, so that an order would have a table of what is to come."""
    return make_order(
        site,
        buyer,
        child=child,
        type="awaiting_approval",
        identifiers={"visible": "SO-7"},
        packages=[package(line(net="30.00")), package(line("SHOE-42", net="50.00"))],
    )


def order_page(reader: Customer, purchase: Purchase) -> str:
    return words_of(sign_in(reader).get(f"/account/orders/{purchase.spark_id}/"))


def rejected_by(purchase: Purchase, author: Actor) -> None:
    lookup = Lookup("sparklayer", purchase.spark_id)
    reject_purchase(site=purchase.site, lookup=lookup, reason="Too many shoes", actor=author)


class TestAnApproval:
    def test_only_who_may_decide_is_led_to_the_decision(self, site: Site, buyer: Customer, waiting: Purchase) -> None:
        child = waiting.child
        assert child is not None
        agent = make_buyer(site, "Agency", role="sales-agent")

        assert [LINK in order_page(reader, waiting) for reader in (buyer, child, agent)] == [True, False, False]
        assert "A main user of the company has to decide on this." in order_page(child, waiting)
        own = order_page(buyer, make_order(site, buyer, type="awaiting_approval"))
        assert LINK not in own
        assert "Somebody else of your company has to decide on what you placed." in own

    def test_a_rejected_one_says_by_whom_why_and_what_then(self, buyer: Customer, waiting: Purchase) -> None:
        child = waiting.child
        assert child is not None
        rejected_by(waiting, buyer.actor)

        text = order_page(child, waiting)

        assert "Order SO-7 Rejected" in text
        assert "Awaiting approval" not in text
        assert "Rejected by Tom Jones, " in text
        assert "Reason: Too many shoes Nothing is ordered. Whoever still wants it can order it again" in text
        listed = words_of(sign_in(child).get("/account/orders/?type=awaiting_approval")).split("Outstanding")[-1]
        assert "Rejected" in listed
        assert "Awaiting approval" not in listed

    def test_staff_and_programs_who_rejected_it_have_no_name(
        self, site: Site, buyer: Customer, waiting: Purchase
    ) -> None:
        rejected_by(waiting, Actor(ActorKind.STAFF, "ann@jones-climbing.example"))
        other = make_order(site, buyer, type="awaiting_approval")
        rejected_by(other, Actor(ActorKind.CLIENT, "ERP"))

        texts = [order_page(buyer, purchase) for purchase in (waiting, other)]

        assert ["Rejected by staff, " in text for text in texts] == [True, False]
        assert [word for word in ("ann@", "ERP") if word in "".join(texts)] == []

    def test_nothing_is_to_come_of_it(self, buyer: Customer, waiting: Purchase) -> None:
        assert "To come" not in order_page(buyer, waiting)


class TestInTheWay:
    def test_of_a_quote_is_said_beside_the_button(self, site: Site) -> None:
        buyer = make_buyer(site, payment_on_account=True, credit_limit=Decimal(5), currency_code="GBP")
        quote = make_order(site, buyer, type="quote", payment_method="on_account")

        answer = sign_in(buyer).get(f"/account/quotes/{quote.spark_id}/")

        assert answer.context["in_the_way"] == ["The credit line does not cover it.", "Available: £5.00", ADVICE]
        assert 'class="btn btn-primary w-100" disabled aria-describedby="in-the-way"' in answer.content.decode()
        assert f"It cannot be accepted now The credit line does not cover it. Available: £5.00 {ADVICE}" in words_of(
            answer
        )

    def test_who_is_no_main_user_is_not_told_how_much_credit_there_is(self, site: Site) -> None:
        head = make_buyer(site, payment_on_account=True, credit_limit=Decimal(5), currency_code="GBP")
        child = make_buyer(site, parent=head)
        quote = make_order(site, head, child=child, type="quote", payment_method="on_account")

        answer = sign_in(child).get(f"/account/quotes/{quote.spark_id}/")

        assert answer.context["in_the_way"] == ["The credit line does not cover it.", ADVICE]

    def test_of_an_approval_it_is_the_credit_alone(self, site: Site, buyer: Customer, child: Customer) -> None:
        """Whoever placed it was asked for the minimum then."""
        OrderMinimum.objects.create(
            site=site, group=default_group(site), currency_code="GBP", minimum_value=Decimal(150)
        )
        waiting = make_order(site, buyer, child=child, type="awaiting_approval", payment_method="on_account")
        quote = make_order(site, buyer, type="quote", payment_method="on_account")
        browser = sign_in(buyer)

        told = [browser.get(f"/account/quotes/{each.spark_id}/").context["in_the_way"] for each in (waiting, quote)]

        credit = ["The credit line does not cover it.", "Available: £0.00", ADVICE]
        minimum = ["It is below the minimum of an order.", "At least: £150.00", "Ask us to add something to it."]
        assert told == [credit, minimum + credit]

    def test_nothing_is_where_it_is_paid_otherwise(self, browser: Client, site: Site, buyer: Customer) -> None:
        quote = make_order(site, buyer, type="quote", payment_method="platform_upfront")

        answer = browser.get(f"/account/quotes/{quote.spark_id}/")

        assert answer.context["in_the_way"] == []
        assert " disabled" not in answer.content.decode()


def test_a_quote_has_nothing_to_come(browser: Client, site: Site, buyer: Customer) -> None:
    quote = make_order(site, buyer, type="quote")

    assert "To come" not in words_of(browser.get(f"/account/quotes/{quote.spark_id}/"))
    assert "To come" in words_of(browser.get(f"/account/orders/{make_order(site, buyer).spark_id}/"))


def test_agents_are_told_whose_each_is_and_that_it_is_not_theirs_to_answer(
    browser: Client, site: Site, buyer: Customer
) -> None:
    quote = make_order(site, buyer, type="quote", identifiers={"visible": "Q-1"})
    make_order(site, buyer, identifiers={"visible": "SO-1"})
    agent = sign_in(make_buyer(site, "Agency", role="sales-agent"))
    addresses = ("/account/quotes/", "/account/orders/", f"/account/quotes/{quote.spark_id}/")

    quotes, orders, page = (words_of(agent.get(address)) for address in addresses)

    assert "Number Company" in quotes
    assert "Number Company" in orders
    assert "Company Tom Jones Climbing" in page
    assert [("Waiting for an answer" in text, "your" in text.lower()) for text in (quotes, page)] == [(True, False)] * 2
    assert ["Company" in words_of(browser.get(address)) for address in addresses] == [False] * 3
    agent.post("/account/customers/pick/", {"customer": buyer.public_id})
    assert ["Number Company" in words_of(agent.get(address)) for address in addresses[:2]] == [False, False]
