"""Tell people when a fund opens: they leave a contact, are told once, and their contact is removed.

Nothing here tells whether a contact is known: whoever leaves one gets the same answer.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone, normalise
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Action
from fundmgr.models import Fund, OutboxMessage
from fundmgr.ports import events, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import OpeningAsk
from requests_app.queries import people, reach
from requests_app.services import contacts, notices
from requests_app.services.notices import Letter

KIND = "fund_opened"
NOTICE = "opening_notice"
_SALT = "opening.stop"


@use_case
def ask(*, fund_id: UUID, contact: str, language: str, now: datetime) -> None:
    """This will keep a contact until the fund opens; one that is kept already stays as it is.

    Errors: InvalidInput (field `contact`); WrongState where the fund is open.
    """
    _keep(fund_id, contact, language, now=now)


@use_case
def ask_for(
    *, fund_id: UUID, contact: str, language: str, by: Actor, now: datetime, once: Once | None = None
) -> Fund:
    """This will keep the contact of somebody for whom a program or a helper asks; returns the fund.

    Errors: as for `ask`; NotFound, Forbidden for one who files no requests.
    """
    access.require(by, Action.REQUEST_FILE, fund_id=fund_id)
    known = {code for code, _name in settings.LANGUAGES}
    _keep(fund_id, contact, language if language in known else settings.LANGUAGE_CODE, now=now)
    return Fund.objects.get(id=fund_id)


def _keep(fund_id: UUID, contact: str, language: str, *, now: datetime) -> None:
    address = normalise(contact)
    found = contacts.problems(address)
    if found:
        raise errors.InvalidInput(problems=found)
    if Fund.objects.filter(id=fund_id, state=FundState.OPEN).exists():
        raise errors.WrongState("The fund takes requests now: nobody needs to wait for it to open.")
    row = OpeningAsk(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        contact=address,
        contact_hash=people.contact_hash(address),
        language=language,
    )
    OpeningAsk.objects.bulk_create([row], ignore_conflicts=True)
    _record("opening.asked", fund_id, {}, now=now)


@use_case
def stop(*, fund_id: UUID, token: str, now: datetime) -> None:
    """This will remove a contact by the link that its message has; once more does no harm.

    Errors: NotFound for a link that we did not write.
    """
    gone, _rows = OpeningAsk.objects.filter(fund_id=fund_id, id=ask_of(token)).delete()
    if gone:
        _record("opening.stopped", fund_id, {}, now=now)


def run(*, clock: Callable[[], datetime]) -> int:
    """This will tell those who wait for a fund that is open now, and return how many messages are owed."""
    waiting = OpeningAsk.objects.filter(fund__state=FundState.OPEN).order_by("fund_id")
    fund_ids = list(waiting.values_list("fund_id", flat=True).distinct())
    return sum(tell_all(fund_id=fund_id, now=clock()) for fund_id in fund_ids)


@use_case
def tell_all(*, fund_id: UUID, now: datetime) -> int:
    """This will owe a message to everybody who asked, where the fund is open; returns how many are new."""
    if not Fund.objects.filter(id=fund_id, state=FundState.OPEN).exists():
        return 0
    rows = OpeningAsk.objects.filter(fund_id=fund_id).order_by("id")
    keys = {f"{NOTICE}:{ask_id}": str(ask_id) for ask_id in rows.values_list("id", flat=True)}
    owed = OutboxMessage.objects.filter(effect_key__in=keys).values_list("effect_key", flat=True)
    fresh = sorted(keys.keys() - set(owed))
    if not fresh:
        return 0
    effects = [Effect(NOTICE, key, {"ask_id": keys[key]}) for key in fresh]
    outbox.owe_many(effects, fund_id=fund_id, now=now)
    _record("opening.told", fund_id, {"count": len(effects)}, now=now)
    return len(effects)


def tell(*, message: OutboxMessage, now: datetime) -> None:
    """This will tell one contact that the fund is open and keep it no longer."""
    row = OpeningAsk.objects.select_related("fund").filter(id=message.payload["ask_id"]).first()
    if row is None:
        return
    ask_id = row.id
    row.delete()
    if is_phone(row.contact) and reach.has_stopped(row.contact_hash):
        return
    words = {"stop_path": f"tell-me/stop/{token_of(ask_id)}/"}
    notices.send(
        Letter(row.fund, None, row.contact, row.language, KIND, words), key=message.effect_key, now=now
    )


def token_of(ask_id: UUID) -> str:
    """This will return the word of the link by which a contact is removed."""
    return signing.Signer(salt=_SALT).sign(ask_id.hex).replace(":", "-")


def ask_of(token: str) -> UUID:
    """This will return whose link it is. Errors: NotFound."""
    try:
        return UUID(hex=signing.Signer(salt=_SALT).unsign(token.replace("-", ":", 1)))
    except (signing.BadSignature, ValueError):
        raise errors.NotFound from None


def _record(verb: str, fund_id: UUID, facts: dict[str, int], *, now: datetime) -> None:
    happening = Happening(verb, "fund", fund_id, facts)
    events.record_many([happening], fund_id=fund_id, by=actors.SYSTEM, now=now, link=False)
