"""The letters with donors' links: whose an asked address is, and what is written to them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fundmgr.domain import actors, contacts, ids
from fundmgr.models import Donor, DonorLink, DonorLinkAsk, OutboxMessage
from fundmgr.queries import donor_links
from requests_app.channels import mail
from requests_app.models import Notice
from requests_app.services.donor_links import make

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
    contact = link.donor.contact
    if not contact or Notice.objects.filter(effect_key=message.effect_key).exists():
        return
    subject, text = _written(link)
    Notice.objects.create(
        id=ids.new_id(now),
        fund=link.fund,
        created_at=now,
        applicant=None,
        kind=KIND,
        effect_key=message.effect_key,
        contact=contact,
        subject=subject,
        text=text,
        sent_at=now,
    )
    mail.send(subject=subject, text=text, to=contact, key=message.effect_key)


def _written(link: DonorLink) -> tuple[str, str]:
    fund_url = f"{settings.SITE_URL}/f/{link.fund.slug}/"
    context = {
        "fund": link.fund,
        "donor": link.donor.name,
        "link": f"{fund_url}donor/open/{donor_links.token_of(link.id)}/",
        "expires_at": link.expires_at,
        "opens": link.most_opens,
        "fund_url": fund_url,
    }
    with translation.override(link.donor.language), timezone.override(ZoneInfo(link.fund.time_zone)):
        text = render_to_string(f"emails/{KIND}.txt", context)
    subject, _line, body = text.strip().partition("\n")
    return " ".join(subject.split()), f"{body.strip()}\n"
