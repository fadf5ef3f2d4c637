"""Who changed a price, a stock level, a customer or a setting, when, from what to what: by the API, the back office and
in bulk, and who may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Stock
from catalog.tests.cast import make_location, put_in_stock
from core import sql, trail
from core.acting import act_as, act_as_asked, act_as_nobody
from core.actors import Actor, ActorKind
from core.models import Change, Site, SiteSetting
from core.postgres.base import PlainCursor
from core.postgres.exchange import Exchange
from core.site_settings import set_setting
from customers.models import Customer
from pricing.models import Price
from pricing.tests.cast import make_price_list
from purchasing.erasing import erase_customer
from tests.callers import ApiCaller, make_caller
from tests.cast import make_customer
from tests.html_forms import fields_of
from tests.together import together

pytestmark = pytest.mark.django_db

Rows = tuple[models.Model, ...]
KINDS = ("price", "stock", "customer", "sitesetting")
STAFF = "staff:staff@jones-climbing.example"


@pytest.fixture
def rows(site: Site) -> dict[str, Any]:
    """One of each kind, with an old value that every test below makes a new one."""
    make_price_list(site, "base", ROPE=["98.50"])
    put_in_stock(make_location(site), ROPE=4)
    set_setting(site=site, key="net_terms_days", value=30)
    return {
        "price": Price.objects.get(),
        "stock": Stock.objects.get(),
        "customer": make_customer(site, "Summit", external_id="C-1", email="tom@example.com"),
        "sitesetting": SiteSetting.objects.get(),
    }


BECAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "price": ({"price": Decimal("98.5")}, {"price": Decimal("95.000001")}),
    "stock": ({"stock_level": 4}, {"stock_level": 7}),
    "customer": ({"last_name": "Jones"}, {"last_name": "Adams"}),
    "sitesetting": ({"value": 30}, {"value": 14}),
}
NAMES = {"price": "ROPE", "stock": "ROPE", "sitesetting": "net_terms_days"}


def by_api(api: ApiCaller, row: Any) -> Any:
    match row:
        case Price():
            prices = [{"quantity": 1, "price": "95.000001", "tax_type": "net"}]
            return api.patch("/api/v1/price-lists/base/pricing", json=[{"sku": "ROPE", "pricing": prices}])
        case Stock():
            level = {"stock_location_id": row.location.public_id, "stock_level": 7}
            return api.patch("/api/v1/variants/ROPE/stock", json=[level])
        case Customer():
            return api.patch(f"/api/v1/customers/{row.public_id}", json={"last_name": "Adams"})
    return api.patch("/api/v1/settings", json=[{"key": "net_terms_days", "value": 14}])


def by_back_office(browser: Client, row: Any) -> Any:
    model, said = row._meta.model_name, {"price": {"price": "95.000001"}, "stock": {"stock_level": "7"}}
    page = f"/admin/{row._meta.app_label}/{model}/{row.pk}/change/"
    if isinstance(row, SiteSetting):
        page, model, said = f"/admin/core/site/{row.site_id}/change/", "site", {"site": {"net_terms_days": "14"}}
    form = fields_of(browser.get(page), f"{model}_form")
    return browser.post(page, form | said.get(model, {"last_name": "Adams"}))


FILES = {
    "price": ("import_prices", "sku,price_list_slug,quantity,price\nROPE,base,1,95.000001\n"),
    "stock": ("import_stock", "sku,stock_location_external_id,stock_level\nROPE,default,7\n"),
    "customer": ("import_customers", "external_id,email,first_name,last_name\nC-1,tom@example.com,Tom,Adams\n"),
}


def in_bulk(row: Any, folder: Path) -> str:
    """An import where there is one; else what no operation sees. Answers who it is by."""
    kind = row._meta.model_name
    if kind in FILES:
        command, content = FILES[kind]
        file = folder / "rows.csv"
        file.write_text(content)
        call_command(command, str(file), site=row.site.slug)
        return f"system:{command}"
    SiteSetting.objects.filter(site=row.site).update(value=14)
    return "system"


def the_change(row: Any) -> Change:
    """The only one since the row was made."""
    _made, *changes = Change.objects.of(row).order_by("pk")
    [change] = changes
    assert timezone.now() - change.at < timedelta(minutes=5)
    assert change.name == NAMES.get(change.kind, str(row.pk))
    return change


def told(change: Change) -> tuple[Any, Any]:
    return change.before, change.after


@pytest.mark.parametrize("kind", KINDS)
class TestWhoAndWhen:
    def test_by_the_api(self, api: ApiCaller, rows: dict[str, Any], kind: str) -> None:
        assert by_api(api, rows[kind]).status_code in (200, 204)
        change = the_change(rows[kind])
        assert (change.actor, told(change)) == ("client:ERP", BECAME[kind])

    def test_in_the_back_office(self, back_office: Client, rows: dict[str, Any], kind: str) -> None:
        assert by_back_office(back_office, rows[kind]).status_code == 302
        change = the_change(rows[kind])
        assert (change.actor, told(change)) == (STAFF, BECAME[kind])

    def test_in_bulk(self, rows: dict[str, Any], kind: str, tmp_path: Path) -> None:
        who = in_bulk(rows[kind], tmp_path)
        change = the_change(rows[kind])
        assert (change.actor, told(change)) == (who, BECAME[kind])

    def test_coming_and_going(self, rows: dict[str, Any], kind: str) -> None:
        act_as(Actor(ActorKind.CLIENT, "Shop"))
        row = rows[kind]
        number = row.pk
        type(row).objects.filter(pk=number).delete()
        went, came = Change.objects.filter(kind=kind, row_id=number)
        assert (came.actor, came.before, went.actor, went.after) == ("system", None, "client:Shop", None)
        assert came.after == went.before
        assert came.after is not None
        assert BECAME[kind][0].items() <= came.after.items()

    def test_its_history_tells_it_to_staff_of_the_site(
        self, back_office: Client, api: ApiCaller, other_site: Site, rows: dict[str, Any], kind: str
    ) -> None:
        row = rows[kind]
        by_api(api, row)
        shown = row.site if kind == "sitesetting" else row
        history = f"/admin/{shown._meta.label_lower.replace('.', '/')}/{shown.pk}/history/"
        page = back_office.get(history).content.decode()
        assert "client:ERP" in page
        [old], [new] = (list(side.values()) for side in BECAME[kind])
        assert f": {old} → {new}" in page
        assert "— → —" not in page
        listed = back_office.get("/admin/core/change/", {"kind": kind}).content.decode()
        assert f": {old} → {new}" in listed
        Change.objects.update(site=other_site)
        assert "client:ERP" not in back_office.get(history).content.decode()
        assert "→" not in back_office.get("/admin/core/change/").content.decode()


def test_what_a_row_refers_to_is_told_by_its_name(
    back_office: Client, rows: dict[str, Any], django_assert_num_queries: Any
) -> None:
    """Until it is gone; looked up for all changes of a page at once."""
    price, level = rows["price"], rows["stock"]
    listed = back_office.get("/admin/core/change/").content.decode()
    for shown in (price.price_list, level.location):
        assert f": — → {shown}" in listed
    history = f"/admin/pricing/price/{price.pk}/history/"
    assert f": — → {price.price_list}" in back_office.get(history).content.decode()
    with CaptureQueriesContext(connection) as few:
        back_office.get("/admin/core/change/")
    columns = "site_id, kind, row_id, name, actor, before, after"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO core_change ({columns}) SELECT {columns} FROM core_change")
    with django_assert_num_queries(len(few)):
        back_office.get("/admin/core/change/")


def test_what_says_the_same_leaves_no_trace(api: ApiCaller, rows: dict[str, Any]) -> None:
    before = Change.objects.count()
    for _ in range(2):
        for row in rows.values():
            by_api(api, row)
    assert Change.objects.count() == before + len(rows)


def test_plain_sql_is_seen(rows: dict[str, Any]) -> None:
    act_as(Actor(ActorKind.SYSTEM, "psql"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pricing_price SET price = 95.000001")
    assert the_change(rows["price"]).actor == "system:psql"


def test_what_is_taken_back_was_never_changed(rows: dict[str, Any]) -> None:
    """And the transaction is told anew who acts, which the savepoint took back too."""
    act_as(Actor(ActorKind.CLIENT, "Shop"))
    with transaction.atomic():
        part = transaction.savepoint()
        Price.objects.update(price=1)
        transaction.savepoint_rollback(part)
        Price.objects.update(price=Decimal("95.000001"))
    assert told(the_change(rows["price"])) == BECAME["price"]
    assert the_change(rows["price"]).actor == "client:Shop"


def test_an_import_that_was_only_tried_leaves_no_trace(rows: dict[str, Any], tmp_path: Path) -> None:
    before = Change.objects.count()
    file = tmp_path / "rows.csv"
    file.write_text(FILES["price"][1])
    call_command("import_prices", str(file), site=rows["price"].site.slug, dry_run=True)
    assert Change.objects.count() == before


def test_who_acts_costs_no_exchange_and_is_told_only_where_it_matters(
    rows: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def shop() -> Actor:
        asked.append(1)
        return Actor(ActorKind.CLIENT, "Shop")

    act_as_asked(shop)
    list(Customer.objects.all())
    Site.objects.update(name="Jones")
    sql.run("UPDATE core_site SET name = $1", ["Jones Climbing"])
    sql.fetch("SELECT 1 FROM pricing_price", [])
    assert asked == []
    sent: list[int] = []
    whole = Exchange.send

    def counted(self: Exchange, calls: Any, **said: Any) -> Any:
        sent.append(len(calls))
        return whole(self, calls, **said)

    monkeypatch.setattr(Exchange, "send", counted)
    with transaction.atomic():
        for price in ("1", "2", "3"):
            sql.run("UPDATE pricing_price SET price = $1", [price])
        sql.fetch("SELECT 1", [])
        sql.fetch("SELECT 2", [])
    assert sent == [5, 1]  # with who acts, once, before them
    assert {change.actor for change in Change.objects.of(rows["price"])[:3]} == {"client:Shop"}


def test_erasing_a_person_empties_the_trail(site: Site, rows: dict[str, Any]) -> None:
    customer, clerk = rows["customer"], Actor(ActorKind.STAFF, "clerk@example.com")
    erase_customer(site=site, customer_id=customer.public_id, actor=clerk, now=timezone.now())
    changes = Change.objects.of(customer)
    assert [told(change) for change in changes] == [(None, None)] * 2
    erase_customer(site=site, customer_id=customer.public_id, actor=clerk, now=timezone.now())
    assert not changes.exclude(before__isnull=True, after__isnull=True).exists()


def test_every_table_that_says_so_keeps_its_trail(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname) FROM pg_trigger "
            "WHERE tgname LIKE 'trail\\_of\\_%' GROUP BY tgrelid"
        )
        kept = dict(cursor.fetchall())
    events = ["trail_of_delete", "trail_of_insert", "trail_of_update"]
    assert kept == {model._meta.db_table: events for model in trail.kinds().values()}


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_are_told_apart(site: Site, rows: dict[str, Any]) -> None:
    """Each thread's own name, on connections that others used before, and none after the transaction has ended."""

    def change(number: int) -> Callable[[], None]:
        caller = make_caller(site, name=f"Shop {number}")

        def call() -> None:
            for price in range(5):
                prices = [{"quantity": 1, "price": f"{number}.{price}", "tax_type": "net"}]
                body = [{"sku": f"ROPE-{number}", "pricing": prices}]
                assert caller.patch("/api/v1/price-lists/base/pricing", json=body).status_code in (200, 204)

        return call

    assert together(*map(change, range(4))) == [None] * 4
    act_as(Actor(ActorKind.CLIENT, "Shop"))
    Price.objects.filter(sku="ROPE").update(price=2)
    act_as_nobody()
    Price.objects.filter(sku="ROPE").update(price=1)
    found = Change.objects.filter(kind="price", name__startswith="ROPE-").values_list("name", "actor")
    assert sorted(found) == [(f"ROPE-{number}", f"client:Shop {number}") for number in range(4) for _ in range(5)]
    assert Change.objects.of(rows["price"])[0].actor == "system"


def test_where_nothing_is_prepared_it_is_told_too(rows: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a pooler Django's own cursor fills values in."""
    act_as(Actor(ActorKind.CLIENT, "Shop"))
    monkeypatch.setattr(connection.connection, "cursor_factory", PlainCursor)
    Price.objects.update(price=Decimal("95.000001"))
    assert the_change(rows["price"]).actor == "client:Shop"


def test_one_change_of_many_rows_is_many_changes(site: Site) -> None:
    price_list = make_price_list(site, "base")
    Price.objects.bulk_create(
        [Price(site=site, price_list=price_list, sku=f"R-{number}", price=number) for number in range(50)]
    )
    Price.objects.update(price=models.F("price") + 1)
    assert Change.objects.filter(kind="price", before__isnull=True).count() == 50
    assert Change.objects.filter(kind="price").filter(before__isnull=False).count() == 50
