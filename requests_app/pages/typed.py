"""What people type into a box, read in the ways that they write it: whole numbers, months, dollars."""

import re

from django.conf import settings
from django.utils import translation
from django.utils.dates import MONTHS

from fundmgr.domain.money import NotMoney, parse_cents
from fundmgr.domain.text import match_key

_NUMBER = re.compile(r"[0-9]{1,4}\Z")
_FEWEST_LETTERS = 3
_DOLLARS = r"(?:us\s?\$|usd|\$|d[oó]lares|d[oó]lar|dollars?)"
_AROUND = re.compile(rf"\A{_DOLLARS}\s*|\s*{_DOLLARS}\.?\Z|\.\Z", re.IGNORECASE)
_IN_THOUSANDS = re.compile(r"[0-9]{1,3}(\s[0-9]{3})+(\.[0-9]{1,2})?\Z", re.ASCII)


def whole(typed: str) -> int | None:
    """This will read a number of at most four digits 0 to 9; other scripts' digits are asked for again."""
    plain = typed.strip()
    return int(plain) if _NUMBER.match(plain) else None


def month(typed: str) -> int | None:
    """This will read a month by its number, or by three letters of its name in a language of the site."""
    number = whole(typed.strip().removesuffix("."))
    if number is not None:
        return number if number in MONTHS else None
    name = match_key(typed).rstrip(".")
    if len(name) < _FEWEST_LETTERS:
        return None
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found = [key for key, told in MONTHS.items() if match_key(str(told)).startswith(name)]
        if len(found) == 1:
            return found[0]
    return None


def cents(typed: str) -> int | None:
    """This will read dollars, with the word or the sign on either side of them; None for what is no amount.

    Units: cents. A comma is read between thousands alone: `12,00` may be twelve or twelve hundred.
    """
    # The spaces that hold a number together are spaces too.
    plain = _AROUND.sub("", " ".join(typed.split()))
    try:
        return parse_cents(plain.replace(" ", "") if _IN_THOUSANDS.match(plain) else plain)
    except NotMoney:
        return None
