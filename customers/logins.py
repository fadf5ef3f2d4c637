"""How a customer is tied to a login, and how a login changes its e-mail: by a link that only the person gets.

An invitation is good for one use: it names the customer and the e-mail it was mailed to, and works while he is active,
has no login and still has that e-mail. Who opens it has that mailbox; so a login that exists under the e-mail is his.
A changed e-mail of a login is confirmed in the new mailbox by somebody who has signed in with that login: a link that
went to a stranger's mailbox gives the stranger nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db.models import Value
from django.db.models.functions import Lower

from core.errors import Conflict
from core.models import User
from core.retries import in_transaction
from customers.models import Customer, CustomerQuerySet

_INVITATION = "customers.logins.invitation"
_NEW_EMAIL = "customers.logins.new-email"


def invitation_for(customer: Customer) -> str:
    """A text for the link of the mail; it ends with its use or after PASSWORD_RESET_TIMEOUT."""
    return signing.dumps([customer.pk, customer.email.lower()], salt=_INVITATION)


def invited(invitation: str) -> Customer | None:
    """Whom the invitation is for, with his site, while it works."""
    try:
        number, email = signing.loads(invitation, salt=_INVITATION, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature:
        return None
    customer = _invitable(number).select_related("site").first()
    return customer if customer is not None and customer.email.lower() == email else None


def login_for(email: str) -> User | None:
    """The login of this e-mail, in whatever letter case."""
    return User.objects.alias(letters=Lower("email")).filter(letters=Lower(Value(email))).first()


def accept_invitation(invitation: str, *, password: str | None) -> User:
    """Tie the customer to the login of his e-mail, made with this password when there is none that has one.

    Raises Conflict `invitation-over` when it does not work any more, or that login cannot stand for him.
    """

    def work() -> User:
        customer = invited(invitation)
        if customer is None:
            raise _over()
        locked = _invitable(customer.pk).select_for_update(no_key=True, of=("self",)).first()
        if locked is None or locked.email != customer.email:
            raise _over()
        user = login_for(locked.email)
        if user is None:
            user = User(email=locked.email, name=locked.full_name)
        elif not user.is_active or Customer.objects.for_site(customer.site).present().filter(user=user).exists():
            raise _over()
        if not user.has_usable_password() or user.pk is None:
            if password is None:
                raise _over()
            user.set_password(password)
            user.save()
        locked.user = user
        locked.save(update_fields=["user", "updated_at"])
        return user

    return in_transaction(work)


def new_email_text(user: User, email: str) -> str:
    """For the link that is mailed to the new e-mail."""
    return signing.dumps([user.pk, user.email, email], salt=_NEW_EMAIL)


def new_email_in(text: str, *, user: User) -> str | None:
    """The e-mail that this login asked for; None when the link is another login's, was used or is too old."""
    try:
        number, before, email = signing.loads(text, salt=_NEW_EMAIL, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature:
        return None
    return str(email) if (number, before) == (user.pk, user.email) else None


def change_login_email(*, user: User, email: str) -> list[Customer]:
    """Give the login this e-mail, which has answered, and with it its customers who had the login's old one.

    Answers these customers. They stay tied. Raises Conflict `resource-already-exists` on `email` when another login, or
    another customer of one of their sites, has it.
    """

    def work() -> list[Customer]:
        login = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        own = Customer.objects.present().filter(user=login).order_by("pk").select_for_update(no_key=True, of=("self",))
        changed = [customer for customer in own if customer.email.lower() == login.email.lower()]
        other_login = login_for(email)
        others = Customer.objects.present().with_email(email).filter(site__in=[item.site_id for item in changed])
        if (other_login and other_login != login) or others.exclude(user=login).exists():
            raise Conflict("This e-mail is taken.", code="resource-already-exists", property="email")
        login.email = email
        login.save(update_fields=["email"])
        for customer in changed:
            customer.email = email
            customer.save(update_fields=["email", "updated_at"])
        return changed

    return in_transaction(work)


def choose_language(*, user: User, language: str, time_zone: str) -> None:
    """In which language and by which clock this person reads, on every site; empty: as the browser and the site say.

    Kept with the login and not with the customer: it is the person's, of all sites, and survives whatever the merchant
    sends of the customer.
    """
    User.objects.filter(pk=user.pk).update(language=language, time_zone=time_zone)
    user.language, user.time_zone = language, time_zone


def _invitable(number: int) -> CustomerQuerySet:
    return Customer.objects.present().filter(pk=number, status=Customer.Status.ACTIVE, user=None)


def _over() -> Conflict:
    return Conflict("This invitation does not work any more.", code="invitation-over")
