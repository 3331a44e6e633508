"""A worker's own word on messages, said on their page: texts to a phone, or mail to an address."""

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
from requests_app.models import Applicant, TextConsent
from requests_app.queries import people
from requests_app.services import cases

_VERBS = {
    Way.TEXT: {True: "contact.texts_allowed", False: "contact.texts_stopped"},
    Way.MAIL: {True: "contact.mail_allowed", False: "contact.mail_stopped"},
}
TOLD = "page-1"


@use_case
def choose(*, fund_id: UUID, allows: bool, by: Actor, now: datetime, once: Once | None = None) -> TextConsent:
    """This will keep a worker's yes or stop to messages; the newest word holds, and each one is kept.

    Errors: NotFound for one who is no worker of the fund.
    """
    applicant = people.applicant_of(user_id=by.person_id, fund_id=fund_id)
    if applicant is None:
        raise errors.NotFound
    return _keep(applicant, "PAGE", allows=allows, by=by, now=now)


@use_case
def choose_for(
    *, request_id: UUID, allows: bool, by: Actor, now: datetime, once: Once | None = None
) -> TextConsent:
    """This will keep the yes or stop of the worker behind a request, as who filed it passes it on.

    Errors: NotFound for anyone else.
    """
    return _keep(cases.lock_own(request_id, by=by).applicant, "API", allows=allows, by=by, now=now)


def _keep(applicant: Applicant, source: str, *, allows: bool, by: Actor, now: datetime) -> TextConsent:
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
    happening = Happening(_VERBS[way][allows], "applicant", applicant.id, {"source": source})
    events.record_many([happening], fund_id=applicant.fund_id, by=by, now=now, link=False)
    return row
