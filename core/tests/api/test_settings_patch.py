"""PATCH /api/v1/settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.models import Site, SiteSetting
from core.site_settings import ChargePosting, settings_of
from tests.callers import ApiCaller, make_caller
from tests.together import together

SETTINGS = "/api/v1/settings"
SAMPLE = Path(__file__).parent.parent / "samples" / "settings-patch.request.json"


def faults(answer: Any) -> list[tuple[str, str | None]]:
    assert answer.status_code == 400
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]


def test_what_is_named_changes_and_the_rest_stays(api: ApiCaller, site: Site, other_site: Site) -> None:
    api.patch(SETTINGS, json=[{"key": "net_terms_days", "value": 14}])
    answer = api.patch(
        SETTINGS,
        json=[{"key": "charge_posting", "value": "off"}, {"key": "default_currency", "value": "gbp"}],
    )

    assert (answer.status_code, answer.content) == (204, b"")
    settings = settings_of(site)
    assert (settings.charge_posting, settings.default_currency) == (ChargePosting.OFF, "GBP")
    assert settings.net_terms_days == 14
    assert settings_of(other_site).net_terms_days == 30


def test_what_is_answered_can_be_sent_back(api: ApiCaller) -> None:
    sent = [{"key": "default_tax_rate", "value": 20.5}, {"key": "languages", "value": ["de"]}]
    api.patch(SETTINGS, json=sent)
    before = api.get(SETTINGS).json()

    assert api.patch(SETTINGS, json=before).status_code == 204
    assert api.get(SETTINGS).json() == before


def test_the_reference_s_placeholder_is_an_unknown_key(api: ApiCaller) -> None:
    answer = api.patch(SETTINGS, json=json.loads(SAMPLE.read_text()))

    assert faults(answer) == [("unknown-key", "[0].key")]
    assert "string" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("charge_posting", "sometimes"),
        ("charge_posting", None),
        ("charge_posting", ["off"]),
        ("default_currency", "XXX"),
        ("default_currency", 5),
        ("default_tax_rate", 101),
        ("default_tax_rate", "20%"),
        ("default_tax_rate", True),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", None),
        ("languages", []),
        ("languages", "en"),
        ("languages", ["fr"]),
        ("net_terms_days", "30"),
        ("net_terms_days", -1),
        ("net_terms_days", 1.5),
        ("approval_places_order", 1),
        ("enforce_order_minimum_for_api", "true"),
        ("throttle_per_minute", 0),
        ("mails", None),
        ("mails", "shipped"),
        ("mails", ["shipped", "shipped"]),
        ("mails", ["birthday"]),
        ("mails", [["shipped"]]),
        ("mail_from", "Jones"),
        ("mail_from", "Jones <orders@jones.example>, all@example.com"),
        ("mail_from", "Jones <orders@jones.example>\r\nBcc: all@example.com"),
        ("mail_from", 5),
        ("mail_reply_to", "shop@"),
    ],
)
def test_a_wrong_type_is_named_and_nothing_is_changed(api: ApiCaller, key: str, value: Any) -> None:
    sent = [{"key": "net_terms_days", "value": 7}, {"key": key, "value": value}]
    sent = sent[1:] if key == "net_terms_days" else sent
    answer = api.patch(SETTINGS, json=sent)

    [(code, member)] = faults(answer)
    assert (code, member) == ("invalid", f"[{len(sent) - 1}].value")
    assert key in answer.json()["errors"][0]["message"]
    assert not SiteSetting.objects.exists()


def test_every_fault_is_named(api: ApiCaller) -> None:
    sent = [
        {"key": "net_terms_days", "value": 7},
        {"key": "secret", "value": "x"},
        {"key": "net_terms_days", "value": 8},
        {"key": "time_zone", "value": 5},
    ]

    assert faults(api.patch(SETTINGS, json=sent)) == [
        ("unknown-key", "[1].key"),
        ("repeated", "[2].key"),
        ("invalid", "[3].value"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([{"value": 1}], [("required", "[0].key")]),
        ([{"key": "time_zone"}], [("required", "[0].value")]),
        ([{"key": None, "value": 1}], [("invalid", "[0].key")]),
        ([5], [("invalid", "[0]")]),
    ],
)
def test_key_and_value_are_both_required(api: ApiCaller, body: Any, expected: list[tuple[str, str]]) -> None:
    assert faults(api.patch(SETTINGS, json=body)) == expected


def test_null_clears_what_may_be_empty(api: ApiCaller, site: Site) -> None:
    keys = ("default_currency", "default_tax_rate", "throttle_per_minute", "mail_from", "mail_reply_to")
    api.patch(SETTINGS, json=[{"key": "default_currency", "value": "GBP"}, {"key": "default_tax_rate", "value": 20}])

    assert api.patch(SETTINGS, json=[{"key": key, "value": None} for key in keys]).status_code == 204
    assert [getattr(settings_of(site), key) for key in keys] == [None] * 5


def test_reading_set_up_data_is_not_writing_it(site: Site) -> None:
    assert make_caller(site, scopes=["setup.read"]).patch(SETTINGS, json=[]).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_of_them(site: Site) -> None:
    headers = make_caller(site).headers

    def sending(days: int) -> Any:
        body = [{"key": "net_terms_days", "value": days}, {"key": "default_currency", "value": "GBP"}]
        return lambda: ApiCaller(headers).patch(SETTINGS, json=body[:: 1 if days % 2 else -1]).status_code

    assert together(*(sending(days) for days in range(1, 9))) == [204] * 8
    assert SiteSetting.objects.count() == 2


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("charge_posting", {}, "charge_posting: must be one of: on_account, all_orders, off."),
        ("charge_posting", "ON_ACCOUNT", "charge_posting: must be one of: on_account, all_orders, off."),
        ("languages", ["en", "en"], "languages: must name each language once."),
        ("net_terms_days", 30.5, "net_terms_days: must be a whole number."),
    ],
)
def test_what_is_wrong_is_told_in_the_caller_s_words(api: ApiCaller, key: str, value: Any, text: str) -> None:
    answer = api.patch(SETTINGS, json=[{"key": key, "value": value}])
    assert [error["message"] for error in answer.json()["errors"]] == [text]
    assert [error["message"] for error in api.patch(SETTINGS, json=["x"]).json()["errors"]] == [
        "Input should be an object."
    ]


def test_a_whole_number_may_be_written_with_a_point(api: ApiCaller, site: Site) -> None:
    assert api.patch(SETTINGS, json=[{"key": "net_terms_days", "value": 14.0}]).status_code == 204
    assert settings_of(site).net_terms_days == 14
