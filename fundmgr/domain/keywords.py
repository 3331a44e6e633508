"""Words that a person texts back: stop, start, help, in English and Spanish."""

import unicodedata
from enum import StrEnum


class Keyword(StrEnum):
    """What a text asks for."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_WORDS = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), Keyword.STOP
    ),
    **dict.fromkeys(("ALTO", "PARAR", "PARE", "BASTA", "CANCELAR", "TERMINAR"), Keyword.STOP),
    **dict.fromkeys(("START", "UNSTOP", "EMPEZAR", "COMENZAR", "INICIAR"), Keyword.START),
    **dict.fromkeys(("HELP", "INFO", "AYUDA"), Keyword.HELP),
}
SPANISH = frozenset(
    {
        "ALTO", "PARAR", "PARE", "BASTA", "CANCELAR", "TERMINAR", "EMPEZAR", "COMENZAR", "INICIAR", "AYUDA",
    }
)  # fmt: skip


def read(text: str) -> Keyword | None:
    """This will return what a text asks for; None for one that says more than the word, or something else.

    Shapes: signs, spaces, small letters and accents do not matter: "Stop.", " alto ", "opt-out".
    """
    return _WORDS.get(_plain(text))


def is_spanish(text: str) -> bool:
    """This will say whether the word is a Spanish one, so that the answer is too."""
    return _plain(text) in SPANISH


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text[:80])
    return "".join(char for char in apart if char.isalnum()).upper()
