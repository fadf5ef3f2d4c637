"""Shipping with one button, deleting, and a package on its own page."""

from __future__ import annotations

import pytest
from django.test import Client

from core.models import Site, User
from customers.models import Customer
from purchasing.models import Package, Purchase
from purchasing.tests.admin.pages import address
from tests.cast import line, make_order, package, pay
from tests.html_forms import fields_of


def test_staff_ship_with_one_button(back_office: Client, staff: User, site: Site, purchase: Purchase) -> None:
    page = f"/admin/purchasing/purchase/{purchase.pk}/ship/"
    form = back_office.get(page).context["form"]
    sent = {
        "version": purchase.etag,
        "packages": form.initial["packages"],
        "shipped_at_0": "2026-03-01",
        "shipped_at_1": "12:00:00",
        "carrier": "DPD",
    }
    assert back_office.post(page, sent).status_code == 302
    now = Purchase.objects.get(pk=purchase.pk)
    assert (now.calculated_fulfilment_status, now.revisions.get(number=2).author) == ("shipped", f"staff:{staff.email}")
    again = back_office.get(page, follow=True)
    assert "Nothing is left to ship." in again.content.decode()


def ship(back_office: Client, purchase: Purchase, *, packages: int) -> Purchase:
    """The purchase after the first of its open packages were shipped."""
    page = f"/admin/purchasing/purchase/{purchase.pk}/ship/"
    chosen = back_office.get(page).context["form"].initial["packages"][:packages]
    sent = {"version": purchase.etag, "packages": chosen, "shipped_at_0": "2026-03-01", "shipped_at_1": "12:00:00"}
    assert back_office.post(page, {**sent, "tracking_number": "1550"}).status_code == 302
    return Purchase.objects.get(pk=purchase.pk)


@pytest.mark.parametrize(("packages", "names"), [(1, ["PKG-2", "PKG-1"]), (2, [""])])
def test_what_is_shipped_is_one_package(back_office: Client, site: Site, packages: int, names: list[str]) -> None:
    parcels = [package(line(name, quantity=2), identifiers={"visible": f"PKG-{name}"}) for name in "12"]
    now = ship(back_office, make_order(site, packages=parcels), packages=packages)
    assert (now.shipped_quantity, now.open_quantity) == (2 * packages, 4 - 2 * packages)
    rows = Package.objects.filter(purchase=now.pk).order_by("position")
    assert [row.visible_id for row in rows] == names
    [parcel] = [row for row in rows if row.state == "shipped"]
    assert parcel.tracking == [{"carrier": "", "number": "1550", "url": ""}]


def test_a_quote_is_not_shipped(back_office: Client, site: Site) -> None:
    quote = make_order(site, type="quote")
    answer = back_office.get(f"/admin/purchasing/purchase/{quote.pk}/ship/", follow=True)
    assert "Nothing is left to ship." in answer.content.decode()


def test_shipping_from_an_old_page_is_refused(back_office: Client, site: Site, purchase: Purchase) -> None:
    page = f"/admin/purchasing/purchase/{purchase.pk}/ship/"
    packages = back_office.get(page).context["form"].initial["packages"]
    pay(purchase, "1.00")
    sent = {
        "version": purchase.etag,
        "packages": packages,
        "shipped_at_0": "2026-03-01",
        "shipped_at_1": "12:00",
        "carrier": "typed",
    }
    response = back_office.post(page, sent)
    assert (response.status_code, Purchase.objects.get(pk=purchase.pk).revision) == (200, 1)
    assert "typed" in response.content.decode()


def test_a_purchase_with_payments_is_deleted_in_one_confirmed_step(
    back_office: Client, customer: Customer, purchase: Purchase
) -> None:
    pay(purchase, "10.00", platform_id="pay-1")
    page = f"/admin/purchasing/purchase/{purchase.pk}/delete/"
    assert "un-apply pay-1: 10.00 GBP" in back_office.get(page).content.decode()
    back_office.post(page, {"post": "yes"})
    now = Purchase.objects.get(pk=purchase.pk)
    assert (now.deleted_at is None, str(now.paid), str(customer.accounts.get().balance)) == (False, "0.0000", "0.0000")
    assert back_office.get(address(purchase)).status_code == 200
    assert back_office.post(address(purchase), {"version": now.etag}).status_code == 403
    assert back_office.get("/admin/purchasing/purchase/").context["cl"].result_count == 0


def test_many_purchases_are_deleted_at_once(back_office: Client, site: Site, customer: Customer) -> None:
    orders = [make_order(site, customer, payment_method="on_account") for _ in range(2)]
    pay(orders[0], "10.00")
    chosen = {"action": "delete_selected", "_selected_action": [order.pk for order in orders]}
    back_office.post("/admin/purchasing/purchase/", {**chosen, "post": "yes"})
    assert Purchase.objects.present().count() == 0
    assert customer.accounts.get().balance == 0


def test_a_package_is_shipped_on_its_own_page(back_office: Client, staff: User, purchase: Purchase) -> None:
    row = Package.objects.get(purchase=purchase.pk)
    page = f"/admin/purchasing/package/{row.pk}/change/"
    sent = fields_of(back_office.get(page), "package_form")
    when = {"shipped_at_0": "2026-03-01", "shipped_at_1": "12:00:00", "lines-0-quantity": "4"}
    assert back_office.post(page, {**sent, **when}).status_code == 302
    now = Purchase.objects.get(pk=purchase.pk)
    assert (now.shipped_quantity, now.revisions.get(number=2).author) == (14, f"staff:{staff.email}")
    stale = back_office.post(page, {**sent, "carrier": "typed"})
    assert (stale.status_code, Purchase.objects.get(pk=purchase.pk).revision) == (200, 2)
