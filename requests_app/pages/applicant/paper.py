"""The form on paper, in both languages at once: for people without a phone, filled in later by a helper."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from fundmgr.queries import funds
from requests_app.pages import worker_words as words
from requests_app.pages.applicant import door
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import YES_NO, YES_NO_UNSURE

# Each question as its page asks it: its words, its lines to write on, and its boxes to tick.
_QUESTIONS: tuple[dict[str, Any], ...] = (
    {"ask": gettext_noop("Which show did you work on?"), "lines": 1},
    {"ask": gettext_noop("What was your job?"), "choices": [label for _, label in words.CRAFTS]},
    {"ask": gettext_noop("Job title"), "lines": 1},
    {"ask": gettext_noop("When did you last work on it?"), "cells": ("Month", "Year")},
    {"ask": gettext_noop("How were you hired? (optional)"), "choices": [way for _, way in words.ENGAGEMENTS]},
    {"ask": gettext_noop("What is your name?"), "lines": 1},
    {"ask": gettext_noop("How can we reach you?"), "cells": ("Mobile phone number", "Email address")},
    {"ask": gettext_noop("Who counts on your pay?"), "cells": ("Adults", "Children under 18")},
    {
        "ask": gettext_noop("What do you need help with right now?"),
        "hint": gettext_noop("Tick all that fit. Write how much you need for the next 30 days."),
        "amounts": list(words.NEEDS.values()),
    },
    {
        "ask": gettext_noop("Is any of this about to be cut off or lost?"),
        "choices": [label for _, label in YES_NO],
    },
    {"ask": gettext_noop("By what date?"), "cells": ("Month", "Day", "Year")},
    {
        "ask": gettext_noop("Is any other help coming?"),
        "choices": [label for _, label in YES_NO_UNSURE],
    },
    {"ask": gettext_noop("Who helps you?"), "lines": 1},
    {"ask": gettext_noop("How much is it?"), "lines": 1},
    {
        "ask": gettext_noop("Is there anything else we should know?"),
        "hint": gettext_noop("You can leave this empty. Do not write health details or ID numbers."),
        "lines": 4,
    },
    {"ask": gettext_noop("What I wrote is true"), "cells": (gettext_noop("Signature"), gettext_noop("Date"))},
)


@door.page
def paper(at: Door) -> HttpResponse:
    """One sheet for everybody: no name of anyone is on it."""
    fund = funds.fund_by_slug(at.slug)
    context = {
        "questions": [_question(one) for one in _QUESTIONS],
        "notes": [_both(one) for one in _NOTES],
        "back_url": at.url("fund"),
    }
    return at.page("public/paper.html", fund, context)


_NOTES = (
    gettext_noop("Asking does not touch your job or union record."),
    gettext_noop("We never ask for a fee, a password or your Social Security number."),
    gettext_noop("A helper types this in with you. A code then goes to your phone or email."),
)


def _question(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "ask": _both(one["ask"]),
        "hint": _both(one["hint"]) if "hint" in one else None,
        "lines": range(one.get("lines", 0)),
        **{name: _all(one.get(name, ())) for name in ("choices", "cells", "amounts")},
    }


def _all(found: Iterable[Any]) -> list[dict[str, str]]:
    return [_both(one) for one in found]


def _both(text: Any) -> dict[str, str]:
    """The words of each language by its code; a lazy word is read anew in each."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = gettext(text) if isinstance(text, str) else str(text)
    return said
