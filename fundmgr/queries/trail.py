"""The audit trail: what happened to a thing, what happened lately, and whether the chain holds."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from fundmgr.models import Event, EventLink

CHAIN_VERSION = 1
GENESIS = bytes(32)


@dataclass(frozen=True)
class ChainState:
    """What a walk along the chain found."""

    linked: int
    waiting: int
    waiting_since: datetime | None
    head_hash: str
    problem: str | None
    problem_sequence: int | None


def events_of(*object_ids: UUID) -> QuerySet[Event]:
    """This will return what happened to one thing, or to several, oldest first."""
    rows = Event.objects.filter(object_id__in=object_ids)
    return rows.order_by("link__sequence", "created_at", "id")


def latest_events(fund_id: UUID, *, most: int = 50) -> list[Event]:
    """This will return the newest events of a fund with their places in the chain."""
    return list(Event.objects.filter(fund_id=fund_id).select_related("link").order_by("-id")[:most])


def head_sequence() -> int:
    """This will return the place of the newest link; 0 for an empty chain."""
    return EventLink.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def head() -> tuple[int, str]:
    """This will return the place and the hash of the newest link; (0, "") for an empty chain."""
    found = EventLink.objects.order_by("-sequence").first()
    return (found.sequence, bytes(found.hash).hex()) if found else (0, "")


def hash_at(sequence: int) -> str | None:
    """This will return the hash of the link at a place, "" for place 0, or None where there is none."""
    if not sequence:
        return ""
    found = EventLink.objects.filter(sequence=sequence).values_list("hash", flat=True).first()
    return bytes(found).hex() if found is not None else None


def chain_hash(*, version: int, sequence: int, previous: bytes, body: bytes) -> bytes:
    """This will return the hash of one link: SHA-256 over version, sequence, previous hash and body."""
    head = version.to_bytes(2, "big") + sequence.to_bytes(8, "big") + previous
    return hashlib.sha256(head + body).digest()


def verify_chain() -> ChainState:
    """This will walk the whole chain and name the first row that is wrong.

    Errors: none are raised; `problem` and `problem_sequence` tell.
    """
    waiting = Event.objects.filter(link__isnull=True).order_by("created_at")
    previous, expected, problem = GENESIS, 0, None
    for expected, link in enumerate(_links(), start=1):  # the count is told afterwards
        problem = _fault(link, expected=expected, previous=previous)
        if problem:
            break
        previous = bytes(link.hash)
    lost = None if problem else _first_lost()
    if lost is not None:
        problem, expected = f"the event of link {lost} is gone", lost
    return ChainState(
        linked=expected,
        waiting=waiting.count(),
        waiting_since=waiting.values_list("created_at", flat=True).first(),
        head_hash=previous.hex(),
        problem=problem,
        problem_sequence=expected if problem else None,
    )


def _first_lost() -> int | None:
    """The first link whose event is gone: the walk, which reads both, passes over it."""
    lost = EventLink.objects.filter(~Exists(Event.objects.filter(id=OuterRef("event_id"))))
    return lost.order_by("sequence").values_list("sequence", flat=True).first()


def _links() -> Iterator[EventLink]:
    return EventLink.objects.select_related("event").order_by("sequence").iterator(chunk_size=2000)


def _fault(link: EventLink, *, expected: int, previous: bytes) -> str | None:
    if link.sequence != expected:
        return f"sequence {expected} is missing"
    if bytes(link.previous_hash) != previous:
        return f"link {expected} does not follow the one before it"
    body = bytes(link.event.body)
    wanted = chain_hash(version=link.version, sequence=expected, previous=previous, body=body)
    if bytes(link.hash) != wanted:
        return f"the hash of link {expected} does not fit its event"
    if not _columns_match(link.event, body):
        return f"the columns of event {link.event_id} differ from its body"
    return None


def _columns_match(event: Event, body: bytes) -> bool:
    said = json.loads(body)
    columns = {
        "id": str(event.id),
        "fund": str(event.fund_id),
        "at": event.created_at.isoformat(),
        "verb": event.verb,
        "actor": event.actor,
        "object_type": event.object_type,
        "object": str(event.object_id),
    }
    return all(said.get(name) == value for name, value in columns.items())
