"""Another contact of a worker, first or second: the code that goes there, and the try that proves it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import normalise
from fundmgr.domain.texting import Way
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant
from requests_app.queries import people
from requests_app.services import contacts
from requests_app.services.contacts import Outcome

Check = Callable[[Applicant, str], None]
Take = Callable[[Applicant, str], errors.FundError | None]


def owe_code(
    applicant: Applicant, contact: str, *, by: Actor, now: datetime, language: str, way: Way | None
) -> None:
    """This will owe a code to another contact of a worker, in their own language where none is named.

    Codes are counted for the worker, whatever browser asks: one who signed in could have them sent to one
    stranger after the other.
    Errors: as for `contacts.owe_code`.
    """
    contacts.owe_code(
        fund_id=applicant.fund_id,
        contact=contact,
        language=language or applicant.language,
        now=now,
        way=way,
        sender=f"{by.key}:{applicant.id}",
    )


def enter(
    *,
    applicant_id: UUID,
    contact: str,
    code: str,
    check: Check,
    take: Take,
    by: Actor,
    now: datetime,
    once: Once | None,
) -> Applicant:
    """This will let a worker have another contact, where the code that went there is right.

    Shapes: `check` and `take` are given the locked worker and the normalised contact, before the code is
    judged and after it was right; a refusal that `take` returns is raised.
    Errors: NotFound for anyone but the worker and a program that filed for them, InvalidInput (field `code`).
    """
    # The try is counted in a transaction of its own: a refusal must not undo the count.
    made = _tried(
        applicant_id=applicant_id,
        contact=contact,
        code=code,
        check=check,
        take=take,
        by=by,
        now=now,
        once=once,
    )
    if isinstance(made, errors.FundError):
        raise made
    return made


def locked(applicant_id: UUID, by: Actor) -> Applicant:
    """This will lock a worker for themselves, and for a program that filed for them.

    Errors: NotFound for anyone else.
    """
    rows = Applicant.objects.select_for_update(of=("self",), no_key=True)
    return people.own_or_filed_applicant(rows, applicant_id, by)


@use_case
def _tried(
    *,
    applicant_id: UUID,
    contact: str,
    code: str,
    check: Check,
    take: Take,
    by: Actor,
    now: datetime,
    once: Once | None,
) -> Applicant | errors.FundError:
    applicant, address = locked(applicant_id, by), normalise(contact)
    check(applicant, address)
    outcome, _code = contacts.judged(fund_id=applicant.fund_id, address=address, code=code, now=now)
    if outcome is not Outcome.RIGHT:
        return contacts.refusal(outcome, address)
    return take(applicant, address) or applicant
