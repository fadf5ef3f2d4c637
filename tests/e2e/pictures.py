"""Pictures for the README, on the way of a test: `PICTURES=1 make test ARGS=tests/e2e/test_days_at_the_desk.py`."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def picture(page: Page, name: str) -> None:
    """What the page shows, as `docs/images/<name>.png`, in few enough colours to be small. Else nothing is done."""
    if not os.environ.get("PICTURES"):
        return
    page.mouse.move(0, 0)
    IMAGES.mkdir(exist_ok=True)
    seen = Image.open(BytesIO(page.screenshot(animations="disabled")))
    seen.convert("RGB").quantize(128).save(IMAGES / f"{name}.png", optimize=True)
