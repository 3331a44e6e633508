"""How a donor is reached: a mail address, or a phone number that no program writes to."""

import re

from fundmgr.domain.errors import Problem

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")


def is_mail(contact: str | None) -> bool:
    """This will say whether letters can be sent there."""
    return contact is not None and _MAIL.match(contact.strip()) is not None


def problems(contact: str | None) -> list[Problem]:
    """This will return what is wrong with a contact: one with an @ is meant as a mail address."""
    if contact is None or "@" not in contact or is_mail(contact):
        return []
    return [Problem("contact", "not_an_address", "Enter a mail address like name@example.org.")]
