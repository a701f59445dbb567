"""Text that the database holds only encrypted, and tokens that it holds so that they can be looked up.

`FIELD_ENCRYPTION_KEYS` is a list: the first key encrypts, every key decrypts, so a new one can be put in front.
"""

import hashlib
import secrets
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class DecryptionError(Exception):
    """No key of FIELD_ENCRYPTION_KEYS decrypts a stored value."""


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> MultiFernet:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text behind a stored value; raises DecryptionError, and never hands back what it could not read."""
    try:
        return _keys().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise DecryptionError("No key of FIELD_ENCRYPTION_KEYS decrypts a stored value.") from None


def is_current(stored: str) -> bool:
    """Whether the first key alone decrypts a stored value."""
    try:
        _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS[:1])).decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def encrypted_anew(stored: str) -> str:
    """The same text under the first key; raises DecryptionError."""
    try:
        return _keys().rotate(stored.encode()).decode()
    except InvalidToken:
        raise DecryptionError("No key of FIELD_ENCRYPTION_KEYS decrypts a stored value.") from None


class EncryptedTextField(models.TextField[str, str]):
    """A text column whose cells are Fernet tokens. Empty stays empty; it cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value)) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        raise TypeError("An encrypted column cannot be searched.")


def new_token() -> str:
    """192 random bits as 32 characters that survive any mail client."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """What is stored to look a token up. A plain hash is enough for a secret of this length (ASVS 6.5.2)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
