"""What the calendar does to promises, once a day: late ones are marked, donors are reminded."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from fundmgr.domain import actors, contacts, reminders
from fundmgr.domain.lifecycle import CommitmentState
from fundmgr.domain.reminders import MAY_BE_LATE, STANDS
from fundmgr.models import Commitment, Fund
from fundmgr.ports import events, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.queries import receivables
from fundmgr.services import entered
from fundmgr.services.use_case import use_case


def run_daily(*, clock: Callable[[], datetime]) -> dict[str, int]:
    """This will do a day's work for every fund; run again on the same day, it finds nothing to do."""
    late = reminded = 0
    for fund_id in Fund.objects.order_by("id").values_list("id", flat=True):
        late += mark_overdue(fund_id=fund_id, now=clock())
        reminded += remind(fund_id=fund_id, now=clock())
    return {"overdue": late, "reminded": reminded}


@use_case
def mark_overdue(*, fund_id: UUID, now: datetime) -> int:
    """This will mark the promises of which a part is late by the fund's clock, and return how many."""
    today = entered.today(fund_id, now)
    rows = Commitment.objects.filter(
        fund_id=fund_id, state__in=MAY_BE_LATE, instalments__due_on__lt=today
    ).distinct()
    marked = []
    for key in rows.order_by("id").values_list("id", flat=True):
        row = entered.locked(Commitment, key)
        if row.state in MAY_BE_LATE and receivables.is_late(row, today):
            moves.move(row, CommitmentState.OVERDUE)
            marked.append(
                Happening("commitment.overdue", "commitment", row.id, {"owed_cents": row.owed_cents})
            )
    events.record_many(marked, fund_id=fund_id, by=actors.SYSTEM, now=now)
    return len(marked)


@use_case
def remind(*, fund_id: UUID, now: datetime) -> int:
    """This will owe each donor the reminders of the day, each once for ever, and return how many were due.

    A day on which nobody ran this is made up for: of the reminders that passed, the latest is sent.
    """
    today = entered.today(fund_id, now)
    rows = Commitment.objects.filter(fund_id=fund_id, state__in=STANDS, donor__contact__isnull=False)
    effects = [
        effect
        for row in rows.select_related("donor").order_by("id")
        if row.owed_cents and contacts.is_mail(row.donor.contact)
        for effect in _reminders(row, today)
    ]
    outbox.owe_many(effects, fund_id=fund_id, now=now)
    return len(effects)


def _reminders(row: Commitment, today: date) -> list[Effect]:
    _, open_parts = receivables.schedule(row)
    found = []
    for part in open_parts:
        passed = [one for one in reminders.of_part(part.due_on) if one.day <= today]
        if not passed:
            continue
        latest = passed[-1]
        payload = {
            "kind": f"pledge_due_{'before' if latest.is_before else 'after'}",
            "commitment_id": str(row.id),
            "due_on": part.due_on.isoformat(),
            "open_cents": min(part.open_cents, row.owed_cents),
        }
        found.append(Effect("donor_notice", latest.key(row.id, schedule=row.schedule), payload))
    return found
