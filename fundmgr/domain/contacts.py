"""How people are reached: a mail address or a phone number, written the one way by which it is found."""

import re

from fundmgr.domain import phones
from fundmgr.domain.errors import Problem

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
_LAST_DIGITS = 4


def normalise(contact: str) -> str:
    """This will write a contact the one way: a number in E.164, an address without spaces, in small letters.

    What is neither comes back without spaces, to be refused as it was typed.
    """
    # Half a surrogate pair cannot be hashed; the sign in its place is then refused as part of an address.
    whole = contact.encode(errors="surrogatepass").decode(errors="replace")
    number = None if "@" in whole else phones.read(whole)
    return number or "".join(whole.split()).lower()


def is_phone(contact: str) -> bool:
    """This will say whether a normalised contact is a number in E.164."""
    return contact.startswith("+") and contact[1:].isascii() and contact[1:].isdigit()


def shown(contact: str) -> str:
    """This will write a normalised contact as people read it."""
    return phones.shown(contact) if is_phone(contact) else contact


def masked(contact: str) -> str:
    """This will hide all of a contact but what tells two of them apart: a***@example.com, ***0142."""
    name, at, host = contact.partition("@")
    return f"{name[:1]}***@{host}" if at else f"***{contact[-_LAST_DIGITS:]}"


def is_mail(contact: str | None) -> bool:
    """This will say whether letters can be sent there."""
    return contact is not None and _MAIL.match(contact.strip()) is not None


def problems(contact: str | None) -> list[Problem]:
    """This will return what is wrong with a donor's contact: one with an @ is meant as a mail address."""
    if contact is None or "@" not in contact or is_mail(contact):
        return []
    return [Problem("contact", "not_an_address", "Enter a mail address like name@example.org.")]
