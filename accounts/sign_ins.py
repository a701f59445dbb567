"""Where a person is signed in: a line for each session, which they can end."""

import re
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.encryption import EncryptedTextField, digest
from accounts.querysets import OrganizationQuerySet

if TYPE_CHECKING:
    from accounts.models import User

SEEN = "seen_at"  # in the session: when the row was brought up to date last
OFTEN_ENOUGH = timedelta(minutes=10)
# Browsers name themselves after each other; the first that fits is the one.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class SignedInQuerySet(OrganizationQuerySet["SignedIn"]):
    to_organization = "user__organization"


class SignedIn(models.Model):
    """One browser. The session's key would open it, so it is kept encrypted and found by its digest."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="sign_ins")
    session_key = EncryptedTextField(editable=False)
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    device = models.CharField(max_length=120, blank=True)  # such as: Firefox on Linux
    way = models.CharField(max_length=12)  # link, password
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = SignedInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"])]

    def __str__(self) -> str:
        return self.device or f"session {self.pk}"

    @classmethod
    def begin(cls, request: HttpRequest, user: "User", way: str, now: datetime) -> None:
        """Somebody has just signed in."""
        key = request.session.session_key or ""
        request.session[SEEN] = now.timestamp()
        about = {"user": user, "way": way, "device": device(request), "began_at": now, "seen_at": now}
        cls.objects.update_or_create(key_digest=digest(key), defaults={**about, "session_key": key})

    @classmethod
    def follow(cls, before: str | None, after: str | None) -> None:
        """The session goes on under another key, as after a change of the password."""
        if before and after and before != after:
            cls.objects.filter(key_digest=digest(before)).update(session_key=after, key_digest=digest(after))

    @classmethod
    def of(cls, user: "User", now: datetime) -> list["SignedIn"]:
        """Those that go on, the last seen first. The others are cleared away."""
        rows = list(cls.objects.filter(user=user).order_by("-seen_at"))
        keys = [row.session_key for row in rows]
        alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("pk", flat=True))
        cls.objects.filter(pk__in=[row.pk for row in rows if row.session_key not in alive]).delete()
        return [row for row in rows if row.session_key in alive]

    def is_of(self, request: HttpRequest) -> bool:
        """Whether it is the one that asks."""
        return self.key_digest == digest(request.session.session_key or "")

    def end(self) -> None:
        """At once: whoever uses it is asked to sign in."""
        _store(self.session_key).delete()
        self.delete()


def keep_in_sight(request: HttpRequest, now: datetime) -> None:
    """Say now and then that the session is in use."""
    last = request.session.get(SEEN)
    if last is None or now.timestamp() - last < OFTEN_ENOUGH.total_seconds():
        return
    SignedIn.objects.filter(key_digest=digest(request.session.session_key or "")).update(seen_at=now)
    request.session[SEEN] = now.timestamp()


def device(request: HttpRequest) -> str:
    """Browser and system in plain words, as far as the browser tells; not its whole name, which singles people out."""
    name = request.META.get("HTTP_USER_AGENT", "")
    browser, system = _first(BROWSERS, name), _first(SYSTEMS, name)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown browser")


def _first(known: tuple[tuple[str, str], ...], name: str) -> str:
    return next((words for mark, words in known if re.search(mark, name)), "")


def _store(key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
