"""The declared, typed set of site settings, their defaults and what they mean (`docs/api.md`, settings)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from core.errors import Fault, InvalidDocument
from core.mail_settings import READ as READ_MAIL
from core.mail_settings import MailKind
from core.models import Site, SiteSetting
from core.money import read_currency, read_decimal
from core.retries import in_transaction

Number = TypeVar("Number", int, Decimal)


UTC = zoneinfo.ZoneInfo("UTC")


class ChargePosting(StrEnum):
    """What creates a customer's debt."""

    ON_ACCOUNT = "on_account"
    """Orders paid on account post a charge equal to their amount due (default)."""
    ALL_ORDERS = "all_orders"
    """Every order does: this system is the books. Right for merchants who also apply up-front payments."""
    OFF = "off"
    """None does: an outside system owns debts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A site's settings with defaults filled in. `default_currency` is None until the merchant sets one."""

    charge_posting: ChargePosting = ChargePosting.ON_ACCOUNT
    default_currency: str | None = None
    default_tax_rate: Decimal | None = None
    time_zone: zoneinfo.ZoneInfo = UTC
    languages: tuple[str, ...] = ("en",)
    net_terms_days: int = 30
    approval_places_order: bool = True
    enforce_order_minimum_for_api: bool = False
    throttle_per_minute: int | None = None
    mails: tuple[MailKind, ...] = ()
    mail_from: str | None = None
    mail_reply_to: str | None = None


KEYS = tuple(field.name for field in fields(Settings))
HELP = {
    "charge_posting": "What creates a debt: on_account (orders paid on account), all_orders (every order: right for "
    "merchants who also apply up-front payments), off (an outside system owns debts).",
    "default_currency": "Of purchases and customers that name none, such as GBP.",
    "default_tax_rate": "Percent, on lines made here; null: none.",
    "time_zone": "Where days begin and end, such as Europe/London.",
    "languages": 'Such as ["de", "en"]: papers (PDF) are in the first; pages are in their reader\'s.',
    "net_terms_days": "Days until a charge is due, where the customer has no own term.",
    "approval_places_order": "Whether an approval places the order at once: true or false.",
    "enforce_order_minimum_for_api": "Whether the API keeps to order minimums: true or false.",
    "throttle_per_minute": "Calls of one API client in a minute; null: no limit.",
    "mails": f"What buyers are mailed, as a list of: {', '.join(MailKind)}. None unless set: a shop may mail already.",
    "mail_from": "Who mails are from, such as Jones Climbing <orders@jones.example>; null: the address of the "
    "installation, under the name of the site.",
    "mail_reply_to": "Where answers to mails go, as mail_from; null: to the sender.",
}


@cache
def time_zones() -> frozenset[str]:
    """Their names. Read once: each reading walks the directory of zone files, which takes long."""
    return frozenset(zoneinfo.available_timezones())


def _read(key: str, value: Any) -> Any:
    """The typed value of a stored or sent one; ValueError says what is wrong."""
    match key:
        case "charge_posting":
            return _mode(value)
        case "default_currency":
            return None if value is None else read_currency(value)
        case "default_tax_rate":
            return None if value is None else _within(read_decimal(value), 0, 100)
        case "time_zone":
            if not isinstance(value, str) or value not in time_zones():
                raise ValueError("must be the name of a time zone, such as Europe/London")
            return zoneinfo.ZoneInfo(value)
        case "languages":
            return _languages(value)
        case "net_terms_days":
            return _within(_whole(value), 0, 3650)
        case "throttle_per_minute":
            return None if value is None else _within(_whole(value), 1, 1_000_000)
        case "approval_places_order" | "enforce_order_minimum_for_api":
            if not isinstance(value, bool):
                raise ValueError("must be true or false")
            return value
    if key in READ_MAIL:
        return READ_MAIL[key](value)
    raise ValueError("unknown setting")


def _mode(value: Any) -> ChargePosting:
    if value not in list(ChargePosting):
        raise ValueError(f"must be one of: {', '.join(ChargePosting)}")
    return ChargePosting(value)


def _languages(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(item in ("en", "de") for item in value):
        raise ValueError("must be a list of: en, de")
    if len(set(value)) < len(value):
        raise ValueError("must name each language once")
    return tuple(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or value != int(value):
        raise ValueError("must be a whole number")
    return int(value)


def _within(value: Number, lowest: int, highest: int) -> Number:
    if not lowest <= value <= highest:
        raise ValueError(f"must be between {lowest} and {highest}")
    return value


def parse_settings(stored: dict[str, Any] | None) -> Settings:
    """Settings from the stored keys; keys that are absent have their defaults."""
    return Settings(**{key: _read(key, value) for key, value in (stored or {}).items() if key in KEYS})


def settings_of(site: Site) -> Settings:
    """The site's settings as stored now."""
    return parse_settings(dict(SiteSetting.objects.filter(site=site).values_list("key", "value")))


def check_setting(*, key: str, value: Any) -> None:
    """Raises `InvalidDocument` for an unknown key or a value of the wrong type."""
    try:
        _read(key, value)
    except ValueError as error:
        raise InvalidDocument(faults=[Fault("invalid", key, f"{key}: {error}")]) from error


def set_setting(*, site: Site, key: str, value: Any) -> None:
    """Store one setting. Raises `InvalidDocument` as `check_setting` does."""
    check_setting(key=key, value=value)
    SiteSetting.objects.update_or_create(site=site, key=key, defaults={"value": value})


def change_settings(*, site: Site, sent: Sequence[tuple[str, Any]]) -> None:
    """Store these settings, all or none; others stay. A change is known to every process within 15 seconds.

    Raises `InvalidDocument`, naming every key that is unknown or comes twice and every value of the wrong type.
    """
    faults = []
    for place, (key, value) in enumerate(sent):
        if key not in KEYS:
            faults.append(Fault("unknown-key", f"[{place}].key", f"There is no setting {key}."))
        elif key in [earlier for earlier, _ in sent[:place]]:
            faults.append(Fault("repeated", f"[{place}].key", f"{key} is named more than once."))
        else:
            try:
                _read(key, value)
            except ValueError as error:
                faults.append(Fault("invalid", f"[{place}].value", f"{key}: {error}."))
    if faults:
        raise InvalidDocument(faults=faults)

    def work() -> None:
        for key, value in sorted(sent, key=lambda setting: setting[0]):
            SiteSetting.objects.update_or_create(site=site, key=key, defaults={"value": value})

    in_transaction(work)
