"""The letters about a promise from the public page: the link that proves it, and the fund's answer."""

from datetime import datetime
from typing import Any

from django.conf import settings

from fundmgr.domain.lifecycle import DECIDED_OFFER_STATES, CommitmentState, PledgeOfferState
from fundmgr.models import Commitment, OutboxMessage, PledgeOffer
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


def answer(*, message: OutboxMessage, now: datetime) -> None:
    """This will tell a giver, at the address that they proved, that their promise was taken or turned down.

    Not where the commitment ended, or was paid, before the letter could go.
    """
    rows = PledgeOffer.objects.select_related("fund", "commitment__donor", "commitment__restriction")
    row = rows.filter(id=message.payload["offer_id"], state__in=DECIDED_OFFER_STATES).first()
    if row is None:
        return
    kind = "pledge_turned_down"
    words: dict[str, Any] = {"amount_cents": row.amount_cents, "reply": row.reply}
    if row.commitment is not None:
        if not row.commitment.owed_cents:
            return
        kind, words = "pledge_taken", words | _next_steps(row, row.commitment)
    mailings.send(Mailing(row.fund, row.contact, row.language, kind, words), key=message.effect_key, now=now)


def _next_steps(row: PledgeOffer, commitment: Commitment) -> dict[str, Any]:
    purpose = commitment.restriction
    # The page with what became of a gift is for the address that stands with the donor.
    is_own = commitment.donor.contact_hash == row.contact_hash
    return {
        "reference": commitment.id.hex[-8:].upper(),
        "due_on": commitment.due_on,
        "purpose": "" if purpose.is_general else purpose.name,
        "waits": commitment.state == CommitmentState.DRAFT,
        "own_url": f"{settings.SITE_URL}/f/{row.fund.slug}/donor/" if is_own else "",
    }
