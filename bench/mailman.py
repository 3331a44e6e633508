"""The worker of a rush, a process of its own as in production: what waits is done, twice a second.

A mail that goes out is one line on the standard output: to whom, and the code in its subject, if any. It ends
when its standard input is closed.
"""

import re
import select
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

# As often as one web process wakes the workers at most (fundmgr/ports/poke.py).
PAUSE_SECONDS = 0.5
_CODE = re.compile(r"\d{6}")


class Backend(BaseEmailBackend):
    """Hands mails to whom reads the standard output."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """This will say to whom each goes, and with which code."""
        for letter in email_messages:
            found = _CODE.search(str(letter.subject))
            print(letter.to[0], found.group() if found else "", flush=True)
        return len(email_messages)


def main() -> None:
    """Do what waits until nobody listens any more."""
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from fundmgr.services import background

    settings.EMAIL_BACKEND = "bench.mailman.Backend"
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        background.sweep(clock=timezone.now)


if __name__ == "__main__":
    main()
