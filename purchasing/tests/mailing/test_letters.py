"""What a mail says, to whom, in which language, and that nothing typed by anybody gets out of its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import override

from core.mail_settings import MailKind
from core.models import Site, User
from core.site_settings import set_setting
from customers.models import Customer
from purchasing.mailing.letters import MOST_LINES
from purchasing.mailing.sending import send
from purchasing.mailing.wording import WORDINGS
from purchasing.models import PurchaseMail
from purchasing.tests.bakers import approve, line, make_customer, order, package, put, reject, stored
from purchasing.tests.mailing.test_events import ALL

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mails_on(site: Site) -> None:
    set_setting(site=site, key="mails", value=ALL)


def with_login(customer: Customer, language: str = "") -> Customer:
    customer.user = User.objects.create_user(customer.email, language=language)
    customer.save()
    return customer


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_customer(site, email="tom@example.com")


def letters() -> list[EmailMultiAlternatives]:
    """Everything that waits, sent."""
    for mail in PurchaseMail.objects.filter(state="waiting").order_by("id"):
        send(site_id=mail.site_id, mail_id=mail.pk, now=NOW, last=False)
    sent: list[Any] = outbox.outbox
    return sent


def html_of(letter: EmailMultiAlternatives) -> str:
    [(content, kind)] = letter.alternatives
    assert kind == "text/html"
    return str(content)


def test_the_text_of_a_confirmed_order(site: Site, buyer: Customer) -> None:
    members = {"customer_reference": "PO 7", "payment_method": "invoice"}
    address = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"}
    put(site, order(package(line(quantity=2), shipping_address=address), customer=buyer, **members), now=NOW)

    [letter] = letters()

    assert (letter.subject, letter.from_email) == (
        "Your order A-1 is confirmed",
        "Jones Climbing <sparkproject@localhost>",
    )
    assert (
        letter.body
        == """Dear Tom Jones,

Thank you. Your order is confirmed.

Number: A-1
PO: PO 7
Payment method: On account
Ship to: 1 Quay Road, Bristol, United Kingdom
Total: £100.00

2 × Item ROPE-60 (ROPE-60): £100.00

Jones Climbing

"""
    )
    assert "<td>PO 7</td>" in html_of(letter)
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_package_with_its_lines_and_tracking(site: Site, buyer: Customer) -> None:
    put(site, order(customer=buyer), now=NOW)
    tracking = {"carrier": "DHL", "tracking_number": "JD01", "tracking_url": "https://dhl.example/JD01"}
    left = package(line(sku="BELT"), type="shipment", shipments=[tracking])
    put(site, order(left, package(line()), customer=buyer), now=NOW)

    letter = letters()[-1]

    assert letter.subject == "A package of your order A-1 is on its way"
    assert "Item BELT (BELT)" in letter.body
    assert "ROPE-60" not in letter.body
    assert "DHL JD01\nhttps://dhl.example/JD01" in letter.body
    assert '<a href="https://dhl.example/JD01">JD01</a>' in html_of(letter)


@pytest.mark.parametrize(
    ("site_speaks", "chosen", "subject"),
    [
        (["en"], "", "Your order A-1 is confirmed"),
        (["de", "en"], "", "Ihre Bestellung A-1 ist bestätigt"),
        (["en"], "de", "Ihre Bestellung A-1 ist bestätigt"),
        (["de"], "en", "Your order A-1 is confirmed"),
    ],
)
def test_the_language_is_the_persons_else_the_first_of_the_site(
    site: Site, buyer: Customer, site_speaks: list[str], chosen: str, subject: str
) -> None:
    set_setting(site=site, key="languages", value=site_speaks)
    with_login(buyer, chosen)
    put(site, order(customer=buyer), now=NOW)
    [letter] = letters()
    assert letter.subject == subject
    assert ("100,00" in letter.body) == (subject.startswith("Ihr"))
    assert f'lang="{"de" if subject.startswith("Ihr") else "en"}"' in html_of(letter)


def test_every_mail_has_german_words(site: Site) -> None:
    assert set(WORDINGS) == set(MailKind)
    for wording in WORDINGS.values():
        for text in (wording.subject, wording.opening):
            with override("en"):
                english = str(text)
            with override("de"):
                assert str(text) != english


def test_those_who_may_approve_are_asked_and_who_placed_it_is_told(site: Site, buyer: Customer) -> None:
    child = make_customer(site, "Wales", parent=buyer, role="limited-customer", email="child@example.com")
    with_login(buyer)
    with_login(make_customer(site, "Boss", parent=buyer, role="main", email="boss@example.com"))
    make_customer(site, "Invited", parent=buyer, role="main", email="invited@example.com")
    make_customer(site, "Former boss", parent=buyer, role="main", email="former@example.com", status="inactive")
    make_customer(site, "Colleague", parent=buyer, email="colleague@example.com")
    make_customer(site, "Stranger", role="main", email="stranger@example.com")
    named = {"sparklayer": buyer.public_id, "sparklayer_child": child.public_id}
    put(site, order(type="awaiting_approval", customer_identifiers=named), now=NOW)
    asked = [(letter.to, letter.subject) for letter in letters()]
    outbox.outbox.clear()
    reject(site, reason="too\ndear", now=NOW)
    [rejected] = letters()

    assert asked == [
        (["Tom Jones <tom@example.com>"], "Please approve the order A-1"),
        (["Tom Jones <boss@example.com>"], "Please approve the order A-1"),
    ]
    assert (rejected.to, rejected.subject) == (["Tom Jones <child@example.com>"], "Your order A-1 was not approved")
    assert "Reason: too dear\n" in rejected.body


def test_what_was_decided_before_anybody_was_asked_asks_nobody(site: Site, buyer: Customer) -> None:
    child = make_customer(site, "Wales", parent=buyer, email="child@example.com")
    named = {"sparklayer": buyer.public_id, "sparklayer_child": child.public_id}
    put(site, order(type="awaiting_approval", customer_identifiers=named), now=NOW)
    approve(site, now=NOW)
    assert [letter.subject for letter in letters()] == ["Your order A-1 is approved"]


def test_the_link_leads_who_can_sign_in_to_the_page(site: Site, buyer: Customer, settings: Any) -> None:
    settings.BASE_URL = "https://orders.example.com"
    put(site, order(customer=buyer), now=NOW)
    put(site, order(customer=buyer, type="quote"), "A-2", now=NOW)
    assert [("https://" in letter.body) for letter in letters()] == [False, False]

    PurchaseMail.objects.update(state="waiting", told=[])
    outbox.outbox.clear()
    with_login(buyer)
    order_mail, quote_mail = letters()
    assert f"https://orders.example.com/account/orders/{stored(site).spark_id}/\n" in order_mail.body
    assert f'href="https://orders.example.com/account/quotes/{stored(site, "A-2").spark_id}/"' in html_of(quote_mail)

    PurchaseMail.objects.update(state="waiting", told=[])
    outbox.outbox.clear()
    Site.objects.update(host="jones.example")
    assert "http://jones.example/account/orders/" in letters()[0].body


def test_markup_and_line_breaks_stay_texts(site: Site) -> None:
    site.name = "Jones\r\nBcc: all@example.com"
    site.save()
    evil = '<img src=x onerror="alert(1)">'
    buyer = make_customer(site, email="tom@example.com")
    Customer.objects.filter(pk=buyer.pk).update(first_name='Tom"\nBcc: x@example.com', last_name=evil)
    put(
        site,
        order(
            package(line(sku=evil, name_parent=f"Rope\n{evil}")), customer=buyer, customer_reference=f"{evil}\nTotal: 0"
        ),
        "A\n-1",
        now=NOW,
    )

    [letter] = letters()
    message = letter.message()

    assert message["Bcc"] is None
    assert letter.recipients() == [letter.to[0]]
    assert [letter.subject, "\n" in letter.to[0] + letter.from_email] == ["Your order A -1 is confirmed", False]
    assert "<img" not in html_of(letter)
    assert "\nTotal: 0" not in letter.body
    assert "jones" not in str(message["To"]).lower()


def test_sender_and_answers_are_the_sites(site: Site, buyer: Customer) -> None:
    set_setting(site=site, key="mail_from", value="Orders, Jones <orders@jones.example>")
    set_setting(site=site, key="mail_reply_to", value="shop@jones.example")
    put(site, order(customer=buyer), now=NOW)
    [letter] = letters()
    assert (letter.from_email, letter.reply_to) == ('"Orders, Jones" <orders@jones.example>', ["shop@jones.example"])
    assert str(letter.message()["Message-ID"]).endswith("@jones.example>")


def test_a_long_order_is_cut(site: Site, buyer: Customer) -> None:
    put(site, order(package(*[line(sku=f"S{n}") for n in range(MOST_LINES + 2)]), customer=buyer), now=NOW)
    [letter] = letters()
    assert letter.body.count("× Item") == MOST_LINES
    assert "… and 2 more lines" in letter.body
