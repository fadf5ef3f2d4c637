"""GET /account/statement/ and its files: the same answer as the API's, for main users."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core.actors import SYSTEM, Actor, ActorKind
from core.models import Site
from core.site_settings import set_setting
from customers import printing
from customers.models import Customer
from customers.tests.cast import post_manual
from customers.tests.past import Past, write_past
from purchasing.identity import Lookup
from purchasing.operations import delete_purchase, delete_transaction
from purchasing.pages import statement as pages
from purchasing.tests.pages.conftest import changed, sign_in, words_of
from purchasing.tests.test_statements import server_log
from tests.callers import ApiCaller
from tests.cast import line, make_buyer, make_order, package, pay

STATEMENT, CSV, PDF = "/account/statement/", "/account/statement.csv", "/account/statement.pdf"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
MARKUP = '<i onclick="x">\'&'


@pytest.fixture
def history(buyer: Customer) -> None:
    """A charge in January, one in March, and a credit note in March."""
    write_past(
        buyer,
        Past(datetime(2026, 1, 10, 12, tzinfo=UTC), "1100", 1, reference="O-1"),
        Past(datetime(2026, 3, 5, 12, tzinfo=UTC), "50.5", 2, reference="=1+1"),
        Past(datetime(2026, 3, 20, 12, tzinfo=UTC), "-30", kind="manual", reference=MARKUP),
    )


def shown(browser: Client, **parameters: str) -> list[tuple[str, Decimal | None, Decimal]]:
    """Opening, every line of every page, closing: as the rows of the file are."""
    rows: list[tuple[str, Decimal | None, Decimal]] = []
    for number in range(1, 100):
        answer = browser.get(STATEMENT, {**parameters, "page": str(number)})
        assert answer.status_code == 200
        statement = answer.context["statement"]
        if number == 1:
            rows.append(("opening", None, statement.opening))
        rows += [("entry", item.entry.amount, item.entry.balance_after) for item in answer.context["lines"]]
        if not answer.context["page"].has_next:
            rows.append(("closing", None, statement.closing))
            break
    return rows


def table(answer: Any) -> list[dict[str, str]]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


def downloaded(browser: Client, **parameters: str) -> list[tuple[str, Decimal | None, Decimal]]:
    rows = table(browser.get(CSV, parameters))
    return [
        (row["line"], Decimal(row["amount"]) if row["amount"] else None, Decimal(row["balance"]))
        for row in rows
        if row["line"] in ("opening", "entry", "closing")
    ]


@pytest.mark.usefixtures("history")
def test_a_period_opens_moves_and_closes(browser: Client) -> None:
    assert shown(browser, **MARCH) == [
        ("opening", None, Decimal("1100")),
        ("entry", Decimal("50.5"), Decimal("1150.5")),
        ("entry", Decimal("-30"), Decimal("1120.5")),
        ("closing", None, Decimal("1120.5")),
    ]
    text = words_of(browser.get(STATEMENT, MARCH))
    for words in (
        "1 Mar 2026 to 31 Mar 2026 , GBP",
        "Opening balance £1,100.00",
        "Charge =1+1 told 4 Apr 2026 £50.50 £1,150.50",
        "Closing balance £1,120.50",
        "31–60 days £1,070.00",
        "Not due £50.50",
        "Overdue £1,070.00",
        "Orders on account are charged",
    ):
        assert words in text


@pytest.mark.usefixtures("history")
def test_it_is_what_the_api_answers(browser: Client, api: ApiCaller, buyer: Customer) -> None:
    address = f"/api/v1/customers/{buyer.public_id}/statement"
    query = urlencode({**MARCH, "currency_code": "GBP"})
    answered = api.get(f"{address}?{query}").json()

    found = browser.get(STATEMENT, MARCH).context["statement"]

    assert found.figures() == {
        **{name: answered[name] for name in ("opening", "closing", "overdue")},
        **answered["ageing"],
    }
    assert [item.id for item in found.lines()] == [item["id"] for item in answered["lines"]]
    of_api = api.get(f"{address}.csv?{query}")
    of_page = browser.get(CSV, MARCH)
    assert of_page.getvalue() == of_api.getvalue()
    assert of_page["Content-Disposition"] == of_api["Content-Disposition"]
    assert of_page["Cache-Control"] == "no-store, private"


@pytest.mark.usefixtures("history")
def test_the_paper(browser: Client) -> None:
    answer = browser.get(PDF, MARCH)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Statement of account" in text
    assert "1,120.50" in text


@pytest.mark.usefixtures("history")
def test_a_paper_that_would_be_too_long_is_refused(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_PRINTED", 1)

    assert browser.get(PDF, MARCH).status_code == 400


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    "parameters",
    [
        {"from": "never"},
        {"to": "0001-01-01"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "2999-01-01"},
        {"currency_code": "XXX"},
        {"currency_code": "EUR"},
        {"from": "\0"},
    ],
)
def test_a_period_that_cannot_be_is_said(browser: Client, parameters: dict[str, str]) -> None:
    answer = browser.get(STATEMENT, parameters)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert answer.context["statement"] is None
    assert [browser.get(file, parameters).status_code for file in (CSV, PDF)] == [400, 400]


def test_which_days_there_are_is_said(browser: Client) -> None:
    assert "From : Choose a day between 1900 and 9999." in words_of(browser.get(STATEMENT, {"from": "0001-01-01"}))


@pytest.mark.usefixtures("history")
def test_each_currency_has_its_statement(browser: Client, buyer: Customer) -> None:
    write_past(buyer, Past(datetime(2026, 3, 1, tzinfo=UTC), "7"), currency_code="EUR")

    answer = browser.get(STATEMENT, {**MARCH, "currency_code": "EUR"})

    assert answer.context["statement"].figures()["closing"] == "7.00"
    text = words_of(answer)
    assert "£1,120.50 to pay" in text
    assert "€7.00 to pay" in text
    assert '<option value="EUR" selected>' in answer.content.decode()


def test_this_month_when_nothing_is_named(browser: Client, site: Site, buyer: Customer) -> None:
    make_order(site, buyer, payment_method="on_account")

    answer = browser.get(STATEMENT)

    today = datetime.now(UTC).date()
    period = answer.context["statement"].period
    assert (period.first, period.last) == (today.replace(day=1), today)
    assert f'value="{today.replace(day=1)}"' in answer.content.decode()


def test_days_are_the_site_s(browser: Client, site: Site, buyer: Customer) -> None:
    set_setting(site=site, key="time_zone", value="Asia/Tokyo")
    write_past(buyer, Past(datetime(2026, 2, 28, 23, tzinfo=UTC), "7"))

    assert [kind for kind, *_ in shown(browser, **MARCH)] == ["opening", "entry", "closing"]
    assert "1 Mar 2026 Manual entry" in words_of(browser.get(STATEMENT, MARCH))


def test_a_line_leads_to_its_order_while_that_can_be_seen(browser: Client, site: Site, buyer: Customer) -> None:
    order = make_order(site, buyer, payment_method="on_account", identifiers={"visible": "SO-1"})
    payment = pay(order, "4.00")
    link = f'<a href="/account/orders/{order.spark_id}/">SO-1</a>'
    assert link in browser.get(STATEMENT).content.decode()
    delete_transaction(site=site, transaction_id=payment.pk, actor=SYSTEM)
    delete_purchase(site=site, lookup=Lookup("sparklayer", order.spark_id), actor=SYSTEM)

    text = browser.get(STATEMENT).content.decode()

    assert link not in text
    assert "SO-1" in text


@pytest.mark.usefixtures("history")
def test_markup_and_formulas_do_nothing(browser: Client) -> None:
    assert "<i onclick" not in browser.get(STATEMENT, MARCH).content.decode()
    assert [row["reference"] for row in table(browser.get(CSV, MARCH)) if row["line"] == "entry"] == ["'=1+1", MARKUP]


def test_what_is_posted_is_called_so(browser: Client, site: Site, buyer: Customer) -> None:
    """Payments and refunds, also corrected and taken back, and a charge that was lowered, each with its reference."""
    order = make_order(site, buyer, identifiers={"visible": "SO-1"}, payment_method="on_account")
    for total, applied in (("25.00", True), ("10.00", True), ("10.00", False)):
        pay(order, total, platform_id="PAY-1", applied=applied)
    pay(order, "-2.00", platform_id="REF-1")
    changed(order, packages=[package(line(net="7.50"))])

    rows = [(row["kind"], row["what"], row["reference"]) for row in table(browser.get(CSV)) if row["line"] == "entry"]
    page, german = (words_of(browser.get(STATEMENT, headers={"Accept-Language": code})) for code in ("en", "de"))
    paper = " ".join(PdfReader(io.BytesIO(browser.get(PDF).content)).pages[0].extract_text().split())

    assert rows == [
        ("charge", "charge", "SO-1"),
        ("transaction", "payment", "PAY-1"),
        ("transaction", "payment_corrected", "PAY-1"),
        ("reversal", "payment_taken_back", "PAY-1"),
        ("transaction", "refund", "REF-1"),
        ("charge", "charge_lowered", "SO-1"),
    ]
    said = (
        "Charge, lowered SO-1",
        "Refund REF-1",
        "Payment PAY-1",
        "Payment, corrected PAY-1",
        "Payment, taken back PAY-1",
    )
    auf_deutsch = (
        *("Belastung, gesenkt SO-1", "Erstattung REF-1", "Zahlung PAY-1", "Zahlung, berichtigt PAY-1"),
        "Zahlung, zurückgenommen PAY-1",
    )
    assert [word for word in said if word not in page or word not in paper] == []
    assert [word for word in auf_deutsch if word not in german] == []
    assert [word for word in ("Transaction", "Zahlungsvorgang") if word in page + german + paper] == []


def test_staff_and_programs_have_no_name_on_it(browser: Client, buyer: Customer) -> None:
    for kind, name in ((ActorKind.CLIENT, "ERP"), (ActorKind.STAFF, "ann@jones-climbing.example")):
        post_manual(buyer, "5.00", author=Actor(kind, name))

    rows = table(browser.get(CSV))
    paper = PdfReader(io.BytesIO(browser.get(PDF).content)).pages[0].extract_text()

    assert [row["author"] for row in rows if row["line"] == "entry"] == ["client", "staff"]
    told = f"{rows} {words_of(browser.get(STATEMENT))} {paper}"
    assert [name for name in ("ERP", "ann@") if name in told] == []


def test_a_child_who_is_a_main_user_reads_the_company_s(site: Site, buyer: Customer) -> None:
    write_past(buyer, Past(datetime(2026, 3, 1, tzinfo=UTC), "7"))
    child = make_buyer(site, parent=buyer, role="main")

    assert "£7.00 to pay" in words_of(sign_in(child).get(STATEMENT))


@pytest.mark.parametrize("role", ["", "limited-customer", "sales-agent", "sales-admin"])
def test_for_others_there_is_no_such_page(site: Site, buyer: Customer, role: str) -> None:
    browser = sign_in(make_buyer(site, parent=buyer, role=role))

    unknown = browser.get("/account/nothing/")

    for address in (STATEMENT, CSV, PDF, "/account/credit/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert "Statement" not in browser.get("/account/orders/").content.decode()


def test_nothing_booked_yet(browser: Client) -> None:
    answer = browser.get(STATEMENT)

    assert answer.status_code == 200
    assert "Nothing has been booked yet." in words_of(answer)
    assert [browser.get(file).status_code for file in (CSV, PDF)] == [400, 400]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gaps=st.lists(st.tuples(st.integers(0, 24 * 20), st.integers(-30, 30).filter(bool)), min_size=1, max_size=9),
    first=st.dates(date(2025, 12, 25), date(2026, 5, 1)),
    days=st.integers(0, 60),
    size=st.integers(1, 4),
)
def test_the_file_has_the_rows_of_the_page(
    site: Site, gaps: list[tuple[int, int]], first: date, days: int, size: int
) -> None:
    buyer = make_buyer(site)
    posted_at, entries = datetime(2026, 1, 1, tzinfo=UTC), []
    for hours, amount in gaps:
        posted_at += timedelta(hours=hours)
        entries.append(Past(posted_at, Decimal(amount)))
    write_past(buyer, *entries)
    browser = sign_in(buyer)
    period = {"from": str(first), "to": str(first + timedelta(days=days))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGE_SIZE", size)
        rows = shown(browser, **period)

    assert downloaded(browser, **period) == rows
    moved = sum((amount for _, amount, _ in rows if amount is not None), Decimal(0))
    assert rows[0][2] + moved == rows[-1][2]


def test_fifty_lines_cost_as_many_statements_as_one(browser: Client, site: Site, buyer: Customer) -> None:
    counts: list[list[int]] = []
    for rows in (1, 50):
        for _ in range(rows - (1 if counts else 0)):
            make_order(site, buyer, payment_method="on_account", packages=[package(line())])
        of_each = []
        for address in (STATEMENT, CSV, "/account/credit/"):
            with server_log() as log:
                answer = browser.get(address)
                assert answer.status_code == 200
                assert b"SO-" not in answer.getvalue()
            of_each.append(len(log.statements))
        assert len(browser.get(STATEMENT).context["lines"]) == rows
        counts.append(of_each)

    assert counts[0] == counts[1]
    assert max(counts[1]) < 20
