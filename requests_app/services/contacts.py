"""How a worker is reached, and how they prove it: a 6-digit code sent to the contact, no password."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from fundmgr.domain.errors import Problem

MOST_LETTERS = 254


def normalise(contact: str) -> str:
    """This will write a contact the one way by which it is found again: no spaces, small letters."""
    # Half a surrogate pair cannot be hashed; the sign in its place is then refused as part of an address.
    whole = contact.encode(errors="surrogatepass").decode(errors="replace")
    return "".join(whole.split()).lower()


def problems(contact: str) -> list[Problem]:
    """This will name what keeps a normalised contact from being used; nothing where the list is empty."""
    try:
        validate_email(contact)
    except ValidationError:
        return [Problem("contact", "not_an_address", _("Enter an email address like name@example.com"))]
    if len(contact) > MOST_LETTERS:
        return [Problem("contact", "too_long", _("That address is too long"))]
    return []
