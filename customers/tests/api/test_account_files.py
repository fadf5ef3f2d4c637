"""GET /api/v1/customers/{id}/statement.csv, /api/v1/customers/{id}/statement.pdf, /api/v1/customers/{id}/ledger.csv and
/api/v1/customers/{id}/ledger.pdf.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from core.models import Site
from core.site_settings import set_setting
from customers import printing
from customers.models import Customer
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_customer
from customers.tests.past import Past, write_past
from tests.callers import ApiCaller

X1 = "/api/v1/customers/X1"
MARCH = "from=2026-03-01&to=2026-03-31&currency_code=GBP"


@pytest.fixture
def customer(site: Site) -> Customer:
    customer = make_customer(site, external_id="X1", currency_code="GBP", company_name="Łódź & Söhne")
    write_past(
        customer,
        Past(datetime(2026, 1, 10, 12, tzinfo=UTC), "1100", 1, reference="O-1"),
        Past(datetime(2026, 3, 5, 12, tzinfo=UTC), "50.5", 2, reference="=1+1"),
        Past(datetime(2026, 3, 20, 12, tzinfo=UTC), "-30", kind="manual", reference="-5"),
    )
    return customer


def table(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.getvalue()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


def pages(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]


def test_a_statement_as_a_table(api: ApiCaller, customer: Customer) -> None:
    answer = api.get(f"{X1}/statement.csv?{MARCH}")

    rows = table(answer)
    name = f"statement-{customer.public_id}-2026-03-01-2026-03-31-GBP.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert [(row["line"], row["amount"], row["balance"]) for row in rows] == [
        ("opening", "", "1100.00"),
        ("entry", "50.50", "1150.50"),
        ("entry", "-30.00", "1120.50"),
        ("closing", "", "1120.50"),
        ("not_due", "", "50.50"),
        ("d1_30", "", "0.00"),
        ("d31_60", "", "1070.00"),
        ("d61_90", "", "0.00"),
        ("over_90", "", "0.00"),
        ("credit", "", "0.00"),
        ("overdue", "", "1070.00"),
    ]
    assert [row["reference"] for row in rows if row["line"] == "entry"] == ["'=1+1", "-5"]
    assert {row["currency_code"] for row in rows} == {"GBP"}


def test_the_ledger_as_a_table(api: ApiCaller, customer: Customer) -> None:
    write_past(customer, Past(datetime(2026, 2, 1, tzinfo=UTC), "7", 3), currency_code="JPY")

    rows = table(api.get(f"{X1}/ledger.csv"))

    listed = api.get(f"{X1}/ledger").json()
    assert [row["id"] for row in rows] == [str(entry["id"]) for entry in listed]
    assert [row["amount"] for row in rows] == ["1100.00", "7", "50.50", "-30.00"]
    assert rows[0] == {
        name: "" if value is None else str(value)
        for name, value in {**listed[0], "what": "charge", "balance": listed[0]["balance_after"]}.items()
        if name != "balance_after"
    }
    assert [row["id"] for row in table(api.get(f"{X1}/ledger.csv?currency_code=jpy"))] == [rows[1]["id"]]
    assert len(table(api.get(f"{X1}/ledger.csv?posted_at[gte]=2026-03-01"))) == 2


def test_a_table_is_sent_while_it_is_read(api: ApiCaller, site: Site) -> None:
    long = make_customer(site, external_id="X1")
    beginning = datetime(2026, 1, 1, tzinfo=UTC)
    write_past(long, *[Past(beginning + timedelta(minutes=number), "1", 1) for number in range(4_100)])
    with CaptureQueriesContext(connection) as before:
        answer = api.get(f"{X1}/ledger.csv")
    with CaptureQueriesContext(connection) as meanwhile:
        rows = table(answer)
    assert len(rows) == 4_100
    assert Decimal(rows[-1]["balance"]) == 4_100
    assert len(meanwhile) == 3
    assert not [query for query in before if "LATERAL" in query["sql"]]


def test_a_statement_as_a_paper(api: ApiCaller, site: Site, customer: Customer) -> None:
    answer = api.get(f"{X1}/statement.pdf?{MARCH}")

    [text] = pages(answer)
    name = f"statement-{customer.public_id}-2026-03-01-2026-03-31-GBP.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    for words in (
        "Jones Climbing",
        f"Łódź & Söhne ({customer.public_id})",
        "1 Mar 2026 – 31 Mar 2026",
        "Opening balance",
        "1,100.00",
        "=1+1",
        "50.50",
        "-30.00",
        "Closing balance",
        "1,120.50",
        "31–60 days",
        "1,070.00 GBP",
        "Orders on account are charged. Applied payments lower the balance, also of other orders.",
        "Page 1 of 1",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("on_account", "Bestellungen auf Rechnung werden belastet."),
        ("all_orders", "Jede Bestellung wird belastet;"),
        ("off", "Bestellungen werden hier nicht belastet:"),
    ],
)
def test_a_paper_speaks_the_first_language_of_the_site(
    api: ApiCaller, site: Site, customer: Customer, mode: str, words: str
) -> None:
    set_setting(site=site, key="languages", value=["de", "en"])
    set_setting(site=site, key="charge_posting", value=mode)
    [text] = pages(api.get(f"{X1}/statement.pdf?{MARCH}"))
    for part in ("Kontoauszug", "01.03.2026 – 31.03.2026", "1.120,50", "Seite 1 von 1", words):
        assert part in text, part


def test_the_ledger_as_a_paper(api: ApiCaller, customer: Customer) -> None:
    write_past(customer, Past(datetime(2026, 2, 1, tzinfo=UTC), "7", 3), currency_code="JPY")
    [text] = pages(api.get(f"{X1}/ledger.pdf"))
    for words in ("Ledger", "10 Jan 2026", "9 Feb 2026", "1,100.00 GBP", "7 JPY", "O-1"):
        assert words in text, words


def test_a_long_paper_goes_on_over_pages(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1", currency_code="GBP")
    beginning = datetime(2026, 3, 1, tzinfo=UTC)
    entries = [Past(beginning + timedelta(minutes=n), "1", 1, reference=f"no{n}.") for n in range(300)]
    write_past(customer, *entries)

    printed = pages(api.get(f"{X1}/statement.pdf?{MARCH}"))

    assert len(printed) > 4
    assert all("Reference" in page and f"of {len(printed)}" in page for page in printed[:-1])
    assert all("\n".join(printed).count(f"no{number}.") == 1 for number in range(300))


@pytest.mark.parametrize(("path", "property"), [(f"statement.pdf?{MARCH}", "from"), ("ledger.pdf", "posted_at[gte]")])
def test_what_is_too_long_for_a_paper_is_refused(
    api: ApiCaller, customer: Customer, monkeypatch: pytest.MonkeyPatch, path: str, property: str
) -> None:
    monkeypatch.setattr(printing, "MOST_PRINTED", 1)
    answer = api.get(f"{X1}/{path}")
    assert (answer.status_code, faults(answer)) == (400, [("too-many-lines", property)])


@pytest.mark.parametrize("path", ["statement.csv", "statement.pdf", "ledger.csv", "ledger.pdf"])
def test_files_are_refused_as_everything_is(
    api: ApiCaller, other_api: ApiCaller, site: Site, customer: Customer, path: str
) -> None:
    assert api.get(f"{X1}/{path}").status_code == 200
    refused = api.get(f"{X1}/{path}?limit=1")
    assert (refused.status_code, faults(refused)) == (400, [("unknown-parameter", "limit")])
    assert refused["Content-Type"] == "application/json"
    assert other_api.get(f"{X1}/{path}").status_code == 404
    head = api.head(f"{X1}/{path}")
    assert (head.status_code, head.getvalue()) == (200, b"")


def test_an_account_nothing_was_posted_to(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1", currency_code="GBP")
    assert table(api.get(f"{X1}/ledger.csv")) == []
    assert [row["line"] for row in table(api.get(f"{X1}/statement.csv"))][:2] == ["opening", "closing"]
    assert "Closing balance" in pages(api.get(f"{X1}/statement.pdf"))[0]
    assert "Ledger" in pages(api.get(f"{X1}/ledger.pdf"))[0]
