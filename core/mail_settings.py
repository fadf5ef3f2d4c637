"""What a site may say of its mails: which there are, and whom they are from."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

SENDER = re.compile(r" *(?:(?P<name>[^<>]*)<)?(?P<address>[^<> ]+)>? *")


class MailKind(StrEnum):
    """What somebody is told by mail, by the words of the setting `mails`."""

    RECEIVED = "received"
    """An order came in that has still to be confirmed."""
    CONFIRMED = "confirmed"
    """It has become an order."""
    SHIPPED = "shipped"
    """A package has left."""
    APPROVAL_WANTED = "approval_wanted"
    """A purchase waits for a main user of the company."""
    APPROVED = "approved"
    REJECTED = "rejected"
    QUOTE_SENT = "quote_sent"
    """A quote is there to be accepted."""


def read_kinds(value: Any) -> tuple[MailKind, ...]:
    """ValueError says what is wrong."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item in list(MailKind) for item in value):
        raise ValueError(f"must be a list of: {', '.join(MailKind)}")
    if len(set(value)) < len(value):
        raise ValueError("must name each mail once")
    return tuple(MailKind(item) for item in value)


def read_sender(value: Any) -> str | None:
    """An address with or without a name, written as a header has it. ValueError says what is wrong."""
    if value is None:
        return None
    found = SENDER.fullmatch(value) if isinstance(value, str) and len(value) <= 320 and value.isprintable() else None
    try:
        validate_email(found["address"] if found else "")
    except ValidationError as error:
        raise ValueError("must be an e-mail address, such as Jones Climbing <orders@jones.example>") from error
    assert found is not None
    return named_address((found["name"] or "").strip('" '), found["address"])


def named_address(name: str, address: str) -> str:
    """An address under a name that may hold anything: what ends a line of a header becomes a space."""
    return str(Address(display_name=" ".join(name.split()), addr_spec=address))


def sender_of(*, site_name: str, mail_from: str | None) -> str:
    """Whom mails of a site are from: as its settings say, else the address of the installation under its name."""
    return mail_from or named_address(site_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


READ: dict[str, Callable[[Any], Any]] = {"mails": read_kinds, "mail_from": read_sender, "mail_reply_to": read_sender}
"""What reads the value of a setting, by its key."""
