"""The mail by which a merchant invites a customer to My account, in the words of the invitations of companies."""

from __future__ import annotations

from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from core.site_settings import settings_of
from customers.logins import invitation_for
from customers.models import Customer


def is_invitable(customer: Customer) -> bool:
    """Active, not deleted and without a login."""
    is_active = customer.deleted_at is None and customer.status == Customer.Status.ACTIVE
    return is_active and customer.user_id is None


def mail_invitation(request: HttpRequest, customer: Customer) -> None:
    """To the customer's e-mail, in the first language of the site, on the site's own host where it has one.

    Only who opens the link is tied to a login. Raises SMTPException or OSError when no mail can be sent.
    """
    site = customer.site
    path = reverse("account:invitation", args=[invitation_for(customer)])
    link = f"{request.scheme}://{site.host}{path}" if site.host else request.build_absolute_uri(path)
    words = {"site": site, "customer": customer, "by": {"full_name": site.name}, "link": link}
    with override(settings_of(site).languages[0]):
        subject = " ".join(render_to_string("account/invitation_mail_subject.txt", words).split())
        text = render_to_string("account/invitation_mail.txt", words)
    send_mail(subject, text, from_email=None, recipient_list=[customer.email])
