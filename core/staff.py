"""Who works at a site: the one door by which a person becomes a member of staff."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from core.errors import Fault, InvalidDocument
from core.models import Site, StaffMembership, StaffRole, User


def make_member(*, site: Site, email: str, name: str = "", role: StaffRole | None = None) -> StaffMembership:
    """Make the person with this e-mail staff of the site; a login is made for one who has none.

    A role that is not given is manager for a new member and stays for one who is there. A new login has no password
    until the person sets one by a mailed link (`core.invitations`). Raises `InvalidDocument` for what is no e-mail.
    """
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            user = User(email=email.strip(), name=name)
            user.set_unusable_password()
            try:
                user.full_clean()
            except ValidationError as error:
                faults = [Fault("invalid", key, " ".join(texts)) for key, texts in error.message_dict.items()]
                raise InvalidDocument(faults=faults) from None
        user.is_staff = True
        user.save()
        said = {"role": role} if role else {}
        membership, _ = StaffMembership.objects.update_or_create(site=site, user=user, defaults=said)
    return membership
