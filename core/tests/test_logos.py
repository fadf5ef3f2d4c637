"""The logo of a site: what is taken, what is kept, and how it is served."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from core.errors import InvalidDocument
from core.logos import drawn_anew, remove_logo, set_logo
from core.models import Site, SiteLogo
from tests.callers import make_staff

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def picture(kind: str = "PNG", *, size: tuple[int, int] = (30, 20), colour: str = "red", **options: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, format=kind, **options)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_is_kept_is_a_png_of_the_same_pixels(kind: str) -> None:
    with Image.open(BytesIO(drawn_anew(picture(kind)))) as kept:
        assert (kept.format, kept.size) == ("PNG", (30, 20))
        red, green, blue, alpha = kept.convert("RGBA").crop((5, 5, 6, 6)).tobytes()
    assert (red > 250, green < 5, blue < 5, alpha) == (True, True, True, 255)


def test_it_is_made_small_enough_for_pages() -> None:
    with Image.open(BytesIO(drawn_anew(picture(size=(1000, 500))))) as kept:
        assert kept.size == (320, 160)


def test_nothing_but_the_pixels_is_kept() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>somewhere</script>")

    kept = drawn_anew(picture(pnginfo=said) + b"<script>behind</script>")

    assert b"<script>" not in kept
    assert b"tEXt" not in kept


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SVG, "This is no PNG, JPEG or WebP picture."),
        (b"", "This is no PNG, JPEG or WebP picture."),
        (picture("GIF"), "This is no PNG, JPEG or WebP picture."),
        (picture()[:60], "This is no PNG, JPEG or WebP picture."),
        (picture(size=(1001, 1)), "The picture is wider or higher than 1000 pixels."),
        (picture(size=(1, 1001)), "The picture is wider or higher than 1000 pixels."),
        (picture() + b"x" * 200_000, "The file is larger than 200 kB."),
    ],
    ids=["svg", "empty", "gif", "torn", "wide", "high", "large"],
)
def test_what_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        drawn_anew(content)
    assert [(fault.property, fault.message) for fault in refused.value.faults] == [("logo", message)]


def test_it_is_served_to_everybody_from_the_address_of_its_content(site: Site, other_site: Site) -> None:
    set_logo(site=site, content=picture())
    set_logo(site=other_site, content=picture(colour="blue"))
    site.refresh_from_db()
    other_site.refresh_from_db()
    assert site.logo_digest != other_site.logo_digest

    answer = Client().get(f"/logo/{site.logo_digest}.png")

    assert (answer.status_code, answer.content) == (200, drawn_anew(picture()))
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")
    assert Client().post(f"/logo/{site.logo_digest}.png").status_code == 405


def test_what_was_replaced_or_removed_is_gone(site: Site) -> None:
    set_logo(site=site, content=picture())
    first = site.logo_digest
    set_logo(site=site, content=picture(colour="blue"))

    assert Client().get(f"/logo/{first}.png").status_code == 404
    assert SiteLogo.objects.count() == 1
    remove_logo(site=site)

    assert Client().get(f"/logo/{site.logo_digest or first}.png").status_code == 404
    site.refresh_from_db()
    assert (site.logo_digest, SiteLogo.objects.count()) == ("", 0)


def page_of(site: Site, staff: Client, **more: Any) -> Any:
    address = f"/admin/core/site/{site.pk}/change/"
    empty = {
        f"{prefix}-{name}": "0" for prefix in ("settings", "memberships") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    forms = staff.get(address).context["inline_admin_formsets"]
    for item in forms:
        prefix = item.formset.prefix
        empty |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return staff.post(address, {"name": site.name, "host": site.host, **empty, **more})


def test_a_manager_sets_and_removes_it(site: Site) -> None:
    staff = Client()
    staff.force_login(make_staff(site))

    answer = page_of(site, staff, logo=SimpleUploadedFile("logo.png", picture(), "image/png"))
    assert answer.status_code == 302
    site.refresh_from_db()
    assert f"/logo/{site.logo_digest}.png" in staff.get(f"/admin/core/site/{site.pk}/change/").content.decode()
    page_of(site, staff, name="Jones")
    site.refresh_from_db()
    assert site.logo_digest

    page_of(site, staff, remove_logo="on")

    site.refresh_from_db()
    assert site.logo_digest == ""


def test_what_is_wrong_with_it_stands_at_its_field(site: Site) -> None:
    staff = Client()
    staff.force_login(make_staff(site))

    answer = page_of(site, staff, logo=SimpleUploadedFile("logo.png", SVG, "image/png"))

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["logo"] == ["This is no PNG, JPEG or WebP picture."]
    assert not SiteLogo.objects.exists()
