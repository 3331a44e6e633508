"""A worker is reached another way: the new contact proves itself by a code, and the old one hears of it."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone, normalise
from fundmgr.domain.texting import Way
from fundmgr.models import OutboxMessage
from fundmgr.ports import events, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant, ContactChange
from requests_app.queries import people
from requests_app.services import contacts, notices, other_contacts
from requests_app.services.notices import Letter

KIND = "contact_changed"
OLD, NEW = "old", "new"


@use_case
def ask(
    *,
    applicant_id: UUID,
    contact: str,
    by: Actor,
    now: datetime,
    language: str = "",
    way: Way | None = None,
    once: Once | None = None,
) -> Applicant:
    """This will send a code to the new contact; whether somebody else has it is not told before it is proved.

    Errors: NotFound for anyone but the worker and a program that filed for them, InvalidInput (field
    `contact`), TooMany.
    """
    applicant = people.own_or_filed_applicant(Applicant.objects.all(), applicant_id, by)
    if normalise(contact) == applicant.contact:
        problem = errors.Problem("contact", "same", _("We reach you there already."))
        raise errors.InvalidInput(problems=[problem])
    other_contacts.owe_code(applicant, contact, by=by, now=now, language=language, way=way)
    return applicant


def enter(
    *,
    applicant_id: UUID,
    contact: str,
    code: str,
    by: Actor,
    now: datetime,
    allows_texts: bool = False,
    once: Once | None = None,
) -> Applicant:
    """This will take the new contact in place of the old one, where the code is right.

    Whoever signs in with the old one from now on is nobody we know. Both are told.
    Errors: NotFound for anyone but the worker and a program that filed for them, InvalidInput (field
    `code`), Duplicate where the contact is another worker's, which only its owner learns.
    """

    def taken(applicant: Applicant, address: str) -> errors.Duplicate | None:
        known = Applicant.objects.filter(fund_id=applicant.fund_id, contact_hash=people.contact_hash(address))
        if known.exclude(id=applicant.id).exists():
            return errors.Duplicate(_taken())
        take(applicant, address, by=by, now=now)
        if allows_texts and is_phone(address) and by.person_id is not None:
            contacts.keep_consent(applicant, by, now=now)
        return None

    return other_contacts.enter(
        applicant_id=applicant_id,
        contact=contact,
        code=code,
        check=lambda _applicant, _address: None,
        take=taken,
        by=by,
        now=now,
        once=once,
    )


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will tell the old contact that it was left, or the new one that it was taken.

    The first contact is told of a second one in the same way, for a thief may have added it.
    """
    if "applicant_id" in message.payload:
        _tell_of_second(message, now=now)
        return
    row = ContactChange.objects.select_related("applicant", "fund").get(id=message.payload["change_id"])
    contact = row.old_contact if message.payload["to"] == OLD else row.applicant.contact
    if not contact:
        # Erased since.
        return
    words = {"is_old": message.payload["to"] == OLD, "by_staff": message.payload.get("by_staff", False)}
    letter = Letter(row.fund, row.applicant, contact, row.applicant.language, KIND, words)
    notices.send(letter, key=message.effect_key, now=now)


def _tell_of_second(message: OutboxMessage, *, now: datetime) -> None:
    applicant = Applicant.objects.select_related("fund").get(id=message.payload["applicant_id"])
    if not applicant.contact:
        # Erased since.
        return
    letter = Letter(
        applicant.fund, applicant, applicant.contact, applicant.language, KIND, {"is_second": True}
    )
    notices.send(letter, key=message.effect_key, now=now)


def take(applicant: Applicant, address: str, *, by: Actor, now: datetime, by_staff: bool = False) -> None:
    """This will put a locked worker's new contact in place of the old one, and owe word to both.

    Errors: Duplicate where another worker took the contact at this moment.
    """
    row = ContactChange.objects.create(
        id=ids.new_id(now),
        fund_id=applicant.fund_id,
        created_at=now,
        applicant=applicant,
        old_contact=applicant.contact,
    )
    applicant.contact, applicant.contact_hash = address, people.contact_hash(address)
    try:
        applicant.save(update_fields=["contact", "contact_hash"])
    except IntegrityError as error:
        # A request for that contact came in at this moment.
        raise errors.Duplicate(_taken()) from error
    told = {"change_id": str(row.id), "by_staff": by_staff}
    effects = [Effect(KIND, f"{KIND}:{row.id}:{to}", {**told, "to": to}) for to in (OLD, NEW)]
    outbox.owe_many(effects, fund_id=applicant.fund_id, now=now)
    facts = {"way": Way.TEXT if is_phone(address) else Way.MAIL, "change": row.id}
    happening = Happening("contact.changed", "applicant", applicant.id, facts)
    events.record(happening, fund_id=applicant.fund_id, by=by, now=now)


def _taken() -> str:
    return _("Another request uses this contact. Sign in with it, or call us.")
