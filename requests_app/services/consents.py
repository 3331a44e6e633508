"""A worker's own word on messages, said on their page: texts to a phone, mail to an address, or all of them.

A STOP that is texted stops its number alone (`inbound`): who texts it has one number in mind.
"""

from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone
from fundmgr.domain.texting import Consent, Way
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant, SecondContact, TextConsent
from requests_app.queries import people
from requests_app.services import cases

_VERBS = {
    Way.TEXT: {True: "contact.texts_allowed", False: "contact.texts_stopped"},
    Way.MAIL: {True: "contact.mail_allowed", False: "contact.mail_stopped"},
}
_SECOND_VERBS = {True: "contact.second_allowed", False: "contact.second_stopped"}
TOLD = "page-1"


@use_case
def choose(
    *,
    fund_id: UUID,
    allows: bool,
    by: Actor,
    now: datetime,
    first_alone: bool = False,
    once: Once | None = None,
) -> TextConsent:
    """This will keep a worker's yes or stop to messages; the newest word holds, and each one is kept.

    It is about all of them, or about the first contact alone: news then goes to a second one, if any.
    Errors: NotFound for one who is no worker of the fund.
    """
    applicant = people.applicant_of(user_id=by.person_id, fund_id=fund_id)
    if applicant is None:
        raise errors.NotFound
    return _keep(applicant, "PAGE", allows=allows, first_alone=first_alone, by=by, now=now)


@use_case
def choose_for(
    *, request_id: UUID, allows: bool, by: Actor, now: datetime, once: Once | None = None
) -> TextConsent:
    """This will keep a worker's yes or stop to all messages, as who filed their request passes it on.

    Errors: NotFound for anyone else.
    """
    return _keep(cases.lock_own(request_id, by=by).applicant, "API", allows=allows, by=by, now=now)


def _keep(
    applicant: Applicant,
    source: str,
    *,
    allows: bool,
    by: Actor,
    now: datetime,
    first_alone: bool = False,
) -> TextConsent:
    # A word of the same worker at the same moment waits, so that the newest is the last one said.
    Applicant.objects.select_for_update(of=("self",), no_key=True).get(id=applicant.id)
    row = TextConsent.objects.create(
        id=ids.new_id(now),
        fund_id=applicant.fund_id,
        created_at=now,
        contact_hash=applicant.contact_hash,
        word=Consent.GIVEN if allows else Consent.STOPPED,
        source=source,
        told=TOLD if allows and source == "PAGE" else "",
    )
    way = Way.TEXT if is_phone(applicant.contact) else Way.MAIL
    verbs = [_VERBS[way][allows]]
    if not first_alone and _turn_second(applicant, allows=allows):
        verbs.append(_SECOND_VERBS[allows])
    happenings = [Happening(verb, "applicant", applicant.id, {"source": source}) for verb in verbs]
    events.record_many(happenings, fund_id=applicant.fund_id, by=by, now=now, link=False)
    return row


def _turn_second(applicant: Applicant, *, allows: bool) -> bool:
    """Say whether this changed anything. A number that said STOP itself still waits for its own START."""
    rows = SecondContact.objects.filter(applicant=applicant, takes_messages=not allows)
    return bool(rows.update(takes_messages=allows))
