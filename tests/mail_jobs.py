"""What workers do with the mails that pages have put aside, done here: in a transaction that no worker would see."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from purchasing.mailing.links import send_link
from purchasing.store.link_mails import TASK, LinkMail


def deliver() -> None:
    """Carry out each job of a mail with a link that waits, oldest first."""
    for job in ProcrastinateJob.objects.filter(task_name=TASK, status="todo").order_by("pk"):
        about = dict(job.args)
        send_link(LinkMail(about.pop("mail")), job=job.pk, **about)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
