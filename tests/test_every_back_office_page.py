"""A walk over every page of the back office with staff of one site: nothing of the other is shown, found or offered.

Both sites hold rows of the same names. A model that is not listed here, or an address of a new kind, fails the walk, so
that nobody opens a page without deciding who may see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import reverse

from catalog.models import Product, ProductVariant, Stock, StockLocation
from catalog.tests.cast import make_location, make_product, put_in_stock
from core.models import ApiClient, Change, Site
from customers.models import Account, AccountEntry, Customer, CustomerGroup, Masquerade
from pricing.models import Price, PriceList
from pricing.tests.cast import make_price_list
from purchasing.admin.navigation import AREAS
from purchasing.models import Package, Purchase, PurchaseMail, PurchaseRevision, PurchaseTransaction, ShippingMethod
from purchasing.tests.bakers import make_shipping_method
from tests.callers import make_client
from tests.cast import make_customer, make_masquerade, make_order, package, pay

WORLD: dict[str, Callable[[Site], models.Model]] = {
    "core.site": lambda site: site,
    "core.apiclient": lambda site: ApiClient.objects.get(site=site),
    "core.change": lambda site: Change.objects.filter(site=site).earliest("pk"),
    "customers.customer": lambda site: Customer.objects.filter(site=site).earliest("pk"),
    "customers.customergroup": lambda site: CustomerGroup.objects.get(site=site, slug="default"),
    "customers.account": lambda site: Account.objects.get(site=site),
    "customers.accountentry": lambda site: AccountEntry.objects.filter(site=site).earliest("pk"),
    "customers.masquerade": lambda site: Masquerade.objects.get(site=site),
    "catalog.product": lambda site: Product.objects.get(site=site),
    "catalog.productvariant": lambda site: ProductVariant.objects.get(site=site),
    "catalog.stock": lambda site: Stock.objects.get(site=site),
    "catalog.stocklocation": lambda site: StockLocation.objects.get(site=site),
    "pricing.pricelist": lambda site: PriceList.objects.get(site=site),
    "pricing.price": lambda site: Price.objects.get(site=site),
    "purchasing.purchase": lambda site: Purchase.objects.get(site=site),
    "purchasing.package": lambda site: Package.objects.get(site=site),
    "purchasing.purchasetransaction": lambda site: PurchaseTransaction.objects.get(site=site),
    "purchasing.shippingmethod": lambda site: ShippingMethod.objects.get(site=site),
    "purchasing.purchasemail": lambda site: PurchaseMail.objects.get(site=site),
    "purchasing.purchaserevision": lambda site: PurchaseRevision.objects.get(site=site),
}
"""Every model with a page for staff, and the row of it that a site holds."""

SUPERUSERS_ONLY = {
    "core.user",
    "procrastinate.procrastinatejob",
}
"""Models that belong to the installation."""

SHARED = {
    "pricing.exchangerate",
}
"""Published facts, the same for every site: staff read them and change nothing (`pricing/tests/admin`)."""

OF_NO_ROW = {"", "add/", "new-quote/", "import/", "export.csv", "export.xlsx"}
"""Addresses of a model's pages that name no row."""

OF_AN_UPLOAD = "import/<uuid:upload_id>/"
"""Whose it is: `tests/test_import_pages.py`."""


def fill(site: Site) -> None:
    """A site with a row of every kind; its names are those of every other site."""
    customer = make_customer(site, email="tom@example.com")
    make_customer(site, "Summit Supplies", parent=customer, email="sam@example.com")
    make_masquerade(customer)
    order = make_order(
        site, customer, identifiers={"visible": "JC-1"}, payment_method="on_account", packages=[package()]
    )
    pay(order, "4.00", platform_id="pay-1")
    PurchaseMail.objects.create(site=site, purchase=order, kind="confirmed", noted_at=order.stored_at)
    make_client(site)
    make_shipping_method(site, "ROPE")
    make_product(site, "ROPE", title="Tom's rope")
    put_in_stock(make_location(site), ROPE=4)
    make_price_list(site, "default", ROPE=["98.50"])


@pytest.fixture
def sites(site: Site, other_site: Site) -> tuple[Site, Site]:
    fill(other_site)
    fill(site)
    return site, other_site


def label(model: type[models.Model] | None) -> str:
    assert model is not None
    return model._meta.label_lower


def base_of(name: str) -> str:
    return f"/admin/{name.replace('.', '/')}/"


def routes_of_rows(name: str) -> Iterator[str]:
    """Addresses below a model's pages that name a row."""
    for pattern in admin.site._registry[apps.get_model(name)].get_urls():
        route = str(pattern.pattern)
        if "<path:object_id>" in route or "<object_id>" in route:
            yield route


def test_every_page_is_known() -> None:
    assert {label(model) for model in admin.site._registry} == {*WORLD, *SUPERUSERS_ONLY, *SHARED}
    for model, page in admin.site._registry.items():
        for pattern in page.get_urls():
            route = str(pattern.pattern)
            named = re.findall(r"<(?:\w+:)?(\w+)>", route)
            assert named == ["object_id"] or route in {*OF_NO_ROW, OF_AN_UPLOAD}, f"{label(model)}: {route}"


def test_every_page_is_in_an_area_once() -> None:
    assert sorted(name for names in AREAS.values() for name in names) == sorted(map(label, admin.site._registry))


def test_the_sidebar_leads_to_what_may_be_opened(back_office: Client, sites: tuple[Site, Site]) -> None:
    make_order(sites[0], type="awaiting_approval")
    make_order(sites[1], type="awaiting_approval")
    areas = back_office.get("/admin/").context["sidebar_navigation"]
    items = {str(item["link"]): item.get("badge") for area in areas for item in area["items"]}
    assert set(items) == {"/admin/", *map(base_of, WORLD), *map(base_of, SHARED)}
    assert items[base_of("purchasing.purchase")] == "1"


@pytest.mark.parametrize(
    ("term", "kinds"),
    [
        ("JC-1", {"purchase"}),
        ("Tom", {"purchase", "customer", "productvariant"}),
        ("ROPE", {"purchase", "productvariant"}),
        ("?", set()),
    ],
)
def test_the_search_of_everything_keeps_to_the_own_site(
    back_office: Client, sites: tuple[Site, Site], term: str, kinds: set[str]
) -> None:
    found = back_office.get("/admin/search/", {"s": term, "extended": "1"}).context["results"]
    links = {str(item.link) for item in found if str(item.link).endswith("/change/")}
    assert {link.split("/")[3] for link in links} == kinds
    own: dict[str, Any] = {"purchase": Purchase, "customer": Customer, "productvariant": ProductVariant}
    assert all(own[link.split("/")[3]].objects.get(pk=link.split("/")[4]).site == sites[0] for link in links)


@pytest.mark.parametrize("name", sorted(SUPERUSERS_ONLY))
def test_what_belongs_to_the_installation_is_closed(back_office: Client, name: str) -> None:
    assert back_office.get(base_of(name)).status_code == 403
    assert back_office.get(f"{base_of(name)}add/").status_code == 403


@pytest.mark.parametrize("name", sorted(SHARED))
def test_what_all_sites_share_is_read_only(back_office: Client, name: str) -> None:
    assert back_office.get(base_of(name)).status_code == 200
    assert back_office.get(f"{base_of(name)}add/").status_code == 403
    assert back_office.post(f"{base_of(name)}add/", {}).status_code == 403


@pytest.mark.parametrize("name", sorted(WORLD))
def test_lists_hold_rows_of_the_own_site(back_office: Client, sites: tuple[Site, Site], name: str) -> None:
    own, other = (WORLD[name](site) for site in sites)
    shown = {row.pk for row in back_office.get(base_of(name)).context["cl"].result_list}
    assert own.pk in shown
    assert other.pk not in shown
    narrowed = back_office.get(base_of(name), {"id__exact": str(other.pk)})
    assert [row.pk for row in narrowed.context["cl"].result_list if row.pk == other.pk] == []


@pytest.mark.parametrize("name", sorted(WORLD))
def test_searches_find_rows_of_the_own_site(back_office: Client, sites: tuple[Site, Site], name: str) -> None:
    other = WORLD[name](sites[1])
    for term in ("Tom", "JC-1", "pay-1", "default", "ERP", "ROPE", str(other.pk), f"o_{other.pk}", f"cu_{other.pk}"):
        found = back_office.get(base_of(name), {"q": term})
        assert other.pk not in {row.pk for row in found.context["cl"].result_list}


@pytest.mark.parametrize("name", sorted(WORLD))
def test_filters_offer_the_own_site(back_office: Client, sites: tuple[Site, Site], name: str) -> None:
    for declared in back_office.get(base_of(name)).context["cl"].filter_specs:
        field = getattr(declared, "field", None)
        if isinstance(field, models.Field) and field.is_relation:
            assert field.related_model is not None
            own = _of_site(field.related_model, sites[0]).values_list("pk", flat=True)
            assert {key for key, _ in declared.lookup_choices} == set(own)


@pytest.mark.parametrize(("name", "route"), [(name, route) for name in sorted(WORLD) for route in routes_of_rows(name)])
def test_a_row_of_another_site_is_not_found(
    back_office: Client, sites: tuple[Site, Site], name: str, route: str
) -> None:
    """Read or written, on its page, its history, its deletion and every action: as if there were none."""
    other = WORLD[name](sites[1])
    path = base_of(name) + re.sub(r"<[^>]*>", str(other.pk), route)
    nowhere = base_of(name) + re.sub(r"<[^>]*>", "0", route)
    answers = [back_office.get(path), back_office.post(path, {"post": "yes"})]
    if route == "<path:object_id>/":  # only leads to the page itself
        answers = [back_office.get(path, follow=True)]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert back_office.get(nowhere, follow=True).status_code == 404


@pytest.mark.parametrize("name", sorted(WORLD))
def test_choices_are_of_the_own_site(back_office: Client, sites: tuple[Site, Site], name: str) -> None:
    own = WORLD[name](sites[0])
    for path in (f"{base_of(name)}{own.pk}/change/", f"{base_of(name)}add/"):
        page = back_office.get(path)
        if page.status_code == 403:
            continue
        forms = [page.context["adminform"].form]
        for formset in page.context["inline_admin_formsets"]:
            forms += [*formset.formset.forms, formset.formset.empty_form]
        for form in forms:
            for field in form.fields.values():
                rows = getattr(field, "queryset", None)
                if rows is not None and label(rows.model) in WORLD:
                    assert WORLD[label(rows.model)](sites[1]) not in rows


AUTOCOMPLETES = [
    (model, field) for model, page in admin.site._registry.items() for field in getattr(page, "autocomplete_fields", ())
]


@pytest.mark.parametrize(("model", "name"), AUTOCOMPLETES, ids=str)
def test_look_ups_offer_the_own_site(
    back_office: Client, sites: tuple[Site, Site], model: type[models.Model], name: str
) -> None:
    field = model._meta.get_field(name)
    query = {"app_label": model._meta.app_label, "model_name": str(model._meta.model_name), "field_name": name}
    offered: set[str] = set()
    for term in ("", "Tom", "JC-1", "default"):
        answer = back_office.get("/admin/autocomplete/", {**query, "term": term})
        offered |= {item["id"] for item in answer.json()["results"]}
    own, other = (WORLD[label(field.related_model)](site) for site in sites)
    assert str(own.pk) in offered
    assert str(other.pk) not in offered


@pytest.mark.parametrize("name", sorted(WORLD))
def test_actions_do_nothing_to_another_site(back_office: Client, sites: tuple[Site, Site], name: str) -> None:
    model = apps.get_model(name)
    other = WORLD[name](sites[1])
    before = list(model.objects.filter(pk=other.pk).values())
    page = admin.site._registry[model]
    for action in ("delete_selected", *(getattr(entry, "__name__", entry) for entry in page.actions or ())):
        chosen = {"action": action, "_selected_action": [str(other.pk)], "post": "yes"}
        assert back_office.post(base_of(name), chosen).status_code in (200, 302)
    assert list(model.objects.filter(pk=other.pk).values()) == before


def test_no_address_tells_which_rows_there_are(back_office: Client, sites: tuple[Site, Site]) -> None:
    """The library's redirect to an object's page, by kind and number, is closed."""
    kind = ContentType.objects.get_for_model(Purchase).pk
    asked = [WORLD["purchasing.purchase"](site).pk for site in sites]
    assert [back_office.get(f"/admin/r/{kind}/{number}/").status_code for number in [*asked, 0]] == [404, 404, 404]
    answers = {back_office.get(f"/admin/r/{kind}/{number}/").content for number in [*asked, 0]}
    assert len(answers) == 1


def test_a_stranger_sees_nothing(client: Client, sites: tuple[Site, Site]) -> None:
    for name in (*WORLD, *SUPERUSERS_ONLY, *SHARED):
        for path in (base_of(name), f"{base_of(name)}add/"):
            answer = client.get(path)
            assert (answer.status_code, answer["Location"]) == (302, f"{reverse('admin:login')}?next={path}")


def _of_site(model: type[models.Model], site: Site) -> models.QuerySet[Any]:
    return model._default_manager.filter(**({"pk": site.pk} if model is Site else {"site": site}))
