"""The audit trail's door: record what happened; link it into the chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from fundmgr.domain import ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.canonical import canonical_bytes
from fundmgr.models import Event, EventLink, WaitingEvent, copied, prepared
from fundmgr.ports import locks
from fundmgr.queries.trail import CHAIN_VERSION, GENESIS, chain_hash

_AT_ONCE = 20_000
_Row = TypeVar("_Row", Event, WaitingEvent)
_LINK_COLUMNS = ("sequence", "event_id", "version", "previous_hash", "hash")


@dataclass(frozen=True)
class Happening:
    """One thing to record: `facts` hold ids, amounts and words, never a person's data."""

    verb: str
    object_type: str
    object_id: UUID
    facts: Mapping[str, Any] = field(default_factory=dict)


def record(happening: Happening, *, fund_id: UUID, by: Actor, now: datetime) -> UUID:
    """This will record one event, link it now and return its id: the last thing a use case does."""
    return record_many([happening], fund_id=fund_id, by=by, now=now)[0]


def record_many(
    happenings: Iterable[Happening], *, fund_id: UUID, by: Actor, now: datetime, link: bool = True
) -> list[UUID]:
    """This will record events in order and return their ids.

    Shapes: `link=False` leaves them to the drain, so that intake never waits. However many there are, few of
    them stand in memory at once.
    """
    locks.assert_transaction()
    waiting, recorded = iter(happenings), []
    while some := list(islice(waiting, _AT_ONCE)):
        made = [values(happening, fund_id=fund_id, by=by, now=now) for happening in some]
        _write(Event, made)
        if link:
            _link([(one["id"], one["body"]) for one in made])
        else:
            _write(WaitingEvent, [{"event_id": one["id"]} for one in made])
        recorded += [one["id"] for one in made]
    return recorded


def _write(model: type[_Row], made: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in the way that is quickest for so many."""
    if len(made) == 1:
        prepared.added(model(**made[0]))
    elif len(made) <= copied.FEW:
        model._default_manager.bulk_create(model(**one) for one in made)
    else:
        copied.write(model, list(made[0]), (tuple(one.values()) for one in made))


def values(happening: Happening, *, fund_id: UUID, by: Actor, now: datetime) -> dict[str, Any]:
    """This will return an event's columns, its body in canonical bytes, without writing it."""
    event_id = ids.new_id(now)
    body = {
        "id": event_id,
        "fund": fund_id,
        "at": now,
        "verb": happening.verb,
        "actor": by.key,
        "object_type": happening.object_type,
        "object": happening.object_id,
        "facts": happening.facts,
    }
    return {
        "id": event_id,
        "fund_id": fund_id,
        "created_at": now,
        "verb": happening.verb,
        "actor": by.key,
        "object_type": happening.object_type,
        "object_id": happening.object_id,
        "body": canonical_bytes(body),
    }


def link_waiting(*, most: int = 5000) -> int:
    """This will link events that intake left unlinked, oldest first, and return how many."""
    if not WaitingEvent.objects.exists():
        # Nobody who records waits for a drain that has nothing to do.
        return 0
    locks.take_audit_lock()
    # An id begins with its moment.
    rows = WaitingEvent.objects.select_related("event").order_by("event_id")[:most]
    waiting = [row.event for row in rows]
    _link([(event.id, bytes(event.body)) for event in waiting])
    WaitingEvent.objects.filter(event_id__in=[event.id for event in waiting]).delete()
    return len(waiting)


def _link(events: Sequence[tuple[UUID, bytes]]) -> None:
    """Chain events, each an id and its body, to the end of the trail."""
    locks.take_audit_lock()
    last = EventLink.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, GENESIS)
    links = []
    for event_id, body in events:
        sequence += 1
        digest = chain_hash(version=CHAIN_VERSION, sequence=sequence, previous=previous, body=body)
        links.append((sequence, event_id, CHAIN_VERSION, previous, digest))
        previous = digest
    if len(links) <= copied.FEW:
        EventLink.objects.bulk_create(
            EventLink(**dict(zip(_LINK_COLUMNS, link, strict=True))) for link in links
        )
    else:
        copied.write(EventLink, _LINK_COLUMNS, links)
