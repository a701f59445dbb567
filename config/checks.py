"""System checks: wrong or insecure settings stop the start with a sentence that says what to set."""

from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.http.request import validate_host

from checks import pdf
from integrations.lever.hosts import is_levers
from notifications import texts
from notifications.phones import can_be_texted
from notifications.texts.twilio import Twilio
from notifications.urls import PROVIDERS, of_provider

REQUIRED = {
    "SECRET_KEY": "a long random text: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
    "SITE_URL": "the address people use, such as https://vouch.example.com",
    "ALLOWED_HOSTS": "the host names of that address, separated by commas",
    "FIELD_ENCRYPTION_KEYS": "one or more Fernet keys, newest first: python3 -c 'from cryptography.fernet "
    "import Fernet; print(Fernet.generate_key().decode())'",
    "DEFAULT_FROM_EMAIL": "the address that mails come from, such as references@example.com",
}


@register()
def settings_are_complete(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every required value is there (outside DEBUG), and no value is nonsense."""
    return [*_missing(), *_wrong(), *_wrong_addresses(), *_wrong_api(), *_wrong_provider(), *_wrong_texts()]


@register(deploy=True)
def pdfs_can_be_made(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Only asked for a deployment: everything else works without, and a page says so where a PDF is wanted."""
    if pdf.is_possible():
        return []
    hint = f"On Debian and Ubuntu: apt-get install --no-install-recommends {pdf.PANGO}"
    return [Warning("Reports cannot be made into PDFs: Pango is missing.", hint=hint, id="vouch.W012")]


def _missing() -> Iterator[CheckMessage]:
    for name, hint in REQUIRED.items():
        if not getattr(settings, name):
            yield Error(f"{name} is not set.", hint=f"Set {name} to {hint}.", id="vouch.E001")


def _wrong() -> Iterator[CheckMessage]:
    for key in settings.FIELD_ENCRYPTION_KEYS:
        try:
            Fernet(key)
        except ValueError:
            yield Error(
                "FIELD_ENCRYPTION_KEYS holds a value that is no Fernet key.",
                hint=f"Set FIELD_ENCRYPTION_KEYS to {REQUIRED['FIELD_ENCRYPTION_KEYS']}.",
                id="vouch.E002",
            )
    if settings.CONNECTION_MODE not in ("self-service", "managed"):
        yield Error("CONNECTION_MODE is neither 'self-service' nor 'managed'.", id="vouch.E003")
    if settings.Q_CLUSTER.get("retry", 0) <= settings.Q_CLUSTER.get("timeout", 0):
        yield Error("Q_CLUSTER: retry must be longer than timeout.", id="vouch.E006")
    if not 20 <= settings.KEEP_DELIVERIES_DAYS <= 36_500:
        yield Error(
            "KEEP_DELIVERIES_DAYS is not between 20 and 36,500.",
            hint="Lever can send again what is two weeks old; what is kept here makes such a repeat harmless.",
            id="vouch.E009",
        )
    if settings.DATABASES["default"].get("OPTIONS", {}).get("pool"):
        yield Error(
            "DATABASE_URL asks for a connection pool.",
            hint="Leave it out: the worker forks, and forked processes must not share pooled connections.",
            id="vouch.E007",
        )


def _wrong_addresses() -> Iterator[CheckMessage]:
    if settings.SITE_URL and urlsplit(settings.SITE_URL).scheme not in ("http", "https"):
        yield Error("SITE_URL does not begin with https:// (or http://).", id="vouch.E005")
    host = urlsplit(settings.SITE_URL).hostname
    if host and settings.ALLOWED_HOSTS and not validate_host(host, settings.ALLOWED_HOSTS):
        yield Warning(
            "ALLOWED_HOSTS does not hold the host of SITE_URL.",
            hint="Every link in a mail would answer 400, unless a proxy gives the requests another host.",
            id="vouch.W003",
        )
    if settings.DEFAULT_FROM_EMAIL and not parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[0]:
        yield Error(
            "DEFAULT_FROM_EMAIL is no e-mail address.",
            hint=f"Set DEFAULT_FROM_EMAIL to {REQUIRED['DEFAULT_FROM_EMAIL']}.",
            id="vouch.E008",
        )


def _wrong_api() -> Iterator[CheckMessage]:
    if not settings.LEVER_API_URL.endswith("/v1"):
        yield Error(
            "LEVER_API_URL does not end in /v1.",
            hint="Leave it unset for Lever's production, https://api.lever.co/v1.",
            id="vouch.E004",
        )
    elif not settings.DEBUG and not is_levers(settings.LEVER_API_URL):
        yield Warning(
            "LEVER_API_URL is none of Lever’s hosts: every API key is sent there.",
            hint="Leave it unset, unless you mean it, such as for a practice Lever.",
            id="vouch.W004",
        )


def _wrong_provider() -> Iterator[CheckMessage]:
    """A provider that anymail knows, with all that it needs, and events that only the provider can send."""
    name = settings.EMAIL_PROVIDER
    if not name:
        return
    events = of_provider(name)
    if not events:
        yield Error(
            "EMAIL_PROVIDER is no provider that tells what became of a mail.",
            hint="Set it to one of " + ", ".join(PROVIDERS) + ", or leave it unset and set EMAIL_URL.",
            id="vouch.E010",
        )
        return
    if not settings.DEBUG and not all(":" in secret for secret in settings.ANYMAIL["WEBHOOK_SECRET"] or [""]):
        yield Error(
            "ANYMAIL_WEBHOOK_SECRET is not set, or is not user:password.",
            hint="Set it to two long random texts with a colon between them, and put both into the address of the "
            f"webhook at the provider: https://user:password@{urlsplit(settings.SITE_URL).netloc}/{events[0].pattern}",
            id="vouch.E011",
        )
    try:
        get_connection(settings.EMAIL_BACKEND)
    except ImproperlyConfigured as fault:
        yield Error(f"EMAIL_PROVIDER lacks a setting: {fault}.", hint="Set it in the environment.", id="vouch.E012")


def _wrong_texts() -> Iterator[CheckMessage]:
    if not can_be_texted():
        return
    try:
        backend = texts.backend()
    except ValueError as fault:
        yield Error(str(fault), hint="Leave SMS_URL unset to send no text messages.", id="vouch.E013")
        return
    if not settings.DEBUG and not isinstance(backend, Twilio):
        yield Warning(
            "SMS_URL sends no text message to anybody.",
            hint="Outside DEBUG, set it to twilio://SID:TOKEN@api.twilio.com/?from=+15017122661, or leave it unset.",
            id="vouch.W005",
        )


@register(deploy=True)
def settings_are_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What only `check --deploy` asks: fit for the open internet."""
    found: list[CheckMessage] = []
    if not settings.HTTPS:
        found.append(Warning("SITE_URL is not https.", hint="Lever delivers webhooks to https only.", id="vouch.W001"))
    if not settings.LEVER_API_URL.startswith("https://"):
        found.append(Warning("LEVER_API_URL is not https.", hint="The API key would travel in clear.", id="vouch.W002"))
    return found
