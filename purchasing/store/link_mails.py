"""Mails with links to pages of My account: which there are, and which could not be mailed.

They have no rows of their own: their jobs are all there is of them, gone when they were carried out.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateJob

from customers.models import Customer

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


def links_not_mailed(customer: Customer) -> list[LinkMail]:
    """Which mails to this customer, or to the login he has, could not be mailed for a day. One query.

    An invitation is none any more when he has a login.
    """
    theirs = Q(args__customer_id=customer.pk)
    if customer.user_id is not None:
        theirs |= Q(args__user_id=customer.user_id)
    failed = ProcrastinateJob.objects.filter(theirs, task_name=TASK, status="failed")
    mails = {LinkMail(args["mail"]) for args in failed.values_list("args", flat=True)}
    if customer.user_id is not None:
        mails.discard(LinkMail.INVITATION)
    return [mail for mail in LinkMail if mail in mails]
