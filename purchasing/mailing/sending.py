"""Handing over what was noted: to each of those it concerns once, however often it is tried."""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException, SMTPResponseException

from django.db import transaction

from core.mail_settings import MailKind
from core.site_settings import settings_of
from purchasing.contents import contents_of
from purchasing.mailing.letters import letter_for
from purchasing.mailing.recipients import recipients_of
from purchasing.mailing.wording import still_says
from purchasing.models import PurchaseMail

logger = logging.getLogger(__name__)


class MailNotSent(Exception):
    """It could not be handed over now. Says which mail and what kind of fault, never whom it is for."""


def send(*, site_id: int, mail_id: int, now: datetime, last: bool) -> None:
    """Send a mail that waits; what was sent, dropped or has failed stays so.

    Raises MailNotSent when it could not be handed over and is to be tried again; at the `last` attempt it has failed.
    Each hand-over is committed by itself: what goes wrong with one leaves the others told.
    """
    while _send_one(site_id=site_id, mail_id=mail_id, now=now, last=last):
        pass


def _send_one(*, site_id: int, mail_id: int, now: datetime, last: bool) -> bool:
    """Hand it over for the next one who has not been told; whether there may be another."""
    fault = ""
    with transaction.atomic():
        # Two jobs of one mail follow each other: the second finds what the first has done.
        rows = PurchaseMail.objects.filter(site=site_id, pk=mail_id, state=PurchaseMail.State.WAITING)
        mail = rows.select_for_update(no_key=True, of=("self",)).first()
        if mail is None:
            return False
        try:
            more = _hand_over(mail, now)
        except (SMTPException, OSError, ValueError) as error:
            fault, more = name_of_fault(error), False
        if fault:
            mail.attempts += 1
            mail.fault = fault
            if last:
                mail.state, mail.done_at = PurchaseMail.State.FAILED, now
        elif not more:
            mail.state = PurchaseMail.State.SENT if mail.told else PurchaseMail.State.DROPPED
            mail.done_at, mail.fault = now, ""
        mail.save(update_fields=["state", "attempts", "fault", "told", "done_at"])
    if fault:
        logger.warning("mail %s could not be handed over: %s", mail_id, fault)
    if fault and not last:
        raise MailNotSent(f"mail {mail_id}: {fault}")
    return more


def _hand_over(mail: PurchaseMail, now: datetime) -> bool:
    """Tell the next one; False when everybody has been told, or there is nothing to tell any more."""
    purchase, kind = mail.purchase, MailKind(mail.kind)
    contents = contents_of(purchase)
    if not still_says(kind, mail.subject, purchase, contents, now=now):
        return False
    waiting = [customer for customer in recipients_of(purchase, kind) if customer.pk not in mail.told]
    if not waiting:
        return False
    letter_for(waiting[0], mail, purchase, contents, settings=settings_of(mail.purchase.site)).send()
    mail.told.append(waiting[0].pk)
    return True


def name_of_fault(error: Exception) -> str:
    """What kind of fault it was: the words of a mail server may name the person."""
    code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"
