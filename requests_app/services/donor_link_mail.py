"""The letters with donors' links: whose an asked address is, and what is written to them."""

from datetime import datetime

from django.conf import settings

from fundmgr.domain import actors, contacts
from fundmgr.models import Donor, DonorLinkAsk, OutboxMessage
from fundmgr.queries import donor_links
from requests_app.services import mailings
from requests_app.services.donor_links import make
from requests_app.services.mailings import Mailing

KIND = "donor_link"


def answer(*, message: OutboxMessage, now: datetime) -> None:
    """This will make a link for each donor who has the address that was asked for; for most asks, none."""
    ask = DonorLinkAsk.objects.filter(id=message.payload["ask_id"]).first()
    if ask is None:
        return
    rows = Donor.objects.filter(fund_id=ask.fund_id, contact_hash=ask.contact_hash).order_by("id")
    for donor in rows:
        if contacts.is_mail(donor.contact):
            make(donor, by=actors.SYSTEM, now=now)


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will send a link to its donor, unless it is over or the donor has another address by now."""
    rows = donor_links.standing(now=now).select_related("fund")
    link = rows.filter(id=message.payload["link_id"]).first()
    if link is None or not donor_links.is_current(link):
        return
    if not link.donor.contact:
        return
    words = {
        "donor": link.donor.name,
        "link": f"{settings.SITE_URL}/f/{link.fund.slug}/donor/open/{donor_links.token_of(link.id)}/",
        "expires_at": link.expires_at,
        "opens": link.most_opens,
    }
    mailing = Mailing(link.fund, link.donor.contact, link.donor.language, KIND, words)
    mailings.send(mailing, key=message.effect_key, now=now)
