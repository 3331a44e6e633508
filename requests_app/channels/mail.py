"""Letters to people by mail: a letter that a crash lets us send twice is the same letter to every mailbox."""

from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage

# Codes of a mail server from which trying again is of no use.
_FOR_GOOD = 500


class NoSuchMailbox(Exception):
    """The mail server will never take a letter to this address; the message says how it put it."""


def send(*, subject: str, text: str, to: str, key: str) -> None:
    """This will hand a letter to the mail server, under a Message-ID that its effect's key decides.

    A mail server is no part of our transaction. Where we are lost between its yes and our COMMIT, the letter
    goes out again, word for word, and mailboxes know it by its id.
    Errors: NoSuchMailbox, and those of the mail server.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{uuid5(NAMESPACE_URL, key)}@{host}>"}
    try:
        EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()
    except SMTPRecipientsRefused as error:
        if all(code >= _FOR_GOOD for code, _words in error.recipients.values()):
            raise NoSuchMailbox(f"refused by the mail server: {_codes(error)}") from error
        raise


def _codes(error: SMTPRecipientsRefused) -> str:
    # The server's words may name the address.
    return ", ".join(str(code) for code, _words in error.recipients.values())
