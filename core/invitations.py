"""The one way to a password: a link that only the person gets, good for one use."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core.models import User


def password_link(user: User) -> str:
    """The path of the page where this person sets the password; ends with its use or after PASSWORD_RESET_TIMEOUT."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_reset_confirm", args=[number, default_token_generator.make_token(user)])


def mail_invitation(user: User, *, base_address: str) -> None:
    """Mail the link to the person's own e-mail. Raises SMTPException or OSError when no mail can be sent."""
    send_mail(
        subject="Your login",
        message=f"A login was made for you. Set your password here:\n\n{base_address}{password_link(user)}\n",
        from_email=None,
        recipient_list=[user.email],
    )
