"""GET /api/v1/settings."""

from __future__ import annotations

from typing import Any

from core.models import Site
from core.site_settings import KEYS, set_setting
from tests.callers import ApiCaller, make_caller

SETTINGS = "/api/v1/settings"
DEFAULTS: dict[str, Any] = {
    "charge_posting": "on_account",
    "default_currency": None,
    "default_tax_rate": None,
    "time_zone": "UTC",
    "languages": ["en"],
    "net_terms_days": 30,
    "approval_places_order": True,
    "enforce_order_minimum_for_api": False,
    "throttle_per_minute": None,
    "mails": [],
    "mail_from": None,
    "mail_reply_to": None,
}


def answered(api: ApiCaller) -> dict[str, Any]:
    answer = api.get(SETTINGS)
    assert answer.status_code == 200
    assert all(set(row) == {"key", "value"} for row in answer.json())
    return {row["key"]: row["value"] for row in answer.json()}


def test_every_setting_is_answered_with_its_default(api: ApiCaller) -> None:
    assert answered(api) == DEFAULTS
    assert tuple(DEFAULTS) == KEYS


def test_what_was_set_is_answered_and_of_this_site_alone(api: ApiCaller, other_api: ApiCaller, site: Site) -> None:
    changed = {
        "charge_posting": "off",
        "default_tax_rate": "20.50",
        "time_zone": "Europe/London",
        "languages": ["de", "en"],
        "net_terms_days": 14,
        "approval_places_order": False,
    }
    for key, value in {**changed, "default_currency": "GBP"}.items():
        set_setting(site=site, key=key, value=value)

    assert answered(api) == {**DEFAULTS, **changed, "default_currency": "gbp", "default_tax_rate": 20.5}
    assert answered(other_api) == DEFAULTS


def test_the_scope_is_setup(site: Site) -> None:
    assert make_caller(site, name="Reader", scopes=["setup.read"]).get(SETTINGS).status_code == 200
    assert make_caller(site, name="Other", scopes=["customers", "orders"]).get(SETTINGS).status_code == 403


def test_a_parameter_is_refused(api: ApiCaller) -> None:
    assert api.get(f"{SETTINGS}?key=time_zone").status_code == 400


def test_one_statement(api: ApiCaller, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        api.get(SETTINGS)
