"""Messages to donors: that a promise is due soon, or late."""

from datetime import date, datetime

from fundmgr.domain import contacts
from fundmgr.models import Commitment, OutboxMessage
from requests_app.services import mailings
from requests_app.services.mailings import Mailing

KINDS = frozenset({"pledge_due_before", "pledge_due_after"})


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will remind a donor, once for each effect key, unless the money came in meanwhile.

    Errors: ValueError for a kind that has no words.
    """
    said = message.payload
    if said["kind"] not in KINDS:
        raise ValueError(f"no words for a message of kind {said['kind']!r}")
    row = Commitment.objects.select_related("donor", "fund").get(id=said["commitment_id"])
    contact = row.donor.contact
    # A phone number may stand there too.
    if not contact or not contacts.is_mail(contact) or not row.owed_cents:
        return
    words = {
        "donor": row.donor.name,
        "open_cents": min(said["open_cents"], row.owed_cents),
        "due_on": date.fromisoformat(said["due_on"]),
        "reference": row.id.hex[-8:].upper(),
    }
    mailing = Mailing(row.fund, contact, row.donor.language, said["kind"], words)
    mailings.send(mailing, key=message.effect_key, now=now)
