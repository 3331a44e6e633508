"""The outbox's door: an effect owed to the outside is a row in the transaction of its cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fundmgr.domain import ids
from fundmgr.models import OutboxMessage
from fundmgr.ports import locks, poke


@dataclass(frozen=True)
class Effect:
    """One effect: the key is unique for ever, so the effect cannot be owed twice."""

    kind: str
    key: str
    payload: Mapping[str, Any]


def owe(effect: Effect, *, fund_id: UUID, now: datetime) -> None:
    """This will write one effect down and wake the relay after the commit."""
    owe_many([effect], fund_id=fund_id, now=now)


def owe_many(effects: Sequence[Effect], *, fund_id: UUID, now: datetime) -> None:
    """This will write effects down; one whose key exists already is left as it is."""
    locks.assert_transaction()
    OutboxMessage.objects.bulk_create(
        [OutboxMessage(**values(effect, fund_id=fund_id, now=now)) for effect in effects],
        ignore_conflicts=True,
        batch_size=2000,
    )
    transaction.on_commit(poke.wake)


def values(effect: Effect, *, fund_id: UUID, now: datetime) -> dict[str, Any]:
    """This will return an effect's columns without writing it."""
    return {
        "id": ids.new_id(now),
        "fund_id": fund_id,
        "created_at": now,
        "kind": effect.kind,
        "effect_key": effect.key,
        "payload": dict(effect.payload),
        "due_at": now,
    }
