"""A worker lost their phone or mailbox and called: one person takes the new contact down, the director signs.

No code can prove that it is the worker who calls. So two people look, both contacts are told, and payment
details that are chosen soon after wait.
"""

from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone, normalise
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.domain.texting import Way
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services import signed
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant, ContactHandover
from requests_app.queries import people
from requests_app.services import cases, contact_changes, contacts


@use_case
def propose(
    *, request_id: UUID, contact: str, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> ContactHandover:
    """This will propose a new contact for the worker behind a request; nothing changes before it is signed.

    Errors: NotFound, Forbidden, PersonRequired; InvalidInput (fields `contact`, `reason`); Duplicate while
    one waits, and for a contact that another worker of the fund has; WrongState for one who was erased.
    """
    (request,) = cases.locked([request_id], by=by, action=Action.CONTACT_PROPOSE)
    signed.require_first(reason, by=by)
    people.refuse_erased(request.applicant)
    address = normalise(contact)
    found = contacts.problems(address)
    if address == request.applicant.contact:
        found = [Problem("contact", "same", "The worker is reached there already.")]
    if found:
        raise errors.InvalidInput(problems=found)
    _refuse_taken(request.applicant, address)
    if request.handovers.filter(state=ProposalState.PROPOSED).exists():
        raise errors.Duplicate("A new contact waits for its second signature already.")
    row = ContactHandover.objects.create(
        id=ids.new_id(now),
        fund_id=request.fund_id,
        created_at=now,
        request=request,
        contact=address,
        reason=reason,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    _record(row, "handover.proposed", by=by, now=now)
    return row


@use_case
def make(*, handover_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> ContactHandover:
    """This will sign a handover too: the worker is reached at the new contact, and both are told.

    Errors: NotFound, Forbidden, SelfApproval for who proposed it, AlreadyDecided, Duplicate where another
    worker has the contact by now, WrongState where the worker was erased since.
    """
    row = _locked(handover_id, by=by)
    applicant = Applicant.objects.select_for_update(of=("self",), no_key=True).get(
        id=row.request.applicant_id
    )
    people.refuse_erased(applicant)
    address = row.contact or ""
    _refuse_taken(applicant, address)
    signed.decide(row, ProposalState.MADE, by=by, now=now)
    contact_changes.take(applicant, address, by=by, now=now, by_staff=True)
    _record(row, "handover.made", by=by, now=now)
    return row


@use_case
def refuse(*, handover_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> ContactHandover:
    """This will refuse a handover; the old contact stays. Errors: as for `make`."""
    row = _locked(handover_id, by=by)
    signed.decide(row, ProposalState.REFUSED, by=by, now=now)
    _record(row, "handover.refused", by=by, now=now)
    return row


def _locked(handover_id: UUID, *, by: Actor) -> ContactHandover:
    """Lock the request, which keeps out who shares its household, then its handover."""
    request_id = ContactHandover.objects.filter(id=handover_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise errors.NotFound
    (request,) = cases.locked([request_id], by=by, action=Action.CONTACT_DECIDE)
    row = signed.locked(ContactHandover, handover_id, Action.CONTACT_DECIDE, by=by)
    row.request = request
    return row


def _refuse_taken(applicant: Applicant, address: str) -> None:
    known = Applicant.objects.filter(fund_id=applicant.fund_id, contact_hash=people.contact_hash(address))
    if known.exclude(id=applicant.id).exists():
        raise errors.Duplicate("Another worker of this fund has this contact.")


def _record(row: ContactHandover, verb: str, *, by: Actor, now: datetime) -> None:
    facts = {"request": row.request_id, "way": Way.TEXT if is_phone(row.contact or "") else Way.MAIL}
    events.record(Happening(verb, "handover", row.id, facts), fund_id=row.fund_id, by=by, now=now)
