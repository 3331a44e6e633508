"""How many parts a text is sent in and paid for: 160 letters of the GSM alphabet, or 70 of others.

Source: 3GPP TS 23.038 (alphabet and extension table) and 23.040 (six bytes of each part join the parts).
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes an escape before it, so it counts twice.
_EXTENDED = frozenset("^{}\\[~]|€\f")
_ALONE = {True: 160, False: 70}
_JOINED = {True: 153, False: 67}
_BEYOND_ONE_UNIT = 0xFFFF


@dataclass(frozen=True)
class Length:
    """What a text takes: parts, units used, letters that force the short parts, and whether none do."""

    segments: int
    units: int
    odd_letters: str

    @property
    def is_gsm(self) -> bool:
        """Whether every letter is in the GSM alphabet."""
        return not self.odd_letters


def measure(text: str) -> Length:
    """This will count the parts of a text, as gateways do.

    Units: letters of the GSM alphabet, of which an extended one takes two; else UTF-16 units, of which a
    picture takes two. No letter of either is split over two parts. Source: see above.
    """
    odd = sorted({letter for letter in text if letter not in _BASIC and letter not in _EXTENDED})
    sizes = [_size(letter, is_gsm=not odd) for letter in text]
    units = sum(sizes)
    if units <= _ALONE[not odd]:
        return Length(1 if units else 0, units, "".join(odd))
    return Length(_parts(sizes, _JOINED[not odd]), units, "".join(odd))


def _size(letter: str, *, is_gsm: bool) -> int:
    return 2 if (letter in _EXTENDED if is_gsm else ord(letter) > _BEYOND_ONE_UNIT) else 1


def _parts(sizes: list[int], room: int) -> int:
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
