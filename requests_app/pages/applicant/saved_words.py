"""The words of one page that were saved in another window, as rows beside those that are typed now."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from requests_app.pages import worker_words as words
from requests_app.pages.forms import YES_NO_UNSURE

Boxes = Mapping[str, Any]
Row = dict[str, str]


def rows(page: str, kept: Boxes) -> list[Row]:
    """This will return what is kept of a page word for word, right or not, with the labels of its boxes.

    Shapes: `kept` has the boxes of the page's form by name; empty ones make no row.
    """
    return [
        {"label": str(label), "value": value}
        for label, value in _PAGES.get(page, _none)(kept)
        if value.strip()
    ]


def _text(kept: Boxes, *names: str) -> str:
    return " ".join(filter(None, (str(kept.get(name) or "") for name in names)))


def _word(kept: Boxes, name: str, choices: Any) -> str:
    typed = _text(kept, name)
    return str({str(value): label for value, label in choices}.get(typed, typed))


def _show(kept: Boxes) -> Iterator[tuple[Any, str]]:
    yield _("Show"), _text(kept, "show")


def _job(kept: Boxes) -> Iterator[tuple[Any, str]]:
    yield _("Department"), _word(kept, "department", words.CRAFTS)
    yield _("Job title"), _text(kept, "job_title")
    yield _("Union or local"), _text(kept, "union")
    yield _("When did you last work on it?"), _text(kept, "last_month", "last_year")
    yield _("How you were hired"), _word(kept, "engagement", words.ENGAGEMENTS)


def _name(kept: Boxes) -> Iterator[tuple[Any, str]]:
    yield _("Full name"), _text(kept, "full_name")
    yield _("Name you go by"), _text(kept, "known_as")


def _household(kept: Boxes) -> Iterator[tuple[Any, str]]:
    yield _("Adults"), _text(kept, "adults")
    yield _("Children under 18"), _text(kept, "children")


def _need(kept: Boxes) -> Iterator[tuple[Any, str]]:
    ticked = kept.get("need") or []
    for need, label in words.NEEDS.items():
        amount = _text(kept, f"amount_{need.value}")
        if need.value in ticked:
            yield label, amount or _("Yes")
    yield _("Is any of this about to be cut off or lost?"), _word(kept, "losing", YES_NO_UNSURE)
    yield _("By what date?"), _text(kept, "losing_month", "losing_day", "losing_year")


def _other_help(kept: Boxes) -> Iterator[tuple[Any, str]]:
    yield _("Is any other help coming?"), _word(kept, "other_help", YES_NO_UNSURE)
    yield _("Who helps you?"), _text(kept, "other_from")
    yield _("How much is it?"), _text(kept, "other_amount")


def _proof(kept: Boxes) -> Iterator[tuple[Any, str]]:
    said = [("later", _("I will send it later")), ("none", _("I don't have it"))]
    yield _("If you cannot add it now"), _word(kept, "proof", said)


def _anything_else(kept: Boxes) -> Iterator[tuple[Any, str]]:
    yield _("Is there anything else we should know?"), _text(kept, "statement")


def _none(_kept: Boxes) -> Iterator[tuple[Any, str]]:
    yield from ()


_PAGES = {
    "show": _show,
    "job": _job,
    "name": _name,
    "household": _household,
    "need": _need,
    "other-help": _other_help,
    "proof": _proof,
    "anything-else": _anything_else,
}
