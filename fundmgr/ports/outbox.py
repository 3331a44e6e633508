"""The outbox's door: an effect owed to the outside is a row in the transaction of its cause."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from fundmgr.domain import ids
from fundmgr.models import OutboxMessage, copied, prepared
from fundmgr.ports import locks, poke

_AT_ONCE = 20_000
_OWE = """
INSERT INTO fundmgr_outboxmessage
    (id, fund_id, created_at, kind, effect_key, payload, due_at, attempts, last_error)
SELECT id, $1, $2, kind, effect_key, payload::jsonb, $2, 0, ''
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) AS owed (id, kind, effect_key, payload)
ON CONFLICT DO NOTHING RETURNING 1
"""


@dataclass(frozen=True)
class Effect:
    """One effect: the key is unique for ever, so the effect cannot be owed twice."""

    kind: str
    key: str
    payload: Mapping[str, Any]


def owe(effect: Effect, *, fund_id: UUID, now: datetime) -> None:
    """This will write one effect down and wake the relay after the commit."""
    owe_many([effect], fund_id=fund_id, now=now)


def owe_many(effects: Iterable[Effect], *, fund_id: UUID, now: datetime) -> None:
    """This will write effects down; one whose key exists already is left as it is.

    Shapes: however many there are, few of them stand in memory at once.
    """
    locks.assert_transaction()
    waiting = iter(effects)
    while some := list(islice(waiting, _AT_ONCE)):
        _write(some, fund_id=fund_id, now=now)
    transaction.on_commit(poke.wake)


def _write(effects: Sequence[Effect], *, fund_id: UUID, now: datetime) -> None:
    if len(effects) <= copied.FEW:
        rows = [OutboxMessage(**values(effect, fund_id=fund_id, now=now)) for effect in effects]
        if len(rows) == 1:
            prepared.added(rows[0], else_nothing=True)
        else:
            OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
        return
    columns = (
        prepared.uuids(ids.new_ids(now, len(effects))),
        prepared.words(effect.kind for effect in effects),
        prepared.words(effect.key for effect in effects),
        prepared.words(json.dumps(dict(effect.payload)) for effect in effects),
    )
    prepared.rows(_OWE, [fund_id, now, *columns])


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
