"""The two statements of a submission: what must be known, and all that is written.

Intake is where a rush arrives, so a request costs one read and one write, whatever it asks for. Nothing
here takes a lock that another worker's request would wait for.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Field, JSONField, Model

from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES
from fundmgr.models import Event, OutboxMessage, prepared
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    NeedLine,
    RequestRevision,
    RequestTransition,
)

_LIVE = sorted(state.value for state in LIVE_REQUEST_STATES)

_READ = """
SELECT f.state, f.time_zone,
       (SELECT id FROM fundmgr_policyversion WHERE fund_id = f.id ORDER BY number DESC LIMIT 1),
       (SELECT id FROM requests_app_production
        WHERE fund_id = f.id AND lower(name) = lower($2::text) ORDER BY name LIMIT 1),
       EXISTS (SELECT 1 FROM requests_app_assistancerequest WHERE reference = $3),
       a.id, a.household_id, a.contact_hash,
       EXISTS (SELECT 1 FROM requests_app_assistancerequest
               WHERE fund_id = f.id AND applicant_id = a.id AND state = ANY($6))
FROM fundmgr_fund f
LEFT JOIN requests_app_applicant a
    ON a.fund_id = f.id AND CASE WHEN $5::text IS NULL
                                 THEN a.user_id = $4::uuid ELSE a.contact_hash = $5 END
WHERE f.id = $1
"""


@dataclass(frozen=True)
class Ground:
    """What a submission stands on."""

    fund_state: str
    time_zone: str
    policy_id: UUID | None
    production_id: UUID | None
    reference_is_taken: bool
    applicant_id: UUID | None
    household_id: UUID | None
    contact_hash: str | None
    has_live_request: bool


def ground(
    *, fund_id: UUID, production: str, reference: str, user_id: UUID | None, contact_hash: str | None
) -> Ground | None:
    """This will read in one statement all that a submission must know; None where there is no such fund.

    Shapes: the applicant is found by the contact's hash where one is given, else by the user.
    """
    row = prepared.one(
        _READ,
        [fund_id, production, reference, user_id, contact_hash, _LIVE],
    )
    return Ground(*row) if row else None


@dataclass(frozen=True)
class Bundle:
    """Every row of one submission."""

    applicant: Applicant
    request: AssistanceRequest
    need_lines: list[NeedLine]
    revision: RequestRevision
    transition: RequestTransition
    event: Event
    notice: OutboxMessage


# The applicant comes first: of two first submissions by one contact the second waits for the first, takes
# over its applicant and its household, and is then stopped by the rule of one live request.
_WRITE = """
WITH who AS (
    INSERT INTO requests_app_applicant ({applicant}) VALUES ({applicant_values})
    ON CONFLICT (fund_id, contact_hash) DO UPDATE
        SET full_name = EXCLUDED.full_name, preferred_name = EXCLUDED.preferred_name,
            name_hashes = EXCLUDED.name_hashes, language = EXCLUDED.language
    RETURNING id, household_id
), home AS (
    INSERT INTO requests_app_household (id, fund_id, created_at)
    SELECT household_id, %s, %s FROM who ON CONFLICT (id) DO NOTHING
), request AS (
    INSERT INTO requests_app_assistancerequest (applicant_id, household_id, {request})
    SELECT who.id, who.household_id, {request_values} FROM who
), needs AS (
    INSERT INTO requests_app_needline (id, fund_id, created_at, request_id, category, amount_cents)
    SELECT need_id, %s, %s, %s, category, cents
    FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS line (need_id, category, cents)
), revision AS (
    INSERT INTO requests_app_requestrevision ({revision}) VALUES ({revision_values})
), transition AS (
    INSERT INTO requests_app_requesttransition ({transition}) VALUES ({transition_values})
), event AS (
    INSERT INTO fundmgr_event ({event}) VALUES ({event_values})
), notice AS (
    INSERT INTO fundmgr_outboxmessage ({notice}) VALUES ({notice_values})
)
SELECT id, household_id FROM who
"""


def write(bundle: Bundle) -> tuple[UUID, UUID]:
    """This will insert every row of one submission in one statement.

    Shapes: returns the applicant and the household, which may be ones that another submission made first.
    Errors: IntegrityError of `one_live_request` where a live request of the applicant exists.
    """
    applicant_id, household_id = prepared.one(_statement(), _parameters(bundle)) or (None, None)
    return cast("UUID", applicant_id), cast("UUID", household_id)


def _parameters(bundle: Bundle) -> list[Any]:
    request = bundle.request
    lines = bundle.need_lines
    return [
        *_values(bundle.applicant),
        *(request.fund_id, request.created_at),
        *_values(request, without=_OWNED_BY_APPLICANT),
        *(request.fund_id, request.created_at, request.id),
        [line.id for line in lines],
        [str(line.category) for line in lines],
        [line.amount_cents for line in lines],
        *_values(bundle.revision),
        *_values(bundle.transition),
        *_values(bundle.event),
        *_values(bundle.notice),
    ]


_OWNED_BY_APPLICANT = frozenset({"applicant_id", "household_id"})


@cache
def _statement() -> str:
    parts: dict[str, str] = {}
    for name, model, without in (
        ("applicant", Applicant, frozenset[str]()),
        ("request", AssistanceRequest, _OWNED_BY_APPLICANT),
        ("revision", RequestRevision, frozenset[str]()),
        ("transition", RequestTransition, frozenset[str]()),
        ("event", Event, frozenset[str]()),
        ("notice", OutboxMessage, frozenset[str]()),
    ):
        columns = [field.column for field, _is_plain in _fields(model, without)]
        parts[name] = ", ".join(connection.ops.quote_name(column) for column in columns)
        parts[f"{name}_values"] = ", ".join(["%s"] * len(columns))
    places = count(1)
    return re.sub("%s", lambda _found: f"${next(places)}", _WRITE.format(**parts))


def _values(row: Model, *, without: frozenset[str] = frozenset()) -> list[Any]:
    return [
        getattr(row, field.attname)
        if is_plain
        else field.get_db_prep_save(getattr(row, field.attname), connection)
        for field, is_plain in _fields(type(row), without)
    ]


@cache
def _fields(model: type[Model], without: frozenset[str]) -> list[tuple["Field[Any, Any]", bool]]:
    """The columns, and whether the driver takes their values as they are."""
    return [
        (field, not isinstance(field, (EncryptedTextField, JSONField)))
        for field in model._meta.concrete_fields
        if field.column not in without
    ]
