"""Letters to people by mail: a letter that a crash lets us send twice is the same letter to every mailbox."""

from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage


def send(*, subject: str, text: str, to: str, key: str) -> None:
    """This will hand a letter to the mail server, under a Message-ID that its effect's key decides.

    A mail server is no part of our transaction. Where we are lost between its yes and our COMMIT, the letter
    goes out again, word for word, and mailboxes know it by its id. Errors: those of the mail server.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{uuid5(NAMESPACE_URL, key)}@{host}>"}
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()
