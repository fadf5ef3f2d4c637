"""What a read-only member of staff, a clerk and a manager may do, on every page of the back office.

The table says it in full; a page that is not in it fails. Everybody reads everything of the site.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from core.admin import SiteAdmin
from core.models import Site, StaffMembership, StaffRole
from purchasing.models import PurchaseTransaction
from tests.callers import make_staff
from tests.html_forms import fields_of
from tests.test_every_back_office_page import WORLD, base_of, fill, routes_of_rows

NOTHING: dict[str, set[str]] = {}
MANAGERS = {"manager": {"add", "change"}}
MANAGERS_DELETE = {"manager": {"add", "change", "delete"}}

MAY: dict[str, dict[str, set[str]]] = {
    "core.site": {"manager": {"change"}},
    "core.apiclient": MANAGERS_DELETE,
    "core.change": NOTHING,
    "customers.customer": MANAGERS_DELETE,
    "customers.customergroup": MANAGERS_DELETE,
    "customers.account": NOTHING,
    "customers.accountentry": NOTHING,
    "customers.masquerade": NOTHING,
    "catalog.product": MANAGERS,
    "catalog.productvariant": {"manager": {"change"}},
    "catalog.stock": MANAGERS,
    "catalog.stocklocation": MANAGERS,
    "pricing.pricelist": MANAGERS_DELETE,
    "pricing.price": MANAGERS_DELETE,
    "purchasing.purchase": {"clerk": {"change"}, "manager": {"change", "delete"}},
    "purchasing.package": {"clerk": {"change"}, "manager": {"change"}},
    "purchasing.purchasetransaction": {"clerk": {"add", "change"}, "manager": {"add", "change", "delete"}},
    "purchasing.shippingmethod": MANAGERS,
    "purchasing.purchasemail": NOTHING,
    "purchasing.purchaserevision": NOTHING,
}
"""By page and role: what it allows beside reading. A role that is not named reads."""

OF_EVERY_ROW = {f"<path:object_id>/{page}" for page in ("", "change/", "delete/", "history/")}
"""Addresses of a row that Django gives every page."""
READS = {
    ("purchasing.purchase", "<path:object_id>/compare/"),
    ("purchasing.purchase", "<path:object_id>/packing-list/"),
    ("purchasing.package", "<path:object_id>/packing-list/"),
    ("customers.customer", "<path:object_id>/statement/"),
    ("customers.customer", "<path:object_id>/credit/"),
    ("customers.customer", "<path:object_id>/price/"),
    ("pricing.price", "<path:object_id>/why/"),
    ("pricing.pricelist", "<path:object_id>/why/"),
}
"""Buttons that change nothing."""

ACTIONS = {
    ("purchasing.purchase", "clerk"): set[str](),
    ("purchasing.purchase", "manager"): {"delete_selected"},
    ("purchasing.purchasemail", "clerk"): {"send_again"},
    ("purchasing.purchasemail", "manager"): {"send_again"},
    ("purchasing.purchasetransaction", "clerk"): {"apply"},
    ("purchasing.purchasetransaction", "manager"): {"apply", "unapply", "delete_selected"},
}
"""Actions on many rows that a list offers, where they are more than deleting."""


def signed_in(site: Site, role: str) -> Client:
    user = make_staff(site, email=f"{role}@example.com")
    StaffMembership.objects.filter(user=user).update(role=role)
    client = Client()
    client.force_login(user)
    return client


def test_every_page_has_a_row() -> None:
    assert set(MAY) == set(WORLD)


@pytest.mark.parametrize("role", StaffRole.values)
@pytest.mark.parametrize("name", sorted(WORLD))
def test_what_a_role_may_do(site: Site, name: str, role: str) -> None:
    fill(site)
    client = signed_in(site, role)
    row = WORLD[name](site)
    allowed = MAY[name].get(role, set())
    page = f"{base_of(name)}{row.pk}/"
    assert client.get(base_of(name)).status_code == 200
    shown = client.get(f"{page}change/")
    assert shown.status_code == 200
    assert shown.context["has_change_permission"] == ("change" in allowed)
    if "change" not in allowed:
        assert client.post(f"{page}change/", {}).status_code == 403
    for asked, path in (("add", f"{base_of(name)}add/"), ("delete", f"{page}delete/")):
        default_group = (name, asked) == ("customers.customergroup", "delete")  # nobody deletes it
        wanted = 200 if asked in allowed and not default_group else 403
        assert client.get(path).status_code == wanted, path
        if wanted == 403:
            assert client.post(path, {"post": "yes"}).status_code == 403, path


@pytest.mark.parametrize("role", StaffRole.values)
@pytest.mark.parametrize("name", sorted(WORLD))
def test_which_actions_a_role_is_offered(site: Site, name: str, role: str) -> None:
    fill(site)
    deletes = {"delete_selected"} if "delete" in MAY[name].get(role, set()) else set()
    choices = signed_in(site, role).get(base_of(name)).context.get("action_form")
    offered = {value for value, _ in choices.fields["action"].choices if value} if choices else set()
    assert offered == ACTIONS.get((name, role), deletes)


@pytest.mark.parametrize(
    ("name", "route"),
    [(name, route) for name in sorted(WORLD) for route in routes_of_rows(name) if route not in OF_EVERY_ROW],
)
def test_a_reader_takes_no_action(site: Site, name: str, route: str) -> None:
    """Every button of a page refuses who may only read."""
    fill(site)
    path = base_of(name) + re.sub(r"<[^>]*>", str(WORLD[name](site).pk), route)
    reader = signed_in(site, StaffRole.READ_ONLY)
    if (name, route) in READS:
        assert reader.get(path).status_code == 200
        return
    assert [reader.get(path).status_code, reader.post(path, {"post": "yes"}).status_code] == [403, 403]


def test_a_clerk_does_not_unapply(site: Site) -> None:
    """Neither by the box, ticked or not, nor by the action, nor by an amount that leaves nothing of it."""
    fill(site)
    paid = PurchaseTransaction.objects.get()
    before = (paid.total, paid.currency_code, True)
    clerk = signed_in(site, StaffRole.CLERK)
    taken_back = {"total": "0.01", "currency_code": "USD", "apply_to_balance": ""}
    path = f"{base_of('purchasing.purchasetransaction')}{paid.pk}/change/"
    form = fields_of(clerk.get(path), "purchasetransaction_form")
    assert not {"total", "currency_code", "apply_to_balance"} & set(form)
    assert clerk.post(path, {**form, **taken_back}).status_code == 302
    inside = f"{base_of('purchasing.purchase')}{paid.purchase_id}/change/"
    form = fields_of(clerk.get(inside), "purchase_form")
    row = {f"transactions-0-{name}": value for name, value in taken_back.items()}
    assert form["transactions-0-id"] == str(paid.pk)
    assert clerk.post(inside, {**form, **row}).status_code == 302
    chosen = {"action": "unapply", "_selected_action": [str(paid.pk)]}
    clerk.post(base_of("purchasing.purchasetransaction"), chosen)
    paid.refresh_from_db()
    assert (paid.total, paid.currency_code, paid.apply_to_balance) == before


@pytest.mark.parametrize(("role", "total"), [("clerk", "3.00"), ("manager", "3.00")])
def test_what_is_not_applied_is_a_clerk_s_to_correct(site: Site, role: str, total: str) -> None:
    fill(site)
    noted = PurchaseTransaction.objects.get()
    path = f"{base_of('purchasing.purchasetransaction')}{noted.pk}/change/"
    manager = signed_in(site, StaffRole.MANAGER)
    form = fields_of(manager.get(path), "purchasetransaction_form")
    assert manager.post(path, {**form, "total": "2.00", "apply_to_balance": ""}).status_code == 302
    member = manager if role == "manager" else signed_in(site, role)
    form = fields_of(member.get(path), "purchasetransaction_form")
    assert member.post(path, {**form, "total": total}).status_code == 302
    noted.refresh_from_db()
    assert (f"{noted.total:.2f}", noted.apply_to_balance) == (total, False)


@pytest.mark.parametrize("taken", ["packages-0", "packages-0-lines-0"])
def test_who_takes_packages_and_lines_away(site: Site, taken: str) -> None:
    """A manager. A clerk has no box for it, and one that is sent is refused."""
    fill(site)
    purchase = PurchaseTransaction.objects.get().purchase
    path = f"{base_of('purchasing.purchase')}{purchase.pk}/change/"
    before = purchase.calculated_total
    assert before > 0
    clerk = signed_in(site, StaffRole.CLERK)
    shown = clerk.get(path)
    assert f'name="{taken}-DELETE"' not in shown.content.decode()
    form = fields_of(shown, "purchase_form")
    refused = clerk.post(path, {**form, f"{taken}-DELETE": "on"})
    assert refused.status_code == 200
    assert "Your role takes no rows away here." in refused.content.decode()
    purchase.refresh_from_db()
    assert purchase.calculated_total == before

    manager = signed_in(site, StaffRole.MANAGER)
    form = fields_of(manager.get(path), "purchase_form")
    assert manager.post(path, {**form, f"{taken}-DELETE": "on"}).status_code == 302
    purchase.refresh_from_db()
    assert purchase.calculated_total < before


def test_a_clerk_takes_no_line_away_on_the_package_s_page(site: Site) -> None:
    fill(site)
    sent = PurchaseTransaction.objects.get().purchase.packages.first()
    assert sent is not None
    path = f"{base_of('purchasing.package')}{sent.pk}/change/"
    clerk = signed_in(site, StaffRole.CLERK)
    form = fields_of(clerk.get(path), "package_form")
    refused = clerk.post(path, {**form, "lines-0-DELETE": "on"})
    assert refused.status_code == 200
    assert "Your role takes no rows away here." in refused.content.decode()


def test_a_role_counts_at_its_site_alone(site: Site, other_site: Site) -> None:
    """A manager here who reads there: one choice of both sites' rows changes those of here."""
    fill(site)
    fill(other_site)
    user = make_staff(site, email="both@example.com")
    StaffMembership.objects.create(site=other_site, user=user, role=StaffRole.READ_ONLY)
    client = Client()
    client.force_login(user)
    both = {each.site_id: each for each in PurchaseTransaction.objects.all()}
    chosen = {"action": "unapply", "_selected_action": [str(each.pk) for each in both.values()]}
    assert client.post(base_of("purchasing.purchasetransaction"), chosen).status_code == 302
    applied = dict(PurchaseTransaction.objects.values_list("site", "apply_to_balance"))
    assert applied == {site.pk: False, other_site.pk: True}

    there = f"{base_of('purchasing.purchasetransaction')}{both[other_site.pk].pk}/"
    assert client.get(f"{there}change/").context["has_change_permission"] is False
    assert client.post(f"{there}change/", {}).status_code == 403
    assert client.get(f"{there}delete/").status_code == 403
    new = client.get(f"{base_of('catalog.product')}add/").context["adminform"].form
    assert list(new.fields["site"].queryset) == [site]


def test_pages_say_their_roles() -> None:
    """A page outside the base would know no roles."""
    pages: list[Any] = [admin.site._registry[apps.get_model(name)] for name in WORLD]
    assert all(isinstance(page, SiteAdmin) for page in pages)
