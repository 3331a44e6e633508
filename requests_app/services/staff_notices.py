"""Messages to staff: that money came free and a round waits for them."""

from datetime import datetime
from typing import Any

from django.conf import settings

from fundmgr.models import Fund, OutboxMessage, User
from requests_app.queries import free_money
from requests_app.services import mailings
from requests_app.services.mailings import Mailing

KINDS = frozenset({"next_round"})


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will tell one director of the next round, once for each effect key, unless it was decided since.

    Errors: ValueError for a kind that has no words.
    """
    said = message.payload
    if said["kind"] not in KINDS:
        raise ValueError(f"no words for a message of kind {said['kind']!r}")
    words = _words(Fund.objects.get(id=said["fund_id"]), now=now)
    user = User.objects.get(id=said["user_id"])
    if words is None or not user.is_active or not user.email:
        return
    # The console speaks one language.
    mailing = Mailing(words["fund"], user.email, settings.LANGUAGE_CODE, said["kind"], words)
    mailings.send(mailing, key=message.effect_key, now=now)


def _words(fund: Fund, *, now: datetime) -> dict[str, Any] | None:
    """What the mail says; None where no next round is open or due any more. Units: cents."""
    url = f"{settings.SITE_URL}/staff/{fund.slug}/rounds/"
    found = free_money.offer(fund.id, now=now)
    if found is None:
        return None
    return {"fund": fund, "row": found.row, "freed_cents": sum(found.freed_cents.values()), "url": url}
