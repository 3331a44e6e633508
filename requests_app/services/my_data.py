"""A worker's own data: handed out whole, and the name put right."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.text import NotText, clean_line
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant
from requests_app.queries import my_data, people
from requests_app.services.asks import MOST_LETTERS


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
    problems: list[Problem] = []
    said = {"full_name": full_name, "preferred_name": preferred_name}
    for field, value in said.items():
        try:
            said[field] = clean_line(value, most=MOST_LETTERS[field])
        except NotText as error:
            problems.append(Problem(field, "invalid_text", str(error)))
    if not said["full_name"] and not problems:
        problems.append(Problem("full_name", "blank", "Enter your full name"))
    if problems:
        raise errors.InvalidInput(problems=problems)
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
