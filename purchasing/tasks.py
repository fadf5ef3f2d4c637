"""What workers do for purchases (`manage.py run_worker`). Jobs are put aside in the transaction that brings them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connections
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from purchasing.mailing.links import send_link
from purchasing.mailing.sending import send
from purchasing.store.link_mails import TASK as LINK_TASK
from purchasing.store.link_mails import LinkMail
from purchasing.store.mails import QUEUE, TASK

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 8 * 60, 12 * 60)]
"""Between attempts: a mail server may be away for a day."""


class Backoff(BaseRetryStrategy):
    """Again after each of `WAITS`, then no more."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= len(WAITS):
            return None
        return RetryDecision(retry_in={"seconds": int(WAITS[job.attempts].total_seconds())})


@app.task(name=TASK, queue=QUEUE, retry=Backoff(), pass_context=True)
def send_mail(context: JobContext, *, site_id: int, mail_id: int) -> None:
    try:
        send(site_id=site_id, mail_id=mail_id, now=timezone.now(), last=context.job.attempts >= len(WAITS))
    finally:
        connections.close_all()  # of this thread, which may wait for hours until the next


@app.task(name=LINK_TASK, queue=QUEUE, retry=Backoff(), pass_context=True)
def send_link_mail(context: JobContext, /, *, mail: str, **about: Any) -> None:
    """`about`: what `purchasing.pages.mails` said of it. What could not be mailed in the end stays a failed job."""
    try:
        send_link(LinkMail(mail), job=context.job.id or 0, **about)
    finally:
        connections.close_all()  # as above


@app.periodic(cron="*/5 * * * *")
@app.task(name="purchasing.take_up_again", queue=QUEUE, queueing_lock="purchasing.take_up_again")
async def take_up_again(timestamp: int) -> None:  # noqa: ARG001  # periodic jobs are told when they were due
    """Jobs of workers that were killed while they had them: sent is sent, so doing them again does no harm."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE):
        await app.job_manager.retry_job(job)
