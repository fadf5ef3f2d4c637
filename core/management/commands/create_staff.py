"""Invite a person to the back office of a site."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.urls import reverse

from core.invitations import password_link
from core.management.output import SetUpCommand
from core.models import StaffMembership, User


class Command(SetUpCommand):
    help = "Invite a person to the back office of a site. The person sets the password under the link that is printed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("site", help="the site's id")
        parser.add_argument("email", help="what the person signs in with")
        parser.add_argument("--name", default="", help="shown beside what this person does")
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where the pages are reached")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        site = self.site(options["site"])
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            user = User(email=options["email"], name=options["name"])
            user.set_unusable_password()
            self.checked(user)
        user.is_staff = True
        user.save()
        StaffMembership.objects.get_or_create(site=site, user=user)
        values = {"site_id": site.slug, "email": user.email, "sign_in": options["address"] + reverse("admin:login")}
        sentences = [f"{user.email} is staff of site {site.slug} and signs in at {values['sign_in']}"]
        if not user.has_usable_password():
            values["password_link"] = options["address"] + password_link(user)
            sentences.append(f"The password is set, once, at {values['password_link']}")
        self.answer(options, values, *sentences)
