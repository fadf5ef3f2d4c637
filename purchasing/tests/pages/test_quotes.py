"""`/account/quotes/`: what waits for a decision, deciding on it once, and being told what has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer, OrderMinimum
from customers.tests.cast import default_group
from purchasing.models import Purchase, PurchaseRevision
from purchasing.tests.pages.conftest import changed, sign_in, words_of
from purchasing.tests.racing import together
from purchasing.tests.test_statements import server_log
from tests.callers import ApiCaller, make_person_caller
from tests.cast import line, make_buyer, make_order, package
from tests.html_forms import fields_of

QUOTES = "/account/quotes/"
MARKUP = '<i onclick="x">\'&'


def address(purchase: Purchase, action: str = "") -> str:
    return f"{QUOTES}{purchase.spark_id}/{action}"


def seen(browser: Client, purchase: Purchase) -> str:
    """What the open page holds of the purchase."""
    answer = browser.get(address(purchase))
    assert answer.status_code == 200
    text: str = answer.context["seen"]
    return text


def decide(browser: Client, purchase: Purchase, action: str, shown: str, **fields: str) -> Any:
    return browser.post(address(purchase, f"{action}/"), {"seen": shown, **fields})


def stored(purchase: Purchase) -> Purchase:
    return Purchase.objects.get(pk=purchase.pk)


@pytest.fixture
def quote(site: Site, buyer: Customer) -> Purchase:
    return make_order(
        site, buyer, type="quote", identifiers={"visible": "Q-1"}, packages=[package(line(quantity=2, net="20.00"))]
    )


@pytest.fixture
def waiting(site: Site, buyer: Customer, child: Customer) -> Purchase:
    """Placed by a limited customer; 3 ropes at 10.00, 1 pair of shoes at 50.00."""
    return make_order(
        site,
        buyer,
        child=child,
        type="awaiting_approval",
        identifiers={"visible": "SO-7"},
        packages=[package(line(quantity=3, net="30.00"), line("SHOE-42", net="50.00"))],
    )


class TestList:
    def test_what_waits_and_everything(self, browser: Client, site: Site, buyer: Customer) -> None:
        past, future = datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=3)
        for number, members in {
            "sent": {"type": "quote"},
            "in time": {"type": "quote", "quote_expires_at": future.isoformat()},
            "too late": {"type": "quote", "quote_expires_at": past.isoformat()},
            "expired": {"type": "quote", "quote_status": "expired", "quote_expires_at": future.isoformat()},
            "accepted": {"type": "quote", "quote_status": "accepted"},
            "rejected": {"type": "quote", "quote_status": "rejected", "quote_expires_at": future.isoformat()},
            "draft": {"type": "quote", "quote_status": "draft"},
            "waits": {"type": "awaiting_approval"},
            "order": {"type": "order"},
            "cart": {"type": "cart"},
        }.items():
            make_order(site, buyer, identifiers={"visible": number}, **members)

        def listed(query: str) -> dict[str, str]:
            rows = browser.get(QUOTES + query).context["page"].rows
            return {row.purchase.number: str(row.decidable.label.text) for row in rows}

        waiting = {
            "sent": "Waiting for your answer",
            "in time": "Waiting for your answer",
            "waits": "Awaiting approval",
        }
        assert listed("") == waiting
        assert listed("?show=all") == waiting | {
            "too late": "Expired",
            "expired": "Expired",
            "accepted": "Accepted",
            "rejected": "Rejected",
        }
        rows = browser.get(f"{QUOTES}?show=all").context["page"].rows
        assert {row.purchase.number: row.decidable.expires_at for row in rows if row.decidable.expires_at} == {
            "in time": future,
            "too late": past,
        }
        told = {row.purchase.number: words_of(browser.get(address(row.purchase))).lower() for row in rows}
        assert {number for number, text in told.items() if "valid until" in text} == {"in time", "too late"}
        assert {number for number, text in told.items() if "was valid until" in text} == {"too late"}

    def test_what_was_decided_waits_no_more(
        self, browser: Client, site: Site, buyer: Customer, waiting: Purchase
    ) -> None:
        assert decide(browser, waiting, "reject", seen(browser, waiting), reason="Too dear").status_code == 302

        assert browser.get(QUOTES).context["page"].rows == []
        assert "Rejected" in words_of(browser.get(f"{QUOTES}?show=all"))

    def test_empty_states(self, browser: Client) -> None:
        assert "Nothing waits for a decision" in words_of(browser.get(QUOTES))
        assert "No quotes and no approvals yet" in words_of(browser.get(f"{QUOTES}?show=all"))
        behind = words_of(browser.get(f"{QUOTES}?page=2"))
        assert ("There is nothing more" in behind, "Nothing waits" in behind) == (True, False)

    def test_fifty_rows_cost_as_many_statements_as_one(self, browser: Client, site: Site, buyer: Customer) -> None:
        counts: list[int] = []
        for rows in (1, 50):
            for number in range(rows - (1 if counts else 0)):
                child = make_buyer(site, parent=buyer) if number % 10 == 0 else None
                make_order(site, buyer, child=child, type="quote")
            with server_log() as log:
                assert len(browser.get(QUOTES).context["page"].rows) == rows
            counts.append(len(log.statements))

        assert counts[0] == counts[1] < 10


class TestPage:
    def test_a_quote(self, browser: Client, quote: Purchase) -> None:
        text = words_of(browser.get(address(quote)))

        for words in ("Quote Q-1", "Waiting for your answer", "Accept for £20.00", "Reject", "Product ROPE-60"):
            assert words in text
        assert "Approve" not in text

    def test_what_waits_for_approval(self, browser: Client, waiting: Purchase) -> None:
        text = words_of(browser.get(address(waiting)))

        for words in ("Approval of SO-7", "Approve for £80.00", "Change the quantities"):
            assert words in text
        assert "Accept" not in text

    def test_fifty_lines_cost_as_many_statements_as_one(self, browser: Client, site: Site, buyer: Customer) -> None:
        counts: list[int] = []
        for rows in (1, 50):
            lines = [line(f"SKU-{number}") for number in range(rows)]
            quote = make_order(site, buyer, type="quote", packages=[package(*lines)])
            with server_log() as log:
                assert len(browser.get(address(quote)).context["contents"].packages[0].lines) == rows
            counts.append(len(log.statements))

        assert counts[0] == counts[1] < 11

    def test_an_order_is_shown_as_one(self, browser: Client, site: Site, buyer: Customer) -> None:
        order = make_order(site, buyer)

        assert browser.get(address(order))["Location"] == f"/account/orders/{order.spark_id}/"

    @pytest.mark.parametrize("members", [{"type": "cart"}, {"type": "quote", "quote_status": "draft"}])
    def test_carts_and_drafts_do_not_exist(
        self, browser: Client, site: Site, buyer: Customer, members: dict[str, str]
    ) -> None:
        purchase = make_order(site, buyer, **members)

        assert browser.get(address(purchase)).status_code == 404
        assert decide(browser, purchase, "accept", "").status_code == 404

    def test_an_agent_sees_the_draft(self, site: Site, buyer: Customer) -> None:
        draft = make_order(site, buyer, type="quote", quote_status="draft", identifiers={"visible": "Q-9"})
        agent = sign_in(make_buyer(site, "Agency", role="sales-agent"))

        text = words_of(agent.get(address(draft)))

        assert "Draft" in text
        assert "Accept" not in text
        assert "Q-9" in words_of(agent.get(f"{QUOTES}?show=all"))

    def test_who_may_not_decide_is_told_why(self, site: Site, buyer: Customer, waiting: Purchase) -> None:
        child = waiting.child
        assert child is not None
        for reader, words in (
            (child, "A main user of the company has to decide on this."),
            (make_buyer(site, "Agency", role="sales-agent"), "A main user of the company has to decide on this."),
        ):
            text = words_of(sign_in(reader).get(address(waiting)))
            assert words in text
            assert "Approve for" not in text
        own = make_order(site, buyer, type="awaiting_approval")
        assert "Somebody else of your company has to decide" in words_of(sign_in(buyer).get(address(own)))

    def test_markup_is_shown_as_it_was_written(self, browser: Client, site: Site, buyer: Customer) -> None:
        quote = make_order(
            site,
            buyer,
            type="quote",
            identifiers={"visible": MARKUP},
            packages=[package(line(MARKUP, name_parent=MARKUP))],
        )
        for page in (address(quote), QUOTES):
            assert "<i onclick" not in browser.get(page).content.decode()


class TestAccepting:
    def test_it_becomes_the_order(self, browser: Client, quote: Purchase, buyer: Customer) -> None:
        answer = decide(browser, quote, "accept", seen(browser, quote))

        assert (answer.status_code, answer["Location"]) == (302, address(quote))
        order = stored(quote)
        assert (order.type, order.revision) == ("order", 2)
        assert PurchaseRevision.objects.get(purchase=quote, number=2).author == str(buyer.actor)
        text = words_of(browser.get(answer["Location"], follow=True))
        assert "You have accepted the quote." in text
        assert "Order Q-1" in text

    def test_once(self, browser: Client, quote: Purchase) -> None:
        """A second click, or a second tab that was opened before."""
        first, second = seen(browser, quote), seen(browser, quote)
        decide(browser, quote, "accept", first)

        again = decide(browser, quote, "accept", second)

        assert (again.status_code, again["Location"]) == (302, address(quote))
        assert "This quote was accepted before." in words_of(browser.get(address(quote), follow=True))
        assert stored(quote).revision == 2

    def test_what_a_colleague_has_accepted_is_not_done_again(
        self, browser: Client, site: Site, quote: Purchase, buyer: Customer
    ) -> None:
        colleague = sign_in(make_buyer(site, parent=buyer, role="main"))
        shown = seen(colleague, quote)
        decide(browser, quote, "accept", seen(browser, quote))

        for action in ("accept", "reject"):
            late = decide(colleague, quote, action, shown, reason="No")
            assert late.status_code == 409
            assert "This quote was accepted before." in late.content.decode()
        assert stored(quote).revision == 2

    def test_what_he_has_accepted_himself_he_cannot_reject(self, browser: Client, quote: Purchase) -> None:
        shown = seen(browser, quote)
        decide(browser, quote, "accept", shown)

        assert decide(browser, quote, "reject", shown, reason="No").status_code == 409

    def test_by_a_limited_customer_it_waits_for_approval(self, site: Site, buyer: Customer, child: Customer) -> None:
        quote = make_order(site, buyer, child=child, type="quote")
        browser = sign_in(child)
        assert "then has to approve it" in words_of(browser.get(address(quote)))

        decide(browser, quote, "accept", seen(browser, quote))

        assert stored(quote).type == "awaiting_approval"

    def test_what_was_changed_is_not_accepted_and_told(self, browser: Client, quote: Purchase) -> None:
        shown = seen(browser, quote)
        changed(
            quote,
            customer_reference="PO 9",
            packages=[package(line(quantity=3, net="36.00"), line("SHOE-42", net="5.00"))],
        )

        answer = decide(browser, quote, "accept", shown)

        assert (answer.status_code, stored(quote).type) == (409, "quote")
        assert [(str(item.what), item.name, item.before, item.after) for item in answer.context["changes"]] == [
            ("Quantity", "Product ROPE-60 ROPE-60", "2", "3"),
            ("Quantity", "Product SHOE-42 SHOE-42", "0", "1"),
            ("PO", "", "", "PO 9"),
            ("Total", "", "£20.00", "£41.00"),
        ]
        assert "It has changed since you opened the page." in answer.content.decode()
        assert decide(browser, quote, "accept", seen(browser, quote)).status_code == 302

    def test_another_price_is_told(self, browser: Client, quote: Purchase) -> None:
        shown = seen(browser, quote)
        changed(quote, packages=[package(line(quantity=2, net="25.00"))])

        answer = decide(browser, quote, "accept", shown)

        assert [(str(item.what), item.before, item.after) for item in answer.context["changes"]] == [
            ("Price", "£20.00", "£25.00"),
            ("Total", "£20.00", "£25.00"),
        ]

    def test_an_expired_one_is_not(self, browser: Client, site: Site, buyer: Customer) -> None:
        quote = make_order(site, buyer, type="quote")
        shown = seen(browser, quote)
        changed(quote, quote_expires_at="2020-01-01T00:00:00Z")

        answer = decide(browser, quote, "accept", shown)

        assert answer.status_code == 409
        assert "This quote has expired." in answer.content.decode()

    def test_beyond_the_credit_line_it_is_not(self, site: Site) -> None:
        buyer = make_buyer(site, payment_on_account=True, credit_limit=Decimal(5), currency_code="GBP")
        quote = make_order(site, buyer, type="quote", payment_method="on_account")
        browser = sign_in(buyer)

        answer = decide(browser, quote, "accept", seen(browser, quote))

        assert answer.status_code == 409
        assert "The credit line does not cover it." in answer.content.decode()
        assert "Available: £5.00" in answer.content.decode()

    def test_below_the_order_minimum_it_is_not(self, browser: Client, site: Site, quote: Purchase) -> None:
        OrderMinimum.objects.create(
            site=site, group=default_group(site), currency_code="GBP", minimum_value=Decimal(150)
        )

        answer = decide(browser, quote, "accept", seen(browser, quote))

        assert answer.status_code == 409
        assert "At least: £150.00" in answer.content.decode()


class TestApproving:
    def test_it_becomes_the_order(self, browser: Client, waiting: Purchase, buyer: Customer) -> None:
        assert decide(browser, waiting, "approve", seen(browser, waiting)).status_code == 302

        order = stored(waiting)
        assert order.type == "order"
        assert order.approval is not None
        assert (order.approval["status"], order.approval["by"]) == ("approved", str(buyer.actor))

    def test_once(self, browser: Client, waiting: Purchase) -> None:
        shown = seen(browser, waiting)
        decide(browser, waiting, "approve", shown)

        again = decide(browser, waiting, "approve", shown)

        assert (again.status_code, stored(waiting).revision) == (302, 2)
        assert "This was approved before." in words_of(browser.get(address(waiting), follow=True))

    def test_what_a_colleague_has_approved_is_not_approved_again(
        self, browser: Client, site: Site, waiting: Purchase, buyer: Customer
    ) -> None:
        colleague = sign_in(make_buyer(site, parent=buyer, role="main"))
        shown = seen(colleague, waiting)
        decide(browser, waiting, "approve", seen(browser, waiting))

        late = decide(colleague, waiting, "approve", shown)

        assert (late.status_code, stored(waiting).revision) == (409, 2)
        assert "This was approved before." in late.content.decode()

    def test_what_is_changed_after_the_approval_waits_again(
        self, browser: Client, site: Site, waiting: Purchase
    ) -> None:
        """Where an approval does not place the order at once."""
        set_setting(site=site, key="approval_places_order", value=False)
        shown = seen(browser, waiting)
        decide(browser, waiting, "approve", shown)
        assert "Approved" in words_of(browser.get(address(waiting)))

        changed(waiting, packages=[package(line(quantity=300, net="3000.00"))])

        assert stored(waiting).approval is None
        assert "Approve for £3,000.00" in words_of(browser.get(address(waiting)))
        stale = decide(browser, waiting, "approve", shown)
        assert (stale.status_code, stored(waiting).approval) == (409, None)
        assert ("Total", "£80.00", "£3,000.00") in [
            (str(item.what), item.before, item.after) for item in stale.context["changes"]
        ]

    @pytest.mark.parametrize("action", ["approve", "reject", "trim"])
    def test_others_are_refused(self, site: Site, waiting: Purchase, action: str) -> None:
        child = waiting.child
        assert child is not None
        for reader in (child, make_buyer(site, "Agency", role="sales-admin")):
            browser = sign_in(reader)
            answer = decide(browser, waiting, action, seen(browser, waiting), reason="No")
            assert answer.status_code == 403
            assert "A main user of the company has to decide on this." in answer.content.decode()
        assert (stored(waiting).type, stored(waiting).approval) == ("awaiting_approval", None)


class TestTrimming:
    def test_less_is_shown_anew_and_then_approved(self, browser: Client, waiting: Purchase, buyer: Customer) -> None:
        page = browser.get(address(waiting))
        fields = fields_of(page, "trim-form")
        ropes, shoes = [name for name in fields if name.startswith("quantity_")]

        answer = browser.post(address(waiting, "trim/"), fields | {ropes: "2", shoes: "0"})

        assert (answer.status_code, answer["Location"]) == (302, address(waiting))
        trimmed = stored(waiting)
        assert (trimmed.type, trimmed.revision, trimmed.calculated_total) == ("awaiting_approval", 2, Decimal(20))
        assert trimmed.open_quantity == 2
        assert PurchaseRevision.objects.get(purchase=waiting, number=2).author == str(buyer.actor)
        assert "Approve for £20.00" in words_of(browser.get(address(waiting)))
        assert decide(browser, waiting, "approve", page.context["seen"]).status_code == 409
        assert decide(browser, waiting, "approve", seen(browser, waiting)).status_code == 302
        assert (stored(waiting).type, stored(waiting).calculated_total) == ("order", Decimal(20))

    @pytest.mark.parametrize(
        ("ropes", "shoes", "words"),
        [
            ("4", "1", "A quantity can only be lowered"),
            ("-1", "1", "A quantity has to be a whole number."),
            ("1.5", "1", "A quantity has to be a whole number."),
            ("١", "1", "A quantity has to be a whole number."),
            ("9" * 30, "1", "A quantity has to be a whole number."),
            ("", "1", "A quantity has to be a whole number."),
            ("0", "0", "Nothing would be left of it."),
            ("3", "1", "No quantity is lower than before."),
        ],
    )
    def test_what_is_no_less_is_refused(
        self, browser: Client, waiting: Purchase, ropes: str, shoes: str, words: str
    ) -> None:
        fields = fields_of(browser.get(address(waiting)), "trim-form")
        names = [name for name in fields if name.startswith("quantity_")]

        answer = browser.post(address(waiting, "trim/"), fields | dict(zip(names, (ropes, shoes), strict=True)))

        assert answer.status_code in (400, 409)
        assert words in answer.content.decode()
        assert [fields_of(answer, "trim-form")[name] for name in names] == [ropes, shoes]
        assert stored(waiting).revision == 1

    def test_what_was_typed_stays_when_something_else_has_changed(self, browser: Client, waiting: Purchase) -> None:
        fields = fields_of(browser.get(address(waiting)), "trim-form")
        ropes, shoes = [name for name in fields if name.startswith("quantity_")]
        changed(waiting, customer_reference="PO 9", packages=[package(line(quantity=3, net="30.00"))])

        answer = browser.post(address(waiting, "trim/"), fields | {ropes: "2", shoes: "0"})

        shown = fields_of(answer, "trim-form")
        assert (answer.status_code, shown[ropes], shoes in shown) == (409, "2", False)
        assert "It has changed since you opened the page." in answer.content.decode()
        assert browser.post(address(waiting, "trim/"), shown).status_code == 302
        assert stored(waiting).calculated_total == Decimal(20)


class TestRejecting:
    def test_with_a_reason(self, browser: Client, quote: Purchase, waiting: Purchase) -> None:
        for purchase in (quote, waiting):
            assert decide(browser, purchase, "reject", seen(browser, purchase), reason=MARKUP).status_code == 302
            approval = stored(purchase).approval
            assert approval is not None
            assert (approval["status"], approval["reason"]) == ("rejected", MARKUP)
            html = browser.get(address(purchase)).content.decode()
            assert "<i onclick" not in html
            assert "Rejected" in html

    @pytest.mark.parametrize("reason", ["", " ", "\0"])
    def test_without_one_it_is_not(self, browser: Client, quote: Purchase, reason: str) -> None:
        answer = decide(browser, quote, "reject", seen(browser, quote), reason=reason)

        assert answer.status_code == 409
        assert "Say why you reject it." in answer.content.decode()
        assert stored(quote).revision == 1

    def test_one_that_is_too_long_is_said_to_be_and_stays_in_its_field(self, browser: Client, quote: Purchase) -> None:
        typed = "Zu teuer " * 112

        answer = decide(browser, quote, "reject", seen(browser, quote), reason=typed)

        assert (answer.status_code, stored(quote).revision) == (409, 1)
        html = answer.content.decode()
        assert "The reason is too long: 1,000 characters at most." in html
        assert "Say why" not in html
        assert typed in html
        assert decide(browser, quote, "reject", answer.context["seen"], reason=typed[:999]).status_code == 302

    def test_a_second_click_is_led_on(self, browser: Client, quote: Purchase, waiting: Purchase) -> None:
        for purchase in (quote, waiting):
            shown = seen(browser, purchase)
            decide(browser, purchase, "reject", shown, reason="Too dear")
            revision = stored(purchase).revision

            again = decide(browser, purchase, "reject", shown, reason="Too dear")
            other = decide(browser, purchase, "reject", shown, reason="Too late")

            assert (again.status_code, again["Location"]) == (302, address(purchase))
            assert (other.status_code, stored(purchase).revision) == (409, revision)
            assert "This was rejected before." in other.content.decode()
            assert "Too late" not in other.content.decode()

    @pytest.mark.parametrize("kind", ["quote", "awaiting_approval"])
    def test_what_was_changed_since_is_not(self, site: Site, buyer: Customer, child: Customer, kind: str) -> None:
        purchase = make_order(site, buyer, child=child, type=kind)
        browser = sign_in(buyer)
        shown = seen(browser, purchase)
        changed(purchase, packages=[package(line(net="5.00"))])

        answer = decide(browser, purchase, "reject", shown, reason="Too dear")

        assert (answer.status_code, stored(purchase).approval) == (409, None)
        assert "£5.00" in answer.content.decode()
        assert "Too dear</textarea>" in answer.content.decode()


class TestWhatWasSeen:
    @pytest.mark.parametrize("action", ["accept", "approve", "reject", "trim"])
    @pytest.mark.parametrize(
        "text", ["", "x", signing.dumps([1, 2, 3, "4"], salt="another")], ids=["nothing", "noise", "another signature"]
    )
    def test_a_page_has_to_have_shown_it(self, browser: Client, quote: Purchase, action: str, text: str) -> None:
        answer = decide(browser, quote, action, text, reason="No")

        assert (answer.status_code, stored(quote).revision) == (409, 1)

    def test_what_somebody_else_or_another_page_showed_counts_for_nothing(
        self, browser: Client, site: Site, quote: Purchase, buyer: Customer
    ) -> None:
        colleague = sign_in(make_buyer(site, parent=buyer, role="main"))
        other = make_order(site, buyer, type="quote")

        for shown in (seen(colleague, quote), seen(browser, other)):
            assert decide(browser, quote, "accept", shown).status_code == 409
        assert stored(quote).type == "quote"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two tabs, two clicks. That it is the purchase's lock which decides: `test_approval_races`."""

    AT_ONCE = 4

    def clicks(self, purchase: Purchase, buyer: Customer, action: str) -> list[int]:
        browsers = [sign_in(buyer) for _ in range(self.AT_ONCE)]
        shown = seen(browsers[0], purchase)
        jobs: list[Callable[[], Any]] = [partial(decide, browser, purchase, action, shown) for browser in browsers]
        return sorted(answer.status_code for answer in together(jobs))

    def test_a_quote_is_accepted_once(self, site: Site) -> None:
        buyer = make_buyer(site)
        quote = make_order(site, buyer, type="quote")

        assert self.clicks(quote, buyer, "accept") == [302] * self.AT_ONCE
        assert (stored(quote).type, stored(quote).revision) == ("order", 2)
        assert Purchase.objects.count() == 1

    def test_a_purchase_is_approved_once(self, site: Site) -> None:
        buyer = make_buyer(site)
        waiting = make_order(site, buyer, child=make_buyer(site, parent=buyer), type="awaiting_approval")

        assert self.clicks(waiting, buyer, "approve") == [302] * self.AT_ONCE
        assert (stored(waiting).type, stored(waiting).revision) == ("order", 2)


@pytest.mark.parametrize(("role", "sees"), [("", False), ("main", False), ("sales-agent", True)])
def test_a_draft_over_http(site: Site, role: str, sees: bool, api: ApiCaller) -> None:
    """The API says of drafts what the pages say."""
    reader = make_buyer(site, role=role)
    draft = make_order(site, reader, type="quote", quote_status="draft")
    assert reader.user is not None
    person = make_person_caller(site, reader.user)
    path = f"/api/v1/purchases/sparklayer/{draft.spark_id}"

    assert person.get(path).status_code == (200 if sees else 404)
    assert len(person.get("/api/v1/purchases").json()) == (1 if sees else 0)
    etag = api.get(path).headers["ETag"]
    assert person.get(path, headers={"If-None-Match": etag}).status_code == (304 if sees else 404)
    assert person.post(f"{path}/accept", json={"revision": 1}).status_code == (409 if sees else 404)
    assert api.get(path).status_code == 200
