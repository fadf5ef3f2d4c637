"""What a clerk may not take away stays by whatever door: an import, the page of a purchase, that of a package."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.models import Site, StaffRole
from purchasing.models import LineItem, Purchase, PurchaseTransaction
from purchasing.tests.admin.pages import save
from tests.cast import line, make_order, package, pay
from tests.html_forms import fields_of
from tests.test_import_pages import PAGES, upload
from tests.test_roles_of_staff import signed_in

pytestmark = pytest.mark.django_db

HELD = "Of an applied transaction a manager changes it."
MONEY = "purchase_internal,platform_id,total,currency_code,apply_to_balance\n"
GOODS = "purchase_internal,currency_code,package,shipped_at,sku,name,quantity,net\n"
ROPE, AXE = "I-1,GBP,P,,ROPE,Product ROPE,3,30.00\n", "I-1,GBP,P,,AXE,Product AXE,1,20.00\n"
BOTH = {("ROPE", 3), ("AXE", 1)}


@pytest.fixture
def order(site: Site) -> Purchase:
    """Three ropes and an axe in one package, 10.00 paid."""
    goods = package(line("ROPE", quantity=3, net="30.00"), line("AXE", net="20.00"), identifiers={"internal": "P"})
    made = make_order(site, identifiers={"internal": "I-1"}, packages=[goods])
    pay(made, "10.00", platform_id="T-1")
    return made


@pytest.fixture
def clerk(site: Site) -> Client:
    return signed_in(site, StaffRole.CLERK)


@pytest.fixture
def manager(site: Site) -> Client:
    return signed_in(site, StaffRole.MANAGER)


def imported(browser: Client, site: Site, command: str, text: str) -> list[list[Any]]:
    """The faults of the preview, which are those of the run."""
    path = upload(browser, PAGES[command], site, text)["Location"]
    preview = browser.get(path).context["told"]
    browser.post(path)
    assert browser.get(path).context["told"] == preview
    faults: list[list[Any]] = preview["faults"]
    return faults


def counted() -> tuple[str, str, bool]:
    row = PurchaseTransaction.objects.get(platform_id="T-1")
    return f"{row.total:.2f}", row.currency_code, row.apply_to_balance


def goods_of(order: Purchase) -> set[tuple[str, int]]:
    return set(LineItem.objects.filter(package__purchase=order).values_list("sku", "quantity"))


# --- imports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("I-1,T-1,10.00,GBP,false\n", "apply_to_balance"),
        ("I-1,T-1,9.00,GBP,true\n", "total"),
    ],
)
def test_an_import_takes_no_payment_back(
    clerk: Client, manager: Client, site: Site, order: Purchase, row: str, column: str
) -> None:
    assert imported(clerk, site, "import_transactions", MONEY + row + "I-1,T-2,1.00,GBP,false\n") == [[2, column, HELD]]
    assert PurchaseTransaction.objects.filter(platform_id="T-2").count() == 1
    assert counted() == ("10.00", "GBP", True)
    assert imported(manager, site, "import_transactions", MONEY + row) == []
    assert counted() != ("10.00", "GBP", True)


def test_an_import_records_and_corrects_what_is_not_applied(clerk: Client, site: Site, order: Purchase) -> None:
    for row in (
        "I-1,T-2,1.00,GBP,false\n",
        "I-1,T-2,2.00,GBP,false\n",
        "I-1,T-2,2.00,GBP,true\n",
        "I-1,T-1,10,GBP,true\n",
    ):
        assert imported(clerk, site, "import_transactions", MONEY + row) == []
    assert set(PurchaseTransaction.objects.values_list("platform_id", "total", "apply_to_balance")) == {
        ("T-1", Decimal(10), True),
        ("T-2", Decimal(2), True),
    }


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (ROPE, [2, "sku", "Your role takes no lines away: AXE."]),
        (ROPE + AXE.replace(",1,20.00", ",0,0.00"), [3, "quantity", "Your role takes no lines away: AXE."]),
        (ROPE + AXE.replace("AXE", "HAT"), [2, "sku", "Your role takes no lines away: AXE."]),
    ],
    ids=["left out", "none of it", "another in its place"],
)
def test_an_import_drops_no_line(
    clerk: Client, manager: Client, site: Site, order: Purchase, rows: str, fault: list[Any]
) -> None:
    assert imported(clerk, site, "import_purchases", GOODS + rows) == [fault]
    assert goods_of(order) == BOTH
    assert imported(manager, site, "import_purchases", GOODS + rows) == []
    assert goods_of(order) != BOTH


def test_an_import_moves_and_corrects_lines(clerk: Client, site: Site, order: Purchase) -> None:
    """Two of the ropes were shipped; the axe costs less."""
    sent = "I-1,GBP,Q,2026-03-02,ROPE,Product ROPE,2,20.00\n"
    rows = ROPE.replace(",3,30.00", ",1,10.00") + AXE.replace("20.00", "5.00") + sent
    assert imported(clerk, site, "import_purchases", GOODS + rows) == []
    assert goods_of(order) == {("ROPE", 1), ("ROPE", 2), ("AXE", 1)}
    fewer = rows.replace(sent, "")
    assert [fault[1] for fault in imported(clerk, site, "import_purchases", GOODS + fewer)] == ["sku"]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_line_of_none_is_a_line_taken_away(clerk: Client, manager: Client, order: Purchase) -> None:
    none = {"packages-0-lines-1-quantity": "0"}
    refused = save(clerk, order, **none)
    assert refused.status_code == 200
    assert "Your role takes no lines away: AXE." in refused.content.decode()
    assert goods_of(order) == BOTH

    sent = order.packages.get()
    path = f"/admin/purchasing/package/{sent.pk}/change/"
    form = fields_of(clerk.get(path), "package_form")
    refused = clerk.post(path, {**form, "lines-1-quantity": "0"})
    assert "Your role takes no lines away: AXE." in refused.content.decode()
    assert goods_of(order) == BOTH

    assert save(manager, order, **none).status_code == 302
    assert goods_of(order) == {("ROPE", 3), ("AXE", 0)}


def test_quantities_and_prices_are_a_clerk_s_to_correct(clerk: Client, order: Purchase) -> None:
    changes = {"packages-0-lines-0-quantity": "2", "packages-0-lines-1-total_net": "0"}
    assert save(clerk, order, **changes).status_code == 302
    order.refresh_from_db()
    assert goods_of(order) == {("ROPE", 2), ("AXE", 1)}
    assert f"{order.calculated_total:.2f}" == "30.00"
