"""The anchor by mail: a copy of each line where nobody of this machine can change it."""

from datetime import datetime

from django.conf import settings

from fundmgr.models import OutboxMessage
from requests_app.channels import mail


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will mail one line; a second copy of a line does no harm."""
    if settings.ANCHOR_MAIL:
        subject = f"fundmgr anchor of {message.payload['at']}"
        text = f"Keep this message: it proves the books of this moment.\n\n{message.payload['line']}\n"
        mail.send(subject=subject, text=text, to=settings.ANCHOR_MAIL, key=message.effect_key)
