"""The language of a paper while it is written, and what rules promise in it.

The console speaks English to everybody, so its words stay as they are whatever a browser asks for; only a
paper that somebody orders in another language is written in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import translation
from django.utils.translation import gettext_noop

ENGLISH = "en"
_LANGUAGE: ContextVar[str] = ContextVar("paper_language", default=ENGLISH)
_INSIDE = gettext_noop("Inside a tier: %(how)s")
_ABOVE = gettext_noop("What is left is shared among those who are sure of it: %(how)s")
_PARTS = gettext_noop("Each tier has a fixed part of the money, the most urgent first: %(parts)s.")
# The sentences that rules declare, as the engine writes them.
PROMISES = (
    gettext_noop("What one tier does not need goes to the others."),
    gettext_noop(
        "Need that counts in a more urgent tier is paid in full before any other tier gets anything."
    ),
    gettext_noop("Money that donors tied to something goes only to those whom it may pay."),
    gettext_noop("In order, requests are sure of the useful minimum until the money no longer reaches."),
    gettext_noop("The others get nothing."),
    gettext_noop("What is left is held back."),
    gettext_noop("Asking for more than the common amount does not get you more."),
    gettext_noop("Asking for more can get you more, so what is asked must be checked."),
    gettext_noop("Asking for more can get you more, or nothing where it no longer fits."),
    gettext_noop("Sending early does not help."),
    gettext_noop("Sending early does not help: the order is drawn by lot, and anybody can check the draw."),
    gettext_noop("The place in the list matters: those who come first in it are served first."),
    gettext_noop("More money in the fund never lowers an award, except for a cent of rounding."),
    gettext_noop("More money in the fund can lower some awards, because it lets others in."),
    gettext_noop("More points never mean a smaller award."),
    gettext_noop("Everybody who asks gets a part, rounded to whole cents."),
    gettext_noop("Everybody gets the same amount, and nobody more than the need that counts."),
    gettext_noop(
        "As far as that allows, everybody gets the same amount, and nobody more than the need that counts."
    ),
    gettext_noop("Everybody gets the same share of the need that counts."),
    gettext_noop("As far as that allows, everybody gets the same share of the need that counts."),
    gettext_noop("Every need that counts is cut by the same amount; one smaller than the cut gets nothing."),
    gettext_noop(
        "Up to half of each need that counts is shared in equal awards; past half of everything, "
        "all lose the same."
    ),
    gettext_noop("Each need that counts is paid in full in the order of the list until the money is gone."),
    gettext_noop("Each need that counts is paid in full in an order drawn by lot until the money is gone."),
)


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """This will write everything inside in a language, by its code."""
    token = _LANGUAGE.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _LANGUAGE.reset(token)


def on_paper(text: str) -> str:
    """This will say a text in the language of the paper that is being written; English where none is."""
    return text if _LANGUAGE.get() == ENGLISH else translation.gettext(text)


def promise(sentence: str) -> str:
    """This will say what a rule promises, as the engine declares it, in the language of the paper."""
    for form in (_INSIDE, _ABOVE):
        opening = form.partition("%")[0]
        if sentence.startswith(opening):
            return on_paper(form) % {"how": on_paper(sentence.removeprefix(opening))}
    opening = _PARTS.partition("%")[0]
    if sentence.startswith(opening):
        return on_paper(_PARTS) % {"parts": sentence.removeprefix(opening).removesuffix(".")}
    return on_paper(sentence)
