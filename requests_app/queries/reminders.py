"""The reminders of a promise: which letters went to its donor, which wait, which are still to come."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import contacts, reminders
from fundmgr.domain.actors import Actor
from fundmgr.domain.reminders import Reminder
from fundmgr.models import Commitment, Fund, OutboxMessage
from fundmgr.queries import funds, receivables
from requests_app.models import Notice


class ReminderState(StrEnum):
    """What became of a reminder, or will."""

    SENT = "SENT"
    WAITING = "WAITING"
    NOT_NEEDED = "NOT_NEEDED"
    PLANNED = "PLANNED"
    NO_ADDRESS = "NO_ADDRESS"


@dataclass(frozen=True)
class ReminderLine:
    """One reminder. Shapes: `on` is when it went, or from which day on it may go; `open_cents` as it says.

    NOT_NEEDED means that the money came in, or the address went, before the letter left. Units: cents.
    """

    due_on: date
    on: date
    word: str
    state: ReminderState
    open_cents: int


def of_commitment(actor: Actor, *, commitment_id: UUID, now: datetime) -> list[ReminderLine]:
    """This will return a promise's reminders of its old and new dates, earliest first.

    Errors: NotFound, Forbidden for one who may not read money.
    """
    row = funds.visible_commitment(actor, commitment_id=commitment_id)
    zone = ZoneInfo(Fund.objects.values_list("time_zone", flat=True).get(id=row.fund_id))
    past = _past(row, zone)
    planned = _planned(row, now.astimezone(zone).date(), known={(one.due_on, one.word) for one in past})
    return sorted([*past, *planned], key=lambda one: (one.on, one.due_on))


def _past(row: Commitment, zone: ZoneInfo) -> list[ReminderLine]:
    """Those that were owed, by the keys that they can have: no other message is looked at."""
    keys = {
        one.key(row.id, schedule=part.schedule): one
        for part in row.instalments.all()
        for one in reminders.of_part(part.due_on)
    }
    sent = Notice.objects.filter(effect_key__in=keys).values_list("effect_key", "sent_at")
    at = {key: moment.astimezone(zone).date() for key, moment in sent if moment}
    return [
        _past_line(keys[message.effect_key], message, at.get(message.effect_key))
        for message in OutboxMessage.objects.filter(effect_key__in=keys)
    ]


def _past_line(one: Reminder, message: OutboxMessage, sent_on: date | None) -> ReminderLine:
    state = ReminderState.WAITING if message.done_at is None else ReminderState.NOT_NEEDED
    if sent_on is not None:
        state = ReminderState.SENT
    return ReminderLine(one.due_on, sent_on or one.day, one.word, state, message.payload["open_cents"])


def _planned(row: Commitment, today: date, *, known: set[tuple[date, str]]) -> list[ReminderLine]:
    """Those still to come if nothing comes in; of those that passed unsent, the latest goes next."""
    if row.state not in reminders.STANDS or not row.owed_cents:
        return []
    has_address = contacts.is_mail(row.donor.contact)
    state = ReminderState.PLANNED if has_address else ReminderState.NO_ADDRESS
    found = []
    for part in receivables.schedule(row)[1]:
        ladder = reminders.of_part(part.due_on)
        passed = [one for one in ladder if one.day <= today]
        for one in [*passed[-1:], *ladder[len(passed) :]]:
            if (one.due_on, one.word) not in known:
                open_cents = min(part.open_cents, row.owed_cents)
                found.append(ReminderLine(one.due_on, max(one.day, today), one.word, state, open_cents))
    return found
