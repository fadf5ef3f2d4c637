"""Mails with links to pages of My account: written and handed over when their job runs, with a link made then.

What does not stand any more (somebody invited has signed up, a login is gone) is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPException
from typing import Any

from django.conf import settings as installation
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import override

from core.mail_settings import sender_of
from core.models import Site, User
from core.site_settings import settings_of
from customers.logins import invitation_for, new_email_text
from customers.models import Customer
from purchasing.mailing.sending import MailNotSent, name_of_fault
from purchasing.pages.visitor import customers_of_login
from purchasing.store.link_mails import LinkMail


@dataclass(frozen=True, slots=True)
class Letter:
    """`path`: where its link leads. `site`: whose sender and language it has; None: the installation's."""

    to: str
    path: str
    site: Site | None
    language: str
    words: dict[str, Any]


def send_link(
    mail: LinkMail,
    *,
    job: int,
    base: str,
    site_id: int | None = None,
    customer_id: int | None = None,
    by_id: int | None = None,
    user_id: int | None = None,
    email: str = "",
) -> None:
    """Hand it over, if there is still somebody to mail. Raises MailNotSent when it could not be handed over now."""
    if mail is LinkMail.INVITATION:
        letter = _invitation(site_id=site_id or 0, customer_id=customer_id or 0, by_id=by_id or 0)
    elif mail is LinkMail.PASSWORD:
        letter = _password(user_id=user_id or 0, site_id=site_id or 0)
    else:
        letter = _of_email(mail, user_id=user_id or 0, site_id=site_id or 0, email=email)
    if letter is None:
        return
    try:
        _message(mail, letter, base=base, job=job).send()
    except (SMTPException, OSError) as error:
        # Without the error itself, whose words may name the person.
        raise MailNotSent(f"{mail}: {name_of_fault(error)}") from None


def _invitation(*, site_id: int, customer_id: int, by_id: int) -> Letter | None:
    people = Customer.objects.filter(site=site_id).present().select_related("site")
    customer = people.filter(pk=customer_id, status=Customer.Status.ACTIVE, user=None).first()
    by = people.filter(pk=by_id).first()
    if customer is None or by is None:
        return None
    path = reverse("account:invitation", args=[invitation_for(customer)])
    return Letter(customer.email, path, customer.site, "", {"customer": customer, "by": by})


def _of_email(mail: LinkMail, *, user_id: int, site_id: int, email: str) -> Letter | None:
    login = User.objects.filter(pk=user_id, is_active=True).first()
    if login is None:
        return None
    site = Site.objects.get(pk=site_id)
    path = reverse("account:login")
    if mail is LinkMail.NEW_EMAIL:
        path = reverse("account:details_email_confirm", args=[new_email_text(login, email)])
    return Letter(email, path, site, login.language, {"email": login.email})


def _password(*, user_id: int, site_id: int) -> Letter | None:
    """From the site when it is a customer's of one alone, or of the one whose host was asked."""
    login = User.objects.filter(pk=user_id, is_active=True).first()
    if login is None or not login.has_usable_password():
        return None
    asked = Site.objects.filter(pk=site_id).first()
    sites = {customer.site for customer in customers_of_login(login, asked).select_related("site")}
    number = urlsafe_base64_encode(force_bytes(login.pk))
    path = reverse("account:password_set", args=[number, default_token_generator.make_token(login)])
    return Letter(login.email, path, sites.pop() if len(sites) == 1 else None, login.language, {})


def _message(mail: LinkMail, letter: Letter, *, base: str, job: int) -> EmailMessage:
    sender, answers_to, language = installation.DEFAULT_FROM_EMAIL, None, installation.LANGUAGE_CODE
    if letter.site is not None:
        settings = settings_of(letter.site)
        sender = sender_of(site_name=letter.site.name, mail_from=settings.mail_from)
        answers_to, language = settings.mail_reply_to, settings.languages[0]
    words = {**letter.words, "site": letter.site, "link": f"{base}{letter.path}"}
    with override(letter.language or language):
        subject = " ".join(render_to_string(f"account/{mail}_subject.txt", words).split())
        text = render_to_string(f"account/{mail}.txt", words)
    return EmailMessage(
        subject,
        text,
        from_email=sender,
        to=[letter.to],
        reply_to=[answers_to] if answers_to else None,
        headers={
            # The same at every attempt: who gets it twice after a crash can tell that it is one.
            "Message-ID": f"<link-mail.{job}@{parseaddr(sender)[1].rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
