"""All settings, from the environment (or `.env` beside manage.py) and nowhere else.

What is missing or insecure outside DEBUG stops the start with a sentence: see `config/checks.py`.
"""

import os
import sys
import warnings
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONCE

from config import logs

django_stubs_ext.monkeypatch()  # `ModelForm[Check]` says what the type checker needs and means nothing at run time

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- Who we are -------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# In DEBUG a key that everybody knows is fine; outside it, an empty one fails the system checks.
SECRET_KEY = env.str("SECRET_KEY", default="only-for-debug" if DEBUG else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_ENCRYPTION_KEYS = env.list(
    "FIELD_ENCRYPTION_KEYS", default=["b25seS1mb3ItZGVidWctb25seS1mb3ItZGVidWctMzI="] if DEBUG else []
)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEBUG else "").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"] if DEBUG else [])
PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # in front of us, whose X-Forwarded-… headers are believed
CONNECTION_MODE = env.str("CONNECTION_MODE", default="self-service")
LEVER_API_URL = env.str("LEVER_API_URL", default="https://api.lever.co/v1").rstrip("/")
# Seconds that a tag of progress ("References 1 of 3") waits for the next one to replace it.
TAG_SETTLE_SECONDS = env.float("TAG_SETTLE_SECONDS", default=10.0)

# How long the log keeps what came from Lever and what was written there.
KEEP_DELIVERIES_DAYS = env.int("KEEP_DELIVERIES_DAYS", default=90)

# The most reminders that one address gets in 30 days, from all checks of all organizations together.
REMINDERS_PER_PERSON = env.int("REMINDERS_PER_PERSON", default=6)

# How long a worker may keep a row of work before another takes it over; longer than any attempt lasts.
LEASE_SECONDS = env.float("LEASE_SECONDS", default=90.0)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "admin:index"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "config.apps.PortalConfig",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_q",
    "axes",
    "csp",
    "simple_history",
    "anymail",
    "accounts",
    "notifications",
    "templates_app",
    "checks",
    "integrations",
    "prospects",
]

MIDDLEWARE = [
    "config.middleware.request_context",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.content_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.signed_in",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'vouch.sqlite3'}")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction takes the write lock when it begins, so that two never deadlock half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }

# --- Queue: it only wakes the workers; the truth is in the inbox and outbox tables -------------------
Q_CLUSTER = {
    "name": "vouch",
    "orm": "default",
    "workers": env.int("WORKERS", default=2),
    "timeout": 120,
    "retry": 150,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "queue_limit": 1,
    "poll": 0.1,
    "recycle": 500,
    "label": "Queue",
    "log_level": "WARNING",
}

# --- Cache, mail, text messages ---------------------------------------------------------------------
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
EMAIL_TIMEOUT = 15
vars().update(env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="references@localhost" if DEBUG else "")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# A provider instead of a mail server, by anymail's name for it, such as `postmark`. Whatever begins with ANYMAIL_ in
# the environment is a setting of anymail's: https://anymail.dev/en/stable/installation/
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
ANYMAIL: dict[str, Any] = {
    name.removeprefix("ANYMAIL_"): {"true": True, "false": False}.get(value.lower(), value)
    for name, value in os.environ.items()
    if name.startswith("ANYMAIL_")
}
ANYMAIL["REQUESTS_TIMEOUT"] = env.float("ANYMAIL_REQUESTS_TIMEOUT", default=EMAIL_TIMEOUT)
# `user:password`; two, separated by a comma, while one replaces the other.
ANYMAIL["WEBHOOK_SECRET"] = env.list("ANYMAIL_WEBHOOK_SECRET", default=[])
if EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
SMS_URL = env.str("SMS_URL", default="")  # see notifications/texts

# --- Signing in -------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "accounts.backends.visitors_address"
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_VERBOSE = False

# --- Safety of the pages ----------------------------------------------------------------------------
HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
# `/healthz` is asked by load balancers over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.dead_ends.forged"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a survey of a hundred questions with its translations is one form
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes: some texts of 50,000 characters, up to four bytes each
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_AGE = 60 * 60 * 12
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        # The pages of candidates and references carry their style in them (config/templates/public.html).
        "style-src": ["'self'", NONCE],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
# What went wrong is told without values: any of them may be a key.
DEFAULT_EXCEPTION_REPORTER = "config.traces.Report"
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.traces.NoValues"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}

# --- Files, language, time --------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# A fresh checkout serves its files as they lie there; `collectstatic` makes hashed copies for production.
WHITENOISE_USE_FINDERS = True
warnings.filterwarnings("ignore", "No directory at", UserWarning)  # whitenoise, before collectstatic
WHITENOISE_AUTOREFRESH = DEBUG
if "collectstatic" in sys.argv or (STATIC_ROOT / "staticfiles.json").exists():
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# What candidates and references read: each page of theirs is in the language that their row names, and the pages for
# when something is wrong in the one that the browser asks for (checks/speaking.py). The portal is in English: without
# LocaleMiddleware no browser turns half of it, Django's own words, into another language.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"

# --- Logs: JSON lines with the ids of connection and check, never a name, an address or a token ------
LOGGING = logs.configuration(json=not DEBUG, level=env.str("LOG_LEVEL", default="INFO"))
