"""What is noted to be mailed, of which writes, and that it is noted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.actors import SYSTEM
from core.mail_settings import MailKind
from core.models import Site
from core.site_settings import set_setting
from purchasing.bulk import put_purchases, read_purchases
from purchasing.mail_events import OF_TODAY
from purchasing.models import PurchaseMail
from purchasing.tests.bakers import accept, approve, line, make_customer, order, package, put, reject
from purchasing.tests.test_statements import server_log

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ALL = [kind.value for kind in MailKind]
PARCEL = "0190d6ac-0000-7000-8000-000000000001"
OTHER_PARCEL = "0190d6ac-0000-7000-8000-000000000002"


@pytest.fixture(autouse=True)
def mails_on(site: Site) -> None:
    set_setting(site=site, key="mails", value=ALL)


def noted(site: Site) -> list[tuple[str, str]]:
    """Kind and subject of what is to be mailed, oldest first."""
    return list(PurchaseMail.objects.for_site(site).order_by("id").values_list("kind", "subject"))


def shipped(parcel: str = PARCEL, *, at: str | None = "2026-03-02T09:00:00Z", sku: str = "ROPE-60") -> dict[str, Any]:
    dates = {"shipped_at": at} if at else {}
    identifiers = {"sparklayer_package_id": parcel}
    return package(line(sku=sku), type="shipment", identifiers=identifiers, dates=dates)


def write(site: Site, type: str, *, now: datetime = NOW, name: str = "A-1", **members: Any) -> None:
    put(site, order(type=type, **members), name, now=now)


@pytest.mark.parametrize(
    ("type", "wanted"),
    [
        ("order", [("confirmed", "")]),
        ("order_unconfirmed", [("received", "")]),
        ("awaiting_approval", [("approval_wanted", "1")]),
        ("quote", [("quote_sent", "1")]),
        ("cart", []),
    ],
)
def test_what_comes_in_is_told_by_its_type(site: Site, type: str, wanted: list[tuple[str, str]]) -> None:
    write(site, type)
    assert noted(site) == wanted


def test_the_same_put_and_another_change_tell_nothing_again(site: Site) -> None:
    for reference in ("PO 7", "PO 7", "PO 8"):
        write(site, "order", customer_reference=reference)
    assert noted(site) == [("confirmed", "")]


def test_an_order_that_goes_back_and_forth_is_received_once(site: Site) -> None:
    for kind in ("order_unconfirmed", "quote", "order_unconfirmed", "order"):
        write(site, kind)
    assert noted(site) == [("received", ""), ("quote_sent", "2"), ("confirmed", "")]


def test_a_package_is_told_of_when_it_leaves_and_each_once(site: Site) -> None:
    write(site, "order")
    for packages in (
        [shipped()],
        [shipped(), package(line(sku="BELT"))],
        [shipped(), shipped(OTHER_PARCEL, sku="BELT")],
        [package(line()), shipped(OTHER_PARCEL, sku="BELT")],
        [shipped(), shipped(OTHER_PARCEL, sku="BELT")],
    ):
        put(site, order(*packages), now=NOW)
    assert noted(site) == [("confirmed", ""), ("shipped", PARCEL), ("shipped", OTHER_PARCEL)]


def test_a_package_that_says_no_date_has_left_now(site: Site) -> None:
    write(site, "order")
    put(site, order(shipped(at=None)), now=NOW + timedelta(days=30))
    assert noted(site) == [("confirmed", ""), ("shipped", PARCEL)]


def test_what_is_old_is_no_news(site: Site) -> None:
    late = NOW + OF_TODAY
    for number, kind in enumerate(("order", "order_unconfirmed", "awaiting_approval", "quote")):
        write(site, kind, now=late, name=f"A-{number}")
    put(site, order(shipped()), "A-9", now=late + timedelta(hours=1))
    put(site, order(shipped(at=None)), "A-10", now=late)
    assert noted(site) == []


def test_an_old_order_that_is_confirmed_today_is_news(site: Site) -> None:
    for kind in ("order_unconfirmed", "order"):
        write(site, kind, now=NOW + timedelta(days=9))
    assert noted(site) == [("confirmed", "")]


def test_of_an_old_order_the_package_of_today_is_news(site: Site) -> None:
    late = NOW + timedelta(days=9)
    put(site, order(shipped(at=late.isoformat())), now=late)
    assert noted(site) == [("shipped", PARCEL)]


def test_an_approval_is_told_instead_of_the_order_that_it_places(site: Site) -> None:
    write(site, "awaiting_approval")
    approve(site, now=NOW)
    assert noted(site) == [("approval_wanted", "1"), ("approved", "2")]


def test_where_an_approval_places_nothing_the_order_is_told_of_when_it_is_placed(site: Site) -> None:
    set_setting(site=site, key="approval_places_order", value=False)
    write(site, "awaiting_approval")
    approve(site, now=NOW)
    write(site, "order", now=NOW + timedelta(hours=1))
    assert noted(site) == [("approval_wanted", "1"), ("approved", "1"), ("confirmed", "")]


def test_what_was_rejected_and_is_changed_is_to_be_approved_anew(site: Site) -> None:
    write(site, "awaiting_approval")
    reject(site, now=NOW)
    write(site, "awaiting_approval", customer_reference="PO 8", now=NOW + timedelta(hours=1))
    write(site, "awaiting_approval", customer_reference="PO 9", now=NOW + timedelta(hours=2))
    assert noted(site) == [("approval_wanted", "1"), ("rejected", "1"), ("approval_wanted", "2")]


def test_a_draft_is_told_of_when_it_is_sent_and_what_is_accepted_as_an_order(site: Site) -> None:
    write(site, "quote", quote_status="draft")
    write(site, "quote", quote_status="sent")
    write(site, "quote", quote_status="sent", customer_reference="PO 8")
    accept(site, revision=3, now=NOW)
    assert noted(site) == [("quote_sent", "2"), ("confirmed", "")]


def test_a_quote_that_is_turned_down_tells_its_buyer_nothing(site: Site) -> None:
    write(site, "quote")
    reject(site, now=NOW)
    assert noted(site) == [("quote_sent", "1")]


def test_only_what_the_site_has_switched_on(site: Site, other_site: Site) -> None:
    set_setting(site=site, key="mails", value=["shipped"])
    for one in (site, other_site):
        write(one, "order")
        put(one, order(shipped()), now=NOW)
    assert (noted(site), noted(other_site)) == ([("shipped", PARCEL)], [])


def test_bulk_writes_tell_nobody(site: Site) -> None:
    body = {**order(), "purchase_identifiers": {"internal": "A-1"}}
    [item] = put_purchases(site=site, sent=read_purchases([body]), actor=SYSTEM, now=NOW)
    assert (item.outcome, noted(site)) == ("created", [])


def test_an_event_costs_one_statement_and_everything_else_none(site: Site) -> None:
    company = make_customer(site)

    def writes(reference: str) -> int:
        with server_log() as log:
            write(site, "order", customer=company, customer_reference=reference)
        return len(log.statements)

    with_mail, changed, repeated = writes("PO 7"), writes("PO 8"), writes("PO 8")
    set_setting(site=site, key="mails", value=[])
    PurchaseMail.objects.all().delete()
    assert changed - writes("PO 9") == 0
    assert repeated - writes("PO 9") == 0
    with server_log() as log:
        write(site, "order", name="A-2", customer=company)
    assert with_mail - len(log.statements) == 1
