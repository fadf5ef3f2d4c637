"""Nothing that anybody outside can type runs in a page, a spreadsheet, a paper or a mail of the project.

The pages and files come from the lists that serve them: the registry of the back office, the addresses of My account
and of the API. What is new is judged without a row here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core.models import Site
from customers.logins import invitation_for, new_email_text
from customers.models import Address, Customer
from purchasing.models import Purchase
from purchasing.pages.navigation import BUTTONS
from purchasing.pages.urls import urlpatterns
from purchasing.tests.pages.conftest import sign_in
from tests.hostile import IMAGE, OWN, SCRIPT, SENT, TEXTS, hostile, make_hostile_office, text_fields
from tests.markup import is_hit, judged
from tests.office import LEADS_ON, Office, base_of
from tests.test_every_back_office_page import AUTOCOMPLETES

SAID = f"=1{IMAGE}{SCRIPT}"

SAY_NOTHING = {
    ("core.user", ""),  # e-mails alone
    ("core.site", "add/"),
    ("catalog.stock", "add/"),
    ("pricing.exchangerate", "add/"),
    ("pricing.exchangerate", "<path:object_id>/delete/"),
    ("pricing.price", "add/"),
    ("purchasing.purchase", "new-quote/"),
    ("purchasing.purchasetransaction", "add/"),
}
"""Pages that say nothing of anybody."""
OF_THE_INSTALLATION = {"procrastinate.procrastinatejob"}


@pytest.fixture
def office(site: Site) -> Office:
    return make_hostile_office(site)


def browser_of(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_every_text_is_known() -> None:
    """A new column of text is hostile here, or it is said why nobody outside can fill it."""
    known = [(model, name) for table in (TEXTS, SENT, OWN) for model, names in table.items() for name in names]
    assert len(known) == len(set(known))
    assert set(text_fields()) - set(known) == set()


def test_every_page_and_file_of_the_back_office(office: Office) -> None:
    """Asked for by somebody to whom nothing is closed. Each of them shows the texts, and none runs them."""
    office.manager.is_superuser = True
    office.manager.save()
    browser = browser_of(office.manager)
    faults: dict[str, Any] = {}
    silent = set()
    for name, route, address in office.addresses():
        if route in LEADS_ON:
            continue
        answer = browser.get(address)
        found, said = judged(answer)
        if found or answer.status_code not in (200, 403):
            faults[address] = answer.status_code, found
        if answer.status_code == 200 and not is_hit(said) and name not in OF_THE_INSTALLATION:
            silent.add((name, route))
    for _name, address in office.pages():
        found, _ = judged(browser.get(address))
        if found:
            faults[address] = found
    assert faults == {}
    assert silent == SAY_NOTHING


def test_what_is_searched_for_in_the_back_office(office: Office) -> None:
    browser = browser_of(office.manager)
    asked = [
        *(f"{base_of(name)}?q={quote(SAID)}" for name in {name for name, _route, _address in office.addresses()}),
        f"/admin/search/?s={quote(hostile('platform'))}&extended=1",
        f"/admin/search/?s={quote(SAID)}",
        f"/admin/purchasing/purchase/?customer__id__exact={quote(SAID)}",
        f"/admin/{quote(SAID)}/",
        f"/admin/purchasing/purchase/{quote(SAID, safe='')}/change/",
        f"/admin/login/?next={quote('javascript:alert(1)')}",
        f"{office.address('customers.customer', '<path:object_id>/price/')}?sku={quote(SAID)}&quantity={quote(SAID)}",
        f"{office.address('customers.customer', '<path:object_id>/statement/')}?from={quote(SAID)}",
    ]
    faults = {address: found for address in asked if (found := judged(browser.get(address, follow=True))[0])}
    assert faults == {}
    for model, name in AUTOCOMPLETES:
        query = {"app_label": model._meta.app_label, "model_name": str(model._meta.model_name), "field_name": name}
        answer = browser.get("/admin/autocomplete/", query | {"term": ""})
        assert answer["Content-Type"] == "application/json"  # whose script inserts it as text


# My account


LEAD_ON = {"home", "logout", "leave", "choose"}
FOLLOWED = {"password_set"}
"""Pages that keep the token of their address in the session and lead to themselves."""
EMPTY = {
    *("login", "password", "password_sent", "password_done", "password_set"),
    *("address_add", "user_invite", "details_email", "details_email_confirm"),
}
"""Pages that say nothing of anybody but his e-mail."""


def account_addresses(office: Office) -> dict[str, str]:
    """Each address by its name, of a row that is there."""
    head, invited = office.of(Customer), office.of(Customer, "buyer")
    assert head.user
    number = urlsafe_base64_encode(force_bytes(head.user.pk))
    address = Address.objects.filter(customer=head).earliest("pk")
    values = {
        "<str:address_id>": address.public_id,
        "<str:customer_id>": invited.public_id,
        "<str:text>": new_email_text(head.user, "=1+1new@example.com"),
        "<str:invitation>": invitation_for(invited),
        "<uidb64>/<token>": f"{number}/{default_token_generator.make_token(head.user)}",
    }
    found = {}
    for pattern in urlpatterns:
        name, route = str(pattern.name), str(pattern.pattern)
        shown = office.of(Purchase, "awaiting" if name == "quote_trim" else "quote") if "quote" in name else None
        values["<str:spark_id>"] = str((shown or office.of(Purchase)).spark_id)
        for left, value in values.items():
            route = route.replace(left, value)
        assert "<" not in route, "this test does not know how to fill the address"
        found[name] = f"/account/{route}"
    return found


def test_every_page_and_file_of_my_account(office: Office) -> None:
    """Asked for by a main user, a colleague, an agent and a manager who acts for the main user."""
    staff = browser_of(office.manager)
    staff.post(office.address("customers.customer", "<path:object_id>/log-in-as/"))
    readers = {name: sign_in(office.of(Customer, name)) for name in ("customers.customer", "colleague", "agent")}
    addresses = account_addresses(office)
    faults, said_by = {}, set()
    for reader, browser in {**readers, "staff": staff}.items():
        for name, address in addresses.items():
            if name in BUTTONS or name in LEAD_ON:
                continue
            answer = browser.get(address, follow=name in FOLLOWED)
            found, said = judged(answer)
            if found or answer.status_code not in (200, 302, 403, 404):
                faults[reader, name] = answer.status_code, found
            if answer.status_code == 200 and is_hit(said):
                said_by.add(name)
    assert faults == {}
    assert set(addresses) - said_by == BUTTONS.keys() | LEAD_ON | EMPTY
