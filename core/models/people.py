"""People who sign in. One login (by e-mail) per person for the whole installation.

A login may stand for customers of several sites (`customers.Customer.user`) and be staff of several sites
(`StaffMembership`). Only the person sets the password, by a mailed link.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower, Now

from core.models.site import Site


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A login without staff rights; without a password it cannot sign in until one is set."""
        user = self.model(email=email.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.alias(lowered=Lower("email")).get(lowered=Lower(Value(username)))


class User(AbstractBaseUser, PermissionsMixin):
    """A person's login. The e-mail is unique without regard to case and answered as it was entered."""

    # Unique twice: exactly, which Django asks of a log-in name, and without regard to case (below).
    email = models.EmailField(max_length=255, unique=True)
    name = models.CharField(max_length=255, blank=True, default="", help_text="Shown beside what this person does.")
    is_staff = models.BooleanField(default=False, help_text="May open the back office of the sites they belong to.")
    is_active = models.BooleanField(default=True, help_text="Switch off to end this login without deleting it.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    language = models.CharField(
        max_length=8,
        choices=settings.LANGUAGES,
        blank=True,
        default="",
        db_default="",
        help_text="Of the pages and mails of My account. Empty: the browser's, and the site's first.",
    )
    time_zone = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Of times of My account. Empty: the site's."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_login_per_email")]

    def __str__(self) -> str:
        return self.email

    @property
    def password_was_set(self) -> bool:
        """Within `save()`: whether a new password is being stored (not the old one in a newer hash)."""
        return getattr(self, "_password", None) is not None

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email


class StaffRole(models.TextChoices):
    """What a member of staff may do with what belongs to the site, each the former and more (`docs/back_office.md`).

    One person may be manager of one site and read another's books, so a role belongs to the membership; groups of
    logins, which count everywhere, cannot say that.
    """

    READ_ONLY = "read-only", "Read-only"
    """Reads and exports."""
    CLERK = "clerk", "Clerk"
    """Everything about purchases, packages and payments; takes nothing away."""
    MANAGER = "manager", "Manager"
    """Customers, credit, prices, stock, settings, members and API clients too; un-applies and deletes."""

    def includes(self, other: StaffRole) -> bool:
        """Whether this role may do what that one may."""
        order = list(StaffRole)
        return order.index(self) >= order.index(other)


class StaffMembership(models.Model):
    """A member of staff of one site. A superuser needs none, sees every site and may do everything."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(
        max_length=16,
        choices=StaffRole.choices,
        default=StaffRole.MANAGER,
        db_default=StaffRole.MANAGER,
        help_text="Read-only reads and exports; a clerk works on purchases and payments; a manager does everything.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["site", "user"]
        constraints = [models.UniqueConstraint(fields=["site", "user"], name="a_person_is_member_of_a_site_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.site}"
