"""Promises from the public page: made by anybody, proved by a link in a mail, then taken or turned down.

Nothing counts before staff take one: that makes the commitment, the one way by which a promise is recorded.
Nothing here tells whether an address is known: whoever promises gets the same answer.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from fundmgr.domain import actors, contacts, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.languages import Language
from fundmgr.domain.lifecycle import DECIDED_OFFER_STATES, FundState, PledgeOfferState
from fundmgr.domain.money import MAX_CENTS
from fundmgr.domain.permissions import Action
from fundmgr.domain.text import NotText, clean_line, has_letter
from fundmgr.domain.texting import Way
from fundmgr.models import Fund, PledgeOffer
from fundmgr.models.encrypted import lookup_hash
from fundmgr.ports import events, locks, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access
from fundmgr.queries import pledge_offers as found
from fundmgr.queries.donor_links import contact_hash
from fundmgr.services import commitments, donors, entered
from fundmgr.services.use_case import use_case
from requests_app.services.contacts import problems

KIND, ANSWER = "pledge_offer", "pledge_answer"
MOST_NAME, MOST_WISH, MOST_REPLY = 160, 120, 300
LINK_LASTS = timedelta(hours=72)
MOST_OFFERS, OFFERS_WINDOW = 5, timedelta(hours=1)
# A fund that ends takes no new promises.
ENDING = frozenset({FundState.WINDING_DOWN, FundState.CLOSED})


@dataclass(frozen=True)
class Said:
    """What somebody promises. Units: cents. Shapes: `mark` is of the page sent; empty where it had none."""

    name: str
    contact: str
    amount_cents: int
    meant_on: date | None = None
    wish: str = ""
    shows_name: bool = False
    mark: str = ""


@use_case
def offer(*, fund_id: UUID, said: Said, language: str, now: datetime) -> None:
    """This will keep a promise until its giver shows that they read the mail; sent twice it is kept once.

    Errors: InvalidInput (fields `name`, `contact`, `amount`, `meant_on`, `wish`); WrongState where the fund
    ends; TooMany after five promises of an address in an hour, known or not.
    """
    if Fund.objects.filter(id=fund_id, state__in=ENDING).exists():
        raise errors.WrongState(_("The fund is closing. It takes no new promises."))
    entered.refuse(check(fund_id=fund_id, said=said, now=now))
    address = contacts.normalise(said.contact)
    hashed, key = contact_hash(address), ids.new_id(now)
    sent_hash = _sent_hash(said, key)
    locks.take_named_lock(f"pledge_offer:{hashed}")
    if PledgeOffer.objects.filter(fund_id=fund_id, sent_hash=sent_hash).exists():
        return
    recent = PledgeOffer.objects.filter(contact_hash=hashed, created_at__gt=now - OFFERS_WINDOW)
    if recent.count() >= MOST_OFFERS:
        raise errors.TooMany(_("You sent five promises in one hour. Wait a while, then try again."))
    PledgeOffer.objects.create(
        id=key,
        fund_id=fund_id,
        created_at=now,
        name=clean_line(said.name, most=MOST_NAME),
        contact=address,
        contact_hash=hashed,
        amount_cents=said.amount_cents,
        meant_on=said.meant_on,
        wish=clean_line(said.wish, most=MOST_WISH),
        shows_name=said.shows_name,
        language=language,
        token_hash=found.token_hash(found.token_of(key)),
        sent_hash=sent_hash,
        expires_at=now + LINK_LASTS,
        state=PledgeOfferState.WAITING_FOR_MAIL,
    )
    outbox.owe(Effect(KIND, f"{KIND}:{key}", {"offer_id": str(key)}), fund_id=fund_id, now=now)


@use_case
def prove(*, fund_id: UUID, token: str, now: datetime) -> PledgeOffer:
    """This will note that the giver reads the mail; a link that proved its offer already does nothing more.

    Errors: NotFound for a link that never was, ran out unused, or whose offer was turned down.
    """
    row = _locked(found.by_link(fund_id=fund_id, token=token, now=now).id)
    if row.state == PledgeOfferState.WAITING_FOR_MAIL:
        moves.move(row, PledgeOfferState.PROVED, proved_at=now)
        # The giver has no account: the link stands for them.
        _record("proved", row, by=actors.SYSTEM, now=now)
    return row


@use_case
def take(
    *,
    offer_id: UUID,
    by: Actor,
    now: datetime,
    donor_id: UUID | None = None,
    restriction_id: UUID | None = None,
    due_on: date | None = None,
    once: Once | None = None,
) -> PledgeOffer:
    """This will record an offer as a commitment of the donor named, or of a new donor, and tell its giver.

    Shapes: without `due_on` the day that the giver named is meant, if any.
    Errors: NotFound, Forbidden, AlreadyDecided; InvalidInput as for a commitment.
    """
    row = _to_decide(offer_id, by=by)
    commitment = commitments.make(
        fund_id=row.fund_id,
        donor_id=donor_id or _new_donor(row, by=by, now=now),
        amount_cents=row.amount_cents,
        pledged_on=_day(row),
        due_on=due_on or row.meant_on,
        restriction_id=restriction_id,
        by=by,
        now=now,
    )
    moves.move(
        row,
        PledgeOfferState.TAKEN,
        commitment_id=commitment.id,
        decided_by_id=access.person_id(by),
        decided_at=now,
    )
    facts = {"commitment": commitment.id, "donor": commitment.donor_id}
    _record("taken", row, by=by, now=now, **facts)
    _owe_answer(row, now=now)
    return row


@use_case
def turn_down(
    *, offer_id: UUID, reason: str, by: Actor, now: datetime, reply: str = "", once: Once | None = None
) -> PledgeOffer:
    """This will turn an offer down and tell its giver; its link opens nothing from then on.

    Shapes: `reason` is the fund's own note, `reply` what the letter says of it, in the giver's language.
    Errors: NotFound, Forbidden, AlreadyDecided.
    """
    row = _to_decide(offer_id, by=by)
    moves.move(
        row,
        PledgeOfferState.TURNED_DOWN,
        reason=reason,
        reply=reply,
        decided_by_id=access.person_id(by),
        decided_at=now,
    )
    _record("turned_down", row, by=by, now=now)
    _owe_answer(row, now=now)
    return row


def _locked(offer_id: UUID) -> PledgeOffer:
    row = PledgeOffer.objects.select_for_update(of=("self",)).filter(id=offer_id).first()
    if row is None:
        raise errors.NotFound(keys=[offer_id])
    return row


def _to_decide(offer_id: UUID, *, by: Actor) -> PledgeOffer:
    row = _locked(offer_id)
    access.require(by, Action.COMMITMENT_WRITE, fund_id=row.fund_id)
    if row.state == PledgeOfferState.WAITING_FOR_MAIL:
        raise errors.NotFound(keys=[offer_id])
    if row.state in DECIDED_OFFER_STATES:
        raise errors.AlreadyDecided
    return row


def _owe_answer(row: PledgeOffer, *, now: datetime) -> None:
    effect = Effect(ANSWER, f"{ANSWER}:{row.id}", {"offer_id": str(row.id)})
    outbox.owe(effect, fund_id=row.fund_id, now=now)


def _new_donor(row: PledgeOffer, *, by: Actor, now: datetime) -> UUID:
    donor = donors.make(
        fund_id=row.fund_id,
        name=row.name,
        is_organisation=False,
        is_anonymous=not row.shows_name,
        contact=row.contact,
        language=Language(row.language),
        by=by,
        now=now,
    )
    return donor.id


def _day(row: PledgeOffer) -> date:
    """The day on the fund's calendar when the promise was written: what it names is not before that."""
    return entered.today(row.fund_id, row.created_at)


def _sent_hash(said: Said, key: UUID) -> str:
    """What tells one sending from the next: the page's mark with all that was typed into it."""
    if not said.mark:
        return lookup_hash("pledge_offer.sent", key.hex)
    typed = [said.name, said.contact, said.amount_cents, str(said.meant_on), said.wish, said.shows_name]
    return lookup_hash("pledge_offer.sent", json.dumps([said.mark, *typed]))


def check(*, fund_id: UUID, said: Said, now: datetime) -> list[Problem]:
    """This will return all that is wrong with what somebody promises, by field."""
    rows = problems(contacts.normalise(said.contact), way=Way.MAIL)
    if not has_letter(said.name):
        rows.append(Problem("name", "missing", _("Enter your name")))
    for field, text, most in (("name", said.name, MOST_NAME), ("wish", said.wish, MOST_WISH)):
        try:
            clean_line(text, most=most)
        except NotText:
            sentence = _("What you write must be %(most)s letters or less, without hidden characters")
            rows.append(Problem(field, "invalid_text", sentence % {"most": most}))
    if not 0 < said.amount_cents <= MAX_CENTS:
        rows.append(Problem("amount", "not_positive", _("Enter the amount in dollars, like 500")))
    days = entered.window(fund_id, now)
    if said.meant_on is not None and not days.today <= said.meant_on <= days.last:
        rows.append(Problem("meant_on", "not_to_come", _("Enter a day from today on, or leave it empty")))
    return rows


def _record(verb: str, row: PledgeOffer, *, by: Actor, now: datetime, **facts: UUID) -> None:
    told = {"amount_cents": row.amount_cents, **facts}
    happening = Happening(f"pledge_offer.{verb}", "pledge_offer", row.id, told)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
