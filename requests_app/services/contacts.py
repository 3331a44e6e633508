"""How a worker is reached, and how they prove it: a 6-digit code by mail or text, no password.

Nothing here tells whether a contact is known: the answers before the right code are the same for all.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F
from django.utils.translation import gettext as _

from fundmgr.domain import actors, errors, ids, phones
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone, normalise
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.texting import Consent, Way
from fundmgr.models import User, prepared
from fundmgr.models.encrypted import lookup_hash, seal, unseal
from fundmgr.ports import events, locks, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.services.use_case import use_case
from requests_app.channels import texts
from requests_app.models import Applicant, AssistanceRequest, ContactCode, Household, TextConsent
from requests_app.queries import people
from requests_app.services import draft_answers

MOST_LETTERS = 254
CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=15)
MOST_ATTEMPTS = 5
MOST_CODES, CODES_WINDOW = 5, timedelta(hours=1)
# From one browser, whoever they went to: no family asks for more, and a program that tries numbers does.
MOST_CODES_OF_A_SENDER = 10
BURNT_WAIT = timedelta(minutes=15)
# Which consent a worker saw: the sentence of the form, in its first wording.
CONSENT_TOLD = "form-1"
_FEWEST_DIGITS = 7
_SEALED_FOR = "outbox.contact_code"
_OF_CONTACT = "fund_id = $1 AND contact_hash = $2 ORDER BY created_at DESC, id DESC LIMIT 1"
_NEWEST = f"{_OF_CONTACT} FOR UPDATE"
_BY_CONTACT = "fund_id = $1 AND contact_hash = $2 FOR UPDATE"
_USE = "UPDATE requests_app_contactcode SET used_at = $2 WHERE id = $1 RETURNING 1"
_SENT = f"""
SELECT
    (SELECT count(*) FROM requests_app_contactcode WHERE contact_hash = $2 AND created_at > $4),
    (SELECT count(*) FROM requests_app_contactcode
        WHERE $3 <> '' AND sender_hash = $3 AND created_at > $4),
    (SELECT burnt_at FROM requests_app_contactcode WHERE {_OF_CONTACT})
"""  # noqa: S608  # our own words


class Outcome(StrEnum):
    """What became of a code that was typed."""

    RIGHT = "RIGHT"
    WRONG = "WRONG"
    EXPIRED = "EXPIRED"
    BURNT = "BURNT"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True)
class Attempt:
    """One try: its outcome, and the worker where it was right."""

    outcome: Outcome
    user: User | None = None


def problems(contact: str, *, way: Way | None = None) -> list[Problem]:
    """This will name what keeps a normalised contact from being used; nothing where the list is empty.

    The way says what was meant; without it a row of digits is meant as a number.
    """
    if is_phone(contact) and way is not Way.MAIL:
        return _number_problems(contact)
    if way is Way.TEXT or (way is None and _looks_like_number(contact)):
        return [Problem("contact", "not_a_number", _("Enter a mobile phone number with 10 digits"))]
    try:
        validate_email(contact)
        is_address = _is_of_the_world(contact.rpartition("@")[2])
    except ValidationError:
        is_address = False
    if not is_address:
        return [Problem("contact", "not_an_address", _("Enter an email address like name@example.com"))]
    if len(contact) > MOST_LETTERS:
        return [Problem("contact", "too_long", _("That address is too long"))]
    return []


def _number_problems(contact: str) -> list[Problem]:
    if phones.read(contact) != contact:
        return [Problem("contact", "not_a_number", _("Enter a mobile phone number with 10 digits"))]
    if not texts.is_offered():
        return [Problem("contact", "no_texts", _("This fund sends no texts. Enter an email address"))]
    if phones.region(contact) not in settings.SMS_REGIONS:
        sentence = _("We cannot text to that country. Enter another number, or choose email")
        return [Problem("contact", "country_not_served", sentence)]
    return []


def _is_of_the_world(host: str) -> bool:
    """Whether a host has a name: Django lets through bare numbers and what only this machine answers to."""
    _name, dot, top = host.rpartition(".")
    return bool(dot) and not host.startswith("[") and not top.isdigit()


def _looks_like_number(contact: str) -> bool:
    return "@" not in contact and sum(char.isdigit() for char in contact) >= _FEWEST_DIGITS


def has_texts() -> bool:
    """This will say whether codes and news can be texted at all."""
    return texts.is_offered()


@use_case
def send_code(
    *,
    fund_id: UUID,
    contact: str,
    language: str,
    now: datetime,
    way: Way | None = None,
    sender: str = "",
) -> None:
    """This will send a new code to a contact; only the newest one works, for 15 minutes.

    The way says what was meant, the sender which browser asked.
    Errors: as for `owe_code`.
    """
    owe_code(fund_id=fund_id, contact=contact, language=language, now=now, way=way, sender=sender)


def owe_code(
    *,
    fund_id: UUID,
    contact: str,
    language: str,
    now: datetime,
    way: Way | None = None,
    sender: str = "",
) -> None:
    """This will make a new code for a contact and owe its message, in the transaction of a use case.

    Errors: InvalidInput (field `contact`); TooMany after five codes to a contact or ten from a browser in an
    hour, and for 15 minutes after five wrong tries.
    """
    locks.assert_transaction()
    address = normalise(contact)
    found = problems(address, way=way)
    if found:
        raise errors.InvalidInput(problems=found)
    locks.take_named_lock(f"contact:{people.contact_hash(address)}")
    asked_by = lookup_hash("sender", sender) if sender else ""
    sent = _sent(fund_id, address, asked_by, now=now)
    if sent.burnt_at is not None and sent.burnt_at > now - BURNT_WAIT:
        raise errors.TooMany(_("Too many tries. Wait 15 minutes, then ask for a new code."))
    if sent.to_contact >= MOST_CODES:
        raise errors.TooMany(_("We sent five codes in one hour. Wait a while, then try again."))
    if sent.by_browser >= MOST_CODES_OF_A_SENDER:
        raise errors.TooMany(_("You asked for many codes. Wait an hour, then try again, or call us."))
    _send(fund_id, address, language, now=now, sender_hash=asked_by)


def enter_code(
    *,
    fund_id: UUID,
    contact: str,
    code: str,
    now: datetime,
    draft_id: UUID | None = None,
    allows_texts: bool = False,
) -> User:
    """This will return the worker whose contact this is, made on the first right code.

    A code that has expired is replaced by a new one at once. A draft that nobody owns becomes the worker's,
    in one with what they left unsent elsewhere. A yes to texts is kept with the number that the code proved.
    Errors: InvalidInput (field `code`, codes wrong_code, code_expired, code_burnt, incomplete_code).
    """
    # The try is counted in a transaction of its own: a refusal must not undo the count.
    attempt = _try_code(
        fund_id=fund_id, contact=contact, code=code, now=now, draft_id=draft_id, allows_texts=allows_texts
    )
    if attempt.user is not None:
        return attempt.user
    raise refusal(attempt.outcome, normalise(contact))


def refusal(outcome: Outcome, address: str) -> errors.InvalidInput:
    """This will say why a code that went to a normalised contact was not taken, at the field `code`.

    Errors: wrong_code, code_expired, code_burnt, incomplete_code, in what it returns.
    """
    sentences = {
        Outcome.INCOMPLETE: ("incomplete_code", _("Enter all 6 digits of the code")),
        Outcome.EXPIRED: ("code_expired", _("That code is too old. We sent you a new one.")),
        Outcome.BURNT: ("code_burnt", _("Too many tries. Wait 15 minutes, then ask for a new code.")),
    }
    newest_text, newest_mail = (
        _("That code is not right. Check the newest text."),
        _("That code is not right. Check the newest email from us."),
    )
    wrong = ("wrong_code", newest_text if is_phone(address) else newest_mail)
    return errors.InvalidInput(problems=[Problem("code", *sentences.get(outcome, wrong))])


@use_case
def become_demo_worker(*, fund_id: UUID, now: datetime) -> User:
    """This will return the user of the demo's most telling worker: one with an award, else the first.

    Errors: NotFound outside the demo, and where nobody has asked yet.
    """
    if not settings.DEMO:
        raise errors.NotFound
    asked = AssistanceRequest.objects.filter(fund_id=fund_id).order_by("submitted_at", "id")
    request = asked.filter(state=RequestState.AWARDED).first() or asked.first()
    if request is None:
        raise errors.NotFound
    applicant = (
        Applicant.objects.select_for_update(of=("self",)).select_related("user").get(id=request.applicant_id)
    )
    return _user_of(applicant, now=now)


def reveal_code(sealed: str) -> str:
    """This will open a code that the outbox carries, for the one who sends it."""
    return unseal(base64.b64decode(sealed), place=_SEALED_FOR)


@use_case
def _try_code(
    *, fund_id: UUID, contact: str, code: str, now: datetime, draft_id: UUID | None, allows_texts: bool
) -> Attempt:
    address = normalise(contact)
    outcome, proved = judged(fund_id=fund_id, address=address, code=code, now=now)
    if outcome is not Outcome.RIGHT or proved is None:
        return Attempt(outcome)
    applicant, user = _worker(proved, address, now=now)
    if allows_texts and is_phone(address):
        keep_consent(applicant, actors.person(user.id), now=now)
    if draft_id is not None:
        draft_answers.own(draft_id, applicant, now=now)
    return Attempt(Outcome.RIGHT, user)


def judged(*, fund_id: UUID, address: str, code: str, now: datetime) -> tuple[Outcome, ContactCode | None]:
    """This will count a try at the newest code of a normalised contact; a right one is used up.

    A code that is too old is replaced by a new one at once.
    """
    locks.assert_transaction()
    if len(_digits(code)) != CODE_DIGITS:
        # Nobody guesses with an empty box: it costs no try.
        return Outcome.INCOMPLETE, None
    found = prepared.found(ContactCode, _NEWEST, [fund_id, people.contact_hash(address)])
    newest = found[0] if found else None
    if newest is None or newest.used_at is not None:
        return Outcome.WRONG, None
    is_old = newest.expires_at <= now
    if newest.attempts >= MOST_ATTEMPTS or (
        is_old and _sent(fund_id, address, "", now=now).to_contact >= MOST_CODES
    ):
        return Outcome.BURNT, None
    if is_old:
        _send(fund_id, address, newest.language, now=now, sender_hash=newest.sender_hash)
        return Outcome.EXPIRED, None
    if not hmac.compare_digest(newest.code_hash, _code_hash(newest.id, code)):
        burnt_at = now if newest.attempts + 1 >= MOST_ATTEMPTS else None
        ContactCode.objects.filter(id=newest.id).update(attempts=F("attempts") + 1, burnt_at=burnt_at)
        return Outcome.WRONG, None
    prepared.one(_USE, [newest.id, now])
    return Outcome.RIGHT, newest


class _Sent(NamedTuple):
    """What was sent in the last hour, and when the tries at a contact's newest code in a fund ran out."""

    to_contact: int
    by_browser: int
    burnt_at: datetime | None


def _sent(fund_id: UUID, address: str, asked_by: str, *, now: datetime) -> _Sent:
    row = prepared.one(_SENT, [fund_id, people.contact_hash(address), asked_by, now - CODES_WINDOW])
    return _Sent(*row) if row else _Sent(0, 0, None)


def _send(fund_id: UUID, address: str, language: str, *, now: datetime, sender_hash: str) -> None:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    code_id = ids.new_id(now)
    prepared.added(
        ContactCode(
            id=code_id,
            fund_id=fund_id,
            contact_hash=people.contact_hash(address),
            contact=address,
            code_hash=_code_hash(code_id, code),
            language=language,
            created_at=now,
            expires_at=now + CODE_LASTS,
            sender_hash=sender_hash,
        )
    )
    sealed = base64.b64encode(seal(code, place=_SEALED_FOR)).decode()
    payload = {"code_id": str(code_id), "sealed": sealed}
    outbox.owe(Effect("contact_code", f"contact_code:{code_id}", payload), fund_id=fund_id, now=now)


def keep_consent(applicant: Applicant, by: Actor, *, now: datetime, contact_hash: str | None = None) -> None:
    """This will keep the yes of the form, which counts once the code proved whose number it is.

    A program passes on what the worker said elsewhere, so which sentence they saw is not known.
    Shapes: the hash is that of a second number; without it the worker's first one is meant.
    """
    source = "API" if by.client_id is not None else "FORM"
    TextConsent.objects.create(
        id=ids.new_id(now),
        fund_id=applicant.fund_id,
        created_at=now,
        contact_hash=contact_hash or applicant.contact_hash,
        word=Consent.GIVEN,
        source=source,
        told="" if source == "API" else CONSENT_TOLD,
    )
    happening = Happening("contact.texts_allowed", "applicant", applicant.id, {"source": source})
    events.record_many([happening], fund_id=applicant.fund_id, by=by, now=now, link=False)


def _code_hash(code_id: UUID, code: str) -> str:
    # Only digits count, so that "123 456" works as it is read out; other scripts' digits are none.
    return lookup_hash("contact_code", f"{code_id}:{_digits(code)}")


def _digits(code: str) -> str:
    return "".join(char for char in code if char in "0123456789")


def _worker(proved: ContactCode, address: str, *, now: datetime) -> tuple[Applicant, User]:
    """Return the contact's applicant and user, making what is missing; the code's row is locked."""
    found = prepared.found(Applicant, _BY_CONTACT, [proved.fund_id, proved.contact_hash])
    if found:
        return found[0], _user_of(found[0], now=now)
    user = User.objects.create_user(now=now)
    applicant = _new_applicant(proved, address, user, now=now)
    _tell_proved(applicant, user, now=now)
    return applicant, user


def _user_of(applicant: Applicant, *, now: datetime) -> User:
    if applicant.user is not None:
        return applicant.user
    user = User.objects.create_user(now=now)
    Applicant.objects.filter(id=applicant.id).update(user=user)
    _tell_proved(applicant, user, now=now)
    return user


def _tell_proved(applicant: Applicant, user: User, *, now: datetime) -> None:
    happening = Happening("contact.proved", "applicant", applicant.id)
    by = actors.person(user.id)
    events.record_many([happening], fund_id=applicant.fund_id, by=by, now=now, link=False)


def _new_applicant(proved: ContactCode, address: str, user: User, *, now: datetime) -> Applicant:
    own = {"fund_id": proved.fund_id, "created_at": now}
    household = prepared.added(Household(id=ids.new_id(now), **own))
    return prepared.added(
        Applicant(
            id=ids.new_id(now),
            household=household,
            user=user,
            full_name="",
            contact=address,
            contact_hash=proved.contact_hash,
            language=proved.language,
            **own,
        )
    )
