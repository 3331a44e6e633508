"""The Idempotency-Key header, and what a repeated call gets."""

import hashlib
import re
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest

from fundmgr.domain.actors import Actor
from fundmgr.ports.idempotency import Once, Replay
from requests_app.api.errors import KeyInvalid, KeyMissing

Row = TypeVar("Row")
_USABLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?\Z")


def once_of(request: HttpRequest, *, actor: Actor, is_needed: bool, said: bytes | None = None) -> Once | None:
    """This will return the call as it is to be remembered; None where no key was sent.

    Shapes: `said` stands for the body where the same words may be sent as other bytes.
    Errors: KeyMissing where one is needed, KeyInvalid.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        if is_needed:
            raise KeyMissing
        return None
    if not _USABLE.match(key):
        raise KeyInvalid
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode("utf-8", "surrogateescape"))
    digest.update(b"\n" + (request.body if said is None else said))
    route = f"{request.method} {request.path.rstrip('/')}"
    return Once(owner=actor.key, key=key, route=route, body_hash=digest.hexdigest())


def perform(
    act: Callable[[Once | None], Row], *, again: Callable[[UUID], Row], once: Once | None
) -> tuple[Row, bool]:
    """This will act once, and return the row with whether it is a replay: `again` reads what was made."""
    try:
        return act(once), False
    except Replay as replay:
        return again(replay.result_id), True
