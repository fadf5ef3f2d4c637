"""The one way to a password: a link that only the person gets, good for one use."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core.models import User


def password_link(user: User) -> str:
    """The path of the page where this person sets the password; ends with its use or after PASSWORD_RESET_TIMEOUT."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_reset_confirm", args=[number, default_token_generator.make_token(user)])
