"""The logo of a site: a picture that a manager sets, drawn anew here and served from an address of its content.

Only pictures that Pillow can decode are taken (PNG, JPEG, WebP), never SVG, which may hold scripts. What is kept is a
new PNG of the pixels alone: nothing else of the file that was sent comes to anybody.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image

from core.errors import InvalidDocument
from core.models import Site, SiteLogo
from core.retries import in_transaction

MOST_BYTES = 200_000
MOST_PIXELS = 1000
"""Of the width, and of the height."""
KEPT_WITHIN = (480, 160)
"""Pixels of what is kept: three times what pages show."""
_FORMATS = ("PNG", "JPEG", "WEBP")


def set_logo(*, site: Site, content: bytes) -> None:
    """Give the site this logo instead of the one it has. Raises InvalidDocument on `logo`."""
    picture = drawn_anew(content)
    digest = sha256(picture).hexdigest()

    def work() -> None:
        SiteLogo.objects.update_or_create(site=site, defaults={"content": picture, "digest": digest})
        Site.objects.filter(pk=site.pk).update(logo_digest=digest)

    in_transaction(work)
    site.logo_digest = digest


def remove_logo(*, site: Site) -> None:
    """Let the site show its name again."""

    def work() -> None:
        SiteLogo.objects.filter(site=site).delete()
        Site.objects.filter(pk=site.pk).update(logo_digest="")

    in_transaction(work)
    site.logo_digest = ""


def drawn_anew(content: bytes) -> bytes:
    """A PNG of the picture, at most `KEPT_WITHIN`. Raises InvalidDocument on `logo`."""
    if len(content) > MOST_BYTES:
        raise InvalidDocument("The file is larger than 200 kB.", code="invalid-logo", property="logo")
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            # Before a pixel is decoded: a small file may claim to be a huge picture.
            if max(picture.size) > MOST_PIXELS:
                raise InvalidDocument(
                    "The picture is wider or higher than 1000 pixels.", code="invalid-logo", property="logo"
                )
            drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise InvalidDocument("This is no PNG, JPEG or WebP picture.", code="invalid-logo", property="logo") from error
    drawn.thumbnail(KEPT_WITHIN)
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    written = BytesIO()
    clean.save(written, format="PNG", optimize=True)
    return written.getvalue()


@require_safe
def logo(_request: HttpRequest, digest: str) -> HttpResponse:
    """`/logo/{digest}.png`: for everybody, as the page that signs in shows it. Browsers keep it: it never changes."""
    found = SiteLogo.objects.filter(digest=digest).values_list("content", flat=True).first()
    if found is None:
        raise Http404
    return HttpResponse(
        bytes(found),
        content_type="image/png",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
