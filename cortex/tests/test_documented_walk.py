"""docs/cortex.md: its commands are run as they stand, and answer what is printed there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from core.models import Site
from tests.cast import PASSWORD, line, make_buyer, make_order, package
from tests.test_life_of_a_purchase import CURL

ADDRESS = {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
FREIGHT = {"name": "Courier", "line_total": {"total_net": {"number": "7.50", "currency": "GBP"}, "tax_rate": 20}}


@pytest.fixture
def machine(tmp_path: Path, live_server: LiveServer) -> Path:
    """A directory with the demo's credentials and a `curl`; the demo's bundle, and an order to be confirmed."""
    site = Site.objects.create(slug="jones-climbing", name="Jones Climbing")
    buyer = make_buyer(site, payment_on_account=True)
    cams = line("CAM-SET-5", quantity=3, net="642.00", name_parent="Keyhole cam")
    cams["line_total"]["tax_rate"] = 20
    cams["custom_attributes"] = [{"key": "Engraving", "value": "TJC 1–3"}]
    others = line("HRN-01-L", quantity=8, net="217.85")
    others["line_total"]["tax_rate"] = 20
    sent = package(cams, others, type="shipment", dates={"shipped_at": "2026-03-02T09:00:00Z"}, shipping_method=FREIGHT)
    make_order(site, buyer, identifiers={"visible": "B2B/01058"}, packages=[sent])
    waiting = package(cams, shipping_address=ADDRESS, shipping_method=FREIGHT)
    make_order(
        site,
        buyer,
        identifiers={"visible": "B2B01056"},
        type="order_unconfirmed",
        billing_address=ADDRESS,
        payment_method="invoice",
        packages=[waiting],
    )
    values = {
        "BASE_URL": live_server.url,
        "SITE_ID": site.slug,
        "CUSTOMER1_USER": buyer.email,
        "CUSTOMER1_PASSWORD": PASSWORD.replace(" ", "+"),
    }
    (tmp_path / ".data").mkdir()
    text = "".join(f"{name}='{value}'\n" for name, value in values.items())
    (tmp_path / ".data" / "demo.env").write_text(text)
    (tmp_path / "curl").write_text(CURL.format(python=sys.executable))
    (tmp_path / "curl").chmod(0o755)
    return tmp_path


def test_the_page_does_what_it_says(machine: Path, project: Path) -> None:
    page = (project / "docs" / "cortex.md").read_text()
    blocks = re.findall(r"^```(sh)?\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    commands = "".join(text for language, text in blocks if language)
    answers = "".join(text for language, text in blocks if not language)
    ran = subprocess.run(
        ["/bin/sh", "-euc", commands],
        cwd=machine,
        env={**os.environ, "PATH": f"{machine}:{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == (answers, "", 0)
