"""The one way to a password: a link that only the person gets, good for one use."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.models import Site, User
from core.site_settings import settings_of


def password_link(user: User) -> str:
    """The path of the page where this person sets the password; ends with its use or after PASSWORD_RESET_TIMEOUT."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_reset_confirm", args=[number, default_token_generator.make_token(user)])


def mail_invitation(user: User, *, base_address: str) -> None:
    """Mail the link to the person's own e-mail. Raises SMTPException or OSError when no mail can be sent.

    It names the sites that the person is staff of, and is in the language the person has chosen, else in the first of
    those sites; to who is staff of none in the installation's.
    """
    sites = list(Site.objects.filter(memberships__user=user).order_by("name", "pk"))
    language = settings_of(sites[0]).languages[0] if sites else settings.LANGUAGE_CODE
    names = ", ".join(" ".join(site.name.split()) for site in sites) or settings.UNFOLD["SITE_TITLE"]
    with override(user.language or language):
        subject = _("Your login to the back office of %(sites)s") % {"sites": names}
        text = _("You have been given a login to the back office of %(sites)s, as %(email)s. Set your password here:")
        told = text % {"sites": names, "email": user.email}
        unexpected = _("If you do not expect this, ignore this message: nothing changes.")
    send_mail(
        subject=subject,
        message=f"{told}\n\n{base_address}{password_link(user)}\n\n{unexpected}\n",
        from_email=None,
        recipient_list=[user.email],
    )
