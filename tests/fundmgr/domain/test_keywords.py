"""A text of one word may stop texts, start them, or ask for help; a sentence never does."""

import pytest

from fundmgr.domain import keywords
from fundmgr.domain.keywords import Keyword


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("STOP", Keyword.STOP),
        (" stop. ", Keyword.STOP),
        ("Stop!", Keyword.STOP),
        ("opt-out", Keyword.STOP),
        ("Alto", Keyword.STOP),
        ("PARAR", Keyword.STOP),
        ("start", Keyword.START),
        ("Empezar", Keyword.START),
        ("help?", Keyword.HELP),
        ("¡Ayuda!", Keyword.HELP),
        ("", None),
        ("...", None),
        ("Please stop by the office", None),
        ("I need help with my rent", None),
        ("no parar", None),
        ("STOP" * 100, None),
        ("\0\ud800", None),
    ],
)
def test_only_the_word_alone_counts(text, asked):
    assert keywords.read(text) is asked


def test_a_spanish_word_is_answered_in_spanish():
    assert keywords.is_spanish("alto")
    assert not keywords.is_spanish("stop")
