"""Remembered calls: the same key and body give the same row, and never a second effect."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.models import prepared
from fundmgr.ports import locks

_BEGIN = """
SELECT pg_try_advisory_xact_lock($1::bigint), found.body_hash, found.result_id
FROM (SELECT 1) AS always LEFT JOIN fundmgr_rememberedcall AS found
    ON found.owner = $2 AND found.key = $3 AND found.route = $4
"""
_REMEMBER = """
INSERT INTO fundmgr_rememberedcall (owner, key, route, body_hash, result_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (owner, key, route) DO NOTHING RETURNING id
"""


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
    found = prepared.one(_BEGIN, [lock_number(once), once.owner, once.key, once.route])
    settle(once, *(found or (False, None, None)))


def lock_number(once: Once) -> int:
    """This will return the number of the lock that a call holds while it runs."""
    name = f"{once.owner}|{once.route}|{once.key}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)


def settle(once: Once, is_first: bool, body_hash: str | None, result_id: UUID | None) -> None:
    """This will say what a call gets by what was found under its key; nothing where it may go on.

    Errors: as for `begin`.
    """
    if not is_first:
        raise errors.KeyInFlight
    if result_id is None:
        return
    if body_hash != once.body_hash:
        raise errors.KeyReused
    raise Replay(result_id)


def remember(once: Once, *, result_id: UUID, now: datetime) -> None:
    """This will store the row that the call made, in the transaction that made it.

    Errors: KeyInFlight where the first call ended between our look and our lock; tried again, it replays.
    """
    locks.assert_transaction()
    values = [once.owner, once.key, once.route, once.body_hash, result_id, now]
    if prepared.one(_REMEMBER, values) is None:
        raise errors.KeyInFlight
