"""The environment that the tests run in, and then the settings just as every installation reads them.

What is set outside stays: `tests/postgres.py` sets DATABASE_URL, and a test that starts a process of its own
may give it other values.
"""

import os
import tempfile

for name, value in {
    "SECRET_KEY": "the-tests-sign-with-this-and-nobody-else-does-it-is-long-enough",
    "FIELD_ENCRYPTION_KEYS": "dGhlLXRlc3RzLWVuY3J5cHQtd2l0aC10aGlzLWtleSE=",
    "ALLOWED_HOSTS": "*",
    "SITE_URL": "http://testserver",
    # Not in memory: pytest-django's live server would share its thread's connection with the test's.
    "DATABASE_URL": f"sqlite:///{tempfile.gettempdir()}/vouch-{os.getpid()}.sqlite3",
    "CACHE_URL": "locmemcache://",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "references@vouch.example",
    "LEVER_API_URL": "http://127.0.0.1:9/v1",  # the discard port: no test reaches the real Lever by mistake
}.items():
    os.environ.setdefault(name, value)

from config.settings import *
from config.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file with its write-ahead log: it has production's locks, and a second process can open it.
    DATABASES["default"]["TEST"] = {"NAME": f"{DATABASES['default']['NAME']}.test"}

# Nobody guesses the passwords of the tests, and a slow digest would be waited for each time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Looked for when one is asked for, instead of listed beforehand for each of a thousand browsers.
WHITENOISE_AUTOREFRESH = True
