"""A colleague in a browser: invited, signs up by the mailed link, is kept out again."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from core.models import Site
from tests.cast import PASSWORD, make_buyer
from tests.e2e.conftest import MakeContext
from tests.e2e.test_my_account import sign_in
from tests.mail_jobs import deliver

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_colleague_is_invited_and_kept_out(make_context: MakeContext, site: Site) -> None:
    his, hers = make_context().new_page(), make_context(java_script_enabled=False).new_page()
    sign_in(his, make_buyer(site))
    his.get_by_role("link", name="Users").click()
    his.get_by_role("link", name="Invite somebody").click()
    his.get_by_label("First name").fill("Ann")
    his.get_by_label("Last name").fill("Lee")
    his.get_by_label("E-mail").fill("ann@example.com")
    his.get_by_label("Role").select_option("Needs approval")
    his.get_by_role("button", name="Send the invitation").click()
    expect(his.get_by_role("row", name=re.compile("Ann Lee"))).to_contain_text("Has not signed up")

    deliver()
    [link] = re.findall(r"http\S+", str(mail.outbox[0].body))
    hers.goto(link)
    hers.get_by_label("New password", exact=True).fill(PASSWORD)
    hers.get_by_label("New password confirmation").fill(PASSWORD)
    hers.get_by_role("button", name="Set password").click()
    hers.get_by_label("E-mail").fill("ann@example.com")
    hers.get_by_label("Password").fill(PASSWORD)
    hers.get_by_role("button", name="Sign in").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Orders")
    expect(hers.get_by_role("link", name="Statement")).to_have_count(0)

    his.get_by_role("link", name="Ann Lee").click()
    his.get_by_label("May sign in").uncheck()
    his.get_by_role("button", name="Save").click()
    expect(his.get_by_role("row", name=re.compile("Ann Lee"))).to_contain_text("Kept out")
    hers.reload()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Sign in to your account")
