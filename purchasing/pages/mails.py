"""Mails with links that pages of My account ask for: put aside for the workers in the transaction that brings them.

A page never waits for a mail server, and its answer does not tell what was mailed. Jobs name rows; the link itself is
made when the mail is (`purchasing.mailing.links`), so no queue and no log holds one.
"""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest
from procrastinate.contrib.django import app

from core.models import Site
from purchasing.store.mails import QUEUE

TASK = "purchasing.send_link_mail"
"""By what name the workers know it (`purchasing.tasks`)."""


class LinkMail(StrEnum):
    """Which mail; the word is the name of its templates in `templates/account/`."""

    INVITATION = "invitation_mail"
    """To the customer, from the main user of his company (`by_id`)."""
    NEW_EMAIL = "email_mail"
    """To the e-mail that a login is to have (`email`)."""
    EMAIL_CHANGED = "email_changed_mail"
    """To the e-mail that a login had (`email`)."""
    PASSWORD = "password_mail"  # noqa: S105  # the name of a template
    """To the e-mail of a login."""


def mail_later(
    request: HttpRequest,
    mail: LinkMail,
    *,
    site: Site | None,
    customer_id: int | None = None,
    by_id: int | None = None,
    user_id: int | None = None,
    email: str = "",
) -> None:
    """Have it mailed once this commits. Its link leads to the host of this request.

    A `password_mail` without a login is put aside like any other and mails nothing: the page takes as long for an
    e-mail that nobody has.
    """
    app.configure_task(TASK, queue=QUEUE).defer(
        mail=str(mail),
        base=f"{request.scheme}://{request.get_host()}",
        site_id=site.pk if site else None,
        customer_id=customer_id,
        by_id=by_id,
        user_id=user_id,
        email=email,
    )
