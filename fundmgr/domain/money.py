"""Integer cents: reading what people type, and writing what people read."""

import re
import unicodedata

MAX_CENTS = 10**13  # a hundred billion dollars: far above any fund, far below a 64-bit overflow

_PLAIN = re.compile(r"[0-9]{1,30}(\.[0-9]{1,2})?\Z")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3}){1,9}(\.[0-9]{1,2})?\Z")


class NotMoney(ValueError):
    """The text is not an amount of money; the message says what to write instead."""


def parse_cents(text: str) -> int:
    """This will read an amount as a person types it, like `2400`, `$2,400` or `2400.50`.

    Units: returns cents, never negative.
    Errors: NotMoney for signs, exponents, three decimals, other scripts' digits, or too much.
    """
    plain = text.strip().removeprefix("$").strip()
    if any(not char.isascii() and unicodedata.category(char).startswith("N") for char in plain):
        raise NotMoney("Write the amount with the digits 0 to 9, like 1200.")
    if not (_PLAIN.match(plain) or _GROUPED.match(plain)):
        raise NotMoney("Write the amount in dollars and cents, like 1200 or 1200.50.")
    return _cents(plain.replace(",", ""))


def parse_wire_cents(text: str) -> int:
    """This will read an amount as the API carries it: `420.00`, always two decimals at most.

    Units: returns cents.
    Errors: NotMoney for anything but plain digits.
    """
    if not _PLAIN.match(text):
        raise NotMoney("Write the amount as a string of digits with two decimals, like 420.00.")
    return _cents(text)


def _cents(plain: str) -> int:
    """Read digits with at most two decimals. Errors: NotMoney for too much."""
    whole, _, part = plain.partition(".")
    cents = int(whole) * 100 + int(part.ljust(2, "0"))
    if cents > MAX_CENTS:
        raise NotMoney("That amount is too large.")
    return cents


def wire(cents: int) -> str:
    """This will write cents as the API carries them, like `420.00` or `-3.50`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def dollars(cents: int, *, whole: bool = False) -> str:
    """This will write cents for a reader, like `$1,234.50`; `whole` drops `.00` where it is zero."""
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    units, rest = divmod(abs(cents), 100)
    if whole and rest == 0:
        return f"{sign}${units:,}"
    return f"{sign}${units:,}.{rest:02d}"
