"""Invite a person to the back office of a site."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from core.errors import InvalidDocument
from core.invitations import password_link
from core.management.output import SetUpCommand
from core.models import StaffRole
from core.staff import make_member


class Command(SetUpCommand):
    help = "Invite a person to the back office of a site. The person sets the password under the link that is printed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("site", help="the site's id")
        parser.add_argument("email", help="what the person signs in with")
        parser.add_argument("--name", default="", help="shown beside what this person does")
        parser.add_argument(
            "--role",
            choices=StaffRole.values,
            help="what this person may do there; a new member is manager unless said",
        )
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where the pages are reached")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        site = self.site(options["site"])
        try:
            membership = make_member(
                site=site,
                email=options["email"],
                name=options["name"],
                role=options["role"] and StaffRole(options["role"]),
            )
        except InvalidDocument as refusal:
            raise CommandError("\n".join(f"{fault.property}: {fault.message}" for fault in refusal.faults)) from None
        user, sign_in = membership.user, options["address"] + reverse("admin:login")
        values = {"site_id": site.slug, "email": user.email, "role": membership.role, "sign_in": sign_in}
        sentences = [
            f"{user.email} is staff of site {site.slug} ({membership.get_role_display()}) and signs in at {sign_in}"
        ]
        if not user.has_usable_password():
            values["password_link"] = options["address"] + password_link(user)
            sentences.append(f"The password is set, once, at {values['password_link']}")
        self.answer(options, values, *sentences)
