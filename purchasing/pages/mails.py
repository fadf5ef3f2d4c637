"""Mails with links that pages of My account send; in the first language of the site."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import override

from core.mail_settings import sender_of
from purchasing.pages.visitor import Visitor

logger = logging.getLogger(__name__)


def mail_link(
    request: HttpRequest, visitor: Visitor, *, to: str, name: str, path: str, language: str = "", **context: Any
) -> bool:
    """Mail the page at `path` in the words of `account/<name>.txt`; whether it could be handed over.

    `language`: what the person who gets it has chosen; empty: the first of the site.
    """
    words = {**context, "site": visitor.site, "visitor": visitor, "link": request.build_absolute_uri(path)}
    with override(language or visitor.settings.languages[0]):
        subject = " ".join(render_to_string(f"account/{name}_subject.txt", words).split())
        text = render_to_string(f"account/{name}.txt", words)
    answers_to, sender = visitor.settings.mail_reply_to, visitor.settings.mail_from
    mail = EmailMessage(
        subject,
        text,
        from_email=sender_of(site_name=visitor.site.name, mail_from=sender),
        to=[to],
        reply_to=[answers_to] if answers_to else None,
    )
    try:
        mail.send()
    except (SMTPException, OSError):
        logger.exception("a mail could not be handed over")
        return False
    return True
