"""Texts on their way out: the row that says "sending" is committed before the gateway hears of it."""

from datetime import datetime, timedelta

from fundmgr.domain.texting import KEY_LASTS, OPEN_DELIVERY_STATES, DeliveryState, wait_before
from fundmgr.models import OutboxMessage
from fundmgr.ports import outbox
from fundmgr.ports.outbox import Effect
from requests_app.channels import texts
from requests_app.channels.texts import Outcome, Text
from requests_app.models import Notice
from requests_app.services import second_contacts

# A code is of no use when its time is over; other news may come late.
LASTS = {"contact_code": timedelta(minutes=15)}
TOO_LATE = "too late to be of use"


def owe(notice: Notice, *, now: datetime) -> None:
    """This will leave a text, written down as sending, to the next run of the worker."""
    effect = Effect("text", f"text:{notice.id}", {"notice_id": str(notice.id)})
    outbox.owe(effect, fund_id=notice.fund_id, now=now)


def send(*, message: OutboxMessage, now: datetime) -> timedelta | None:
    """This will hand a text to the gateway and note its answer; the time to wait where there is none yet.

    In doubt the same key goes out again, which the gateway knows, and only while it surely knows it. After
    that the doubt stays on the notice for people to see.
    """
    notice = Notice.objects.select_for_update().get(id=message.payload["notice_id"])
    if notice.state not in OPEN_DELIVERY_STATES:
        return None
    if now - notice.created_at >= LASTS.get(notice.kind, KEY_LASTS):
        _close(notice, now=now)
        return None
    answer = texts.send(Text(notice.contact, notice.text, str(notice.id)))
    notice.reason, notice.gateway_key = answer.reason, answer.gateway_key
    if answer.outcome is Outcome.SENT:
        notice.state, notice.sent_at = DeliveryState.SENT, now
    elif answer.outcome is Outcome.REFUSED:
        notice.state = DeliveryState.FAILED
        second_contacts.owe(notice, now=now)
    elif answer.outcome is Outcome.UNKNOWN:
        notice.state = DeliveryState.UNKNOWN
    notice.save(update_fields=["state", "sent_at", "reason", "gateway_key"])
    return wait_before(message.attempts) if notice.state in OPEN_DELIVERY_STATES else None


def _close(notice: Notice, *, now: datetime) -> None:
    """Give a text up: one that surely never left has failed, one in doubt stays in doubt."""
    if notice.state == DeliveryState.SENDING:
        Notice.objects.filter(id=notice.id).update(state=DeliveryState.FAILED, reason=TOO_LATE)
        second_contacts.owe(notice, now=now)
