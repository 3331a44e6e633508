"""The anchor by mail: a copy of each line where nobody of this machine can change it."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail

from fundmgr.models import OutboxMessage


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will mail one line; a second copy of a line does no harm."""
    if settings.ANCHOR_MAIL:
        subject = f"fundmgr anchor of {message.payload['at']}"
        text = f"Keep this message: it proves the books of this moment.\n\n{message.payload['line']}\n"
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [settings.ANCHOR_MAIL])
