"""What may stand in a name or a note: any language, no controls, nothing that turns the line around."""

import unicodedata

# These reorder or hide the letters around them, so that a name could read as another one.
_BIDI = {chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
# Modifier letters stand beside others, like the apostrophe of Hawaiian.
_LETTERS = {"Lu", "Ll", "Lt", "Lo"}
# Letters of Hangul by their category, which show nothing.
_FILLERS = {"\u115f", "\u1160", "\u3164", "\uffa0"}
_KEPT_CONTROLS = {"\n", "\t"}


class NotText(ValueError):
    """The text holds something that cannot be stored; the message says what."""


def clean_line(text: str, *, most: int) -> str:
    """This will return one line in NFC with single spaces, or refuse it.

    Errors: NotText for control or reordering characters, or more than `most` characters.
    """
    return " ".join(clean_block(text, most=most).split())


def clean_reference(text: str, *, most: int) -> str:
    """This will return a reference that two systems must agree on, in one form only.

    Wide and ligature forms become plain, so that what looks the same is the same.
    Errors: NotText as for clean_line, and for letters that nobody sees.
    """
    plain = clean_line(unicodedata.normalize("NFKC", text), most=most)
    if any(unicodedata.category(char) == "Cf" for char in plain):
        raise NotText("This has characters that cannot be seen. Type it anew.")
    return plain


def clean_block(text: str, *, most: int) -> str:
    """This will return text of several lines in NFC, trimmed, or refuse it.

    Errors: NotText as for clean_line.
    """
    # Most of what is typed is plain; only what may hide something is looked at letter by letter.
    if text.isascii() and text.isprintable():
        plain = text.strip()
    else:
        plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
        if any(_is_unusable(char) for char in plain):
            raise NotText("This has characters that cannot be stored.")
    if len(plain) > most:
        raise NotText(f"This must be {most} letters or less (it has {len(plain)}).")
    return plain


def is_seen(text: str) -> bool:
    """This will say whether a text shows anything: joiners, marks and spaces alone are nothing to read."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


def has_letter(text: str) -> bool:
    """This will say whether a text holds a letter of any script, as each person's name does.

    Marks, joiners, digits, signs, pictures, and letters that are only there to fill a place are none.
    """
    return any(unicodedata.category(char) in _LETTERS and char not in _FILLERS for char in text)


def match_key(text: str) -> str:
    """This will fold a name for comparison only: compatibility forms, case and accents removed."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(char for char in folded if not unicodedata.combining(char)).split())


def _is_unusable(char: str) -> bool:
    if char in _KEPT_CONTROLS:
        return False
    return char in _BIDI or unicodedata.category(char) in {"Cc", "Cs", "Cn"}
