"""A worker's own data: handed out whole, and the name put right."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.text import clean_line
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant
from requests_app.queries import my_data, people
from requests_app.services import asks


@use_case
def export(*, applicant_id: UUID, by: Actor, now: datetime) -> dict[str, Any]:
    """This will hand a worker all that is kept about them, and record that it was handed out.

    Errors: NotFound for anyone else.
    """
    applicant = _own(applicant_id, by)
    _record("data.exported", applicant, by=by, now=now)
    return my_data.everything(applicant)


@use_case
def rename(
    *,
    applicant_id: UUID,
    full_name: str,
    preferred_name: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Applicant:
    """This will put a worker's name right; what was sent before stays as it was sent.

    Errors: NotFound for anyone else, InvalidInput (fields `full_name`, `preferred_name`).
    """
    applicant = _own(applicant_id, by)
    said = {"full_name": full_name, "preferred_name": preferred_name}
    problems = asks.check_values(said, now.date())
    if problems:
        raise errors.InvalidInput(problems=problems)
    said = {field: clean_line(value, most=asks.MOST_LETTERS[field]) for field, value in said.items()}
    applicant.full_name, applicant.preferred_name = said["full_name"], said["preferred_name"] or None
    applicant.name_hashes = people.name_hashes(said["full_name"], said["preferred_name"])
    applicant.save(update_fields=["full_name", "preferred_name", "name_hashes"])
    _record("person.named", applicant, by=by, now=now)
    return applicant


def _own(applicant_id: UUID, by: Actor) -> Applicant:
    rows = Applicant.objects.select_for_update(of=("self",), no_key=True)
    applicant = rows.filter(id=applicant_id).first()
    if applicant is None or applicant.user_id is None or applicant.user_id != by.person_id:
        raise errors.NotFound
    return applicant


def _record(verb: str, applicant: Applicant, *, by: Actor, now: datetime) -> None:
    happening = Happening(verb, "applicant", applicant.id)
    events.record(happening, fund_id=applicant.fund_id, by=by, now=now)
