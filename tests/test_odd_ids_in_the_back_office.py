"""Whatever stands where an id, a year or a word is meant, every page of the back office answers, and never with a 5xx.

The pages come from the registry (`tests.office`): a new one is asked by itself.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.forms import ModelChoiceField
from django.test import Client, RequestFactory

from core.models import Site, User
from core.site_settings import KEYS, settings_of
from tests.html_forms import fields_of
from tests.office import Office, base_of, make_office, routes

ODD = ("abc", "9" * 20, "\x00", "-1")
YEARS = ("0", "-1", "9999", "10000", "99999", "abc")
PAGES = sorted((model._meta.label_lower, page) for model, page in admin.site._registry.items())


@pytest.fixture
def office(site: Site) -> Office:
    return make_office(site)


@pytest.fixture
def browser() -> Client:
    """A superuser's: every page is open to it. A fault of ours is an answer."""
    browser = Client(raise_request_exception=False)
    browser.force_login(User.objects.create_superuser(email="root@example.com", password="irrelevant-8"))
    return browser


def ask(browser: Client, verb: str, address: str, sent: dict[str, Any] | None = None) -> Any:
    """The answer; nothing of it remains."""
    with transaction.atomic():
        answer = getattr(browser, verb)(address, sent)
        transaction.set_rollback(True)
    return answer


def faults(browser: Client, asked: list[tuple[str, str, dict[str, Any] | None]]) -> list[str]:
    """Of these requests, those that are answered with a fault of ours."""
    assert asked, "nothing was asked"
    found = []
    for verb, address, sent in asked:
        status = ask(browser, verb, address, sent).status_code
        if status >= 500:
            found.append(f"{status} {verb} {address} {list(sent or {})[-3:]}")
    return found


def choices_of(page: Any, row: models.Model | None, user: User) -> list[str]:
    """Fields of a page's form that name a row, and those of the rows inside it."""
    request = RequestFactory().get("/")
    request.user = user
    if row is not None and page.model._meta.app_label != "procrastinate":
        row = page.get_object(request, str(row.pk))
    form = page.get_form(request, row, change=row is not None)
    names = [name for name, field in form.base_fields.items() if isinstance(field, ModelChoiceField)]
    for formset, _inline in page.get_formsets_with_inlines(request, row):
        prefix = formset.get_default_prefix()
        named = [name for name, field in formset.form.base_fields.items() if isinstance(field, ModelChoiceField)]
        names += [f"{prefix}-0-{name}" for name in named]
    return names


def test_in_the_fields_of_every_form(office: Office, browser: Client) -> None:
    root = User.objects.get(email="root@example.com")
    asked: list[tuple[str, str, dict[str, Any] | None]] = []
    seen = []
    for name, page in PAGES:
        form_id = f"{name.split('.')[1]}_form"
        for row in (None, office.rows[name]):
            address = f"{base_of(name)}{row.pk}/change/" if row else f"{base_of(name)}add/"
            answer = browser.get(address)
            assert (address, "object at 0x" in answer.content.decode()) == (address, False)
            if answer.status_code != 200 or not (sent := fields_of(answer, form_id)):
                continue
            names = choices_of(page, row, root)
            seen += [(name, field) for field in names]
            formsets = {field: "1" for field in sent if field.endswith("-TOTAL_FORMS")}
            for odd in ODD if names else ():
                given = sent | formsets | dict.fromkeys(names, odd)
                asked.append(("post", address, given))
                if row is None:
                    asked.append(("get", f"{address}?{urlencode(dict.fromkeys(names, odd))}", None))
    assert {("purchasing.purchase", "customer"), ("pricing.pricelist", "rules-0-source_price_list")} <= set(seen)
    assert faults(browser, asked) == []


def test_in_a_new_quote(office: Office, browser: Client) -> None:
    address = office.address("purchasing.purchase", "new-quote/")
    for odd in ODD:
        assert faults(browser, [("get", f"{address}?{urlencode({'customer': odd})}", None)]) == []
        assert faults(browser, [("post", address, {"customer": odd, "spark_id": odd, "save": "1"})]) == []


def test_among_the_rows_of_every_action(office: Office, browser: Client) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.get(email="root@example.com")
    asked: list[tuple[str, str, dict[str, Any] | None]] = []
    for name, page in PAGES:
        for action in page.get_actions(request):
            for odd in ODD:
                sent = {"action": action, ACTION_CHECKBOX_NAME: [odd], "post": "yes"}
                asked += [("post", base_of(name), sent), ("post", base_of(name), sent | {"index": "0"})]
    assert faults(browser, asked) == []


def test_an_odd_id_leaves_the_others_to_the_action(office: Office, browser: Client) -> None:
    page = base_of("catalog.stocklocation")
    row = office.rows["catalog.stocklocation"]
    sent = {"action": "delete_selected", ACTION_CHECKBOX_NAME: ["abc", str(row.pk)]}
    assert str(row) in browser.post(page, sent).content.decode()


def test_in_every_address(office: Office, browser: Client) -> None:
    asked: list[tuple[str, str, dict[str, Any] | None]] = []
    for name, route in routes():
        if "<path:object_id>" not in route:
            continue
        for odd in ODD:
            address = base_of(name) + route.replace("<path:object_id>", quote(odd))
            asked += [("get", address, None), ("post", address, {})]
    assert faults(browser, asked) == []


def test_among_the_dates_of_every_list(office: Office, browser: Client) -> None:
    asked: list[tuple[str, str, dict[str, Any] | None]] = []
    for name, page in PAGES:
        fields = [field.name for field in page.model._meta.fields if isinstance(field, models.DateField)]
        lists = [base_of(name)] + [base_of(name) + "export.csv"] * ((name, "export.csv") in routes())
        for place in lists:
            asked += [("get", f"{place}?{field}__year={year}", None) for field in fields for year in YEARS]
            if page.date_hierarchy:
                parts = ((0, 1), (13, 1), (12, 31), (2, 30))
                day = page.date_hierarchy
                queries = [f"{day}__year=9999&{day}__month={part[0]}&{day}__day={part[1]}" for part in parts]
                asked += [("get", f"{place}?{query}", None) for query in queries]
    assert faults(browser, asked) == []


def test_a_year_that_no_calendar_has_is_told(office: Office, browser: Client) -> None:
    page = base_of("purchasing.purchase")
    for address in (page, f"{page}export.csv"):
        answer = browser.get(f"{address}?placed_at__year=0")
        assert (answer.status_code, answer["Location"]) == (302, f"{page}?e=1")


def test_in_the_search(office: Office, browser: Client) -> None:
    places = ["/admin/search/?extended=1&s={}", "/admin/search/?s={}"]
    places += [f"{base_of(name)}?q={{}}" for name, _page in PAGES]
    for model, field in (("purchase", "customer"), ("purchasetransaction", "purchase")):
        places.append(f"/admin/autocomplete/?app_label=purchasing&model_name={model}&field_name={field}&term={{}}")
    asked = [("get", place.format(quote(odd)), None) for place in places for odd in (*ODD, "a\x00b")]
    assert faults(browser, asked) == []  # type: ignore[arg-type]  # None is one of what may be sent


def test_settings_of_a_site_that_are_sent_in_part(office: Office, browser: Client) -> None:
    address = f"{base_of('core.site')}{office.site.pk}/change/"
    sent = fields_of(browser.get(address), "site_form")
    less = {name: value for name, value in sent.items() if name.removeprefix("initial-") not in KEYS}
    odd = [sent | {key: value} for key in KEYS for value in ("", "1e999", "x\x00", "[1]")]
    assert faults(browser, [("post", address, form) for form in (less, *odd)]) == []
    before = settings_of(office.site)
    assert ask(browser, "post", address, less).status_code == 302
    assert settings_of(office.site) == before
