"""A donor's way to their own view: ask for a link by mail, or be sent one; open it.

Nothing here tells whether an address is known: whoever asks gets the same answer after the same work.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from fundmgr.domain import actors, contacts, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.domain.texting import Way
from fundmgr.models import Donor, DonorLink, DonorLinkAsk
from fundmgr.ports import events, locks, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access, donor_links
from fundmgr.services import entered
from fundmgr.services.use_case import use_case
from requests_app.services.contacts import problems

MOST_ASKS, ASKS_WINDOW = 5, timedelta(hours=1)
NO_ADDRESS = "This donor has no mail address. Record one first."
SENT_OFTEN = "Five links went to this donor in one hour. Wait a while."


@use_case
def ask(*, fund_id: UUID, contact: str, now: datetime) -> None:
    """This will note that somebody asked for a link to an address; a worker looks whether a donor has it.

    Errors: InvalidInput (field `contact`); TooMany after five asks in an hour, known or not.
    """
    address = contacts.normalise(contact)
    entered.refuse(problems(address, way=Way.MAIL))
    hashed = donor_links.contact_hash(address)
    locks.take_named_lock(f"donor_link:{hashed}")
    recent = DonorLinkAsk.objects.filter(contact_hash=hashed, created_at__gt=now - ASKS_WINDOW)
    if recent.count() >= MOST_ASKS:
        raise errors.TooMany(_("You asked five times in one hour. Wait a while, then try again."))
    key = ids.new_id(now)
    DonorLinkAsk.objects.create(id=key, fund_id=fund_id, created_at=now, contact_hash=hashed)
    effect = Effect("donor_link_ask", f"donor_link_ask:{key}", {"ask_id": str(key)})
    outbox.owe(effect, fund_id=fund_id, now=now)


@use_case
def send(*, donor_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> DonorLink:
    """This will send a donor a link to their own view.

    Errors: NotFound, Forbidden; WrongState for a donor without a mail address, TooMany after five in an hour.
    """
    donor = entered.locked(Donor, donor_id)
    access.require(by, Action.COMMITMENT_WRITE, fund_id=donor.fund_id)
    if not contacts.is_mail(donor.contact):
        raise errors.WrongState(NO_ADDRESS)
    if donor.links.filter(created_at__gt=now - ASKS_WINDOW).count() >= MOST_ASKS:
        raise errors.TooMany(SENT_OFTEN)
    return make(donor, by=by, now=now)


@use_case
def open_link(*, fund_id: UUID, token: str, now: datetime) -> DonorLink:
    """This will open a link once more and return it.

    Errors: NotFound for one that never was, is over, was opened often enough, or went to an old address.
    """
    rows = donor_links.standing(now=now).select_for_update(of=("self",))
    link = rows.filter(fund_id=fund_id, token_hash=donor_links.token_hash(token)).first()
    if link is None or not donor_links.is_current(link) or link.opens >= link.most_opens:
        raise errors.NotFound
    link.opens, link.last_used_at = link.opens + 1, now
    link.save(update_fields=["opens", "last_used_at"])
    facts = {"link": link.id, "opens": link.opens}
    happening = Happening("donor_link.opened", "donor", link.donor_id, facts)
    # The one who opens has no account: the link stands for them.
    events.record(happening, fund_id=fund_id, by=actors.SYSTEM, now=now)
    return link


def make(donor: Donor, *, by: Actor, now: datetime) -> DonorLink:
    """This will write a link down, owe its letter and record it, inside the caller's transaction."""
    key = ids.new_id(now)
    link = DonorLink.objects.create(
        id=key,
        fund_id=donor.fund_id,
        created_at=now,
        donor=donor,
        token_hash=donor_links.token_hash(donor_links.token_of(key)),
        contact_hash=donor.contact_hash,
        expires_at=now + timedelta(hours=settings.DONOR_LINK_HOURS),
        most_opens=settings.DONOR_LINK_OPENS,
    )
    effect = Effect("donor_link", f"donor_link:{key}", {"link_id": str(key)})
    outbox.owe(effect, fund_id=donor.fund_id, now=now)
    facts = {"link": key, "expires_at": link.expires_at}
    happening = Happening("donor_link.sent", "donor", donor.id, facts)
    events.record(happening, fund_id=donor.fund_id, by=by, now=now)
    return link
