"""One way to write a thing as bytes, so that equal things have equal digests."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

# Letters stay as they are and names are sorted, as json.dumps writes with sort_keys and ensure_ascii=False.
_encode = msgspec.json.Encoder(order="deterministic").encode
_AS_IS = frozenset({str, int, bool, type(None)})


def canonical_bytes(body: Mapping[str, Any]) -> bytes:
    """This will write JSON with sorted keys, no spaces, no floats, and moments in UTC.

    Errors: TypeError where the body holds a float or an unknown type.
    """
    return _encode(_plain(body))


def digest(body: Mapping[str, Any]) -> str:
    """This will return the SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical_bytes(body)).hexdigest()


def _plain(value: Any) -> Any:
    # In the order of how often they come: a rush writes many of these.
    if type(value) in _AS_IS or isinstance(value, (str, int)):
        return value
    if isinstance(value, (dict, Mapping)):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
