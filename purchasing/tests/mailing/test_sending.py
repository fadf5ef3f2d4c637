"""Mails on their way: after the commit, once, again after a fault, and finally visible as failed."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core.models import Site, User
from core.site_settings import set_setting
from customers.models import Customer
from purchasing import store
from purchasing.mailing.sending import MailNotSent, send
from purchasing.models import PurchaseMail
from purchasing.tasks import WAITS
from purchasing.tests.bakers import delete, make_customer, order, put
from purchasing.tests.mailing.test_events import ALL
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
State = PurchaseMail.State


@pytest.fixture(autouse=True)
def mails_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # The database of the tests may forget what it has confirmed.
    monkeypatch.setattr("core.management.commands.run_worker.refuse_unless_durable", lambda: None)
    set_setting(site=site, key="mails", value=ALL)


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_customer(site, email="tom@example.com")


def place(site: Site, buyer: Customer, name: str = "A-1", **members: Any) -> None:
    put(site, order(customer=buyer, **members), name, now=NOW)


def work() -> None:
    call_command("run_worker", once=True)


def told() -> list[tuple[list[str], str]]:
    return [(message.to, str(message.subject)) for message in outbox.outbox]


def the_mail() -> PurchaseMail:
    return PurchaseMail.objects.get()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """From now on every hand-over fails so."""

    def fail(error: Exception) -> None:
        def send(_letter: EmailMultiAlternatives) -> int:
            raise error

        monkeypatch.setattr(EmailMultiAlternatives, "send", send)

    return fail


def test_a_worker_sends_what_was_committed_once(site: Site, buyer: Customer) -> None:
    place(site, buyer)
    place(site, buyer)
    assert told() == []

    work()
    work()

    assert told() == [(["Tom Jones <tom@example.com>"], "Your order A-1 is confirmed")]
    done = the_mail()
    assert (done.state, done.told, done.attempts) == (State.SENT, [buyer.pk], 0)
    assert ProcrastinateJob.objects.filter(task_name="purchasing.send_mail").count() == 0


def test_what_is_rolled_back_sends_nothing(site: Site, buyer: Customer) -> None:
    with transaction.atomic():
        place(site, buyer)
        assert (PurchaseMail.objects.count(), ProcrastinateJob.objects.count()) == (1, 1)
        transaction.set_rollback(True)

    assert (PurchaseMail.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    work()
    assert told() == []


def test_a_job_that_runs_twice_sends_once(site: Site, buyer: Customer) -> None:
    place(site, buyer)
    number = the_mail().pk
    together(*[lambda: send(site_id=site.pk, mail_id=number, now=NOW, last=False)] * 4)
    assert len(told()) == 1


def test_a_fault_is_tried_again_and_then_stands_for_staff(
    site: Site, buyer: Customer, failing: Callable[[Exception], None]
) -> None:
    place(site, buyer)
    number = the_mail().pk
    failing(smtplib.SMTPDataError(451, b"tom@example.com is busy"))

    for _ in WAITS:
        with pytest.raises(MailNotSent, match=r"SMTPDataError 451$"):
            send(site_id=site.pk, mail_id=number, now=NOW, last=False)
    assert the_mail().state == State.WAITING
    send(site_id=site.pk, mail_id=number, now=NOW, last=True)

    failed = the_mail()
    assert (failed.state, failed.attempts, failed.fault) == (State.FAILED, len(WAITS) + 1, "SMTPDataError 451")


def test_a_worker_comes_back_to_what_it_could_not_send(
    site: Site, buyer: Customer, failing: Callable[[Exception], None]
) -> None:
    place(site, buyer)
    failing(ConnectionRefusedError())

    before = timezone.now()
    work()

    [job] = ProcrastinateJob.objects.filter(task_name="purchasing.send_mail")
    assert (job.status, job.attempts, the_mail().attempts) == ("todo", 1, 1)
    assert job.scheduled_at is not None
    assert job.scheduled_at >= before + WAITS[0]


def test_what_failed_can_be_sent_again(site: Site, buyer: Customer, other_site: Site) -> None:
    place(site, buyer)
    work()
    outbox.outbox.clear()
    PurchaseMail.objects.update(state=State.FAILED, told=[], attempts=8)

    assert store.send_again(site_id=other_site.pk, mail_ids=[the_mail().pk]) == 0
    assert store.send_again(site_id=site.pk, mail_ids=[the_mail().pk]) == 1
    work()

    assert (len(told()), the_mail().state) == (1, State.SENT)
    assert store.send_again(site_id=site.pk, mail_ids=[the_mail().pk]) == 0


def test_who_was_told_before_the_fault_is_not_told_again(
    site: Site, buyer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_customer(site, "Boss", parent=buyer, role="main", email="boss@example.com")
    for approver in (buyer, other):  # who cannot sign in is not asked
        approver.user = User.objects.create_user(approver.email)
        approver.save()
    child = make_customer(site, "Wales", parent=buyer, email="child@example.com")
    named = {"sparklayer": buyer.public_id, "sparklayer_child": child.public_id}
    put(site, order(type="awaiting_approval", customer_identifiers=named), now=NOW)
    number, real = the_mail().pk, EmailMultiAlternatives.send

    def send_but_to_the_boss(letter: EmailMultiAlternatives) -> int:
        if "boss@example.com" in letter.to[0]:
            raise smtplib.SMTPServerDisconnected
        return real(letter)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send_but_to_the_boss)
    with pytest.raises(MailNotSent):
        send(site_id=site.pk, mail_id=number, now=NOW, last=False)
    assert the_mail().told == [buyer.pk]
    monkeypatch.undo()
    send(site_id=site.pk, mail_id=number, now=NOW, last=False)

    assert [to for to, _ in told()] == [["Tom Jones <tom@example.com>"], ["Tom Jones <boss@example.com>"]]
    assert (the_mail().state, the_mail().told) == (State.SENT, [buyer.pk, other.pk])


def test_what_does_not_stand_any_more_is_dropped(site: Site, buyer: Customer) -> None:
    place(site, buyer)
    delete(site)
    place(site, buyer, "A-2", type="quote")
    place(site, buyer, "A-2", type="quote", quote_status="draft")
    place(site, buyer, "A-3")
    Customer.objects.filter(pk=buyer.pk).update(status="inactive")
    place(site, buyer, "A-4")

    work()

    assert told() == []
    assert set(PurchaseMail.objects.values_list("state", flat=True)) == {State.DROPPED}
