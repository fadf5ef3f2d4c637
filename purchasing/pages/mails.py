"""Mails with links that pages of My account ask for: put aside for the workers in the transaction that brings them.

A page never waits for a mail server, and its answer does not tell what was mailed. Jobs name rows; the link itself is
made when the mail is (`purchasing.mailing.links`), so no queue and no log holds one.
"""

from __future__ import annotations

from django.http import HttpRequest
from procrastinate.contrib.django import app

from core.models import Site
from purchasing.store.link_mails import TASK, LinkMail
from purchasing.store.mails import QUEUE


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
