"""API clients, their tokens, and the answers kept for repeated POSTs.

Life of a client: made for one site with a name and scopes; its secret is shown once and kept as a hash. It gets tokens
of one hour, many at once. Rotating gives it a new secret while the old one still works for a day, so that the program
on the other side can be changed over without a gap. Deleting a client ends its tokens.

People sign in with a password and need no client: the site's built-in one stands in, made at the first sign-in. It is
public (no secret), gets no token for itself, and is no program that anybody manages.

Of client secrets only a salted hash is kept, of tokens only a checksum: neither can be read from a dump.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import MD5, Now
from oauth2_provider.models import AbstractAccessToken, AbstractApplication, AbstractRefreshToken

from core.hashers import ClientSecretHasher
from core.models.fields import SiteForeignKey, SiteOneToOneField
from core.models.people import User
from core.models.site import Site
from core.scopes import PERSON_SCOPES, SCOPES

ROTATION_OVERLAP = timedelta(hours=24)
"""How long the secret before the last one still works after a rotation."""


def new_client_id() -> str:
    return str(uuid.uuid4())


def new_secret() -> str:
    """256 random bits in characters that need no escaping anywhere."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """An opaque access token of 64 characters."""
    return secrets.token_urlsafe(48)


def client_credentials_only() -> list[str]:
    return [AbstractApplication.GRANT_CLIENT_CREDENTIALS]


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def programs(self) -> Self:
        """Those that staff make and manage: all but the built-in ones."""
        return self.filter(client_type=AbstractApplication.CLIENT_CONFIDENTIAL)

    def built_in(self, site: Site) -> ApiClient:
        """What stands in for a client when customers of the site sign in with a password."""
        client, _ = self.get_or_create(
            site=site,
            client_id=f"customers-{site.pk}",  # no random id is one like this, so a site has one
            defaults={
                "client_type": AbstractApplication.CLIENT_PUBLIC,
                "name": f"Customers who sign in ({uuid.uuid4()})",  # a name that no program has
                "grants": [AbstractApplication.GRANT_PASSWORD],
                "scopes": list(PERSON_SCOPES),
            },
        )
        return client


class ApiClient(AbstractApplication):
    """An external program of one site, with its scopes: an OAuth 2.0 application (client_credentials)."""

    # What these members of the library's application are for (redirects, signed tokens, self-registration) is not
    # offered here; a column that nothing reads would only invite a wrong belief.
    user = None
    redirect_uris = None
    post_logout_redirect_uris = None
    authorization_grant_type = None
    skip_authorization = None
    hash_client_secret = None
    algorithm = None
    allowed_origins = None
    registration_source = None
    cimd_expires_at = None

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    client_id = models.CharField(
        "client id", max_length=64, unique=True, default=new_client_id, editable=False, help_text="Sent as client_id."
    )
    client_secret = models.CharField("hash of the secret", max_length=128, editable=False)
    previous_secret = models.CharField("hash of the secret before", max_length=128, editable=False, default="")
    previous_secret_until = models.DateTimeField(
        "previous secret works until", null=True, editable=False, help_text="Empty: only the newest secret works."
    )
    client_type = models.CharField(
        max_length=32,
        choices=AbstractApplication.CLIENT_TYPES,
        default=AbstractApplication.CLIENT_CONFIDENTIAL,
        editable=False,
    )
    grants = ArrayField(
        models.CharField(max_length=44, choices=AbstractApplication.GRANT_TYPES),
        default=client_credentials_only,
        editable=False,
    )
    name = models.CharField(
        max_length=100, help_text="Which program this is. Named as the author of everything it stores."
    )
    scopes = ArrayField(
        models.CharField(max_length=32, choices=list(SCOPES.items())),
        help_text="What it may do. A scope without .read includes its .read twin.",
    )
    last_used_at = models.DateTimeField(null=True, editable=False, help_text="Within a minute.")

    objects = ApiClientQuerySet.as_manager()

    class Meta(AbstractApplication.Meta):
        verbose_name = "API client"
        ordering = ["site", "name"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="a_client_is_referred_to_within_its_site"),
            models.UniqueConstraint(fields=["site", "name"], name="a_client_name_stands_once_per_site"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Nothing beyond the fields' own rules: the library's checks concern redirects and signing keys."""

    def allows_grant_type(self, *grant_types: str) -> bool:
        return not set(self.grants).isdisjoint(grant_types)

    def set_new_secret(self, *, now: datetime | None = None) -> str:
        """Give the client a secret and return it, the only time it can be read; the caller saves.

        With `now`, the secret it had goes on working for `ROTATION_OVERLAP`; without, it ends at once.
        """
        secret = new_secret()
        if now is not None and self.client_secret:
            self.previous_secret, self.previous_secret_until = self.client_secret, now + ROTATION_OVERLAP
        else:
            self.previous_secret, self.previous_secret_until = "", None
        self.client_secret = make_password(secret, hasher=ClientSecretHasher.algorithm)
        return secret

    def knows_secret(self, secret: str, *, now: datetime) -> bool:
        """Whether `secret` is the current one, or the one before within its overlap."""
        if check_password(secret, self.client_secret, preferred=ClientSecretHasher.algorithm):
            return True
        return (
            self.previous_secret_until is not None
            and now < self.previous_secret_until
            and check_password(secret, self.previous_secret, preferred=ClientSecretHasher.algorithm)
        )


class AccessToken(AbstractAccessToken):
    """One hour's access of a client. Only the checksum of the token is kept."""

    token = None
    """No column at all: the library's place for the clear text does not exist."""
    id_token = None
    resource = None

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    application = SiteForeignKey("core.ApiClient", on_delete=models.CASCADE, related_name="access_tokens")
    source_refresh_token = SiteOneToOneField(
        "core.RefreshToken", on_delete=models.SET_NULL, null=True, blank=True, related_name="refreshed_access_token"
    )

    objects: ClassVar[models.Manager[AccessToken]] = models.Manager()

    class Meta(AbstractAccessToken.Meta):
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="an_access_token_is_referred_to_within_its_site")
        ]
        indexes = [models.Index(fields=["expires"], name="access_token_by_expiry")]


class RefreshToken(AbstractRefreshToken):
    """What renews a person's access token; rotated on use. Only the checksum is kept."""

    token = None
    resource = None

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    application = SiteForeignKey("core.ApiClient", on_delete=models.CASCADE, related_name="refresh_tokens")
    access_token = SiteOneToOneField(
        "core.AccessToken", on_delete=models.SET_NULL, null=True, blank=True, related_name="refresh_token"
    )

    objects: ClassVar[models.Manager[RefreshToken]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="a_refresh_token_is_referred_to_within_its_site"),
            models.UniqueConstraint(fields=["token_checksum"], name="a_refresh_token_is_given_once"),
        ]
        indexes = [models.Index(fields=["token_family"], name="refresh_token_by_family")]


class ClientCalls(models.Model):
    """How often a client called within the present minute; written only where the site has a limit."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    client = SiteOneToOneField("core.ApiClient", on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.client}: {self.calls}"


class PersonCalls(models.Model):
    """How often a person called with tokens of his own: all persons of a site share a client, not its limit."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "site"], name="a_person_is_counted_once_per_site")]

    def __str__(self) -> str:
        return f"{self.user}: {self.calls}"


class IdempotencyKey(models.Model):
    """The answer a POST got, kept for 24 hours and given again when the same key is sent (`rules`: Idempotency-Key).

    The row is written in the transaction of the POST itself, so that effect and answer stand or fall together.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    client = SiteForeignKey("core.ApiClient", on_delete=models.CASCADE, related_name="+")
    path = models.TextField()
    key = models.CharField(max_length=255)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    answer = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            # The path by its digest: an address may be longer than an index entry.
            models.UniqueConstraint(
                "site", "client", MD5("path"), "key", name="a_key_is_answered_once_per_client_and_path"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_by_age")]

    def __str__(self) -> str:
        return self.key
