"""docs/life_of_a_purchase.md: its commands are run as they stand, and answer what is printed there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from core.models import Site
from purchasing.tests.bakers import make_customer
from tests.callers import make_client

CURL = '''#!{python}
"""What the page needs of curl, for machines that have none."""
import sys, urllib.error, urllib.request
words, headers, method, body, url = sys.argv[1:], {{}}, None, None, ""
while words:
    word = words.pop(0)
    if word == "-H":
        name, value = words.pop(0).split(": ", 1)
        headers[name] = value
    elif word == "-d":
        body = words.pop(0).encode()
    elif word == "-X":
        method = words.pop(0)
    elif word != "-s":
        url = word
request = urllib.request.Request(url, body, headers, method=method or ("POST" if body else "GET"))
try:
    answer = urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    answer = error
sys.stdout.write(answer.read().decode())
'''


@pytest.fixture
def machine(tmp_path: Path, live_server: LiveServer) -> Path:
    """A directory with the demo's credentials and a `curl`."""
    site = Site.objects.create(slug="jones-climbing", name="Jones Climbing")
    client, secret = make_client(site)
    values = {"BASE_URL": live_server.url, "SITE_ID": site.slug, "CLIENT_ID": client.client_id, "CLIENT_SECRET": secret}
    values["CUSTOMER1_ID"] = make_customer(site).public_id
    (tmp_path / ".data").mkdir()
    (tmp_path / ".data" / "demo.env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    (tmp_path / "curl").write_text(CURL.format(python=sys.executable))
    (tmp_path / "curl").chmod(0o755)
    return tmp_path


def test_the_page_does_what_it_says(machine: Path, project: Path) -> None:
    page = (project / "docs" / "life_of_a_purchase.md").read_text()
    blocks = re.findall(r"^```(sh)?\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    first = next(index for index, (language, _text) in enumerate(blocks) if language)
    commands = "".join(text for language, text in blocks if language)
    answers = "".join(text for language, text in blocks[first:] if not language)
    ran = subprocess.run(
        ["/bin/sh", "-euc", commands],
        cwd=machine,
        env={**os.environ, "PATH": f"{machine}:{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == (answers, "", 0)
