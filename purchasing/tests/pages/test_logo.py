"""The logo of the site on the pages of My account, in place of its name."""

from __future__ import annotations

from io import BytesIO

from django.test import Client
from PIL import Image

from core.logos import set_logo
from core.models import Site
from customers.models import Customer
from purchasing.tests.pages.conftest import sign_in
from tests.cast import make_buyer


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (30, 20), "red").save(written, format="PNG")
    return written.getvalue()


def test_it_stands_in_place_of_the_name_on_pages_of_its_site(
    browser: Client, buyer: Customer, site: Site, other_site: Site
) -> None:
    brand = f">{site.name}\n</a>"
    assert brand in browser.get("/account/orders/").content.decode()
    set_logo(site=site, content=picture())

    page = browser.get("/account/orders/").content.decode()

    assert f'<img class="logo" src="/logo/{site.logo_digest}.png" alt="{site.name}">' in page
    assert brand not in page
    assert "<img" not in sign_in(make_buyer(other_site)).get("/account/orders/").content.decode()


def test_it_stands_above_the_sign_in_on_the_host_of_its_site(client: Client, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(host="testserver")
    set_logo(site=site, content=picture())

    page = client.get("/account/login/").content.decode()

    assert f'src="/logo/{site.logo_digest}.png" alt="{site.name}"' in page
