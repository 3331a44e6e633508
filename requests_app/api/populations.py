"""Whom rules are tried on, as a body says it."""

from fundmgr.domain.populations import Pressing
from requests_app.api import fields

MOST_WORD = 120


class PopulationSent(fields.Sent):
    """A part of those who wait; upper and lower case are alike."""

    show = fields.Line(most=MOST_WORD, required=False)
    craft = fields.Line(most=MOST_WORD, required=False)
    union_local = fields.Line(most=MOST_WORD, required=False)
    urgency = fields.Word(Pressing, required=False)
