"""Remembered calls: the same key and body give the same row, and never a second effect."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from fundmgr.domain import errors
from fundmgr.models import RememberedCall
from fundmgr.ports import locks


@dataclass(frozen=True)
class Once:
    """One call: who made it, by which key, on which route, with which body."""

    owner: str
    key: str
    route: str
    body_hash: str


class Replay(Exception):
    """The call was made before: the door renders its row again, from this id."""

    def __init__(self, result_id: UUID) -> None:
        super().__init__(str(result_id))
        self.result_id = result_id


def begin(once: Once) -> None:
    """This will let the first call through and hold its key until the transaction ends.

    Errors: Replay for the same call again, KeyReused for another body, KeyInFlight while the first runs.
    """
    locks.assert_transaction()
    name = f"{once.owner}|{once.route}|{once.key}".encode()
    number = int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_first,) = cursor.fetchone()
        if not is_first:
            raise errors.KeyInFlight
        cursor.execute(
            "SELECT body_hash, result_id FROM fundmgr_rememberedcall "
            "WHERE owner = %s AND key = %s AND route = %s",
            [once.owner, once.key, once.route],
        )
        found = cursor.fetchone()
    if found is None:
        return
    if found[0] != once.body_hash:
        raise errors.KeyReused
    raise Replay(found[1])


def remember(once: Once, *, result_id: UUID, now: datetime) -> None:
    """This will store the row that the call made, in the transaction that made it."""
    locks.assert_transaction()
    RememberedCall.objects.create(
        owner=once.owner,
        key=once.key,
        route=once.route,
        body_hash=once.body_hash,
        result_id=result_id,
        created_at=now,
    )
