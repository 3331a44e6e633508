"""Columns that a stolen database does not give away, and keyed hashes to find rows by them."""

import hashlib
import hmac
import os
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


def lookup_hash(purpose: str, value: str) -> str:
    """This will return a keyed hash, equal for equal values of one purpose, useless without the key."""
    return hmac.digest(settings.LOOKUP_KEY.encode(), f"{purpose}:{value}".encode(), "sha256").hex()


if TYPE_CHECKING:
    TextColumn = models.TextField
else:

    class TextColumn(models.Field):
        """Django's fields take type parameters for the checker only."""

        def __class_getitem__(cls, _parameters: Any) -> type:
            return cls


SetType = TypeVar("SetType")
GetType = TypeVar("GetType")


class EncryptedTextField(TextColumn[SetType, GetType]):
    """Text under AES-256-GCM; the table and column are bound in, so a value cannot be moved elsewhere."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else seal(str(value), place=self._place)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal(bytes(value), place=self._place)

    @property
    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


def seal(text: str, *, place: str) -> bytes:
    """This will encrypt text for one place, with the newest key."""
    return seal_bytes(text.encode(), place=place)


def unseal(sealed: bytes, *, place: str) -> str:
    """This will decrypt what `seal` wrote for the same place. Errors: as for `unseal_bytes`."""
    return unseal_bytes(sealed, place=place).decode()


def seal_bytes(content: bytes, *, place: str) -> bytes:
    """This will encrypt bytes for one place, with the newest key."""
    key_id, cipher = _ring()[0]
    nonce = os.urandom(_NONCE_BYTES)
    return key_id + nonce + cipher.encrypt(nonce, content, place.encode())


def unseal_bytes(sealed: bytes, *, place: str) -> bytes:
    """This will decrypt what `seal_bytes` wrote for the same place.

    Errors: KeyError where the key is gone; InvalidTag where a byte or the place differs.
    """
    cipher = dict(_ring())[sealed[:_KEY_ID_BYTES]]
    body = sealed[_KEY_ID_BYTES:]
    return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], place.encode())


@cache
def _ring() -> list[tuple[bytes, AESGCM]]:
    keys = [hashlib.sha256(secret.encode()).digest() for secret in settings.FIELD_KEYS]
    return [(hashlib.sha256(key).digest()[:_KEY_ID_BYTES], AESGCM(key)) for key in keys]
