"""Quotes in the back office: made with the customer's prices, sent, revised, expired, and whose they are to make."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import VariantOption
from catalog.tests.cast import make_product
from core.models import Site, StaffMembership, StaffRole
from core.site_settings import set_setting
from customers.models import Customer
from customers.tests.cast import make_address
from pricing.tests.cast import make_price_list, put_prices
from purchasing.admin.quote_form import MOST_ROWS
from purchasing.models import Purchase, PurchaseRevision
from purchasing.revisions import document_of
from purchasing.tests.admin.pages import current, opened, save
from purchasing.tests.pages.conftest import words_of
from tests.callers import make_staff
from tests.cast import make_customer, make_order
from tests.html_forms import fields_of
from tests.test_roles_of_staff import signed_in

PAGE = "/admin/purchasing/purchase/new-quote/"


PRICES: dict[str, Any] = {"ROPE-60": ["98.50", (10, "90.00")]}


@pytest.fixture
def customer(site: Site) -> Customer:
    """Ropes cost him 98.50, from 10 on 90.00."""
    put_prices(make_price_list(site, "trade"), **PRICES)
    return make_customer(site, currency_code="GBP", price_lists=["trade"], payment_on_account=True)


def form_of(browser: Client) -> dict[str, Any]:
    return fields_of(browser.get(PAGE), "quote_form")


def rows(*said: tuple[str, str, str]) -> dict[str, str]:
    """SKU, quantity and price of each row."""
    return {
        f"lines-{number}-{name}": value
        for number, row in enumerate(said)
        for name, value in zip(("sku", "quantity", "unit_net"), row, strict=True)
    }


def send(browser: Client, customer: Customer, /, *said: tuple[str, str, str], **fields: str) -> Any:
    form = {name: value for name, value in form_of(browser).items() if name not in ("propose", "more")}
    return browser.post(PAGE, {**form, "customer": str(customer.pk), **rows(*said), **fields})


def lines_of(quote: Purchase) -> list[tuple[str, int, str, Any]]:
    return [
        (
            each["identifiers"]["sku"],
            each["quantity"],
            each["line_total"]["total_net"]["number"],
            each["line_total"].get("tax_rate"),
        )
        for each in document_of(quote)["packages"][0]["line_items"]
    ]


# --- making one ------------------------------------------------------------------------------------------------------


def test_empty_prices_are_the_customers(back_office: Client, site: Site, customer: Customer) -> None:
    set_setting(site=site, key="default_tax_rate", value="20")

    answer = send(back_office, customer, ("ROPE-60", "10", ""), ("ROPE-60", "1", "95"), customer_reference="PO 7")

    quote = Purchase.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/purchasing/purchase/{quote.pk}/change/")
    document = document_of(quote)
    assert (quote.type, document["quote_status"], quote.currency_code) == ("quote", "draft", "GBP")
    assert (quote.customer, quote.customer_reference, quote.payment_method) == (customer, "PO 7", "on_account")
    assert lines_of(quote) == [("ROPE-60", 10, "900.00", 20), ("ROPE-60", 1, "95.00", 20)]
    assert f"{quote.calculated_total:.2f}" == "1194.00"
    assert PurchaseRevision.objects.get().author == "staff:staff@jones-climbing.example"


def test_prices_are_proposed_before(back_office: Client, customer: Customer) -> None:
    answer = send(back_office, customer, ("ROPE-60", "", ""), ("CHALK", "2", ""), propose="1")
    form = fields_of(answer, "quote_form")
    assert [form[f"lines-0-{name}"] for name in ("sku", "name", "quantity", "unit_net")] == [
        "ROPE-60",
        "ROPE-60",
        "1",
        "98.50",
    ]
    assert (form["lines-1-unit_net"], form["currency_code"]) == ("", "GBP")
    assert not Purchase.objects.exists()


def test_the_catalogue_names_it(back_office: Client, site: Site, customer: Customer) -> None:
    variant = make_product(site, "ROPE-60", title="Tom's rope").variants.get()
    VariantOption.objects.create(site=site, variant=variant, group="Length", value="60 m")
    values = " / ".join(option.value for option in variant.options.order_by("id"))
    for typed, wanted in (("", ("Tom's rope", values)), ("Tom's rope", ("Tom's rope", values)), ("Rope", ("Rope", ""))):
        send(back_office, customer, ("ROPE-60", "1", ""), **{"lines-0-name": typed})
        [line] = document_of(Purchase.objects.latest("pk"))["packages"][0]["line_items"]
        assert (line["name_parent"], line["name_child"]) == wanted
        assert {"key": "Length", "value": "60 m"} in line["custom_attributes"]


def test_what_has_no_price_needs_one(back_office: Client, customer: Customer) -> None:
    answer = send(back_office, customer, ("ROPE-60", "1", ""), ("CHALK", "2", ""))
    draft = answer.context["draft"]
    assert draft.rows.forms[1].errors == {"unit_net": ["No price list of the customer has a price. Give one."]}
    assert (draft.rows.forms[0].errors, Purchase.objects.count()) == ({}, 0)


def test_a_list_in_another_currency_proposes_nothing(back_office: Client, customer: Customer) -> None:
    answer = send(back_office, customer, ("ROPE-60", "1", ""), currency_code="eur")
    assert answer.context["draft"].rows.forms[0].errors != {}
    assert send(back_office, customer, ("ROPE-60", "1", "110"), currency_code="eur").status_code == 302
    assert Purchase.objects.get().currency_code == "EUR"


@pytest.mark.parametrize(
    ("said", "fields", "field", "error"),
    [
        ([("", "2", "")], {}, "row", "Say which SKU."),
        ([("ROPE-60", "0", "")], {}, "row", "Ensure this value is greater than or equal to 1."),
        ([("ROPE-60", "1", "-1")], {}, "row", "Ensure this value is greater than or equal to 0."),
        ([("ROPE-60", "1", "")], {"currency_code": "XXQ"}, "currency_code", "Name a currency, such as GBP."),
        ([("ROPE-60", "1", "")], {"customer": ""}, "customer", "This field is required."),
        (
            [("ROPE-60", "1", "")],
            {"quote_expires_at_0": "2020-01-01", "quote_expires_at_1": "12:00"},
            "quote_expires_at",
            "Nobody could accept it: this has passed.",
        ),
        ([], {}, "__all__", "lines: Offer something: a SKU and how many."),
    ],
)
def test_faults_stand_where_they_are(
    back_office: Client, customer: Customer, said: list[Any], fields: dict[str, str], field: str, error: str
) -> None:
    answer = send(back_office, customer, *said, **fields)
    draft = answer.context["draft"]
    found = [text for row in draft.rows.forms for texts in row.errors.values() for text in texts]
    told = found if field == "row" else draft.form.errors.get(field)
    assert (answer.status_code, told, Purchase.objects.count()) == (200, [error], 0)


def test_who_buys_for_a_company_is_its_child(back_office: Client, site: Site, customer: Customer) -> None:
    buyer = make_customer(site, parent=customer, tax_exempt=False, price_lists=["trade"], email="sam@example.com")
    Customer.objects.filter(pk=customer.pk).update(tax_exempt=True)
    set_setting(site=site, key="default_tax_rate", value="20")
    send(back_office, buyer, ("ROPE-60", "1", ""))
    quote = Purchase.objects.get()
    assert (quote.customer, quote.child) == (customer, buyer)
    assert lines_of(quote) == [("ROPE-60", 1, "98.50", 0)]


def test_addresses_are_the_customers_own(back_office: Client, customer: Customer) -> None:
    address = make_address(customer)
    customer.default_shipping_address = customer.default_billing_address = address
    customer.save()
    send(back_office, customer, ("ROPE-60", "1", ""))
    document = document_of(Purchase.objects.get())
    for found in (document["billing_address"], document["packages"][0]["shipping_address"]):
        assert (found["address_line1"], found["sparklayer_id"]) == (address.address_line1, address.public_id)


def test_a_second_click_makes_no_second_one(back_office: Client, customer: Customer) -> None:
    form = {**form_of(back_office), "customer": str(customer.pk), **rows(("ROPE-60", "1", ""))}
    form = {name: value for name, value in form.items() if name not in ("propose", "more")}
    answers = [back_office.post(PAGE, form) for _ in range(2)]
    quote = Purchase.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/admin/purchasing/purchase/{quote.pk}/change/"}
    assert quote.spark_id == UUID(form["spark_id"])


OTHER_CONTENT: list[dict[str, str]] = [
    {"lines-0-quantity": "2"},
    {"lines-0-sku": "CHALK"},
    {"lines-0-unit_net": "97.00"},
    {"lines-0-name": "Rope"},
    {"lines-1-sku": "CHALK", "lines-1-unit_net": "2"},
    {"customer_reference": "PO 8"},
    {"quote_expires_at_0": "2126-01-01", "quote_expires_at_1": "12:00"},
    {"currency_code": "EUR"},
    {"customer": "another"},
]


def test_other_content_from_the_same_form_is_refused_and_kept(
    back_office: Client, site: Site, customer: Customer
) -> None:
    """As after going back in the browser: nobody takes the first quote for what he typed then."""
    another = make_customer(site, price_lists=["trade"], currency_code="GBP", email="sam@example.com")
    form = {name: value for name, value in form_of(back_office).items() if name not in ("propose", "more")}
    form |= {"customer": str(customer.pk), **rows(("ROPE-60", "1", "98.50"))}
    made = back_office.post(PAGE, form)
    quote = Purchase.objects.get()
    assert back_office.post(PAGE, form)["Location"] == made["Location"]
    for other in OTHER_CONTENT:
        typed = form | {name: value.replace("another", str(another.pk)) for name, value in other.items()}
        answer = back_office.post(PAGE, typed)
        kept = {name: value for name, value in fields_of(answer, "quote_form").items() if name in typed}
        assert {name for name in typed if kept[name] != typed[name]} - {"currency_code"} == {"spark_id"}, other
        [told] = answer.context["draft"].form.non_field_errors()
        assert f'<a href="/admin/purchasing/purchase/{quote.pk}/change/">{quote}</a>' in told
    assert list(Purchase.objects.all()) == [quote]

    assert back_office.post(PAGE, typed | {"spark_id": kept["spark_id"]}).status_code == 302
    assert Purchase.objects.latest("pk").customer == another


def test_the_same_content_leads_to_the_quote_even_when_it_was_changed_since(
    back_office: Client, customer: Customer
) -> None:
    form = {name: value for name, value in form_of(back_office).items() if name not in ("propose", "more")}
    form |= {"customer": str(customer.pk), **rows(("ROPE-60", "1", ""))}
    back_office.post(PAGE, form)
    quote = Purchase.objects.get()
    save(back_office, quote, customer_reference="PO 9")
    assert current(quote)["customer_reference"] == "PO 9"
    assert back_office.post(PAGE, form)["Location"] == f"/admin/purchasing/purchase/{quote.pk}/change/"
    assert Purchase.objects.count() == 1


def test_rows_are_added_and_kept(back_office: Client, customer: Customer) -> None:
    answer = send(back_office, customer, ("ROPE-60", "1", ""), more="1")
    form = fields_of(answer, "quote_form")
    assert (form["lines-TOTAL_FORMS"], form["lines-0-sku"], form["customer"]) == ("11", "ROPE-60", str(customer.pk))
    many = send(back_office, customer, more="1", **{"lines-TOTAL_FORMS": "999"})
    assert len(many.context["draft"].rows.forms) == MOST_ROWS


@pytest.mark.parametrize(
    ("role", "status"), [(StaffRole.READ_ONLY, 403), (StaffRole.CLERK, 302), (StaffRole.MANAGER, 302)]
)
def test_clerks_make_them(site: Site, customer: Customer, role: StaffRole, status: int) -> None:
    spark_id = "0191b6a4-0000-7000-8000-000000000001"
    form = {"spark_id": spark_id, "customer": str(customer.pk), "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
    assert signed_in(site, role).post(PAGE, {**form, **rows(("ROPE-60", "1", ""))}).status_code == status
    assert Purchase.objects.exists() == (status == 302)


def test_for_customers_of_where_one_is_clerk(site: Site, other_site: Site, customer: Customer) -> None:
    user = make_staff(site, email="both@example.com")
    StaffMembership.objects.create(site=other_site, user=user, role=StaffRole.READ_ONLY)
    browser = Client()
    browser.force_login(user)
    answer = send(browser, make_customer(other_site), ("ROPE-60", "1", "5"))
    assert "customer" in answer.context["draft"].form.errors
    assert send(browser, customer, ("ROPE-60", "1", "5")).status_code == 302


def test_nor_for_deleted_ones(back_office: Client, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now())
    assert "customer" in send(back_office, customer, ("ROPE-60", "1", "5")).context["draft"].form.errors


# --- from the customer's page ----------------------------------------------------------------------------------------


def of_customer(customer: Customer, page: str) -> str:
    return f"/admin/customers/customer/{customer.pk}/{page}/"


def test_a_customers_page_leads_to_a_quote_for_him(back_office: Client, customer: Customer) -> None:
    assert of_customer(customer, "new-quote") in back_office.get(of_customer(customer, "change")).content.decode()
    led = back_office.get(of_customer(customer, "new-quote"))
    assert (led.status_code, led["Location"]) == (302, f"{PAGE}?customer={customer.pk}")
    assert fields_of(back_office.get(led["Location"]), "quote_form")["customer"] == str(customer.pk)
    assert not Purchase.objects.exists()


@pytest.mark.parametrize(
    ("role", "shown", "status"),
    [(StaffRole.READ_ONLY, False, 403), (StaffRole.CLERK, True, 302), (StaffRole.MANAGER, True, 302)],
)
def test_it_leads_those_who_make_quotes(
    site: Site, customer: Customer, role: StaffRole, shown: bool, status: int
) -> None:
    browser = signed_in(site, role)
    page = browser.get(of_customer(customer, "change")).content.decode()
    assert (of_customer(customer, "new-quote") in page) == shown
    assert browser.get(of_customer(customer, "new-quote")).status_code == status


def test_a_clerk_elsewhere_is_not_led(site: Site, other_site: Site, customer: Customer) -> None:
    user = make_staff(other_site, email="both@example.com")
    StaffMembership.objects.create(site=site, user=user, role=StaffRole.READ_ONLY)
    browser = Client()
    browser.force_login(user)
    assert of_customer(customer, "new-quote") not in browser.get(of_customer(customer, "change")).content.decode()
    assert browser.get(of_customer(customer, "new-quote")).status_code == 403
    assert browser.get(of_customer(make_customer(other_site), "new-quote")).status_code == 302


def test_it_leads_nowhere_for_a_deleted_one(back_office: Client, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now())
    assert of_customer(customer, "new-quote") not in back_office.get(of_customer(customer, "change")).content.decode()
    assert back_office.get(of_customer(customer, "new-quote"))["Location"] == of_customer(customer, "change")


# --- what becomes of it ----------------------------------------------------------------------------------------------


def button(quote: Purchase, name: str) -> str:
    return f"/admin/purchasing/purchase/{quote.pk}/{name}/"


def pressed(browser: Client, quote: Purchase, name: str, **fields: str) -> Any:
    form = browser.get(button(quote, name)).context["form"]
    sent = {bound.html_name: bound.value() for bound in form if bound.value() is not None and bound.name == "version"}
    return browser.post(button(quote, name), {**sent, **fields})


def test_a_sent_quote_that_is_revised_is_accepted_as_it_stands(
    back_office: Client, site: Site, customer: Customer
) -> None:
    send(back_office, customer, ("ROPE-60", "1", ""))
    quote = Purchase.objects.get()
    pressed(back_office, quote, "send-quote")
    stale = opened(back_office, quote)["version"]

    answer = save(back_office, quote, **{"packages-0-lines-0-total_net": "90.00"})

    assert answer.status_code == 302
    quote.refresh_from_db()
    assert (quote.revision, current(quote)["quote_status"], f"{quote.calculated_total:.2f}") == (3, "sent", "90.00")
    refused = back_office.post(button(quote, "accept"), {"version": stale})
    assert (refused.status_code, Purchase.objects.get().type) == (200, "quote")
    assert pressed(back_office, quote, "accept").status_code == 302
    quote.refresh_from_db()
    assert (quote.type, f"{quote.calculated_total:.2f}") == ("order", "90.00")


def test_one_that_has_expired_is_sent_again_with_another_day(
    back_office: Client, site: Site, customer: Customer
) -> None:
    past, later = (timezone.now() + timedelta(days=days) for days in (-1, 7))
    quote = make_order(site, customer, type="quote", quote_status="sent", quote_expires_at=past.isoformat())
    page = back_office.get(f"/admin/purchasing/purchase/{quote.pk}/change/")
    assert "Expired, until" in words_of(page)
    assert (b"/send-quote/" in page.content, b"/accept/" in page.content) == (True, False)

    same = {"quote_expires_at_0": f"{past:%Y-%m-%d}", "quote_expires_at_1": f"{past:%H:%M:%S}"}
    assert pressed(back_office, quote, "send-quote", **same).context["form"].errors == {
        "quote_expires_at": ["Nobody could accept it: this has passed."]
    }
    new = {"quote_expires_at_0": f"{later:%Y-%m-%d}", "quote_expires_at_1": f"{later:%H:%M:%S}"}
    assert pressed(back_office, quote, "send-quote", **new).status_code == 302

    assert current(quote)["quote_expires_at"].startswith(f"{later:%Y-%m-%d}")
    assert pressed(back_office, quote, "accept").status_code == 302
    assert Purchase.objects.get().type == "order"
