"""Every setting, read once from the environment (and `.env`); `.env.example` lists what an operator may set.

Nothing is started here and nothing is asked of the network. A setting that would make a production server unsafe is
refused with one sentence that says what to do.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy
from environs import Env, validate

from core.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(env.str("ENV_FILE", str(BASE_DIR / ".env")), recurse=False)

# --- How it is run -------------------------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", True)
"""Reached by https (a proxy may end TLS). `make run` and `make dev` set 0; anything else is production."""
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
USE_X_FORWARDED_HOST = env.bool("TRUST_PROXY", False)
"""Whether absolute links name the host that a proxy was asked for; it has to be an allowed one too."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if HTTPS else ["127.0.0.1", "localhost", "[::1]"])

if DEBUG and HTTPS:
    raise ImproperlyConfigured("DEBUG shows internals to visitors: unset it, or use `make dev` on your own machine.")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("django-insecure", "change-me")):
    raise ImproperlyConfigured(
        "Set SECRET_KEY to a random text of at least 50 characters, for example from "
        """`python3 -c "import secrets; print(secrets.token_urlsafe(60))"` (`make run` makes one by itself)."""
    )

# --- Database ------------------------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", "")
DATABASE_DIRECT_URL = env.str("DATABASE_DIRECT_URL", "") if env.bool("DATABASE_DIRECT", False) else ""
"""The database itself, where DATABASE_URL leads to a pooler: what `manage.py` uses, the worker included."""
DATABASE_REPLICA_URL = env.str("DATABASE_REPLICA_URL", "")
"""A streaming replica, for requests that only read (`core.replica`); empty: the primary answers everything."""
DATABASE_REPLICA_LAG = env.float("DATABASE_REPLICA_LAG", 5.0, validate=validate.Range(min=0.1, max=60))
"""Seconds; a replica that is further behind is not read until it has caught up."""
DATABASE_POOLER = env.str("DATABASE_POOLER", "", validate=validate.OneOf(["", "transaction"]))
"""`transaction` when PgBouncer stands between in transaction mode: no preparing, no server-side cursors, no options."""
DATABASE_POOL = env.int("DATABASE_POOL", 0)
"""Connections of Django's own pool per process; 0 keeps one connection per thread for 60 seconds instead."""
LOCK_TIMEOUT = env.int("DATABASE_LOCK_TIMEOUT", 5)
STATEMENT_TIMEOUT = env.int("DATABASE_STATEMENT_TIMEOUT", 30)
"""Seconds; 0 for no limit, which is what `manage.py` uses: a migration or a check of the books takes its time."""


def database(url: str) -> dict[str, Any]:
    """Django's settings for the PostgreSQL at `url`; refuses when there is none or it is another engine."""
    if not url:
        raise ImproperlyConfigured(
            "There is no database: set DATABASE_URL to a PostgreSQL 15 to 18, or let `make run` or "
            "`manage.py devdb start` start the embedded one and set DATABASE_URL to the address it prints."
        )
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name")
    options: dict[str, Any] = config.setdefault("OPTIONS", {})
    config["HOST"] = options.pop("host", config["HOST"])  # a socket directory is written `?host=/run/postgresql`
    config["ENGINE"] = "core.postgres"
    config["CONN_HEALTH_CHECKS"] = True
    if DATABASE_POOL:
        options["pool"] = {"min_size": 1, "max_size": DATABASE_POOL}
    else:
        config["CONN_MAX_AGE"] = 60
    if DATABASE_POOLER and not DATABASE_DIRECT_URL:
        # The next statement of this connection may run on another server connection: nothing may be left there.
        config["DISABLE_SERVER_SIDE_CURSORS"] = True
        return config
    limits = f"-c lock_timeout={LOCK_TIMEOUT}s -c statement_timeout={STATEMENT_TIMEOUT}s"
    options["options"] = f"{options['options']} {limits}" if "options" in options else limits
    options["server_side_binding"] = True
    options["prepare_threshold"] = 2
    return config


def replica(url: str) -> dict[str, Any]:
    """The same for a replica: whoever cannot reach it knows within seconds, and goes to the primary."""
    config = database(url)
    options = config["OPTIONS"]
    options |= {"connect_timeout": 2, "tcp_user_timeout": 5_000, "keepalives_idle": 2, "keepalives_interval": 1}
    options["keepalives_count"] = 3
    if "pool" in options:
        options["pool"]["timeout"] = 2
    config["TEST"] = {"MIRROR": "default"}
    return config


DATABASES = {"default": database(DATABASE_DIRECT_URL or DATABASE_URL)}
DATABASE_ROUTERS: list[str] = []
if DATABASE_REPLICA_URL:
    DATABASES["replica"] = replica(DATABASE_REPLICA_URL)
    DATABASE_ROUTERS.append("core.replica.reading.ReplicaRouter")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",  # before the admin whose templates it replaces
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "corsheaders",
    "django_htmx",
    "django_structlog",
    "django_tables2",
    "import_export",
    "procrastinate.contrib.django",
    "core",
    "customers",
    "catalog",
    "pricing",
    "purchasing",
    "cortex",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.api.headers.AnswerHeaders",
    "core.middleware.RequestLog",
    "purchasing.pages.headers.AccountHeaders",
    "core.paths.RawPath",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.replica.reading.ReplicaReads",
    # The API is asked with tokens: the page middlewares let it pass.
    "core.middleware.PageSessions",
    "core.middleware.PageLanguage",
    "core.middleware.PageSlashes",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.PageSignIn",
    "core.middleware.PageMessages",
    "core.middleware.PageHtmx",
    "core.error_pages.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
API_PREFIXES = ("/api/", "/cortex")
"""Where requests carry tokens instead of sessions."""
PAGES_WITH_SLASH = "/account/"
"""Pages below it are found without their last slash too."""
REFUSAL_SHAPES = {"/cortex": "cortex.messages.refusal_response"}
"""Addresses whose refusals have a shape of their own, and what makes it."""

ROOT_URLCONF = "sparkproject.urls"
WSGI_APPLICATION = "sparkproject.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- People, sessions, transport -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["core.sign_in.EmailBackend"]
PROXIES = env.int("PROXIES", 0)
"""Proxies of ours in front, each of which adds to X-Forwarded-For; 0: the connection's address is the caller's."""
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "core.hashers.ClientSecretHasher",  # never the first: only for the random secrets of API clients
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = LOGIN_URL

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by balancers from inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # the bulk addresses' limit; `core.api.bodies` has the lower ones
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a purchase of 50 packages and 50 lines has about 2,000 in the back office
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# gunicorn itself reads X-Forwarded-Proto, from the proxies named in its `forwarded_allow_ips` only; reading it here
# too would believe anybody.

CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True  # never with credentials: a browser's cookies mean nothing to the API
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = ["authorization", "content-type", "site-id", "if-match", "if-none-match", "idempotency-key"]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "Retry-After", "X-Total-Count"]

EMAIL_URL = env.str("EMAIL_URL", "smtp://localhost:25")
vars().update(env.dj_email_url("EMAIL_URL", EMAIL_URL))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "sparkproject@localhost")
EMAIL_TIMEOUT = 20
BASE_URL = env.str("BASE_URL", "").rstrip("/")
"""Where people reach the pages of a site that has no host name of its own: for links in mails."""

# --- Words, files, logs --------------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["sparkproject.formats"]
# The choice of a language, in My account and in the back office.
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Names carry a hash of the content; needs `collectstatic` first, which `make run` does and tests go without.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LOGGING = logging_settings(level=env.log_level("LOG_LEVEL", logging.INFO), as_json=env.bool("LOG_JSON", not DEBUG))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an address is personal data; the proxy's log has it
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = DJANGO_STRUCTLOG_STATUS_2XX_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # a refusal is an answer

# --- Libraries -----------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    # Views are `core.api.views.ApiView`; these are for one that is not.
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.api.authentication.ClientAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["core.api.negotiation.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.renderer.JsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.api.negotiation.JsonOnly",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.SiteSchema",
    "EXCEPTION_HANDLER": "core.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "core.ApiClient"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "core.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "core.RefreshToken"
OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_SERVER_CLASS": "core.api.oauth.TokenServer",
    "OAUTH2_BACKEND_CLASS": "core.api.oauth.JsonBodies",
    "OAUTH2_VALIDATOR_CLASS": "customers.api.sign_in.CustomersValidator",
    "SCOPES_BACKEND_CLASS": "core.api.oauth.ClientScopes",
    "ACCESS_TOKEN_GENERATOR": "core.api.oauth.token_for",
    "REFRESH_TOKEN_GENERATOR": "core.api.oauth.token_for",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 30 * 24 * 60 * 60,  # after the access token that came with it
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,  # of tokens only checksums are kept: none could be answered again
    "OAUTH_PRE_TOKEN_VALIDATION": [],
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}
WRONG_SECRET_SECONDS = env.float("WRONG_SECRET_SECONDS", 0.25)
"""How long the answer to a wrong client secret waits."""

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "sparkproject",
    "DESCRIPTION": "Purchases, payments and balances of business customers.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "displayOperationId": True, "filter": True},
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "core.api.schema.describe_every_answer",
    ],
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "sparkproject",
    "SITE_HEADER": gettext_lazy("Back office"),
    "SHOW_LANGUAGES": True,
    "SITE_URL": "/account/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("favicon.svg")}],
    "DASHBOARD_CALLBACK": "purchasing.admin.overview.overview",
    "SIDEBAR": {"command_search": True, "navigation": "purchasing.admin.navigation.areas"},
    "COMMAND": {"search_callback": "purchasing.admin.navigation.find"},
    "STYLES": [lambda _request: static("back_office/back_office.css")],
    "SCRIPTS": [
        lambda _request: static("back_office/back_office.js"),
        lambda _request: static("back_office/charts.js"),
    ],
}

IMPORT_EXPORT_USE_TRANSACTIONS = True
