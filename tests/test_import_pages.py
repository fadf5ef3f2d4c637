"""The back office's import of each kind: uploaded, looked at, confirmed; by whom, for which site, and for how long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from core.admin import ImportAdmin
from core.models import ImportUpload, Site, StaffMembership, StaffRole, User
from tests.callers import make_staff
from tests.import_kinds import keys, kinds

PAGES = {
    "import_products": "/admin/catalog/product/import/",
    "import_stock": "/admin/catalog/stock/import/",
    "import_prices": "/admin/pricing/price/import/",
    "import_customers": "/admin/customers/customer/import/",
    "import_opening_balances": "/admin/customers/accountentry/import/",
    "import_purchases": "/admin/purchasing/purchase/import/",
    "import_transactions": "/admin/purchasing/purchasetransaction/import/",
}
PRODUCTS = PAGES["import_products"]
OF_CLERKS = ("import_purchases", "import_transactions")
"""What clerks may import; the others are for managers."""

pytestmark = pytest.mark.django_db


def upload(client: Client, path: str, site: Site, content: str | bytes, name: str = "rows.csv", **said: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(path, {"site": site.pk, "file": SimpleUploadedFile(name, data), **said})


def products(number: int) -> str:
    return kinds(number)["import_products"].text(number)


def test_every_page_of_an_importer_is_here() -> None:
    pages = [page for page in admin.site._registry.values() if isinstance(page, ImportAdmin)]
    assert sorted(page.importer.command for page in pages) == sorted(PAGES)


@pytest.mark.parametrize("command", PAGES)
def test_a_file_is_looked_at_and_then_imported(back_office: Client, site: Site, command: str) -> None:
    kind = kinds(4)[command]
    kind.set_up(site)
    kept = upload(back_office, PAGES[command], site, kind.text(4))
    assert kept.status_code == 302
    path = kept["Location"]

    preview = back_office.get(path)

    assert preview.status_code == 200
    assert dict(preview.context["told"]["outcomes"]) == {"created": 4, "updated": 0, "unchanged": 0, "rejected": 0}
    assert list(kind.stored(site)) == []
    assert back_office.post(path).status_code == 302
    assert sorted(map(str, kind.stored(site))) == keys(command, 4)
    done = back_office.get(path)
    assert done.context["told"] == preview.context["told"]
    assert 'id="confirm"' not in done.content.decode()


def test_a_second_confirmation_does_nothing(back_office: Client, site: Site) -> None:
    path = upload(back_office, PRODUCTS, site, products(1))["Location"]
    back_office.post(path)
    Product.objects.update(title="Changed since")

    assert back_office.post(path).status_code == 200
    assert Product.objects.get().title == "Changed since"


def test_rejected_rows_are_shown_and_markup_is_harmless(back_office: Client, site: Site) -> None:
    text = "product_slug,product_title,sku,status\none,<script>alert(1)</script>,A,live\ntwo,Two,<b>,lively\n"
    path = upload(back_office, PRODUCTS, site, text)["Location"]

    page = back_office.get(path)

    assert page.context["told"]["faults"] == [
        [3, "status", "Input should be 'pending', 'discontinued', 'suspended' or 'live'."]
    ]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()
    assert "<script>alert(1)" not in page.content.decode()
    back_office.post(path)
    assert [row.slug for row in Product.objects.all()] == ["one"]


def test_fifty_faults_are_shown_and_the_others_counted(back_office: Client, site: Site) -> None:
    text = "product_slug,sku\n" + "".join(f"p{number},S{number}\n" for number in range(60))
    page = back_office.get(upload(back_office, PRODUCTS, site, text)["Location"])

    assert (len(page.context["told"]["faults"]), page.context["told"]["more_faults"]) == (50, 10)
    assert "… and 10 more" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rows.pdf", b"a", "has to end in one of .csv"),
        ("rows.csv", b"", "The submitted file is empty."),
        ("rows.csv", b"\n", "line 1: The file is empty: its first line names the columns."),
        ("rows.csv", b"product_slug,colour\na,b\n", "line 1: “colour” is no column of these files"),
        ("rows.csv", b"product_slug\n\xff\n", "line 2: The file is not UTF-8."),
        ("rows.xlsx", b"product_slug", "line 1: This cannot be read as an XLSX workbook."),
        ("rows.csv", products(501).encode(), "The file has 501 rows, and 500 are taken here."),
        ("rows.csv", b"x" * (5 * 1024 * 1024 + 1), "The file has more than 5 MiB."),
    ],
    ids=["ending", "nothing", "blank", "heading", "encoding", "workbook", "rows", "size"],
)
def test_a_file_that_is_not_taken_says_why(
    back_office: Client, site: Site, name: str, content: bytes, message: str
) -> None:
    answer = upload(back_office, PRODUCTS, site, content, name)

    assert answer.status_code == 200
    assert message in " ".join(answer.context["form"].errors["file"])
    assert not ImportUpload.objects.exists()


def test_a_location_may_be_said_once_for_the_file(back_office: Client, site: Site) -> None:
    kind = kinds(1)["import_stock"]
    kind.set_up(site)
    said = {"stock_location_external_id": "default"}

    path = upload(back_office, PAGES["import_stock"], site, "sku,stock_level\nSKU-0,1\n", **said)["Location"]
    back_office.post(path)

    assert list(kind.stored(site)) == ["SKU-0"]


@pytest.mark.parametrize("role", StaffRole.values)
@pytest.mark.parametrize("command", PAGES)
def test_only_who_may_change_the_rows_imports(site: Site, command: str, role: str) -> None:
    user = make_staff(site, email="somebody@example.com")
    client = Client()
    client.force_login(user)
    kind = kinds(1)[command]
    kind.set_up(site)
    own = upload(client, PAGES[command], site, kind.text(1))["Location"]
    StaffMembership.objects.filter(user=user).update(role=role)
    may = role == StaffRole.MANAGER or (role == StaffRole.CLERK and command in OF_CLERKS)

    assert client.get(PAGES[command]).status_code == (200 if may else 403)
    assert upload(client, PAGES[command], site, kind.text(1)).status_code == (302 if may else 403)
    assert client.get(own).status_code == (200 if may else 404)
    listed = client.get(PAGES[command].removesuffix("import/")).content.decode()
    assert (f'href="{PAGES[command]}"' in listed) == may
    assert client.post(own).status_code == (302 if may else 404)
    assert len(list(kind.stored(site))) == may


def test_another_site_is_not_imported_into(back_office: Client, site: Site, other_site: Site) -> None:
    answer = upload(back_office, PRODUCTS, other_site, products(1))

    assert "site" in answer.context["form"].errors
    assert not ImportUpload.objects.exists()


def test_somebody_else_s_upload_is_not_found(back_office: Client, staff: User, site: Site, other_site: Site) -> None:
    colleague, stranger = Client(), Client()
    colleague.force_login(make_staff(site, email="colleague@example.com"))
    stranger.force_login(make_staff(other_site, email="stranger@example.com"))
    path = upload(back_office, PRODUCTS, site, products(1))["Location"]

    for other in (colleague, stranger):
        assert [other.get(path).status_code, other.post(path).status_code] == [404, 404]
    of_another_kind = path.replace("catalog/product", "customers/customer")
    assert back_office.get(of_another_kind).status_code == 404
    StaffMembership.objects.filter(user=staff).update(site=other_site)
    assert [back_office.get(path).status_code, back_office.post(path).status_code] == [404, 404]
    assert not Product.objects.exists()


def test_an_upload_is_forgotten_after_a_day(back_office: Client, site: Site) -> None:
    path = upload(back_office, PRODUCTS, site, products(1))["Location"]
    ImportUpload.objects.update(created_at=timezone.now() - timedelta(hours=23))
    assert back_office.get(path).status_code == 200
    ImportUpload.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert [back_office.get(path).status_code, back_office.post(path).status_code] == [404, 404]
    upload(back_office, PRODUCTS, site, products(2))
    assert ImportUpload.objects.count() == 1


def test_nobody_signed_in_is_sent_to_the_sign_in(client: Client) -> None:
    for path in PAGES.values():
        assert client.get(path)["Location"].startswith("/admin/login/")


def test_an_xlsx_is_taken(back_office: Client, site: Site, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in products(2).splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "rows.xlsx")

    path = upload(back_office, PRODUCTS, site, (tmp_path / "rows.xlsx").read_bytes(), "rows.xlsx")["Location"]
    back_office.post(path)

    assert Product.objects.count() == 2
