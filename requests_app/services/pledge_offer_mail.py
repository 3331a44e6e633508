"""The letter with the link by which a promise from the public page is proved."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import PledgeOfferState
from fundmgr.models import OutboxMessage, PledgeOffer
from fundmgr.queries import pledge_offers
from requests_app.channels import mail
from requests_app.models import Notice
from requests_app.services.pledge_offers import KIND


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will send the link of an offer that waits for it, unless its time is over."""
    rows = PledgeOffer.objects.select_related("fund")
    row = rows.filter(
        id=message.payload["offer_id"], state=PledgeOfferState.WAITING_FOR_MAIL, expires_at__gt=now
    ).first()
    if row is None or Notice.objects.filter(effect_key=message.effect_key).exists():
        return
    subject, text = _written(row)
    Notice.objects.create(
        id=ids.new_id(now),
        fund=row.fund,
        created_at=now,
        applicant=None,
        kind=KIND,
        effect_key=message.effect_key,
        contact=row.contact,
        subject=subject,
        text=text,
        sent_at=now,
    )
    mail.send(subject=subject, text=text, to=row.contact, key=message.effect_key)


def _written(row: PledgeOffer) -> tuple[str, str]:
    # No word that was typed stands in it: it would be a letter of ours with anybody's words to anybody.
    fund_url = f"{settings.SITE_URL}/f/{row.fund.slug}/"
    context = {
        "fund": row.fund,
        "amount_cents": row.amount_cents,
        "link": f"{fund_url}pledge/confirm/{pledge_offers.token_of(row.id)}/",
        "expires_at": row.expires_at,
        "fund_url": fund_url,
    }
    with translation.override(row.language), timezone.override(ZoneInfo(row.fund.time_zone)):
        text = render_to_string(f"emails/{KIND}.txt", context)
    subject, _line, body = text.strip().partition("\n")
    return " ".join(subject.split()), f"{body.strip()}\n"
