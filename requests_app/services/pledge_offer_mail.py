"""The letter with the link by which a promise from the public page is proved."""

from datetime import datetime

from django.conf import settings

from fundmgr.domain.lifecycle import PledgeOfferState
from fundmgr.models import OutboxMessage, PledgeOffer
from fundmgr.queries import pledge_offers
from requests_app.services import mailings
from requests_app.services.mailings import Mailing
from requests_app.services.pledge_offers import KIND


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will send the link of an offer that waits for it, unless its time is over."""
    rows = PledgeOffer.objects.select_related("fund")
    row = rows.filter(
        id=message.payload["offer_id"], state=PledgeOfferState.WAITING_FOR_MAIL, expires_at__gt=now
    ).first()
    if row is None:
        return
    # No word that was typed stands in it: it would be a letter of ours with anybody's words to anybody.
    words = {
        "amount_cents": row.amount_cents,
        "link": f"{settings.SITE_URL}/f/{row.fund.slug}/pledge/confirm/{pledge_offers.token_of(row.id)}/",
        "expires_at": row.expires_at,
    }
    mailing = Mailing(row.fund, row.contact, row.language, KIND, words)
    mailings.send(mailing, key=message.effect_key, now=now)
