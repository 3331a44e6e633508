"""A second way to reach a worker: proved by a code like the first, used when the first is silent."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone, normalise
from fundmgr.domain.errors import Problem
from fundmgr.domain.texting import Way
from fundmgr.models import OutboxMessage
from fundmgr.ports import events, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant, Notice, SecondContact
from requests_app.queries import people
from requests_app.services import contacts, other_contacts

NOTICE = "notice"
# Notices that go to one contact and to no other.
_BOUND = frozenset({"second", "contact_change_id"})


@use_case
def ask(
    *,
    applicant_id: UUID,
    contact: str,
    by: Actor,
    now: datetime,
    language: str = "",
    once: Once | None = None,
) -> Applicant:
    """This will send a code to a second contact, of the kind that the first is not.

    Errors: NotFound for anyone but the worker and a program that filed for them, InvalidInput (field
    `contact`), TooMany.
    """
    applicant = people.own_or_filed_applicant(Applicant.objects.all(), applicant_id, by)
    _check_kind(applicant, normalise(contact))
    way = other_way(applicant)
    other_contacts.owe_code(applicant, contact, by=by, now=now, language=language, way=way)
    return applicant


def enter(
    *,
    applicant_id: UUID,
    contact: str,
    code: str,
    allows_texts: bool,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Applicant:
    """This will keep the second contact, where the code is right; a number is kept with a yes to texts.

    The one that was there before goes, and the first contact hears of it.
    Errors: NotFound for anyone but the worker and a program that filed for them, InvalidInput (fields `code`;
    `contact` of the kind that the first is; `allows_texts` for a number without a yes to texts).
    """
    if is_phone(normalise(contact)) and not allows_texts:
        sentence = _("Tick the box so that we may text you there")
        raise errors.InvalidInput(problems=[Problem("allows_texts", "no_consent", sentence)])
    return other_contacts.enter(
        applicant_id=applicant_id,
        contact=contact,
        code=code,
        # The code may have been sent for another purpose, or the first contact changed since.
        check=_check_kind,
        take=lambda applicant, address: _take(applicant, address, by=by, now=now),
        by=by,
        now=now,
        once=once,
    )


@use_case
def remove(*, applicant_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Applicant:
    """This will forget the second contact.

    Errors: NotFound for anyone but the worker and a program that filed for them.
    """
    applicant = other_contacts.locked(applicant_id, by)
    if SecondContact.objects.filter(applicant=applicant).delete()[0]:
        _record("contact.second_removed", applicant, by=by, now=now)
    return applicant


def other_way(applicant: Applicant) -> Way:
    """This will return the kind that a second contact has."""
    return Way.MAIL if is_phone(applicant.contact) else Way.TEXT


def owe(notice: Notice, *, now: datetime) -> None:
    """This will owe a message that did not go out to the worker's second contact, where there is one."""
    if notice.applicant_id is None:
        return
    first = OutboxMessage.objects.filter(effect_key=notice.effect_key, kind=NOTICE).first()
    if first is None or _BOUND & first.payload.keys():
        return
    if SecondContact.objects.filter(applicant_id=notice.applicant_id, takes_messages=True).exists():
        effect = Effect(NOTICE, f"{notice.effect_key}:second", {**first.payload, "second": True})
        outbox.owe(effect, fund_id=notice.fund_id, now=now)


def _take(applicant: Applicant, address: str, *, by: Actor, now: datetime) -> None:
    SecondContact.objects.filter(applicant=applicant).delete()
    # The new row takes messages: whoever adds one wants to be reached there, whatever was stopped before.
    row = SecondContact.objects.create(
        id=ids.new_id(now),
        fund_id=applicant.fund_id,
        created_at=now,
        applicant=applicant,
        contact=address,
    )
    if is_phone(address):
        contacts.keep_consent(applicant, by, now=now, contact_hash=people.contact_hash(address))
    told = Effect("contact_changed", f"second_contact:{row.id}", {"applicant_id": str(applicant.id)})
    outbox.owe(told, fund_id=applicant.fund_id, now=now)
    _record("contact.second_added", applicant, by=by, now=now)


def _check_kind(applicant: Applicant, address: str) -> None:
    way = other_way(applicant)
    if is_phone(address) != (way is Way.TEXT):
        sentence = _("Enter an email address") if way is Way.MAIL else _("Enter a mobile phone number")
        raise errors.InvalidInput(problems=[Problem("contact", "same_kind", sentence)])


def _record(verb: str, applicant: Applicant, *, by: Actor, now: datetime) -> None:
    happening = Happening(verb, "applicant", applicant.id)
    events.record(happening, fund_id=applicant.fund_id, by=by, now=now)
