"""Figures that staff type, in whatever language: read as they are meant, or refused; never 1,000 times off.

Inputs hold the neutral form, 1234.50, in every language, which is also what a browser's number input sends; a German
comma or grouping is refused beside the field. What is only shown is written as the language writes it.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from core.models import Site
from customers.models import AccountEntry, Customer
from pricing.models import Price
from pricing.tests.cast import make_price_list
from purchasing.models import PurchaseTransaction
from tests.cast import make_customer, make_order, package, pay
from tests.html_forms import fields_of

LANGUAGES = ("en", "de")
READ = {"1234.50": "1234.50", "1.5": "1.50", "0.01": "0.01", "-1234.50": "-1234.50", "1234": "1234"}
REFUSED = ("1.234,50", "1,234.50", "1,5", "1234,50", "1.234.50", "1 234.50", "1'234.50", "1.234", "12,34,56", "١٫٥")


@pytest.fixture
def customer(site: Site) -> Customer:
    return make_customer(site)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", [*READ, *REFUSED])
def test_a_payment(back_office: Client, site: Site, customer: Customer, language: str, typed: str) -> None:
    order = make_order(site, customer, packages=[package()])
    path, german = "/admin/purchasing/purchasetransaction/add/", {"Accept-Language": language}
    sent = fields_of(back_office.get(path, {"purchase": str(order.pk)}, headers=german), "purchasetransaction_form")

    answer = back_office.post(path, sent | {"total": typed, "currency_code": "GBP"}, headers=german)

    stored = [item.total for item in PurchaseTransaction.objects.all()]
    assert stored == ([Decimal(READ[typed])] if typed in READ else [])
    assert answer.status_code == (302 if typed in READ else 200)
    if typed in REFUSED:
        assert len(answer.context["adminform"].form.errors["total"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", [*READ, *REFUSED])
def test_an_entry(back_office: Client, customer: Customer, language: str, typed: str) -> None:
    path, german = f"/admin/customers/customer/{customer.pk}/entry/", {"Accept-Language": language}
    sent = {"kind": "manual", "currency_code": "GBP", "reference": "R-1", "reason": "Try"}

    answer = back_office.post(path, sent | {"amount": typed}, headers=german)

    stored = [entry.amount for entry in AccountEntry.objects.all()]
    assert stored == ([Decimal(READ[typed])] if typed in READ else [])
    assert answer.status_code == (302 if typed in READ else 200)


@pytest.mark.parametrize("typed", ["1.234,50", "1,5", "1234,50", "1,234.50"])
def test_a_price(back_office: Client, site: Site, typed: str) -> None:
    make_price_list(site, "default", ROPE=["1234.50"])
    price = Price.objects.get(site=site)
    path, german = f"/admin/pricing/price/{price.pk}/change/", {"Accept-Language": "de"}
    shown = fields_of(back_office.get(path, headers=german), "price_form")
    assert shown["price"] == "1234.50"

    back_office.post(path, shown | {"price": typed}, headers=german)
    assert Price.objects.get(pk=price.pk).price == Decimal("1234.50")
    back_office.post(path, shown, headers=german)  # as it was shown
    assert Price.objects.get(pk=price.pk).price == Decimal("1234.50")
    back_office.post(path, shown | {"price": "2345.67"}, headers=german)
    assert Price.objects.get(site=site).price == Decimal("2345.67")


def test_a_page_that_is_saved_as_it_was_shown_changes_nothing(
    back_office: Client, site: Site, customer: Customer
) -> None:
    order = make_order(site, customer, packages=[package()])
    pay(order, "1234.50", platform_id="pay-1")
    before = order.etag
    path, german = f"/admin/purchasing/purchase/{order.pk}/change/", {"Accept-Language": "de"}

    page = back_office.get(path, headers=german)
    shown = fields_of(page, "purchase_form")
    totals = [value for name, value in shown.items() if name.endswith("-total") and value]
    answer = back_office.post(path, shown, headers=german)

    order.refresh_from_db()
    assert (totals, answer.status_code, order.revision) == (["1234.50"], 302, 1)
    assert (PurchaseTransaction.objects.get().total, before is not None) == (Decimal("1234.50"), True)


@pytest.mark.parametrize(("language", "shown"), [("en", "1,234.50"), ("de", "1.234,50")])
def test_what_is_only_shown_is_written_as_the_language_writes_it(
    back_office: Client, site: Site, customer: Customer, language: str, shown: str
) -> None:
    pay(make_order(site, customer, packages=[package()]), "1234.50")
    page = back_office.get("/admin/purchasing/purchasetransaction/", headers={"Accept-Language": language})
    assert f'<span class="money">{shown} ' in page.content.decode()
    file = back_office.get("/admin/purchasing/purchasetransaction/export.csv", headers={"Accept-Language": language})
    titles, row = b"".join(file.streaming_content).decode().splitlines()[:2]  # type: ignore[attr-defined]  # a stream
    assert "Total,Total currency" in titles
    assert ",1234.50,GBP," in row
